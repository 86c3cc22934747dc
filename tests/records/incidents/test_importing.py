"""Batches of another system's rows: new, told again, told otherwise, worked on, refused."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from django.core.exceptions import ValidationError

from qorgau.foundation.identity.roles import Role
from qorgau.foundation.journal.models import JournalEntry
from qorgau.records.incidents.models import ImportRun, Incident, RejectedRow
from qorgau.records.incidents.queries import imports_of, rejected_rows
from qorgau.records.incidents.services import (
    ImportBatch,
    IncidentDraft,
    InjuryDraft,
    InvolvedDraft,
    Rejection,
    SourceRow,
    begin_import,
    edit_incident,
    finish_import,
    record_import_batch,
)
from tests.world import OCCURRED, World

pytestmark = pytest.mark.django_db

FRACTURE = InjuryDraft(outcome="days_away", days_away=12, fields={"nature": "fracture"})


def begin(*, rows: int = 1, digest: str = "a", user=None) -> ImportRun:
    return begin_import(
        source="their-system",
        file_name="accidents.csv",
        file_digest=digest * 64,
        mapping_digest="b" * 64,
        mapping_text="[mapping]",
        columns=["id", "text"],
        row_count=rows,
        acting_user=user,
    )


def row(world: World, key: str = "1", *, told: str = "c", number: int = 2, **fields) -> SourceRow:
    draft = IncidentDraft(
        kind="injury",
        unit=world.company,
        occurred_at=OCCURRED,
        involved=(InvolvedDraft(injuries=(FRACTURE,), fields={"occupation": "cook"}),),
        fields={"narrative": "Fell.", **fields},
    )
    return SourceRow(number, key, told * 32, draft, [key, "Fell."])


def take(run: ImportRun, *rows: SourceRow, last: int = 2, **batch) -> ImportRun:
    whole = ImportBatch(rows=list(rows), last_row_number=last, **batch)
    return record_import_batch(run=run, batch=whole, acting_user=None)


def test_new_row_becomes_an_incident_with_its_injury(world: World) -> None:
    run = take(begin(), row(world))
    incident = Incident.objects.get(source="their-system", source_key="1")
    assert run.imported_count == 1
    assert incident.severity_class == "C"
    assert incident.involved.get().injuries.get().nature == "fracture"
    assert (incident.version, incident.source_version) == (1, 1)


def test_row_that_comes_again_changes_nothing(world: World) -> None:
    finish_import(run=take(begin(), row(world)), acting_user=None)
    before = Incident.objects.get(source_key="1")
    again = take(begin(), row(world))
    assert again.unchanged_count == 1
    assert Incident.objects.get(source_key="1").version == before.version


def test_row_with_another_content_updates_the_incident_and_journals_what_changed(
    world: World,
) -> None:
    finish_import(run=take(begin(), row(world)), acting_user=None)
    changed = row(world, told="d", narrative="Fell from the roof.")
    person = replace(
        changed.draft.involved[0],
        injuries=(replace(FRACTURE, outcome="fatal"), InjuryDraft(fields={"nature": "burn"})),
    )
    changed = replace(changed, draft=replace(changed.draft, involved=(person,)))
    run = take(begin(digest="e"), changed)
    incident = Incident.objects.get(source_key="1")
    assert run.updated_count == 1
    assert incident.narrative == "Fell from the roof."
    assert incident.severity_class == "A"
    assert (incident.version, incident.source_version) == (2, 2)
    injuries = incident.involved.get().injuries.order_by("id")
    assert [injury.nature for injury in injuries] == ["fracture", "burn"]
    entry = JournalEntry.objects.get(action="incidents.incident_revised")
    assert entry.subject_uuid == incident.uuid
    assert "narrative" in entry.details
    assert "roof" not in entry.details


def test_person_and_injury_that_the_row_no_longer_has_are_removed(world: World) -> None:
    finish_import(run=take(begin(), row(world)), acting_user=None)
    changed = row(world, told="d")
    take(begin(digest="e"), replace(changed, draft=replace(changed.draft, involved=())))
    assert not Incident.objects.get(source_key="1").involved.exists()


def test_incident_that_a_person_has_worked_on_is_left_alone_and_said(world: World) -> None:
    finish_import(run=take(begin(), row(world)), acting_user=None)
    incident = Incident.objects.get(source_key="1")
    edit_incident(incident=incident, changes={"activity": "Guard"}, acting_user=None)
    run = take(begin(digest="e"), row(world, told="d", narrative="Other."))
    assert (run.updated_count, run.rejected_count) == (0, 1)
    assert incident.number in rejected_rows(run).get().reason
    assert Incident.objects.get(source_key="1").narrative == "Fell."


def test_incident_worked_on_is_unchanged_when_its_row_comes_again(world: World) -> None:
    finish_import(run=take(begin(), row(world)), acting_user=None)
    incident = Incident.objects.get(source_key="1")
    edit_incident(incident=incident, changes={"activity": "Guard"}, acting_user=None)
    assert take(begin(digest="e"), row(world)).unchanged_count == 1


def test_row_that_the_register_refuses_does_not_take_the_others_with_it(world: World) -> None:
    refused = row(world, "2", number=3, activity="x" * 201)
    run = take(begin(rows=2), row(world), refused, last=3)
    assert (run.imported_count, run.rejected_count) == (1, 1)
    rejected = RejectedRow.objects.get()
    assert (rejected.row_number, rejected.cells) == (3, ["2", "Fell."])
    assert "200" in rejected.reason


def test_update_that_the_register_refuses_is_rejected(world: World) -> None:
    finish_import(run=take(begin(), row(world)), acting_user=None)
    run = take(begin(digest="e"), row(world, told="d", activity="x" * 201))
    assert (run.updated_count, run.rejected_count) == (0, 1)
    assert Incident.objects.get(source_key="1").activity == ""


def test_unfinished_import_is_taken_up_where_it_stopped(world: World) -> None:
    run = take(begin(rows=2), row(world))
    again = begin(rows=2)
    assert again.pk == run.pk
    assert again.last_row_number == 2


def test_somebody_else_begins_at_the_first_row_under_own_authority(world: World) -> None:
    refused = Rejection(3, ["2", "Fell."], "Incident 2024-000001 was edited in the register.")
    run = take(begin(rows=3), row(world), last=3, rejections=[refused])
    again = begin(rows=3, user=world.inside[Role.ANALYST])
    assert (again.pk, again.last_row_number, again.settled_count) == (run.pk, 0, 0)
    assert not rejected_rows(again)
    assert list(imports_of(world.inside[Role.ANALYST])) == [run]
    assert not imports_of(world.outside[Role.ANALYST])


def test_finished_import_is_begun_anew(world: World) -> None:
    run = finish_import(run=take(begin(), row(world)), acting_user=None)
    assert begin().pk != run.pk


def test_two_at_once_are_distinguished(world: World) -> None:
    run = begin(rows=2)
    take(run, row(world))
    with pytest.raises(ValidationError, match="is importing this file now"):
        take(run, row(world, "2"), last=3)
    assert Incident.objects.filter(source="their-system").count() == 1


def test_import_whose_rows_do_not_add_up_is_not_finished(world: World) -> None:
    run = take(begin(rows=3), row(world))
    with pytest.raises(ValidationError, match="Rows in the file: 3, rows processed: 1"):
        finish_import(run=run, acting_user=None)
    assert ImportRun.objects.get().finished_at is None


def test_counts_add_up(world: World) -> None:
    rejection = Rejection(4, ["x", ""], "Mend it.")
    run = take(begin(rows=3), row(world), last=4, rejections=[rejection], duplicate_count=1)
    assert run.settled_count == run.row_count == 3
    assert finish_import(run=run, acting_user=None).finished_at is not None


def test_number_stays_when_the_source_moves_the_day(world: World) -> None:
    finish_import(run=take(begin(), row(world)), acting_user=None)
    number = Incident.objects.get(source_key="1").number
    moved = row(world, told="d")
    earlier = OCCURRED - dt.timedelta(days=400)
    take(begin(digest="e"), replace(moved, draft=replace(moved.draft, occurred_at=earlier)))
    incident = Incident.objects.get(source_key="1")
    assert (incident.number, incident.occurred_on) == (number, earlier.date())
