"""Every service, called for real: it journals once, by the one who acts, and all or nothing."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction

from qorgau.foundation.journal.models import JournalEntry, JournalHead
from qorgau.foundation.journal.verification import verify_journal
from tests.architecture.test_services import SERVICES
from tests.records.acting_users import who_may_everything
from tests.records.service_calls import CALLS, JOURNAL_ROWS
from tests.world import World

pytestmark = pytest.mark.django_db

each_call = pytest.mark.parametrize("name", sorted(CALLS))


def test_every_service_has_a_call() -> None:
    real = set()
    for path, function in SERVICES:
        app = path.parent if path.name == "services.py" else path.parents[1]
        real.add(f"{app.name}.{function.name}")
    assert set(CALLS) == real


@each_call
def test_writes_its_journal_rows_in_the_name_of_who_acts(name: str, world: World) -> None:
    who = who_may_everything(world)
    call = CALLS[name](world, who)
    before = JournalEntry.objects.count()
    call()
    rows = list(JournalEntry.objects.order_by("sequence")[before:])
    assert len(rows) == JOURNAL_ROWS.get(name, 1)
    assert {(row.actor_kind, row.actor) for row in rows} == {("person", str(who.uuid))}
    assert rows[-1].action.startswith(name.partition(".")[0] + ".")
    assert verify_journal().is_intact


@each_call
def test_changes_nothing_when_the_journal_cannot_be_written(name: str, world: World) -> None:
    """What is not journalled has not happened."""
    call = CALLS[name](world, who_may_everything(world))
    # The next row would now take a number that is taken, and the database refuses it.
    JournalHead.objects.update(sequence=0, edge=b"")
    before = contents()
    with pytest.raises(IntegrityError), transaction.atomic():
        call()
    assert contents() == before


def contents() -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table of the register."""
    labels = (
        "identity",
        "journal",
        "outbox",
        "places",
        "people",
        "incidents",
        "reporting",
        "publication",
        "signals",
    )
    models = [model for label in labels for model in apps.get_app_config(label).get_models()]
    return {
        model._meta.label: list(model._default_manager.order_by("pk").values_list())
        for model in models
    }
