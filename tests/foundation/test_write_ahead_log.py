"""What SQLite keeps of the order of writes is gone once an anonymous report is taken."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import connection

from qorgau.foundation.identifiers import new_submission_key
from qorgau.records.incidents.services import report_incident
from tests.world import OCCURRED
from tests.writers import database_for_threads


@pytest.mark.django_db(transaction=True)
def test_the_log_is_empty_after_an_anonymous_report(tmp_path: Path) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("only SQLite has this file")
    with database_for_threads(tmp_path):
        log = tmp_path / "register.sqlite3-wal"
        report_incident(
            submission_key=new_submission_key(),
            kind="hazard",
            occurred_at=OCCURRED,
            narrative="The third step of the tower is rotten.",
            unit=None,
            acting_user=None,
        )
        assert log.exists()
        assert log.stat().st_size == 0
