"""A brigade of four companies over a year, with incidents of every class of confidentiality."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass

import pytest

from qorgau.analysis.disclosure.plans import PlanParameters, make_plans
from qorgau.analysis.disclosure.publishing import publish_due
from qorgau.foundation.identity.models import User
from qorgau.foundation.identity.roles import Role
from qorgau.foundation.identity.services import create_user
from qorgau.records.incidents.choices import Confidentiality
from qorgau.records.incidents.services import IncidentDraft, record_incidents
from qorgau.records.people.choices import Category
from qorgau.records.people.models import Unit
from qorgau.records.people.services import (
    UnitDraft,
    create_organisation,
    create_units,
    grant_role,
    report_strength,
)
from tests.shared_registers import shared_register

OPENED = dt.date(2022, 1, 1)
NEW_YEAR = dt.datetime(2024, 1, 1, tzinfo=dt.UTC)
PUBLISHED = dt.datetime(2025, 3, 1, tzinfo=dt.UTC)
# Coarse enough to have boxes, fine enough that a year has many.
SMALL = PlanParameters(target_expected=8.0)
TREE = [("B", None), ("B-1", "B"), ("B-2", "B"), ("B-1-1", "B-1"), ("B-1-2", "B-1"),
        ("B-2-1", "B-2"), ("B-2-2", "B-2")]  # fmt: skip
COMPANIES = ("B-1-1", "B-1-2", "B-2-1", "B-2-2")


@dataclass
class Brigade:
    """Its units by code, and its readers by role."""

    units: dict[str, Unit]
    readers: dict[str, User]


def record(
    unit: Unit,
    day: dt.date,
    *,
    kind: str = "injury",
    cause: str = "fall",
    confidentiality: str = Confidentiality.PLAIN,
    days_late: int = 1,
    number: int = 1,
) -> None:
    """Incidents of a day, recorded so many days later."""
    noon = dt.datetime.combine(day, dt.time(12), tzinfo=dt.UTC)
    drafts = [
        IncidentDraft(kind, unit, noon, fields={"cause": cause, "confidentiality": confidentiality})
        for _each in range(number)
    ]
    later = noon + dt.timedelta(days=days_late)
    record_incidents(drafts=drafts, acting_user=None, recorded_at=later)


def make_brigade() -> Brigade:
    organisation = create_organisation(code="F", names={"en": "Force"}, acting_user=None)
    drafts = [UnitDraft(code, OPENED, {"en": f"Unit {code}"}, parent) for code, parent in TREE]
    units = {
        unit.code: unit
        for unit in create_units(organisation=organisation, drafts=drafts, acting_user=None)
    }
    for code in COMPANIES:
        report_strength(
            unit=units[code],
            category=Category.ALL,
            valid_from=OPENED,
            valid_until=dt.date(2027, 1, 1),
            strength=100,
            acting_user=None,
        )
    readers = {}
    for role in (Role.ANALYST, Role.COMMANDER, Role.PLANNER, Role.AUDITOR):
        user = create_user(username=role, password="a-password-of-a-test", acting_user=None)
        grant_role(user=user, role=role, unit=units["B"], valid_from=OPENED, acting_user=None)
        readers[str(role)] = user
    return Brigade(units, readers)


def fill(brigade: Brigade, seed: int = 7) -> None:
    """Two incidents a week, one in four of them confidential, all recorded the day after."""
    rng = random.Random(seed)
    for week in range(50):
        for _each in range(2):
            record(
                brigade.units[rng.choice(COMPANIES)],
                dt.date(2024, 1, 2) + dt.timedelta(days=7 * week + rng.randrange(7)),
                kind=rng.choice(["injury", "injury", "near_miss"]),
                cause=rng.choice(["fall", "transport.road", "exertion.running"]),
                confidentiality=rng.choice(["plain", "plain", "plain", "identity", "medical"]),
            )


@shared_register
def brigade() -> Brigade:
    """A year that was planned before it began, and is published."""
    made = make_brigade()
    make_plans(2024, made_at=NEW_YEAR, acting_user=None, parameters=SMALL)
    fill(made)
    publish_due(PUBLISHED)
    return made


@pytest.fixture
def empty_brigade(db: None) -> Brigade:
    """Units and readers without plans and incidents."""
    return make_brigade()
