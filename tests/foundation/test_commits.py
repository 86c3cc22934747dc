"""On PostgreSQL the journal's lock does not wait for the disk, and the answer does."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection, transaction

from qorgau.foundation.identifiers import new_submission_key
from qorgau.foundation.identity.roles import Role
from qorgau.records.incidents.services import report_incident
from tests.world import OCCURRED, World

pytestmark = pytest.mark.django_db(transaction=True)
N_REPORTS = 20


@pytest.fixture(autouse=True)
def waits_for_the_disk(world: World) -> Iterator[None]:
    """As an operator's PostgreSQL does; that of the tests is set to wait for nothing."""
    if connection.vendor != "postgresql":
        pytest.skip("only PostgreSQL has these settings")
    ask("SET synchronous_commit = on")
    yield
    ask("RESET synchronous_commit")


def ask(question: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(question)
        return str(cursor.fetchone()[0]) if cursor.description else ""


def report(world: World) -> None:
    report_incident(
        submission_key=new_submission_key(),
        kind="hazard",
        occurred_at=OCCURRED,
        narrative="The third step of the tower is rotten.",
        unit=world.company,
        acting_user=world.inside[Role.REPORTER],
    )


def test_what_was_answered_is_on_the_disk(world: World) -> None:
    committed: list[str] = []
    for _report in range(N_REPORTS):
        with transaction.atomic():
            transaction.on_commit(
                lambda: committed.append(ask("SELECT pg_current_wal_insert_lsn()"))
            )
            report(world)
        assert ask(f"SELECT pg_current_wal_flush_lsn() >= '{committed[-1]}'") == "True"
    assert len(committed) == N_REPORTS


def test_the_lock_is_given_on_before_the_disk_has_it(world: World) -> None:
    with transaction.atomic():
        assert ask("SHOW synchronous_commit") == "on"
        report(world)
        assert ask("SHOW synchronous_commit") == "off"
    assert ask("SHOW synchronous_commit") == "on"


def test_one_transaction_waits_once(world: World) -> None:
    with transaction.atomic():
        report(world)
        report(world)
        assert len(connection.run_on_commit) == 1


def test_what_is_undone_takes_the_waiting_with_it(world: World) -> None:
    with transaction.atomic():
        with transaction.atomic():
            report(world)
            transaction.set_rollback(True)
        assert ask("SHOW synchronous_commit") == "on"
        assert connection.run_on_commit == []
