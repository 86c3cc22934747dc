"""Calls of services by somebody who may act elsewhere, but not here.

Every service has at least one. A name is that of the service, and after a comma what is tried. A
function gets the small register (tests/world.py), makes what is needed as the system, and returns
the call, to be refused.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django.contrib.auth.models import AnonymousUser

from qorgau.foundation.identity import services as accounts
from qorgau.foundation.identity.models import ApiToken, User
from qorgau.foundation.identity.roles import Role
from qorgau.records.incidents import services as incidents
from qorgau.records.incidents.choices import Confidentiality, InvolvedRole, Kind
from qorgau.records.incidents.models import Incident
from qorgau.records.people import services as people
from qorgau.records.people.choices import Category
from qorgau.records.signals import services as signals
from tests.records.acting_users import somebody
from tests.records.service_calls import CALLS, LATER, Call, begun_import
from tests.world import OCCURRED, OPENED, WEEK, World, record_incident

Attack = Callable[[World], Call]
ATTACKS: dict[str, Attack] = {}

MEDICAL = {"confidentiality": Confidentiality.MEDICAL}


def attack(name: str) -> Callable[[Attack], Attack]:
    def register(prepare: Attack) -> Attack:
        ATTACKS[name] = prepare
        return prepare

    return register


def everything_but_medical(world: World) -> User:
    """Somebody who may do everything in the whole brigade but see or write medical detail."""
    return somebody(world.brigade, set(Role.values) - {Role.MEDICAL_OFFICER})


# Every call of tests/records/service_calls.py, by somebody with every role over another unit. Where
# the call is about the second battalion, that is the first.
ABOUT_THE_SECOND = ("people.split_unit", "people.close_unit", "people.record_people")
# What belongs to no unit is refused to somebody whose role is another one.
OF_NO_UNIT = (
    "places.create_area",
    "places.update_area",
    "places.create_site",
    "places.update_site",
    "places.store_areas",
    "people.create_organisation",
    "incidents.begin_import",
)
# Refused in another way than these: see below.
OTHERWISE = ("incidents.record_import_batch", "incidents.finish_import")


def _of_another_unit(name: str) -> Attack:
    def prepare(world: World) -> Call:
        if name in OF_NO_UNIT:
            return CALLS[name](world, somebody(world.brigade, [Role.AUDITOR]))
        unit = world.battalion if name in ABOUT_THE_SECOND else world.other_battalion
        return CALLS[name](world, somebody(unit))

    return prepare


def _by_nobody(name: str) -> Attack:
    return lambda world: CALLS[name](world, AnonymousUser())


for _name in set(CALLS) - set(OTHERWISE):
    ATTACKS[f"{_name}, of another unit"] = _of_another_unit(_name)
    if _name != "incidents.report_incident":
        ATTACKS[f"{_name}, by a visitor"] = _by_nobody(_name)


@attack("identity.create_user, without managing access")
def _create_user(world: World) -> Call:
    who = somebody(world.brigade, [Role.SAFETY_OFFICER])
    return lambda: accounts.create_user(username="new", password="long-1", acting_user=who)


@attack("identity.issue_api_token, in the name of another")
def _issue_token(world: World) -> Call:
    user, who = world.inside[Role.MEDICAL_OFFICER], somebody(world.brigade)
    return lambda: accounts.issue_api_token(user=user, name="MINE", acting_user=who)


@attack("identity.revoke_api_token, of another")
def _revoke_token(world: World) -> Call:
    user, who = world.inside[Role.MEDICAL_OFFICER], somebody(world.other_battalion)
    accounts.issue_api_token(user=user, name="NIGHTLY", acting_user=None)
    token = ApiToken.objects.get()
    return lambda: accounts.revoke_api_token(token=token, acting_user=who)


@attack("people.create_units, at the top")
def _create_top_unit(world: World) -> Call:
    who = somebody(world.battalion)
    return lambda: people.create_units(
        organisation=world.organisation, drafts=[people.UnitDraft("TOP", LATER)], acting_user=who
    )


@attack("people.revise_unit, out of the unit above")
def _move_out(world: World) -> Call:
    who = somebody(world.battalion)
    return lambda: people.revise_unit(unit=world.battalion, on=LATER, parent=None, acting_user=who)


@attack("people.revise_unit, into a unit of others")
def _move_into(world: World) -> Call:
    who = somebody(world.battalion)
    return lambda: people.revise_unit(
        unit=world.company, on=LATER, parent=world.other_battalion, acting_user=who
    )


@attack("people.post_person, away from a unit of others")
def _take_person(world: World) -> Call:
    who = somebody(world.other_battalion)
    return lambda: people.post_person(
        person=world.person,
        unit=world.other_battalion,
        category=Category.SERGEANT,
        on=OPENED - dt.timedelta(days=90),
        acting_user=who,
    )


@attack("people.record_people, with names that may not be read")
def _record_names(world: World) -> Call:
    who = somebody(world.brigade, [Role.ADMINISTRATOR])
    drafts = [people.PersonDraft("P-7", "BDE-2", Category.OFFICER, LATER, family_name="Ахметов")]
    return lambda: people.record_people(drafts=drafts, acting_user=who)


@attack("incidents.report_incident, without a name")
def _report_without_name(world: World) -> Call:
    who = somebody(world.other_battalion, [Role.REPORTER])
    return lambda: incidents.report_incident(
        submission_key="0" * 32,
        kind=Kind.HAZARD,
        occurred_at=OCCURRED,
        narrative="The third step of the tower is rotten.",
        unit=world.company,
        is_anonymous=True,
        acting_user=who,
    )


@attack("incidents.accept_report, into a unit of others")
def _accept_into(world: World) -> Call:
    who = somebody(world.battalion)
    return lambda: incidents.accept_report(
        report=world.report, corrections={"unit": world.other_battalion}, acting_user=who
    )


@attack("incidents.accept_report, as one that may not be opened")
def _accept_as_medical(world: World) -> Call:
    who = everything_but_medical(world)
    return lambda: incidents.accept_report(
        report=world.report, corrections=MEDICAL, acting_user=who
    )


@attack("incidents.accept_report, of no unit")
def _accept_of_no_unit(world: World) -> Call:
    who = somebody(world.battalion)
    report, _code = incidents.report_incident(
        submission_key="1" * 32,
        kind=Kind.HAZARD,
        occurred_at=OCCURRED,
        narrative="The third step of the tower is rotten.",
        unit=None,
        acting_user=None,
    )
    return lambda: incidents.accept_report(
        report=report, corrections={"unit": world.company}, acting_user=who
    )


@attack("incidents.record_incidents, one of them of another unit")
def _record_among_own(world: World) -> Call:
    who = somebody(world.battalion)
    drafts = [
        incidents.IncidentDraft(kind=Kind.ILLNESS, unit=unit, occurred_at=OCCURRED)
        for unit in (world.company, world.other_battalion)
    ]
    return lambda: incidents.record_incidents(drafts=drafts, acting_user=who)


@attack("incidents.record_incidents, that may not be opened")
def _record_medical(world: World) -> Call:
    who = everything_but_medical(world)
    draft = incidents.IncidentDraft(
        kind=Kind.ILLNESS, unit=world.company, occurred_at=OCCURRED, fields=MEDICAL
    )
    return lambda: incidents.record_incidents(drafts=[draft], acting_user=who)


@attack("incidents.record_incidents, with an injury")
def _record_injury(world: World) -> Call:
    who = everything_but_medical(world)
    hurt = incidents.InvolvedDraft(injuries=(incidents.InjuryDraft(days_away=3),))
    draft = incidents.IncidentDraft(
        kind=Kind.INJURY, unit=world.company, occurred_at=OCCURRED, involved=(hurt,)
    )
    return lambda: incidents.record_incidents(drafts=[draft], acting_user=who)


@attack("incidents.record_incidents, with a person of others")
def _record_person(world: World) -> Call:
    who = somebody(world.other_battalion)
    hurt = incidents.InvolvedDraft(fields={"person": world.person})
    draft = incidents.IncidentDraft(
        kind=Kind.INJURY, unit=world.other_battalion, occurred_at=OCCURRED, involved=(hurt,)
    )
    return lambda: incidents.record_incidents(drafts=[draft], acting_user=who)


@attack("incidents.add_involved_person, a person of others")
def _add_person(world: World) -> Call:
    incident, who = record_incident(world.other_battalion), somebody(world.other_battalion)
    return lambda: incidents.add_involved_person(
        incident=incident, role=InvolvedRole.WITNESS, person=world.person, acting_user=who
    )


@attack("incidents.edit_incident, into a unit of others")
def _edit_into(world: World) -> Call:
    who, changes = somebody(world.battalion), {"unit": world.other_battalion}
    return lambda: incidents.edit_incident(
        incident=world.incident, changes=changes, acting_user=who
    )


@attack("incidents.edit_incident, so that it may not be opened")
def _edit_to_medical(world: World) -> Call:
    who = everything_but_medical(world)
    return lambda: incidents.edit_incident(
        incident=world.incident, changes=MEDICAL, acting_user=who
    )


@attack("incidents.edit_incident, so that it may be opened")
def _edit_to_plain(world: World) -> Call:
    made_medical(world.incident)
    who, changes = everything_but_medical(world), {"confidentiality": Confidentiality.PLAIN}
    return lambda: incidents.edit_incident(
        incident=world.incident, changes=changes, acting_user=who
    )


@attack("incidents.merge_incidents, into one of others")
def _merge_into(world: World) -> Call:
    own, who = record_incident(world.other_battalion), somebody(world.other_battalion)
    return lambda: incidents.merge_incidents(incident=own, into=world.incident, acting_user=who)


@attack("incidents.merge_incidents, one of others into an own one")
def _merge_from(world: World) -> Call:
    own, who = record_incident(world.other_battalion), somebody(world.other_battalion)
    return lambda: incidents.merge_incidents(incident=world.incident, into=own, acting_user=who)


@attack("incidents.merge_incidents, into one that may not be opened")
def _merge_into_medical(world: World) -> Call:
    own, who = world.incident_again(), everything_but_medical(world)
    made_medical(world.incident)
    return lambda: incidents.merge_incidents(incident=own, into=world.incident, acting_user=who)


@attack("incidents.undo_merge, out of one that may not be opened")
def _undo_merge_from_medical(world: World) -> Call:
    merged = incidents.merge_incidents(
        incident=world.incident_again(), into=world.incident, acting_user=None
    )
    made_medical(world.incident)
    who = everything_but_medical(world)
    return lambda: incidents.undo_merge(incident=merged, reason="Two falls.", acting_user=who)


@attack("incidents.merge_report, into one of others")
def _merge_report_into(world: World) -> Call:
    other, who = record_incident(world.other_battalion), somebody(world.battalion)
    return lambda: incidents.merge_report(report=world.report, incident=other, acting_user=who)


# What is done with the incident of the register, once it is medical, by somebody of its own unit.
ON_THE_INCIDENT = (
    "incidents.merge_report",
    "incidents.edit_incident",
    "incidents.add_involved_person",
    "incidents.add_injury",
    "incidents.begin_investigation",
    "incidents.submit_for_endorsement",
    "incidents.return_to_investigation",
    "incidents.close_incident",
    "incidents.reopen_incident",
    "reporting.release_finding_to_reporter",
    "reporting.withdraw_released_finding",
)


def made_medical(incident: Incident) -> None:
    incidents.edit_incident(incident=incident, changes=MEDICAL, acting_user=None)
    incident.refresh_from_db()


def _of_a_medical_one(name: str) -> Attack:
    def prepare(world: World) -> Call:
        made_medical(world.incident)
        return CALLS[name](world, everything_but_medical(world))

    return prepare


for _name in ON_THE_INCIDENT:
    ATTACKS[f"{_name}, one that may not be opened"] = _of_a_medical_one(_name)


@attack("incidents.finish_import, of somebody else")
def _finish_import(world: World) -> Call:
    run, who = begun_import(world.inside[Role.ANALYST]), somebody(world.brigade)
    incidents.record_import_batch(
        run=run,
        batch=incidents.ImportBatch(
            rejections=[incidents.Rejection(2, ["1"], "Mend it.")], last_row_number=2
        ),
        acting_user=None,
    )
    return lambda: incidents.finish_import(run=run, acting_user=who)


@attack("incidents.record_import_batch, of somebody else")
def _record_import_batch(world: World) -> Call:
    run, who = begun_import(world.inside[Role.ANALYST]), somebody(world.brigade)
    batch = incidents.ImportBatch(last_row_number=2)
    return lambda: incidents.record_import_batch(run=run, batch=batch, acting_user=who)


@attack("signals.record_detection_run, a rise of another unit")
def _record_rise(world: World) -> Call:
    who = somebody(world.other_battalion)
    record = signals.RunRecord(
        unit=world.other_battalion,
        week_start=WEEK,
        as_of=OCCURRED,
        method="ears_c2",
        method_version="1",
        series_tested=4,
    )
    rise = signals.RiseRecord(world.company.pk, "near_miss", 7, 2.0, 5.0)
    return lambda: signals.record_detection_run(record=record, rises=[rise], acting_user=who)
