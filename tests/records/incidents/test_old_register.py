"""A register of the version before revisions is updated and answers as it did: see its README."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.test import Client

from qorgau.foundation.journal.verification import Verdict, verify_journal
from qorgau.records.incidents.choices import IncidentState
from qorgau.records.incidents.models import Incident
from qorgau.records.incidents.services import undo_merge

pytestmark = pytest.mark.django_db(transaction=True)

FOLDER = Path(__file__).with_name("old_register")
ANSWERS = json.loads((FOLDER / "answers.json").read_text(encoding="utf-8"))
# The last migrations of that version.
BEFORE = [
    ("incidents", "0006_open_index"),
    ("journal", "0001_initial"),
    ("signals", "0001_initial"),
    ("reporting", None),
    ("publication", None),
]


@pytest.fixture
def updated_register() -> None:
    """Its rows in its own tables, brought to this version."""
    call_command("flush", interactive=False, verbosity=0)
    try:
        MigrationExecutor(connection).migrate(BEFORE)
        loader = MigrationExecutor(connection).loader
        _insert_rows(loader.project_state(list(loader.applied_migrations)).apps)
    finally:
        executor = MigrationExecutor(connection)
        executor.migrate(executor.loader.graph.leaf_nodes())


def _insert_rows(then: Any) -> None:
    rows = json.loads((FOLDER / "rows.json").read_text(encoding="utf-8"))
    with transaction.atomic():
        for label, found in rows.items():
            model = then.get_model(label)
            fields = {field.attname: field for field in model._meta.concrete_fields}
            model._base_manager.bulk_create(
                model(**{name: _value(fields[name], value) for name, value in row.items()})
                for row in found
            )


def _value(field: Any, value: Any) -> Any:
    return value if field.is_relation or value is None else field.to_python(value)


def ask(who: str, path: str, query: dict[str, str]) -> Any:
    token = ANSWERS["tokens"][who]
    answer = Client().get(
        f"/api/v1{path}", query, headers={"host": "localhost", "authorization": f"Bearer {token}"}
    )
    assert answer.status_code == 200
    return answer.json()


def in_common(now: Any, before: Any) -> Any:
    """What is answered now, as far as that version answered it too."""
    if isinstance(before, dict):
        return {name: in_common(now[name], value) for name, value in before.items()}
    if isinstance(before, list) and len(now) == len(before):
        return [in_common(one, value) for one, value in zip(now, before, strict=True)]
    return pytest.approx(now, rel=1e-9) if isinstance(now, float) else now


def assert_it_answers_as_before(questions: list[dict[str, Any]]) -> None:
    for asked in questions:
        now = ask(asked["who"], asked["path"], asked["query"])
        assert in_common(now, asked["answer"]) == asked["answer"], asked


def test_it_answers_as_before_and_its_merges_can_be_undone(updated_register: None) -> None:
    # Sessions of that version held receipt codes of anonymous reports beside the account.
    assert not Session.objects.exists()
    questions = ANSWERS["answers"]
    assert_it_answers_as_before(questions)
    for code in ANSWERS["codes"].values():
        assert Client().get("/api/v1/receipt", headers={"Receipt-Code": code}).status_code == 200
    # Its 40 entries, and the one that says that they became a tree.
    assert verify_journal() == Verdict(rows_checked=41, faults=())

    merged = Incident.objects.filter(state=IncidentState.MERGED).order_by("pk")
    found = [undo_merge(incident=one, reason="Two events.", acting_user=None) for one in merged]
    assert [one.state for one in found] == ["triaged", "under_investigation"]
    now = ask(**{name: questions[0][name] for name in ("who", "path", "query")})
    assert now["overall"]["cases"] == questions[0]["answer"]["overall"]["cases"] + 1
    # What was answered of a past moment stays.
    assert_it_answers_as_before([asked for asked in questions if "as_of" in asked["query"]])
