"""An import that is killed and restarted ends like one that was never killed."""

from __future__ import annotations

import csv
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.exchange.incidents.conftest import HEADER, MAPPING, cells
from tests.how_long import how_many

# Batches have a thousand rows: it is killed after the first one, before the end.
N_ROWS = how_many(3_000, 10_000)
# The two registers must agree in everything except random identifiers and times.
SAME = {
    "incidents_incident": "source_key, kind, occurred_at, narrative, unit_id, "
    "source_fingerprint, severity_class, version",
    "incidents_injury": "id, involved_id, days_away, outcome",
    "incidents_importrun": "source, row_count, last_row_number, imported_count, updated_count, "
    "unchanged_count, duplicate_count, rejected_count, finished_at IS NULL",
    "incidents_rejectedrow": "row_number, cells, reason",
    "people_unit": "code, opened_on",
    "people_unitancestry": "ancestor_id, descendant_id, depth",
}


class Host:
    """A separate register in a folder, used through the command like on a server."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.database = folder / "qorgau.sqlite3"
        gone = ("QORGAU_POSTGRES", "QORGAU_SQLITE")
        self.environment = {k: v for k, v in os.environ.items() if k not in gone} | {
            "QORGAU_DATA": str(folder),
            "DJANGO_SETTINGS_MODULE": "qorgau.project.settings",
            "LC_ALL": "C.UTF-8",
        }

    def start(self, *words: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-c", "from qorgau.cli.main import main; main()", *words]
        return subprocess.Popen(
            command, cwd=self.folder, env=self.environment, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip

    def run(self, *words: str) -> str:
        process = self.start(*words)
        out, err = process.communicate(timeout=300)
        assert process.returncode == 0, err
        return out

    def rows(self, statement: str) -> list[tuple[object, ...]]:
        connection = sqlite3.connect(f"file:{self.database}?mode=ro", uri=True, timeout=30)
        try:
            return connection.execute(statement).fetchall()
        finally:
            connection.close()


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated register, a file with good, bad and repeated rows, and its mapping."""
    folder = tmp_path_factory.mktemp("host")
    Host(folder).run("migrate")
    (folder / "map.toml").write_text(MAPPING, encoding="utf-8")
    rows = [cells(n, unit=f"U-{n % 40}") for n in range(N_ROWS)]
    rows[100] = cells(100, day="31.02.2024")
    rows[N_ROWS - 100] = cells(N_ROWS - 100, days="few")
    rows[N_ROWS - 50] = rows[50]
    with (folder / "accidents.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([HEADER, *rows])
    return folder


def copy_of(prepared: Path, folder: Path) -> Host:
    shutil.copytree(prepared, folder)
    return Host(folder)


def wait_for_batch(host: Host, process: subprocess.Popen[str]) -> int:
    """Wait until some rows, but not all, are imported; return the number of settled rows."""
    while process.poll() is None:
        found = host.rows("SELECT last_row_number FROM incidents_importrun")
        if found and found[0][0]:
            return int(str(found[0][0]))
        time.sleep(0.002)
    raise AssertionError(process.communicate()[1])


def test_killed_in_the_middle_and_restarted(prepared: Path, tmp_path: Path) -> None:
    words = ("import", "incidents", "accidents.csv", "--mapping", "map.toml", "--json")
    whole, broken = copy_of(prepared, tmp_path / "a"), copy_of(prepared, tmp_path / "b")
    expected = json.loads(whole.run(*words))
    process = broken.start(*words)
    taken = wait_for_batch(broken, process)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert process.returncode == -signal.SIGKILL
    assert 0 < taken < N_ROWS
    n_held = broken.rows("SELECT count(*) FROM incidents_incident")[0][0]
    n_noted = broken.rows("SELECT imported_count FROM incidents_importrun")[0][0]
    assert n_held == n_noted, "rows and the note of progress are written together"

    report = json.loads(broken.run(*words))

    assert report["was_resumed"]
    compared = (
        "row_count",
        "imported",
        "updated",
        "unchanged",
        "duplicate",
        "rejected",
        "rejections",
    )
    assert {name: report[name] for name in compared} == {name: expected[name] for name in compared}
    assert (expected["imported"], expected["duplicate"], expected["rejected"]) == (N_ROWS - 3, 1, 2)
    for table, columns in SAME.items():
        statement = f"SELECT {columns} FROM {table} ORDER BY 1, 2"
        assert broken.rows(statement) == whole.rows(statement), table
    assert "intact" in broken.run("journal", "verify")
    rejects = [host.folder / "accidents-rejects.csv" for host in (whole, broken)]
    assert rejects[0].read_bytes() == rejects[1].read_bytes()
