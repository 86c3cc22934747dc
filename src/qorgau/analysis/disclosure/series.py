"""Series of counts that methods are applied to: of everything, or of what is not confidential.

A method that is applied to hidden counts discloses them by its result. Who may see exact counts of
every unit of a question is answered from everything; who may open what is not confidential is
answered from that; everybody else is refused (decision 0015).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Q
from django.utils.translation import gettext as _

from qorgau.analysis.answers import QuestionError
from qorgau.analysis.counting.incident_counts import counted_cells
from qorgau.analysis.counting.recorded_rows import recorded_rows
from qorgau.analysis.counting.weekly_rows import weekly_rows
from qorgau.analysis.disclosure.reader import exact_units, plain_units
from qorgau.analysis.figures.counted_cells import CountedCell, RecordedRow
from qorgau.analysis.unit_cause_hierarchy.counts import IncidentRows
from qorgau.foundation.identity.models import User
from qorgau.foundation.identity.roles import Capability
from qorgau.records.incidents.counted import (
    CountedRows,
    counted_incidents,
    counted_incidents_of,
    first_counted_day,
)
from qorgau.records.people.models import Unit
from qorgau.records.people.queries import ever_below, unit_ids_visible_to
from qorgau.records.people.rules import Span
from qorgau.records.signals.choices import CountedIncidents

ALL, PLAIN = CountedIncidents.values
IS_PLAIN = Q(confidentiality=PLAIN)


@dataclass(frozen=True)
class SeriesCounts:
    """Counts for one reader and question.

    Attributes
    ----------
    user : User
    capability : Capability
        What the reader must have over a unit for its incidents to count.
    counted : str
        "all", or "plain" where confidential incidents are left out.
    as_of : datetime or None
        The register as it was at a moment; now if None.
    """

    user: User
    capability: Capability
    counted: str
    as_of: dt.datetime | None

    @property
    def is_exact(self) -> bool:
        """Whether confidential incidents count."""
        return bool(self.counted == ALL)

    @cached_property
    def units(self) -> frozenset[int]:
        """The units in which the reader may count this."""
        return exact_units(self.user) if self.is_exact else plain_units(self.user)

    def may_count(self, unit_ids: Iterable[int]) -> bool:
        """Whether the same may be counted in these units too."""
        return self.units.issuperset(unit_ids)

    def cells(self, unit: Unit, span: Span, conditions: Q) -> list[CountedCell]:
        """Incidents below a unit by unit, day and kind."""
        return counted_cells(self._below(unit, span).filter(conditions))

    def weekly_rows(self, unit_ids: Iterable[int], span: Span) -> IncidentRows:
        """Incidents of these very units by unit, day and measure."""
        counted = counted_incidents_of(
            self.user, unit_ids, span, as_of=self.as_of, capability=self.capability
        )
        return weekly_rows(self._kept(counted))

    def recorded_rows(self, unit: Unit, span: Span, weeks: int) -> list[RecordedRow]:
        """Incidents below a unit by the weeks since they were recorded; needs a moment."""
        if self.as_of is None:
            raise ValueError("Weeks since recording are counted back from a moment.")
        return recorded_rows(self._below(unit, span), self.as_of, weeks)

    def first_day(self, unit: Unit, span: Span) -> dt.date | None:
        """The day of the first incident below a unit."""
        return self._below(unit, span).first_day()

    def register_begins(self) -> dt.date | None:
        """The first day with an incident in any unit, of those that the reader counts."""
        return first_counted_day(
            self.user,
            self.units,
            as_of=self.as_of,
            capability=self.capability,
            open_to=None if self.is_exact else IS_PLAIN,
        )

    def _below(self, unit: Unit, span: Span) -> CountedRows:
        return self._kept(
            counted_incidents(self.user, unit, span, as_of=self.as_of, capability=self.capability)
        )

    def _kept(self, counted: CountedRows) -> CountedRows:
        return counted if self.is_exact else counted.open_to(IS_PLAIN)


def series_counts(
    user: User,
    units: Sequence[Unit],
    capability: Capability,
    *,
    as_of: dt.datetime | None = None,
    counted: str = "",
) -> SeriesCounts:
    """What a reader's series about some units are counted from.

    Parameters
    ----------
    user : User
    units : sequence of Unit
        With all that was ever below them.
    capability : Capability
        What the reader must have over a unit for its incidents to count.
    as_of : datetime, optional
        The register as it was at a moment.
    counted : str, optional
        "all" or "plain"; by default as much as the reader may know.

    Returns
    -------
    SeriesCounts

    Raises
    ------
    QuestionError
        If the reader may not see what is wanted, or neither.
    """
    visible = unit_ids_visible_to(user, capability)
    below = set(ever_below([unit.pk for unit in units]).filter(descendant_id__in=visible))
    for wanted in (counted,) if counted else (ALL, PLAIN):
        found = SeriesCounts(user, capability, wanted, as_of)
        if found.may_count(below):
            return found
    raise QuestionError(
        _(
            "This is computed from exact counts, which your role does not let you see for every"
            " unit that belongs to this one. Ask a safety officer or an analyst."
        )
    )
