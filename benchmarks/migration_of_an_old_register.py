"""How long does it take to update a large register of the version before revisions?

For each database it creates a register of 1,000,000 synthetic incidents with their journal, every
tenth merged into another one, as that version had it; half as many reports; and updates it with
`qorgau migrate`. It prints the time, the largest memory of the command, and what was kept of the
merged; the limit of the time is ten minutes, that of the memory 300 MB.

    python benchmarks/migration_of_an_old_register.py [--incidents 1000000]
        [--databases sqlite postgres]
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.registers.apart import empty_register, measured_apart

MERGED_EVERY = 10
LONGEST_SECONDS = 600
LARGEST_MEGABYTES = 300
# The last migrations of that version.
BEFORE = [
    ("incidents", "0006_open_index"),
    ("journal", "0001_initial"),
    ("signals", "0001_initial"),
    ("reporting", None),
]
LINE = "{:10}{:>12}{:>10}{:>10}{:>12}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--incidents", type=int, default=1_000_000)
    parser.add_argument("--databases", nargs="+", default=["sqlite", "postgres"])
    parser.add_argument("--measure", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--fill", type=int, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.fill:
        fill(arguments.fill)
        return 0
    if arguments.measure:
        print(json.dumps(measure(arguments.measure)))
        return 0
    print(LINE.format("database", "incidents", "merged", "seconds", "memory, MB"))
    is_good = True
    for database in arguments.databases:
        kept, seconds, megabytes = measured_apart(__file__, database, arguments.incidents)
        figures = (f"{seconds:.1f}", f"{megabytes:.0f}")
        print(LINE.format(database, arguments.incidents, kept, *figures))
        is_good &= seconds <= LONGEST_SECONDS and megabytes <= LARGEST_MEGABYTES
    print("Minutes, in bounded memory." if is_good else "Over the limit.")
    return 0 if is_good else 1


def measure(incidents: int) -> tuple[int, float, float]:
    """Merged incidents whose state before was kept, seconds, and megabytes of the command."""
    subprocess.run([sys.executable, __file__, "--fill", str(incidents)], check=True)
    start = time.perf_counter()
    program = "from qorgau.cli.main import main; main()"
    command = subprocess.Popen(
        [sys.executable, "-c", program, "migrate"], stdout=subprocess.DEVNULL
    )
    _pid, status, used = os.wait4(command.pid, 0)
    seconds = time.perf_counter() - start
    if status:
        raise SystemExit("The register could not be updated.")
    empty_register()
    from qorgau.records.incidents.models import IncidentRevision

    kept = IncidentRevision.objects.filter(state="closed").count()
    return kept, seconds, used.ru_maxrss / 1024


def fill(incidents: int) -> None:
    """The tables of that version, filled without its services."""
    empty_register()
    from django.db import connection, transaction
    from django.db.migrations.executor import MigrationExecutor

    from benchmarks.registers.brigade import (
        incident_rows,
        involved_rows,
        load,
        make_units,
        without_durability,
    )
    from qorgau.foundation.journal.chain import GENESIS
    from qorgau.foundation.journal.models import JournalEntry, JournalHead

    units = make_units()
    # Entries of this version are chained in another way.
    JournalEntry.objects.all().delete()
    head = JournalHead(sequence=0, digest=GENESIS)
    MigrationExecutor(connection).migrate(BEFORE)
    loader = MigrationExecutor(connection).loader
    then = loader.project_state(list(loader.applied_migrations)).apps
    now = dt.datetime.now(dt.UTC)
    with without_durability(), transaction.atomic():
        load(then.get_model("incidents", "Incident"), incident_rows(incidents, units, now))
        load(then.get_model("incidents", "InvolvedPerson"), involved_rows(incidents))
        load(then.get_model("incidents", "Injury"), _injuries(incidents))
        load(then.get_model("incidents", "Report"), _reports(incidents // 2))
        load(then.get_model("journal", "JournalEntry"), _entries(incidents, head))
        JournalHead.objects.update(sequence=head.sequence, digest=head.digest)
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE incidents_incident SET state = 'merged', version = 2,"
                " merged_into_id = id - 1, merged_at = recorded_at"
                f" WHERE id % {MERGED_EVERY} = 0"
            )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _entries(incidents: int, head: Any) -> Iterator[Any]:
    """That each was recorded, and that some were merged; chained like those before."""
    from qorgau.foundation.journal.chain import canonical_details, digest_of_row
    from qorgau.foundation.journal.models import JournalEntry

    at = dt.datetime(2025, 1, 1, tzinfo=dt.UTC)
    moved = {"from": "closed", "to": "merged", "into": "2024-000001"}
    for serial in range(1, incidents + 1):
        written: list[tuple[str, dict[str, object]]] = [("recorded", {"kind": "injury"})]
        if serial % MERGED_EVERY == 0:
            written.append(("moved", dict(moved)))
        for action, details in written:
            entry = {
                "sequence": head.sequence + 1,
                "at": at,
                "actor": "officer",
                "action": f"incidents.incident_{action}",
                "subject_kind": "incident",
                "subject_uuid": uuid.UUID(int=serial),
                "details": canonical_details(details),
                "previous_digest": head.digest,
            }
            head.sequence, head.digest = head.sequence + 1, digest_of_row(**entry)
            yield JournalEntry(**entry, digest=head.digest)


def _injuries(incidents: int) -> Iterator[Any]:
    """One of each person involved, whose rows have the numbers of their incidents."""
    from qorgau.records.incidents.models import Injury

    for serial in range(1, incidents + 1):
        if serial % 5 < 2:
            yield Injury(id=serial, uuid=uuid.UUID(int=serial), involved_id=serial)


def _reports(count: int) -> Iterator[Any]:
    from qorgau.records.incidents.models import Report

    at = dt.datetime(2025, 1, 1, tzinfo=dt.UTC)
    for serial in range(1, count + 1):
        yield Report(
            id=serial,
            uuid=uuid.UUID(int=serial),
            kind="near_miss",
            occurred_at=at,
            reported_at=at,
            state="closed",
            narrative="Synthetic: a lorry rolled back a metre; nobody stood behind it.",
            submission_digest=f"{serial:064x}",
            receipt_digest=f"{serial:064x}",
            is_synthetic=True,
        )


if __name__ == "__main__":
    sys.exit(main())
