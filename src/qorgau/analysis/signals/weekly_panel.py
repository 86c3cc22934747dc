"""Weekly counts of every unit and measure, read from the register and rolled up as arrays."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from qorgau.analysis.disclosure.series import series_counts
from qorgau.analysis.figures.measures import MEASURES
from qorgau.analysis.signals.question import SEE_SIGNALS
from qorgau.analysis.unit_cause_hierarchy.counts import DAYS_PER_WEEK, Series, Stay
from qorgau.analysis.unit_cause_hierarchy.panel import (
    PanelInputs,
    PanelWeeks,
    ServiceSpan,
    WeeklyPanel,
    lay_out,
)
from qorgau.foundation.identity.models import User
from qorgau.records.people.models import Unit
from qorgau.records.people.queries import (
    exposures,
    stays_below,
    subtree_during,
    unit_ids_visible_to,
)
from qorgau.records.people.rules import Span


@dataclass(frozen=True, eq=False)
class RegisterPanel(WeeklyPanel):
    """Weekly counts read from the register.

    Attributes
    ----------
    units : dict of int to Unit
        All units watched, by id.
    counted : str
        "all", or "plain" without confidential incidents.
    """

    units: dict[int, Unit]
    counted: str


@dataclass(frozen=True)
class PanelQuestion:
    """Which panel is wanted.

    Attributes
    ----------
    unit : Unit
        The unit watched with all below it.
    first_monday : date
        Monday of the first week of the panel.
    tested : Span
        The tested weeks, whole; they end the panel.
    least_cases : int
        A series is laid out if it had so many cases in one of the tested weeks.
    as_of : datetime or None
        The register as it was at a moment; now if None.
    only : Series or None
        Lay out this series alone, whatever it had.
    history_begins : date or None
        Day from which the register is complete; that of the first incident if None.
    counted : str
        "all", or "plain" without confidential incidents; as much as the reader may know if empty.
    """

    unit: Unit
    first_monday: dt.date
    tested: Span
    least_cases: int = 1
    as_of: dt.datetime | None = None
    only: Series | None = None
    history_begins: dt.date | None = None
    counted: str = ""


def weekly_panel(user: User, question: PanelQuestion) -> RegisterPanel:
    """Count by week, unit and measure what the user may see.

    Parameters
    ----------
    user : User
        The reader; only units over which this user may see signals are read.
    question : PanelQuestion
        Which panel is wanted.

    Returns
    -------
    RegisterPanel

    Raises
    ------
    QuestionError
        If the reader may see neither exact counts of the unit nor the incidents that are not
        confidential.
    """
    counts = series_counts(
        user, [question.unit], SEE_SIGNALS, as_of=question.as_of, counted=question.counted
    )
    units = _watched_units(user, question)
    span = Span(question.first_monday, question.tested.end)
    stays = _stays(units, span)
    inputs = PanelInputs(
        measures=MEASURES,
        stays=stays,
        rows=counts.weekly_rows({stay.descendant for stay in stays}, span),
        service=[
            ServiceSpan(
                one.unit_id, one.span.start.toordinal(), one.span.end.toordinal(), one.strength
            )
            for one in exposures(user, question.unit, span)
        ],
        opened_on={key: unit.opened_on for key, unit in units.items()},
        # Before the first incident of the unit watched nothing was recorded.
        history_begins=question.history_begins or counts.first_day(question.unit, span) or span.end,
    )
    weeks = PanelWeeks(
        first_monday=question.first_monday,
        weeks=span.days // DAYS_PER_WEEK,
        tested=question.tested.days // DAYS_PER_WEEK,
        least_cases=question.least_cases,
        only=question.only,
    )
    laid_out = lay_out(inputs, weeks)
    return RegisterPanel(**vars(laid_out), units=units, counted=counts.counted)


def _watched_units(user: User, question: PanelQuestion) -> dict[int, Unit]:
    below = subtree_during(question.unit, question.tested).filter(
        descendant_id__in=unit_ids_visible_to(user, SEE_SIGNALS)
    )
    if question.only is not None:
        below = below.filter(descendant_id=question.only.unit_id)
    return {row.descendant_id: row.descendant for row in below.select_related("descendant")}


def _stays(units: Iterable[int], span: Span) -> list[Stay]:
    fields = ("ancestor_id", "descendant_id", "valid_from", "valid_until")
    return [
        Stay(
            ancestor, descendant, max(start, span.start).toordinal(), min(end, span.end).toordinal()
        )
        for ancestor, descendant, start, end in stays_below(units, span).values_list(*fields)
    ]
