"""The power fails at any moment: what was answered before is on the disk.

A disk has what was written up to the last sync. Here each sync of the log copies database and log
as they are then: what a computer would find that lost its power before the next one. The reports
are signed and few, so that the log is not written into the database while both are copied.
"""

from __future__ import annotations

import shutil
import sqlite3
from functools import partial
from pathlib import Path

import pytest
from django.db import OperationalError, ProgrammingError, connection, connections, transaction

from qorgau.foundation.identifiers import digest_of_key, new_submission_key
from qorgau.foundation.identity.roles import Role
from qorgau.foundation.sqlite import base
from qorgau.foundation.sqlite.shared_syncs import sync_file
from qorgau.records.incidents.models import Report
from qorgau.records.incidents.services import report_incident
from tests.world import OCCURRED, World
from tests.writers import at_once, database_for_threads

pytestmark = pytest.mark.django_db(transaction=True)
N_WRITERS, N_EACH = 6, 5


@pytest.fixture(autouse=True)
def only_sqlite() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("only SQLite has this file")


def report(world: World, key: str) -> None:
    report_incident(
        submission_key=key,
        kind="hazard",
        occurred_at=OCCURRED,
        narrative="The third step of the tower is rotten.",
        unit=world.company,
        acting_user=world.inside[Role.REPORTER],
    )


def held_after_power_fails(file: Path) -> set[str]:
    database = sqlite3.connect(file)
    found = database.execute("SELECT submission_digest FROM incidents_report").fetchall()
    database.close()
    return {digest for (digest,) in found}


def test_every_report_is_on_the_disk_when_it_is_answered(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    disks: list[Path] = []

    def sync_and_copy(log: Path) -> None:
        sync_file(log)
        disk = tmp_path / f"disk-{len(disks)}"
        disk.mkdir()
        for file in (log.with_name(log.name.removesuffix("-wal")), log):
            shutil.copy(file, disk / file.name)
        disks.append(disk)

    monkeypatch.setattr(base, "sync_file", sync_and_copy)
    answered: list[tuple[str, Path]] = []

    def send() -> None:
        for _report in range(N_EACH):
            key = new_submission_key()
            report(world, key)
            answered.append((digest_of_key(key), disks[-1]))

    with database_for_threads(tmp_path):
        at_once(*[send] * N_WRITERS)
        assert len(answered) == N_WRITERS * N_EACH
    for disk in disks:
        due = {digest for digest, last in answered if last == disk}
        assert due <= held_after_power_fails(disk / "register.sqlite3")


def test_what_could_not_be_synced_is_refused(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(log: Path) -> None:
        raise OSError("the disk is gone")

    monkeypatch.setattr(base, "sync_file", fail)
    with database_for_threads(tmp_path), pytest.raises(OSError, match="gone"):
        report(world, new_submission_key())


def test_outside_of_a_transaction_sqlite_waits_for_the_disk_itself(tmp_path: Path) -> None:
    def synchronous() -> int:
        with connections["default"].cursor() as cursor:
            return int(cursor.execute("PRAGMA synchronous").fetchone()[0])

    full, normal = 2, 1
    with database_for_threads(tmp_path):
        assert synchronous() == full
        with transaction.atomic():
            assert synchronous() == normal
        assert synchronous() == full
        with transaction.atomic():
            transaction.set_rollback(True)
        assert synchronous() == full


def _close_and_read() -> None:
    connections["default"].close()
    Report.objects.count()


def test_a_connection_that_is_closed_in_its_turn_gives_it_on(world: World, tmp_path: Path) -> None:
    with database_for_threads(tmp_path):
        with pytest.raises(ProgrammingError), transaction.atomic():
            _close_and_read()
        at_once(partial(report, world, new_submission_key()))


def test_who_waits_too_long_for_the_turn_is_told_that_the_database_is_locked(
    world: World,
    tmp_path: Path,
) -> None:
    with database_for_threads(tmp_path):
        options = {**connections.settings["default"]["OPTIONS"], "timeout": 0.05}
        connections.settings["default"]["OPTIONS"] = options
        with transaction.atomic(), pytest.raises(OperationalError, match="locked"):
            at_once(partial(report, world, new_submission_key()))
