"""The plug is pulled while reports without a name arrive: none is lost, none is there twice.

Senders send until they are answered, each report under its own key, as the queue of a phone does.
"""

from __future__ import annotations

import json
import random
import sqlite3
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.client import HTTPException
from pathlib import Path

from qorgau.foundation.identifiers import digest_of_key, new_submission_key
from tests.how_long import how_many
from tests.security.host import Browser, command, prepare, serve

N_KILLS = how_many(2, 200)
N_SENDERS = 8
# It is killed at any moment between these.
SECONDS_UNDER_LOAD = (0.2, 1.5)


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


def test_no_answered_report_is_lost_and_none_is_there_twice(tmp_path: Path) -> None:
    folder = tmp_path / "host"
    *_others, token = prepare(folder)
    answered: list[str] = []
    waiting: list[str] = []
    for _kill in range(N_KILLS):
        served = serve(folder)
        again = Senders(served.port, token)
        answered += [key for key in waiting if again.send(key)]
        senders = Senders(served.port, token)
        senders.until_killed(served.kill)
        assert not served.is_listening(), "what answers the senders was not killed"
        answered += senders.answered
        # What was never tried twice is many; the last that were on their way are what matters.
        waiting = senders.waiting[:N_SENDERS]
        print(f"killed; answered so far: {len(answered)}", flush=True)
    assert len(answered) > N_KILLS
    database = sqlite3.connect(folder / "qorgau.sqlite3")
    held = [d for (d,) in database.execute("SELECT submission_digest FROM incidents_report")]
    assert len(held) == len(set(held))
    assert {digest_of_key(key) for key in answered} <= set(held)
    waits = database.execute("SELECT count(*) FROM journal_anonymousentry").fetchone()[0]
    written = database.execute(
        "SELECT count(*) FROM journal_journalentry WHERE action = 'incidents.report_received'"
    ).fetchone()[0]
    assert waits + written == len(held)
    database.close()
    assert "intact" in command(folder, "journal", "verify")
    print(f"{N_KILLS} kills, {len(answered)} reports answered, {len(held)} held")
