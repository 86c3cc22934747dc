"""The plug is pulled while reports without a name arrive: none is lost, none is there twice.

Senders send until they are answered, each report under its own key, as the queue of a phone does.
Every process of the server is killed. With --long the host has a PostgreSQL of its own, with its
full durability, which is killed in the same moment.
"""

from __future__ import annotations

import json
import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.client import HTTPException
from pathlib import Path

import pytest

from qorgau.foundation.identifiers import digest_of_key, new_submission_key
from tests.how_long import how_many, is_long
from tests.security.filled_host import FilledHost, fill, host_with_copy
from tests.security.host import Browser
from tests.world import World

N_KILLS = how_many(2, 200)
N_SENDERS = 8
# It is killed at any moment between these.
SECONDS_UNDER_LOAD = (0.2, how_many(0.6, 1.5))
# Entries of reports with a name come with the register.
RECEIVED = (
    "journal_journalentry WHERE action = 'incidents.report_received' AND actor_kind = 'anonymous'"
)


@dataclass
class Senders:
    """Who sends all the time; what was answered, and what was sent and not answered."""

    port: int
    token: str
    answered: list[str] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    is_over: bool = False

    def send(self, key: str) -> bool:
        body = {
            "submission_key": key,
            "kind": "hazard",
            "narrative": "The handrail is loose.",
            "occurred_at": "2024-05-06T00:00:00+05:00",
            "precision": "day",
            "is_anonymous": True,
        }
        sent = {"Content-Type": "application/json", "Authorization": f"Bearer {self.token}"}
        try:
            status, _text = Browser(self.port).ask(
                "POST", "/api/v1/reports", json.dumps(body), **sent
            )
        except (OSError, HTTPException):
            # What broke off in its middle is no answer.
            return False
        return status == 200

    def send_all_the_time(self) -> None:
        while not self.is_over:
            key = new_submission_key()
            (self.answered if self.send(key) else self.waiting).append(key)

    def until_killed(self, kill: Callable[[], None]) -> None:
        threads = [threading.Thread(target=self.send_all_the_time) for _n in range(N_SENDERS)]
        for thread in threads:
            thread.start()
        time.sleep(random.uniform(*SECONDS_UNDER_LOAD))
        kill()
        self.is_over = True
        for thread in threads:
            thread.join()


@pytest.mark.django_db(transaction=True)
def test_no_answered_report_is_lost_and_none_is_there_twice(tmp_path: Path, world: World) -> None:
    known = fill(world)
    with host_with_copy(tmp_path / "host", is_own_cluster=is_long()) as host:
        before = set(digests(host))
        answered = answered_under_kills(host, known.token)
        assert len(answered) > N_KILLS
        held = digests(host)
        assert len(held) == len(set(held))
        assert {digest_of_key(key) for key in answered} <= set(held)
        arrived = len(set(held) - before)
        assert count(host, "journal_anonymousentry") + count(host, RECEIVED) == arrived
        assert "intact" in host.command("journal", "verify")
    print(f"{N_KILLS} kills, {len(answered)} reports answered, {arrived} held")


def answered_under_kills(host: FilledHost, token: str) -> list[str]:
    """Kill the host again and again; the keys of the reports that it answered."""
    answered: list[str] = []
    waiting: list[str] = []
    for _kill in range(N_KILLS):
        served = host.serve()
        again = Senders(served.port, token)
        answered += [key for key in waiting if again.send(key)]
        senders = Senders(served.port, token)
        senders.until_killed(served.kill)
        assert not served.is_listening(), "what answers the senders was not killed"
        answered += senders.answered
        # What was never tried twice is many; the last that were on their way are what matters.
        waiting = senders.waiting[:N_SENDERS]
        print(f"killed; answered so far: {len(answered)}", flush=True)
    host.start_cluster()
    return answered


def digests(host: FilledHost) -> list[str]:
    return [
        digest
        for (digest,) in host.ask(
            "SELECT submission_digest FROM incidents_report WHERE submission_digest IS NOT NULL"
        )
    ]


def count(host: FilledHost, rows: str) -> int:
    return int(host.ask(f"SELECT count(*) FROM {rows}")[0][0])
