"""Every count that is shown passes here: exact by right, otherwise between two numbers.

A reader counts exactly what he may open, and everything of units for which he may see exact counts.
Of the rest he is shown what boxes tell that were planned before their counts were known (decision
0015). Whether there is such a rest is decided by his rights, not by looking: also where nothing is
hidden, he is shown a band.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q

from qorgau.analysis.counting.incident_counts import counted_cells
from qorgau.analysis.disclosure.protected import ProtectedCounts, Stays
from qorgau.analysis.disclosure.reader import exact_units, reader_of
from qorgau.analysis.figures.counted_cells import (
    CountedCell,
    cases_by_month,
    cases_by_sub_unit,
    cells_of,
)
from qorgau.analysis.figures.rate_figures import Count
from qorgau.analysis.figures.sub_units import stays_during
from qorgau.foundation.identity.models import User
from qorgau.foundation.identity.roles import Capability
from qorgau.records.incidents.counted import CountedRows, counted_incidents
from qorgau.records.people.models import Unit
from qorgau.records.people.queries import unit_ids_visible_to
from qorgau.records.people.rules import Span


@dataclass(frozen=True)
class CountQuestion:
    """Which incidents are counted.

    Attributes
    ----------
    unit : Unit
        The unit; everything below it counts, by the tree of each day.
    span : Span
        The days on which they happened.
    capability : Capability
        What the reader must have over a unit for its incidents to count.
    as_of : datetime or None
        The register as it was at a moment; now if None.
    cause : str
        A cause with its branch; empty for all.
    severity_classes : tuple of str
        Only these; empty for all.
    category : str
        Only incidents in which somebody of this category was hurt; empty for all.
    """

    unit: Unit
    span: Span
    capability: Capability
    as_of: dt.datetime | None = None
    cause: str = ""
    severity_classes: tuple[str, ...] = ()
    category: str = ""

    @property
    def is_narrowed(self) -> bool:
        """Whether there are conditions that boxes do not know."""
        return bool(self.severity_classes or self.category)

    def conditions(self) -> Q:
        """The conditions on columns, beside unit and period."""
        found = Q()
        if self.cause:
            found &= Q(cause=self.cause) | Q(cause__startswith=f"{self.cause}.")
        if self.severity_classes:
            found &= Q(severity_class__in=self.severity_classes)
        return found


@dataclass(frozen=True, eq=False)
class DisclosedCounts:
    """What a reader is shown of the incidents that a question is about.

    Attributes
    ----------
    cells : sequence of CountedCell
        What he counts exactly, of every kind.
    stays : mapping of int to sequence of Span
        When each unit belonged to the unit of the question.
    protected : ProtectedCounts or None
        What boxes tell of the rest; None where the reader's rights leave no rest.
    cause, is_narrowed
        As the question has them.
    """

    cells: Sequence[CountedCell]
    stays: Stays
    protected: ProtectedCounts | None
    cause: str
    is_narrowed: bool

    @property
    def is_exact(self) -> bool:
        """Whether every count is exact."""
        return self.protected is None

    @property
    def has_synthetic(self) -> bool:
        """Whether synthetic incidents are among those that the reader counts himself."""
        return any(cell.synthetic_cases for cell in self.cells)

    def total(self, kinds: Collection[str]) -> Count:
        """Incidents of some kinds."""
        exact = sum(cell.cases for cell in cells_of(self.cells, kinds))
        return self._with_protected(exact, self.stays, kinds)

    def by_month(self, months: Sequence[Span], kinds: Collection[str]) -> list[Count]:
        """Incidents of some kinds in each month of the period."""
        exact = cases_by_month(cells_of(self.cells, kinds), months)
        return [
            self._with_protected(cases, _cut(self.stays, month), kinds)
            for cases, month in zip(exact, months, strict=True)
        ]

    def by_sub_unit(
        self, sub_units: Mapping[int, Stays], kinds: Collection[str]
    ) -> dict[int, Count]:
        """Incidents of some kinds below each sub-unit, by the tree of each day."""
        exact = cases_by_sub_unit(cells_of(self.cells, kinds), sub_units)
        return {
            key: self._with_protected(cases, sub_units[key], kinds) for key, cases in exact.items()
        }

    def elsewhere(self, sub_units: Mapping[int, Stays], kinds: Collection[str]) -> Count:
        """Incidents of some kinds below none of the sub-units."""
        cells = cells_of(self.cells, kinds)
        within = sum(cases_by_sub_unit(cells, sub_units).values())
        left = {
            unit: [rest for one in spans for rest in one.without(_spans_of(unit, sub_units))]
            for unit, spans in self.stays.items()
        }
        return self._with_protected(sum(cell.cases for cell in cells) - within, left, kinds)

    def _with_protected(self, exact: int, stays: Stays, kinds: Collection[str]) -> Count:
        if self.protected is None:
            return Count(exact, exact)
        rest = self.protected.limits(stays, kinds, self.cause, is_narrowed=self.is_narrowed)
        upper = None if rest.upper is None else exact + rest.upper
        return Count(exact + rest.lower, upper)


def disclosed_counts(user: User, question: CountQuestion) -> DisclosedCounts:
    """Count incidents as much as a reader may know of them.

    Parameters
    ----------
    user : User
        The reader; incidents of units over which this user lacks the capability do not count.
    question : CountQuestion

    Returns
    -------
    DisclosedCounts
    """
    visible = set(unit_ids_visible_to(user, question.capability))
    below = stays_during([question.unit.pk], question.span)[question.unit.pk]
    stays = {unit: spans for unit, spans in below.items() if unit in visible}
    counted = _counted(user, question)
    if question.category:
        counted = counted.with_injured(question.category)
    protected = None
    if not exact_units(user).issuperset(stays):
        reader = reader_of(user)
        if not reader.counts_all_of(stays):
            counted = counted.open_to(reader.counted())
            protected = ProtectedCounts.read(reader, question.span, question.as_of)
    return DisclosedCounts(
        cells=counted_cells(counted),
        stays=stays,
        protected=protected,
        cause=question.cause,
        is_narrowed=question.is_narrowed,
    )


def incidents_without_category(user: User, question: CountQuestion, kinds: Collection[str]) -> int:
    """Of what the reader counts exactly: incidents that a category leaves out, as nobody has one.

    Parameters
    ----------
    user : User
    question : CountQuestion
        Its category is left out.
    kinds : collection of str

    Returns
    -------
    int
    """
    counted = _counted(user, question).filter(kind__in=kinds)
    return counted.open_to(reader_of(user).counted()).with_injured("").total()


def _counted(user: User, question: CountQuestion) -> CountedRows:
    """What a question is about, whoever was hurt."""
    return counted_incidents(
        user, question.unit, question.span, as_of=question.as_of, capability=question.capability
    ).filter(question.conditions())


def _cut(stays: Stays, to: Span) -> dict[int, list[Span]]:
    """The part of every stay that lies within a span."""
    cut: dict[int, list[Span]] = {}
    for unit, spans in stays.items():
        parts = [shared for one in spans if (shared := one.meet(to))]
        if parts:
            cut[unit] = parts
    return cut


def _spans_of(unit: int, sub_units: Mapping[int, Stays]) -> Iterable[Span]:
    return [span for stays in sub_units.values() for span in stays.get(unit, ())]
