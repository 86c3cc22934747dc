"""A safety and a medical register that overlap by known numbers, in the small register."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import NamedTuple

from qorgau.exchange.formats.linkage_keys import (
    Case,
    checked_secret,
    once_each,
    tokens_under,
    write_keys,
)
from qorgau.records.incidents.choices import Kind
from qorgau.records.incidents.services import IncidentDraft, InvolvedDraft, record_incidents
from qorgau.records.people.choices import Category, Echelon
from qorgau.records.people.models import Person, Unit
from qorgau.records.people.services import PersonDraft, UnitDraft, create_units, record_people
from tests.world import OPENED, World

SECRET = "a secret that both sides hold"
FIRST_DAY, LAST_DAY = dt.date(2024, 1, 1), dt.date(2024, 12, 31)
# The injury that the small register itself holds adds one to what its company alone reported.
OVERLAPS = {"BDE-1-1": (12, 6, 8), "BDE-1-2": (9, 5, 10)}
START = dt.date(2024, 2, 1)


class MedicalInjury(NamedTuple):
    """A row of the medical register before it is digested."""

    code: str
    day: dt.date
    unit: str


def record_overlap(world: World) -> list[MedicalInjury]:
    """Record what the safety register holds; what the medical one holds is given back."""
    units = dict(world.units)
    (second,) = create_units(
        organisation=world.organisation,
        drafts=[UnitDraft("BDE-1-2", OPENED, {"en": "Unit BDE-1-2"}, "BDE-1", Echelon.COMPANY)],
        acting_user=None,
    )
    units[second.code] = second
    drafts, medical = [], []
    for code, (both, reported, treated) in OVERLAPS.items():
        people = _people_of(code, both + reported + treated)
        for number, person in enumerate(people):
            day = START + dt.timedelta(days=7 * number)
            if number < both + reported:
                drafts.append(injury_of(units[code], day, person))
            if number < both or number >= both + reported:
                seen = day + dt.timedelta(days=number % 3)
                medical.append(MedicalInjury(person.code, seen, code))
    record_incidents(drafts=drafts, acting_user=None)
    return medical


def _people_of(unit: str, number: int) -> list[Person]:
    drafts = [
        PersonDraft(f"{unit}/{each:02}", unit, Category.CONTRACT, OPENED) for each in range(number)
    ]
    return record_people(drafts=drafts, acting_user=None)


def injury_of(unit: Unit, day: dt.date, person: Person | None) -> IncidentDraft:
    return IncidentDraft(
        kind=Kind.INJURY,
        unit=unit,
        occurred_at=dt.datetime.combine(day, dt.time(9), dt.UTC),
        involved=(InvolvedDraft(injuries=(), fields={"person": person}),),
        fields={"cause": "fall.same_level", "narrative": "Slipped."},
    )


def key_file(path: Path, medical: list[MedicalInjury], secret: str = SECRET) -> Path:
    """The file that the medical side gives over."""
    token_of = tokens_under(checked_secret(secret))
    cases = [Case(token_of(code), day, unit) for code, day, unit in medical]
    write_keys(path, once_each(cases, has_units=True))
    return path
