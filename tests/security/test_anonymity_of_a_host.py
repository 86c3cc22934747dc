"""The attack on a copy of the disk: every file of a host, its log, its write-ahead log, its rest.

A real server in a folder of its own takes anonymous reports by every door, from an address and a
browser that occur nowhere else. Then each byte that it left is searched, while it still runs and
after it has stopped.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from qorgau.foundation.identifiers import new_submission_key
from tests.security.host import ADDRESS, AGENT, PASSWORD, Browser, Served, prepare, serve

WORDS = "The handrail at the back stairs is loose"


@pytest.fixture
def prepared(tmp_path: Path) -> Iterator[tuple[Served, list[str]]]:
    known = prepare(tmp_path / "host")
    served = serve(tmp_path / "host")
    yield served, known
    if served.process.poll() is None:
        served.kill()


def code_in(text: str) -> str:
    found = re.search(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}\b", text)
    assert found, text
    return found[0]


def report(key: str, **further: str) -> dict[str, str]:
    return {"submission_key": key, "kind": "hazard", "narrative": f"{WORDS}.", **further}


def send_by_every_door(port: int, known: list[str]) -> tuple[list[str], list[str], str]:
    """Reports by every door; the keys, the codes, and the key of the sender's session."""
    username, point, unit, token = known
    keys = [new_submission_key() for _door in range(5)]
    person, nobody = Browser(port), Browser(port)
    status, _page = person.send("/account/login/", login=username, password=PASSWORD)
    assert status == 302
    program = json.dumps(
        report(keys[4])
        | {"occurred_at": "2024-05-06T00:00:00+05:00", "precision": "day", "is_anonymous": True}
    )
    pages = [
        person.send("/report/", **report(keys[0], unit=unit, is_anonymous="on"))[1],
        person.send("/r/", **report(keys[1]))[1],
        nobody.send("/r/", **report(keys[2]))[1],
        nobody.send(f"/r/{point}/", **report(keys[3], about="here"))[1],
        nobody.ask(
            "POST",
            "/api/v1/reports",
            program,
            **{"Content-Type": "application/json", "Authorization": f"Bearer {token}"},
        )[1],
    ]
    codes = [code_in(page) for page in pages]
    nobody.send("/receipt/", code=codes[2])
    nobody.ask("GET", "/api/v1/receipt", **{"Receipt-Code": codes[4]})
    session = person.cookies["sessionid"]
    person.send("/account/logout/")
    return keys, codes, session


def found_in(files: dict[str, bytes], secrets: list[str]) -> list[str]:
    """Where a secret stands, in any of the ways in which it may be written."""
    found = []
    for secret in secrets:
        plain = secret.replace("-", "")
        ways = {secret, plain, plain.lower(), secret.lower()}
        found += [
            f"{secret} in {name}"
            for name, held in files.items()
            if any(way.encode() in held for way in ways)
        ]
    return found


def test_no_byte_on_the_disk_leads_from_a_report_to_its_sender(
    prepared: tuple[Served, list[str]],
) -> None:
    served, known = prepared
    keys, codes, session = send_by_every_door(served.port, known)
    running = served.every_byte()
    assert any(WORDS.encode() in held for held in running.values())
    assert any(name.endswith("-wal") for name in running)
    point = known[1]
    assert found_in(running, [*keys, *codes, ADDRESS, AGENT]) == []
    log = running.pop(str(served.folder / "log.txt"))
    assert found_in({"the log": log}, [known[0], point, session, WORDS]) == []

    served.stop()
    stopped = served.every_byte()
    assert found_in(stopped, [*keys, *codes, ADDRESS, AGENT]) == []
    # Who signed out, and who left long ago, is overwritten, not only taken off the list.
    assert found_in(stopped, [session, "leftlongagowithoutsigningout00"]) == []
    assert [p for p in (served.folder / "tmp").rglob("*") if p.is_file()] == []


def test_no_row_of_the_host_joins_a_report_to_a_sender(
    prepared: tuple[Served, list[str]],
) -> None:
    served, known = prepared
    send_by_every_door(served.port, known)
    served.stop()
    database = sqlite3.connect(served.folder / "qorgau.sqlite3")
    times = database.execute(
        "SELECT reported_at, reporter_id, occurred_at FROM incidents_report WHERE narrative = ?",
        (f"{WORDS}.",),
    ).fetchall()
    assert len(times) == 5
    assert all(re.search(r" \d\d:00:00$", reported) for reported, _who, _day in times)
    assert {who for _reported, who, _day in times} == {None}
    assert {day[11:] for _reported, _who, day in times} == {"19:00:00"}
    assert database.execute("SELECT * FROM django_session").fetchall() == []
    tables = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    point = known[1]
    holding = [
        name
        for (name,) in tables
        if any(point in str(row) for row in database.execute(f'SELECT * FROM "{name}"'))
    ]
    assert holding == ["reporting_reportingpoint"]
