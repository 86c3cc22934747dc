"""One real call of every service; the test that walks the services fails for one without a call.

A function here gets the small register (tests/world.py) and who acts, makes what the service needs,
and returns the call itself, ready to be made and looked at.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from qorgau.foundation.identifiers import new_submission_key
from qorgau.foundation.identity.models import User
from qorgau.records.incidents import services as incidents
from qorgau.records.incidents.choices import ClosingReason, InvolvedRole, Kind
from qorgau.records.incidents.models import ImportRun, Incident
from qorgau.records.people import services as people
from qorgau.records.people.choices import Category
from qorgau.records.places import services as places
from qorgau.records.places.choices import AreaLevel, NameSource
from qorgau.records.places.models import Area
from qorgau.records.places.rules import AreaRecord
from qorgau.records.publication import services as publication
from qorgau.records.signals import services as signals
from qorgau.records.signals.choices import SignalState
from tests.records.account_calls import ACCOUNT_CALLS, ACCOUNT_ROWS
from tests.records.publication_records import plan_record, publish_one_box
from tests.records.reporting_calls import REPORTING_CALLS
from tests.world import OCCURRED, WEEK, World

Call = Callable[[], object]

LATER = dt.date(2024, 9, 1)
FINDING = "The gate was not gritted; the list of duties did not name it."

# One row for each record made, or those of the services called; every other writes exactly one.
JOURNAL_ROWS = {
    **ACCOUNT_ROWS,
    "incidents.accept_report": 2,
    "people.create_units": 2,
    "people.record_people": 2,
    "people.split_unit": 3,
}

CALLS: dict[str, Callable[[World, User], Call]] = {**REPORTING_CALLS, **ACCOUNT_CALLS}


def call_of(name: str) -> Callable[[Callable[[World, User], Call]], Callable[[World, User], Call]]:
    def register(prepare: Callable[[World, User], Call]) -> Callable[[World, User], Call]:
        CALLS[name] = prepare
        return prepare

    return register


def new_area(code: str) -> Area:
    return places.create_area(
        code=code, level=AreaLevel.REGION, names={"en": code}, country="XX", acting_user=None
    )


@call_of("places.create_area")
def _create_area(world: World, who: User) -> Call:
    return lambda: places.create_area(
        code="X1", level=AreaLevel.REGION, names={"en": "X"}, country="XX", acting_user=who
    )


@call_of("places.update_area")
def _update_area(world: World, who: User) -> Call:
    area = new_area("X1")
    return lambda: places.update_area(area=area, changes={"name_en": "Y"}, acting_user=who)


@call_of("places.create_site")
def _create_site(world: World, who: User) -> Call:
    area = new_area("X1")
    return lambda: places.create_site(name="Range", area=area, acting_user=who)


@call_of("places.update_site")
def _update_site(world: World, who: User) -> Call:
    site = places.create_site(name="Range", area=new_area("X1"), acting_user=None)
    return lambda: places.update_site(site=site, changes={"name": "Old range"}, acting_user=who)


@call_of("places.store_areas")
def _store_areas(world: World, who: User) -> Call:
    records = [AreaRecord("Y1", AreaLevel.REGION), AreaRecord("Y2", AreaLevel.DISTRICT, "Y1")]
    changes = places.AreaChanges(country="YY", source=NameSource.CODE_LIST, new=records)
    return lambda: places.store_areas(changes=changes, counts={"created": 2}, acting_user=who)


@call_of("people.create_organisation")
def _create_organisation(world: World, who: User) -> Call:
    return lambda: people.create_organisation(code="NEW", names={"en": "New"}, acting_user=who)


@call_of("people.create_units")
def _create_units(world: World, who: User) -> Call:
    drafts = [people.UnitDraft("BDE-3", LATER, parent_code="BDE"), people.UnitDraft("TOP", LATER)]
    return lambda: people.create_units(
        organisation=world.organisation, drafts=drafts, acting_user=who
    )


@call_of("people.revise_unit")
def _revise_unit(world: World, who: User) -> Call:
    return lambda: people.revise_unit(
        unit=world.company, on=LATER, parent=world.other_battalion, acting_user=who
    )


@call_of("people.split_unit")
def _split_unit(world: World, who: User) -> Call:
    into = [people.UnitDraft(f"BDE-2{letter}", LATER, parent_code="BDE") for letter in "AB"]
    return lambda: people.split_unit(
        unit=world.other_battalion, into=into, on=LATER, acting_user=who
    )


@call_of("people.close_unit")
def _close_unit(world: World, who: User) -> Call:
    return lambda: people.close_unit(unit=world.other_battalion, on=LATER, acting_user=who)


@call_of("people.record_people")
def _record_people(world: World, who: User) -> Call:
    drafts = [people.PersonDraft(f"P-{n}", "BDE-2", Category.OFFICER, LATER) for n in (7, 8)]
    return lambda: people.record_people(drafts=drafts, acting_user=who)


@call_of("people.post_person")
def _post_person(world: World, who: User) -> Call:
    return lambda: people.post_person(
        person=world.person,
        unit=world.other_battalion,
        category=Category.SERGEANT,
        on=LATER,
        acting_user=who,
    )


@call_of("people.report_strength")
def _report_strength(world: World, who: User) -> Call:
    return lambda: people.report_strength(
        unit=world.company,
        category=Category.ALL,
        valid_from=dt.date(2025, 1, 1),
        valid_until=dt.date(2026, 1, 1),
        strength=90,
        acting_user=who,
    )


@call_of("incidents.report_incident")
def _report_incident(world: World, who: User) -> Call:
    return lambda: incidents.report_incident(
        submission_key=new_submission_key(),
        kind=Kind.HAZARD,
        occurred_at=OCCURRED,
        narrative="The third step of the tower is rotten.",
        unit=world.company,
        acting_user=who,
    )


@call_of("incidents.accept_report")
def _accept_report(world: World, who: User) -> Call:
    return lambda: incidents.accept_report(report=world.report, acting_user=who)


@call_of("incidents.merge_report")
def _merge_report(world: World, who: User) -> Call:
    return lambda: incidents.merge_report(
        report=world.report, incident=world.incident, acting_user=who
    )


@call_of("incidents.close_report")
def _close_report(world: World, who: User) -> Call:
    return lambda: incidents.close_report(
        report=world.report, reason=ClosingReason.NOT_OURS, acting_user=who
    )


@call_of("incidents.reopen_report")
def _reopen_report(world: World, who: User) -> Call:
    incidents.close_report(report=world.report, reason=ClosingReason.TEST, acting_user=None)
    return lambda: incidents.reopen_report(report=world.report, acting_user=who)


@call_of("incidents.record_incidents")
def _record_incidents(world: World, who: User) -> Call:
    draft = incidents.IncidentDraft(kind=Kind.ILLNESS, unit=world.company, occurred_at=OCCURRED)
    return lambda: incidents.record_incidents(drafts=[draft], acting_user=who)


def begun_import(who: User | None = None) -> ImportRun:
    return incidents.begin_import(
        source="test",
        file_name="accidents.csv",
        file_digest="a" * 64,
        mapping_digest="b" * 64,
        mapping_text="[mapping]",
        columns=["id"],
        row_count=1,
        acting_user=who,
    )


def batch_of_one(world: World) -> incidents.ImportBatch:
    draft = incidents.IncidentDraft(kind=Kind.INJURY, unit=world.company, occurred_at=OCCURRED)
    row = incidents.SourceRow(2, "1", "c" * 32, draft, ["1"])
    return incidents.ImportBatch(rows=[row], last_row_number=2)


@call_of("incidents.begin_import")
def _begin_import(world: World, who: User) -> Call:
    return lambda: incidents.begin_import(
        source="test",
        file_name="accidents.csv",
        file_digest="a" * 64,
        mapping_digest="b" * 64,
        mapping_text="[mapping]",
        columns=["id"],
        row_count=1,
        acting_user=who,
    )


@call_of("incidents.record_import_batch")
def _record_import_batch(world: World, who: User) -> Call:
    run, batch = begun_import(who), batch_of_one(world)
    return lambda: incidents.record_import_batch(run=run, batch=batch, acting_user=who)


@call_of("incidents.finish_import")
def _finish_import(world: World, who: User) -> Call:
    run = incidents.record_import_batch(
        run=begun_import(who), batch=batch_of_one(world), acting_user=None
    )
    return lambda: incidents.finish_import(run=run, acting_user=who)


@call_of("incidents.edit_incident")
def _edit_incident(world: World, who: User) -> Call:
    return lambda: incidents.edit_incident(
        incident=world.incident, changes={"activity": "Guard duty"}, acting_user=who
    )


@call_of("incidents.add_involved_person")
def _add_involved_person(world: World, who: User) -> Call:
    return lambda: incidents.add_involved_person(
        incident=world.incident, role=InvolvedRole.WITNESS, acting_user=who
    )


@call_of("incidents.add_injury")
def _add_injury(world: World, who: User) -> Call:
    return lambda: incidents.add_injury(
        involved=world.involved, nature="fracture", body_region="hand", acting_user=who
    )


def _under_investigation(world: World) -> Incident:
    return incidents.begin_investigation(incident=world.incident, acting_user=None)


def _awaiting_endorsement(world: World) -> Incident:
    return incidents.submit_for_endorsement(
        incident=_under_investigation(world), finding=FINDING, acting_user=None
    )


@call_of("incidents.begin_investigation")
def _begin_investigation(world: World, who: User) -> Call:
    return lambda: incidents.begin_investigation(incident=world.incident, acting_user=who)


@call_of("incidents.submit_for_endorsement")
def _submit_for_endorsement(world: World, who: User) -> Call:
    incident = _under_investigation(world)
    return lambda: incidents.submit_for_endorsement(
        incident=incident, finding=FINDING, acting_user=who
    )


@call_of("incidents.return_to_investigation")
def _return_to_investigation(world: World, who: User) -> Call:
    incident = _awaiting_endorsement(world)
    return lambda: incidents.return_to_investigation(
        incident=incident, reason="Who keeps the list?", acting_user=who
    )


@call_of("incidents.close_incident")
def _close_incident(world: World, who: User) -> Call:
    incident = _awaiting_endorsement(world)
    return lambda: incidents.close_incident(incident=incident, finding=FINDING, acting_user=who)


@call_of("incidents.reopen_incident")
def _reopen_incident(world: World, who: User) -> Call:
    incident = incidents.close_incident(
        incident=_awaiting_endorsement(world), finding=FINDING, acting_user=None
    )
    return lambda: incidents.reopen_incident(
        incident=incident, reason="A second fall at the same gate.", acting_user=who
    )


@call_of("incidents.merge_incidents")
def _merge_incidents(world: World, who: User) -> Call:
    again = world.incident_again()
    return lambda: incidents.merge_incidents(incident=again, into=world.incident, acting_user=who)


@call_of("incidents.note_linkage")
def _note_linkage(world: World, who: User) -> Call:
    return lambda: incidents.note_linkage(
        unit=world.battalion, first_day=WEEK, last_day=LATER, acting_user=who
    )


@call_of("incidents.undo_merge")
def _undo_merge(world: World, who: User) -> Call:
    merged = incidents.merge_incidents(
        incident=world.incident_again(), into=world.incident, acting_user=None
    )
    return lambda: incidents.undo_merge(incident=merged, reason=FINDING, acting_user=who)


@call_of("publication.keep_plan")
def _keep_plan(_world: World, who: User) -> Call:
    return lambda: publication.keep_plan(record=plan_record(), made_at=OCCURRED, acting_user=who)


@call_of("publication.replace_plan")
def _replace_plan(_world: World, who: User) -> Call:
    publication.keep_plan(record=plan_record(), made_at=OCCURRED, acting_user=None)
    other = plan_record(target_expected=20.0)
    return lambda: publication.replace_plan(record=other, made_at=OCCURRED, acting_user=who)


@call_of("publication.publish_counts")
def _publish_counts(_world: World, who: User) -> Call:
    plan = publication.keep_plan(record=plan_record(), made_at=OCCURRED, acting_user=None)
    return lambda: publish_one_box(plan, acting_user=who)


@call_of("signals.record_detection_run")
def _record_detection_run(world: World, who: User) -> Call:
    record = signals.RunRecord(
        unit=world.brigade,
        week_start=WEEK,
        as_of=OCCURRED,
        method="ears_c2",
        method_version="1",
        series_tested=4,
    )
    rise = signals.RiseRecord(world.company.pk, "near_miss", 7, 2.0, 5.0)
    return lambda: signals.record_detection_run(record=record, rises=[rise], acting_user=who)


@call_of("signals.triage_signal")
def _triage_signal(world: World, who: User) -> Call:
    return lambda: signals.triage_signal(
        signal=world.signal,
        to=SignalState.EXPLAINED,
        reason="The week of the winter march.",
        acting_user=who,
    )
