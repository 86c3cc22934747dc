"""The attack on a copy of the disk: every file of a host, its log, its write-ahead log, its rest.

A real server in a folder of its own takes anonymous reports by every door, from an address and a
browser that occur nowhere else. Then each byte that it left is searched, while it still runs and
after it has stopped.
"""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.parse
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from qorgau.foundation.identifiers import new_submission_key

AGENT = "Phone of the sender/7.3"
ADDRESS = "127.77.66.55"
WORDS = "The handrail at the back stairs is loose"
PASSWORD = "a long pass phrase"
PREPARED = f"""
import django; django.setup()
import json, datetime as dt
from django.contrib.sessions.models import Session
from qorgau.foundation.identity.services import issue_api_token
from qorgau.foundation.identity.roles import Role
from qorgau.records.reporting.services import make_reporting_point
from tests.world import make_world
world = make_world()
sender = world.inside[Role.REPORTER]
sender.set_password({PASSWORD!r}); sender.save()
point = make_reporting_point(unit=world.company, place="Gate 2", acting_user=None)
Session.objects.all().delete()
Session.objects.create(
    session_key="leftlongagowithoutsigningout00", session_data="x",
    expire_date=dt.datetime(2020, 1, 1, tzinfo=dt.UTC),
)
token = issue_api_token(user=sender, name="phone", acting_user=None)
print(json.dumps([sender.username, point.code, world.company.code, token]))
"""


@dataclass
class Browser:
    """Just enough of one: it keeps cookies, and comes from the sender's address."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)

    def ask(self, method: str, path: str, body: str = "", **headers: str) -> tuple[int, str]:
        connection = http.client.HTTPConnection(
            "127.0.0.1", self.port, timeout=60, source_address=(ADDRESS, 0)
        )
        sent = {"User-Agent": AGENT, "Accept-Language": "en", **headers}
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        connection.request(method, path, body, sent)
        answer = connection.getresponse()
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                self.cookies[key] = rest.partition(";")[0]
        text = answer.read().decode()
        connection.close()
        return answer.status, text

    def send(self, path: str, **fields: str) -> tuple[int, str]:
        """Fill the form at an address in and send it."""
        _status, page = self.ask("GET", path)
        found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        assert found, page
        shown = re.search(r'name="occurred_at" value="([^"]+)"', page)
        if shown:
            fields |= {"occurred_at": shown[1], "initial-occurred_at": shown[1]}
        body = urllib.parse.urlencode(fields | {"csrfmiddlewaretoken": found[1]})
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        return self.ask("POST", path, body, **form)


@dataclass
class Served:
    """A server in its folder, what it prints, and the folder for passing files beside it."""

    folder: Path
    port: int
    process: subprocess.Popen[bytes]

    def stop(self) -> None:
        self.process.send_signal(signal.SIGINT)
        self.process.wait(timeout=60)

    def every_byte(self) -> dict[str, bytes]:
        return {str(p): p.read_bytes() for p in self.folder.rglob("*") if p.is_file()}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def prepared(tmp_path: Path) -> Iterator[tuple[Served, list[str]]]:
    folder = tmp_path / "host"
    (folder / "tmp").mkdir(parents=True)
    gone = ("QORGAU_POSTGRES", "QORGAU_SQLITE")
    environment = {k: v for k, v in os.environ.items() if k not in gone} | {
        "QORGAU_DATA": str(folder),
        "TMPDIR": str(folder / "tmp"),
        "DJANGO_SETTINGS_MODULE": "qorgau.project.settings",
        "PYTHONPATH": str(Path(__file__).resolve().parents[2]),
        "LC_ALL": "C.UTF-8",
    }
    main = "from qorgau.cli.main import main; main()"
    run = {"env": environment, "cwd": folder, "check": True, "timeout": 300}
    subprocess.run([sys.executable, "-c", main, "migrate"], capture_output=True, **run)
    made = subprocess.run([sys.executable, "-c", PREPARED], stdout=subprocess.PIPE, **run)
    port = free_port()
    with (folder / "log.txt").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-c", main, "serve", "--port", str(port)],
            cwd=folder, env=environment, stdout=log, stderr=log,
        )  # fmt: skip
        served = Served(folder, port, process)
        try:
            wait_until_it_answers(served)
            yield served, json.loads(made.stdout.decode().splitlines()[-1])
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()


def wait_until_it_answers(served: Served) -> None:
    for _turn in range(600):
        if served.process.poll() is not None:
            raise AssertionError((served.folder / "log.txt").read_text())
        try:
            Browser(served.port).ask("GET", "/receipt/")
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("the server does not answer")


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
