"""How much processor time does a durable report over the API take?

A program with a token sends reports, each with a key of its own, to the application as it is
served, in one process and without a network: sign-in, authority, the report, its journal entry and
the commit to the disk. The peer, in turns with it, writes the same rows with bare statements and
commits each time. It prints milliseconds of processor time per report, the medians of the blocks.

On the code before authority was asked in the services, the same program took 2.8 times as long as
now: 10.4 ms, now 3.7 ms, in turns on a busy machine of two cores.

    python benchmarks/report_over_the_api.py [--reports 500] [--blocks 5]
"""

from __future__ import annotations

import argparse
import datetime as dt
import io
import json
import os
import sqlite3
import sys
import tempfile
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

WARM_UP = 50
COMPANIES = 8
OPENED = dt.date(2020, 1, 1)
COPIED = ("incidents_report", "journal_journalentry")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--reports", type=int, default=500, help="of a block")
    parser.add_argument("--blocks", type=int, default=5)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="qorgau-bench-") as folder:
        os.environ["QORGAU_DATA"] = folder
        os.environ.pop("QORGAU_POSTGRES", None)
        compare(Path(folder), arguments.reports, arguments.blocks)
    return 0


def compare(folder: Path, n_reports: int, n_blocks: int) -> None:
    from qorgau.cli.main import start_django

    start_django()
    (folder / "static").mkdir()
    token = make_register()
    send = sender(token)
    for _report in range(WARM_UP):
        send()
    write = bare_writer(folder)
    through, bare = [], []
    for _block in range(n_blocks):
        through.append(milliseconds(send, n_reports))
        bare.append(milliseconds(write, n_reports))
    print(f"{n_blocks} blocks of {n_reports} reports, processor time per report:")
    print(f"over the API:    {median(through):.2f} ms ({min(through):.2f} to {max(through):.2f})")
    print(f"bare statements: {median(bare):.2f} ms ({min(bare):.2f} to {max(bare):.2f})")


def milliseconds(work: Callable[[], Any], times: int) -> float:
    start = time.process_time()
    for _time in range(times):
        work()
    return (time.process_time() - start) * 1000 / times


def make_register() -> str:
    """A battalion of eight companies, and the token of somebody who reports for all of them."""
    from django.core.management import call_command

    from qorgau.foundation.identity.services import create_user, issue_api_token
    from qorgau.records.people.services import (
        UnitDraft,
        create_organisation,
        create_units,
        grant_role,
    )

    call_command("migrate", verbosity=0)
    force = create_organisation(code="FORCE", names={"en": "A force"}, acting_user=None)
    companies = [UnitDraft(f"BN-{n}", OPENED, parent_code="BN") for n in range(COMPANIES)]
    battalion, *_companies = create_units(
        organisation=force, drafts=[UnitDraft("BN", OPENED), *companies], acting_user=None
    )
    user = create_user(username="program", password=uuid.uuid4().hex, acting_user=None)
    grant_role(user=user, role="reporter", unit=battalion, acting_user=None)
    token: str = issue_api_token(user=user, name="benchmark", acting_user=None)
    return token


def sender(token: str) -> Callable[[], None]:
    from qorgau.project.wsgi import application

    def send() -> None:
        key = uuid.uuid4()
        body = json.dumps(
            {
                "submission_key": key.hex,
                "kind": "near_miss",
                "occurred_at": "2026-05-06T09:30:00+05:00",
                "narrative": "A lorry rolled back a metre; nobody stood behind it.",
                "unit": f"BN-{key.int % COMPANIES}",
            }
        ).encode()
        statuses: list[str] = []
        answer = application(
            environment(body, token), lambda status, headers, error=None: statuses.append(status)
        )
        b"".join(answer)
        answer.close()
        if not statuses[0].startswith("200"):
            raise RuntimeError(f"A report was not taken: {statuses[0]}")

    return send


def environment(body: bytes, token: str) -> dict[str, Any]:
    return {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/api/v1/reports",
        "QUERY_STRING": "",
        "SCRIPT_NAME": "",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "8000",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": "localhost:8000",
        "HTTP_AUTHORIZATION": f"Bearer {token}",
        "CONTENT_TYPE": "application/json",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.url_scheme": "http",
        "wsgi.version": (1, 0),
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }


def bare_writer(folder: Path) -> Callable[[], None]:
    """Write the rows of one report again and again, each time with a commit."""
    register = sqlite3.connect(folder / "qorgau.sqlite3")
    peer = sqlite3.connect(folder / "bare.sqlite3", isolation_level=None)
    peer.execute("PRAGMA journal_mode=WAL")
    peer.execute("PRAGMA synchronous=FULL")
    statements = []
    for table in COPIED:
        row = register.execute(f"SELECT * FROM {table} ORDER BY rowid DESC LIMIT 1").fetchone()
        columns = [column[1] for column in register.execute(f"PRAGMA table_info({table})")]
        peer.execute(f"CREATE TABLE {table} ({', '.join(columns)})")
        places = ", ".join("?" * len(row))
        statements.append((f"INSERT INTO {table} VALUES ({places})", row))
    register.close()

    def write() -> None:
        peer.execute("BEGIN IMMEDIATE")
        for statement, row in statements:
            peer.execute(statement, row)
        peer.execute("COMMIT")

    return write


if __name__ == "__main__":
    raise SystemExit(main())
