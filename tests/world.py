"""A small register for tests: one brigade, every role in its first battalion and in its second."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from unittest import mock

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import connection
from django.test import Client

from qorgau.foundation.identity.models import User
from qorgau.foundation.identity.roles import Capability, Role, roles_with
from qorgau.records.incidents.choices import Kind
from qorgau.records.incidents.models import Incident, InvolvedPerson, Report
from qorgau.records.incidents.services import (
    IncidentDraft,
    InjuryDraft,
    InvolvedDraft,
    record_incidents,
    recording,
    report_incident,
)
from qorgau.records.incidents.services.revising import present_state, supersede
from qorgau.records.people.choices import Category, Echelon
from qorgau.records.people.models import Organisation, Person, RoleGrant, Unit
from qorgau.records.people.services import (
    PersonDraft,
    UnitDraft,
    create_organisation,
    create_units,
    record_people,
    report_strength,
)
from qorgau.records.signals.models import DetectionRun, Signal
from qorgau.records.signals.services import RiseRecord, RunRecord, record_detection_run
from tests.how_long import is_long

OPENED = dt.date(2022, 1, 1)
OCCURRED = dt.datetime(2024, 5, 6, 9, 30, tzinfo=dt.UTC)
# The incident of this register has a number that tests and documentation can name.
DRAWN = 481_903
WEEK = dt.date(2024, 5, 6)
FAMILY_NAME = "Ахметов"
# Stands in a medical field and nowhere else.
MEDICAL_CODE = "S93.47"
PASSWORD = "a-password-of-a-test"


def roles_tried(allowed: frozenset[Role]) -> list[str]:
    """All of them; on a second database a few, whose answers differ by what is asked of it.

    One that is refused, and one that is not of those with and of those without exact counts.
    """
    if connection.vendor == "sqlite" or is_long():
        return list(Role.values)
    exact = set(roles_with(Capability.SEE_EXACT_COUNTS))
    groups = (allowed & exact, allowed - exact, set(Role) - allowed)
    return [min(group) for group in groups if group]


@dataclass
class World:
    """What the register holds; ``inside`` and ``outside``: users by role, over each battalion."""

    organisation: Organisation
    units: dict[str, Unit]
    person: Person
    incident: Incident
    involved: InvolvedPerson
    report: Report
    run: DetectionRun
    signal: Signal
    inside: dict[str, User] = field(default_factory=dict)
    outside: dict[str, User] = field(default_factory=dict)
    _sessions: dict[str, str] = field(default_factory=dict)

    def sign_in(self, client: Client, user: User) -> None:
        """Make it a client of the user, whose session is in the register already."""
        client.cookies[settings.SESSION_COOKIE_NAME] = self._sessions[user.username]

    @property
    def brigade(self) -> Unit:
        return self.units["BDE"]

    @property
    def battalion(self) -> Unit:
        """Where the incident, the report and the signal are."""
        return self.units["BDE-1"]

    @property
    def other_battalion(self) -> Unit:
        return self.units["BDE-2"]

    @property
    def company(self) -> Unit:
        return self.units["BDE-1-1"]

    @property
    def secrets(self) -> list[str]:
        """What nobody of another battalion may read."""
        texts = [self.incident.narrative, self.report.narrative, FAMILY_NAME, MEDICAL_CODE]
        return [self.incident.number, *texts]

    def incident_again(self) -> Incident:
        """Another incident of the same company."""
        return record_incident(self.company)

    def revised_incident(self) -> Incident:
        """The incident, with an earlier version and no entry in the journal, which some count."""
        if self.incident.version == 1:
            supersede(present_state(self.incident), self.incident, OCCURRED)
            self.incident.save()
        return self.incident

    def report_again(self) -> Report:
        """Another report from the same company."""
        return send_report(self.company, self.inside[Role.REPORTER])


def make_world() -> World:
    organisation = create_organisation(code="FORCE", names={"en": "A force"}, acting_user=None)
    units = make_units(organisation)
    person = record_people(
        drafts=[
            PersonDraft(
                "P-1",
                "BDE-1-1",
                Category.CONTRACT,
                OPENED,
                family_name=FAMILY_NAME,
                given_name="Ерлан",
            )
        ],
        acting_user=None,
    )[0]
    for unit in units.values():
        report_strength(
            unit=unit,
            category=Category.ALL,
            valid_from=OPENED,
            valid_until=dt.date(2025, 1, 1),
            strength=100,
            acting_user=None,
        )
    inside = make_users("inside", units["BDE-1"])
    outside = make_users("outside", units["BDE-2"])
    with mock.patch.object(recording.secrets, "randbelow", return_value=DRAWN):
        incident = record_incident(units["BDE-1-1"], person)
    run = find_rise(units["BDE-1"])
    return World(
        organisation=organisation,
        units=units,
        person=person,
        incident=incident,
        involved=incident.involved.get(),
        report=send_report(units["BDE-1-1"], inside[Role.REPORTER]),
        run=run,
        signal=run.signals.get(),
        inside=inside,
        outside=outside,
        _sessions={
            user.username: session_of(user) for user in [*inside.values(), *outside.values()]
        },
    )


def session_of(user: User) -> str:
    client = Client()
    client.force_login(user)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def make_units(organisation: Organisation) -> dict[str, Unit]:
    tree = [
        ("BDE", None, Echelon.BRIGADE),
        ("BDE-1", "BDE", Echelon.BATTALION),
        ("BDE-2", "BDE", Echelon.BATTALION),
        ("BDE-1-1", "BDE-1", Echelon.COMPANY),
    ]
    drafts = [
        UnitDraft(code, OPENED, {"en": f"Unit {code}"}, parent, echelon)
        for code, parent, echelon in tree
    ]
    made = create_units(organisation=organisation, drafts=drafts, acting_user=None)
    return {unit.code: unit for unit in made}


def make_users(where: str, unit: Unit) -> dict[str, User]:
    """One user of each role over a unit; at once, because most tests begin with them."""
    digest = make_password(PASSWORD)
    users = User.objects.bulk_create(
        User(username=f"{where}.{role}", password=digest) for role in Role.values
    )
    RoleGrant.objects.bulk_create(
        RoleGrant(user=user, role=role, unit=unit, valid_from=OPENED)
        for user, role in zip(users, Role.values, strict=True)
    )
    return dict(zip(Role.values, users, strict=True))


def record_incident(unit: Unit, person: Person | None = None) -> Incident:
    injury = InjuryDraft(
        outcome="days_away", treatment="outpatient", days_away=4, fields={"icd_code": MEDICAL_CODE}
    )
    hurt = InvolvedDraft(injuries=(injury,), fields={"person": person})
    draft = IncidentDraft(
        kind=Kind.INJURY,
        unit=unit,
        occurred_at=OCCURRED,
        involved=(hurt,),
        fields={"cause": "fall.same_level", "narrative": "Slipped on the ice by the gate."},
    )
    return record_incidents(drafts=[draft], acting_user=None)[0]


# Of the report in every world, so that a test can give its code.
SUBMISSION_KEY = "3c1f6a2d9b7e4f508a6b1d2c3e4f5a6b"


def send_report(unit: Unit, sender: User) -> Report:
    report, _code = report_incident(
        submission_key=SUBMISSION_KEY,
        kind=Kind.NEAR_MISS,
        occurred_at=OCCURRED,
        narrative="A lorry rolled back a metre; nobody stood behind it.",
        unit=unit,
        acting_user=sender,
    )
    return report


def find_rise(unit: Unit, counted: str = "all") -> DetectionRun:
    record = RunRecord(
        unit=unit,
        week_start=WEEK,
        as_of=OCCURRED,
        method="farrington_flexible",
        method_version="1",
        series_tested=12,
        counted=counted,
    )
    rise = RiseRecord(unit.pk, "injury", observed=9, expected=2.5, upper_bound=6.1, p_value=0.0004)
    return record_detection_run(record=record, rises=[rise], acting_user=None)
