"""A small register with years of incidents, for tests of what is watched week by week."""

from __future__ import annotations

import datetime as dt

from qorgau.foundation.identity.models import User
from qorgau.foundation.identity.services import create_user
from qorgau.records.incidents.choices import Kind
from qorgau.records.incidents.services import IncidentDraft, record_incidents
from qorgau.records.people.models import Unit
from qorgau.records.people.services import (
    UnitDraft,
    create_organisation,
    create_units,
    grant_role,
)

OPENED = dt.date(2018, 1, 1)
# A Monday.
WEEK = dt.date(2024, 5, 6)
TREE = [("B", None), ("B-1", "B"), ("B-2", "B"), ("B-1-1", "B-1")]


def make_units(more: list[tuple[str, str | None]] | None = None) -> dict[str, Unit]:
    """The tree, with further units (code, code of the one above) below it."""
    organisation = create_organisation(code="F", names={"en": "Force"}, acting_user=None)
    drafts = [
        UnitDraft(code, OPENED, {"en": f"Unit {code}"}, parent)
        for code, parent in [*TREE, *(more or [])]
    ]
    made = create_units(organisation=organisation, drafts=drafts, acting_user=None)
    return {unit.code: unit for unit in made}


def make_user(username: str, role: str, unit: Unit) -> User:
    user = create_user(username=username, password="not signed in with", acting_user=None)
    grant_role(user=user, role=role, unit=unit, acting_user=None)
    return user


def happen(
    unit: Unit,
    *days: dt.date,
    number: int = 1,
    kind: str = Kind.INJURY,
    cause: str = "fall.same_level",
    recorded_on: dt.date | None = None,
) -> None:
    """So many incidents on each of the days, at ten in the morning."""
    drafts = [
        IncidentDraft(
            kind,
            unit,
            dt.datetime.combine(day, dt.time(10), tzinfo=dt.UTC),
            fields={"cause": cause},
        )
        for day in days
        for _ in range(number)
    ]
    recorded = dt.datetime.combine(recorded_on or max(days), dt.time(12), tzinfo=dt.UTC)
    record_incidents(drafts=drafts, acting_user=None, recorded_at=recorded)


def weeks_before(number: int) -> dt.date:
    """The Monday so many weeks before the week that the tests look at."""
    return WEEK - dt.timedelta(weeks=number)
