"""Weekly counts of every unit and measure, read from the register and rolled up as arrays."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from django.db.models import Count

from qorgau.analysis.figures.measures import MEASURES, measure_of
from qorgau.analysis.signals.question import SEE_SIGNALS
from qorgau.analysis.unit_cause_hierarchy.counts import DAYS_PER_WEEK, IncidentRows, Series, Stay
from qorgau.analysis.unit_cause_hierarchy.panel import (
    PanelInputs,
    PanelWeeks,
    ServiceSpan,
    WeeklyPanel,
    lay_out,
)
from qorgau.foundation.identity.models import User
from qorgau.records.incidents.queries import counted_incidents, counted_incidents_of
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
    """

    units: dict[int, Unit]


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
    """

    unit: Unit
    first_monday: dt.date
    tested: Span
    least_cases: int = 1
    as_of: dt.datetime | None = None
    only: Series | None = None
    history_begins: dt.date | None = None


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
    """
    units = _watched_units(user, question)
    span = Span(question.first_monday, question.tested.end)
    stays = _stays(units, span)
    inputs = PanelInputs(
        measures=MEASURES,
        stays=stays,
        rows=_incident_rows(user, {stay.descendant for stay in stays}, question, span),
        service=[
            ServiceSpan(
                one.unit_id, one.span.start.toordinal(), one.span.end.toordinal(), one.strength
            )
            for one in exposures(user, question.unit, span)
        ],
        opened_on={key: unit.opened_on for key, unit in units.items()},
        history_begins=question.history_begins or _first_day(user, question, span),
    )
    weeks = PanelWeeks(
        first_monday=question.first_monday,
        weeks=span.days // DAYS_PER_WEEK,
        tested=question.tested.days // DAYS_PER_WEEK,
        least_cases=question.least_cases,
        only=question.only,
    )
    laid_out = lay_out(inputs, weeks)
    return RegisterPanel(**vars(laid_out), units=units)


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


def _incident_rows(
    user: User, unit_ids: set[int], question: PanelQuestion, span: Span
) -> IncidentRows:
    """Incidents by unit, day, kind and cause; sorted."""
    counted = counted_incidents_of(
        user, unit_ids, span, as_of=question.as_of, capability=SEE_SIGNALS
    )
    grouped = counted.order_by().values_list("unit_id", "occurred_on", "kind", "cause")
    found = sorted(grouped.annotate(cases=Count("pk")))
    narrowest = [MEASURES.index[measure_of(kind, cause)] for _u, _d, kind, cause, _n in found]
    return IncidentRows(
        unit=np.array([row[0] for row in found], dtype=np.int64),
        day=np.array([row[1].toordinal() for row in found], dtype=np.int64),
        measures=MEASURES.paths[narrowest],
        cases=np.array([row[4] for row in found], dtype=np.int64),
    )


def _first_day(user: User, question: PanelQuestion, span: Span) -> dt.date:
    """The day of the first incident of the unit watched; before it nothing was recorded."""
    counted = counted_incidents(
        user, question.unit, span, as_of=question.as_of, capability=SEE_SIGNALS
    )
    first = counted.order_by("occurred_on").values_list("occurred_on", flat=True).first()
    return first or span.end
