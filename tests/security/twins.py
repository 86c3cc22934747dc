"""Twin registers: the same to a reader, and different in an incident that he may not open."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace

from qorgau.records.people.models import Unit
from qorgau.records.publication.models import PublicationPlan
from qorgau.records.publication.rules import first_publication, restatement
from tests.analysis.disclosure.conftest import COMPANIES
from tests.security.attacked_register import CAUSES, Happened, what_happened


@dataclass(frozen=True)
class Twins:
    """What is added to one register and to the other, and the moment asked about, if any."""

    one: tuple[Happened, ...]
    other: tuple[Happened, ...]
    as_of: dt.datetime | None = None


@dataclass(frozen=True)
class _Box:
    """What could happen in a box, what it holds when it is published, and when that is."""

    cells: list[Happened]
    holds: int
    published_at: dt.datetime


def moved(confidentiality: str) -> Twins:
    """An incident in one cell of a box that is told, and in another."""
    cells = next(_boxes(confidentiality, least=4, most=1_000)).cells
    return Twins((cells[0],), (cells[-1],))


def added(confidentiality: str) -> Twins:
    """No incident, and one in a box that stays untold."""
    cells = next(_boxes(confidentiality, least=0, most=3)).cells
    return Twins((), (cells[len(cells) // 2],))


def recorded_apart(confidentiality: str) -> Twins:
    """An incident recorded on the next day, and two weeks later; asked about in between."""
    (cell, *_) = next(_boxes(confidentiality, least=4, most=1_000)).cells
    between = cell.recorded_at + dt.timedelta(days=7)
    return Twins((cell,), (replace(cell, days_late=15),), as_of=between)


def recorded_late(confidentiality: str) -> Twins:
    """No incident, and one recorded between two publications of its box; asked about after both."""
    box = next(_boxes(confidentiality, least=5, most=1_000))
    cell = box.cells[0]
    days_late = (box.published_at - cell.recorded_at).days + 60
    after = restatement(box.published_at) + dt.timedelta(days=1)
    return Twins((), (replace(cell, days_late=days_late),), as_of=after)


def made_confidential(confidentiality: str) -> Twins:
    """No incident, and one that was plain for a day; asked about as of that day."""
    cells = next(_boxes(confidentiality, least=0, most=3)).cells
    cell = replace(cells[0], confidentiality="plain", becomes=confidentiality)
    return Twins((), (cell,), as_of=cell.recorded_at + dt.timedelta(hours=1))


def _boxes(confidentiality: str, least: int, most: int) -> Iterator[_Box]:
    """The boxes that hold so many incidents when they are published."""
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
        published_at = first_publication(2024, months[-1], plan.made_at)
        places = {(one.unit, one.day.month, one.kind, one.cause) for one in cells}
        holds = sum(
            one.number
            for one in happened
            if (one.unit, one.day.month, one.kind, one.cause) in places
            and one.recorded_at <= published_at
        )
        if len(cells) > 1 and least <= holds <= most:
            yield _Box(cells, holds, published_at)
