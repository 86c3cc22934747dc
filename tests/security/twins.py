"""Twin registers: the same to a reader, and different in an incident that he may not open."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from qorgau.records.people.models import Unit
from qorgau.records.publication.models import PublicationPlan
from tests.analysis.disclosure.conftest import COMPANIES
from tests.security.attacked_register import CAUSES, Happened, what_happened


@dataclass(frozen=True)
class Twins:
    """What is added to one register and to the other."""

    one: tuple[Happened, ...]
    other: tuple[Happened, ...]


def moved(confidentiality: str) -> Twins:
    """An incident in one cell of a box that is told, and in another."""
    cells = next(_boxes(confidentiality, least=4, most=1_000))
    return Twins((cells[0],), (cells[-1],))


def added(confidentiality: str) -> Twins:
    """No incident, and one in a box that stays untold."""
    cells = next(_boxes(confidentiality, least=0, most=3))
    return Twins((), (cells[len(cells) // 2],))


def _boxes(confidentiality: str, least: int, most: int) -> Iterator[list[Happened]]:
    """What could happen in each box that holds so many incidents."""
    plan = PublicationPlan.objects.get(year=2024, confidentiality=confidentiality)
    codes = dict(Unit.objects.values_list("pk", "code"))
    happened = [one for one in what_happened() if one.confidentiality == confidentiality]
    for units, causes, months in plan.boxes:
        pairs = [plan.causes[cause].split(":") for cause in causes]
        cells = [
            Happened(codes[plan.units[unit]], dt.date(2024, month + 1, 9), kind, cause, plan_class)
            for unit in units
            for month in months
            for kind, cause in pairs
            for plan_class in [confidentiality]
            if codes[plan.units[unit]] in COMPANIES and cause in CAUSES
        ]
        places = {(one.unit, one.day.month, one.kind, one.cause) for one in cells}
        number = sum(
            one.number
            for one in happened
            if (one.unit, one.day.month, one.kind, one.cause) in places
        )
        if len(cells) > 1 and least <= number <= most:
            yield cells
