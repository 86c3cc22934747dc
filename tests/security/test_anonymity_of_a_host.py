"""The attack on a copy of the disk: every file of a host, its log, its write-ahead log, its rest.

A real server in a folder of its own takes anonymous reports by every door, from an address and a
browser that occur nowhere else. Then each byte that it left is searched, while it still runs and
after it has stopped, and each row of its database. On PostgreSQL it has two processes, and the
bytes are those outside of the database.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.db import connection

from qorgau.foundation.identifiers import new_submission_key
from tests.security.filled_host import LEFT_LONG_AGO, FilledHost, Known, fill, host_with_copy
from tests.security.host import ADDRESS, AGENT, PASSWORD, Browser
from tests.world import World

WORDS = "The handrail at the back stairs is loose"


def code_in(text: str) -> str:
    found = re.search(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}\b", text)
    assert found, text
    return found[0]


def report(key: str, **further: str) -> dict[str, str]:
    return {"submission_key": key, "kind": "hazard", "narrative": f"{WORDS}.", **further}


@dataclass
class Sent:
    """The keys and the codes of the reports, and the key of the sender's session."""

    keys: list[str]
    codes: list[str]
    session: str


def send_by_every_door(port: int, known: Known) -> Sent:
    keys = [new_submission_key() for _door in range(5)]
    person, nobody = Browser(port), Browser(port)
    status, _page = person.send("/account/login/", login=known.username, password=PASSWORD)
    assert status == 302
    program = json.dumps(
        report(keys[4])
        | {"occurred_at": "2024-05-06T00:00:00+05:00", "precision": "day", "is_anonymous": True}
    )
    pages = [
        person.send("/report/", **report(keys[0], unit=known.unit, is_anonymous="on"))[1],
        person.send("/r/", **report(keys[1]))[1],
        nobody.send("/r/", **report(keys[2]))[1],
        nobody.send(f"/r/{known.poster}/", **report(keys[3], about="here"))[1],
        nobody.ask(
            "POST",
            "/api/v1/reports",
            program,
            **{"Content-Type": "application/json", "Authorization": f"Bearer {known.token}"},
        )[1],
    ]
    codes = [code_in(page) for page in pages]
    nobody.send("/receipt/", code=codes[2])
    nobody.ask("GET", "/api/v1/receipt", **{"Receipt-Code": codes[4]})
    session = person.cookies["sessionid"]
    person.send("/account/logout/")
    return Sent(keys, codes, session)


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


@pytest.mark.django_db(transaction=True)
def test_nothing_on_a_host_leads_from_a_report_to_its_sender(tmp_path: Path, world: World) -> None:
    known = fill(world)
    with host_with_copy(tmp_path / "host") as host:
        served = host.serve()
        try:
            sent = send_by_every_door(served.port, known)
            no_file_tells(host, known, sent)
            if connection.vendor == "sqlite":
                # What PostgreSQL keeps is in files of its own, of which nothing is promised.
                files = host.every_byte()
                assert any(WORDS.encode() in held for held in files.values())
                assert any(name.endswith("-wal") for name in files)
            served.stop()
        finally:
            served.process.kill()
        no_file_tells(host, known, sent)
        if connection.vendor == "sqlite":
            # Who signed out, and who left long ago, is overwritten, not only taken off the list.
            assert found_in(host.every_byte(), [sent.session, LEFT_LONG_AGO]) == []
        assert [p for p in (host.folder / "tmp").rglob("*") if p.is_file()] == []
        no_row_tells(host, known, sent)


def no_file_tells(host: FilledHost, known: Known, sent: Sent) -> None:
    """The database on SQLite, its write-ahead log, the log, uploads and temporary files."""
    files = host.every_byte()
    assert found_in(files, [*sent.keys, *sent.codes, ADDRESS, AGENT]) == []
    log = files[str(host.log)]
    told = [known.username, known.poster, sent.session, WORDS]
    assert found_in({"the log": log}, told) == []


def no_row_tells(host: FilledHost, known: Known, sent: Sent) -> None:
    rows = host.every_row()
    secrets = [*sent.keys, *sent.codes, ADDRESS, AGENT, sent.session, LEFT_LONG_AGO]
    written = {name: "\n".join(found).encode() for name, found in rows.items()}
    assert found_in(written, secrets) == []
    assert rows["django_session"] == []
    assert [name for name, held in written.items() if known.poster.encode() in held] == [
        "reporting_reportingpoint"
    ]
    reports = host.ask(
        "SELECT reported_at, reporter_id, occurred_at FROM incidents_report"
        f" WHERE narrative = '{WORDS}.'"
    )
    assert len(reports) == 5
    assert {who for _reported, who, _day in reports} == {None}
    reported = [moment(value) for value, _who, _day in reports]
    assert all((at.minute, at.second, at.microsecond) == (0, 0, 0) for at in reported)
    days = {moment(day).astimezone(dt.UTC).time() for _reported, _who, day in reports}
    assert days == {dt.time(19)}, "midnight where the register is"


def moment(value: str | dt.datetime) -> dt.datetime:
    """SQLite keeps moments as text, in UTC."""
    if isinstance(value, dt.datetime):
        return value
    return dt.datetime.fromisoformat(value).replace(tzinfo=dt.UTC)
