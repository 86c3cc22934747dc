"""Units like one of them: those beside it, of the same echelon, over the same time.

Their rates show how far a high rate before an action is likely to be chance (empirical Bayes).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qorgau.analysis.disclosure.series import SeriesCounts
from qorgau.analysis.effect.question import SEE_RATES, WEEK, EffectQuestion
from qorgau.analysis.effect.series import cells_counted
from qorgau.analysis.figures.counted_cells import cases_by_sub_unit
from qorgau.analysis.figures.person_time import person_days_by_sub_unit
from qorgau.foundation.identity.models import User
from qorgau.records.people.models import Unit
from qorgau.records.people.queries import (
    exposures,
    stays_below,
    subtree_on,
    unit_ids_visible_to,
    versions_on,
)
from qorgau.records.people.rules import Span

# Fewer do not show how much true rates differ.
FEWEST_UNITS = 3


@dataclass(frozen=True)
class ComparableUnits:
    """Incidents and person-days of each, over the time before the action that is compared."""

    cases: tuple[int, ...]
    person_days: tuple[int, ...]


def comparable_units(
    counts: SeriesCounts, question: EffectQuestion, spans: Sequence[Span]
) -> ComparableUnits | None:
    """Count in the units that were beside the question's on the eve of the action.

    Parameters
    ----------
    counts : SeriesCounts
        What the reader may count.
    question : EffectQuestion
        The question.
    spans : sequence of Span
        The time before the action that is compared; none overlap.

    Returns
    -------
    ComparableUnits or None
        None where there are too few, neither they nor the unit had a case, or the reader may not
        count the same in all of them.
    """
    parent, beside = _units_beside(counts.user, question)
    if parent is None or not spans:
        return None
    whole = Span(min(one.start for one in spans), max(one.end for one in spans))
    stays: dict[int, dict[int, list[Span]]] = {unit: {} for unit in beside}
    fields = ("ancestor_id", "descendant_id", "valid_from", "valid_until")
    for above, below, start, end in stays_below(beside, whole).values_list(*fields):
        pieces = [piece for one in spans if (piece := Span(start, end).meet(one))]
        stays[above].setdefault(below, []).extend(pieces)
    if not counts.may_count(unit for below in stays.values() for unit in below):
        return None
    days = person_days_by_sub_unit(exposures(counts.user, parent, whole), stays)
    cases = cases_by_sub_unit(cells_counted(counts, parent, question, whole), stays)
    exposed = [unit for unit in beside if days[unit] > 0]
    if len(exposed) < FEWEST_UNITS or not sum(cases[unit] for unit in exposed):
        return None
    return ComparableUnits(
        tuple(cases[unit] for unit in exposed), tuple(days[unit] for unit in exposed)
    )


def _units_beside(user: User, question: EffectQuestion) -> tuple[Unit | None, list[int]]:
    """The unit above on the eve of the action, and ids of those beside in its echelon."""
    eve = question.held_from - WEEK / 7
    own = versions_on([question.unit.pk], eve).select_related("parent").first()
    if own is None or own.parent is None:
        return None, []
    below = subtree_on(own.parent, eve).filter(
        depth=1, descendant_id__in=unit_ids_visible_to(user, SEE_RATES)
    )
    ids = list(below.values_list("descendant_id", flat=True))
    left_out = {question.unit.pk, question.compared_with and question.compared_with.pk}
    alike = versions_on(ids, eve).filter(echelon=own.echelon).order_by("unit_id")
    return own.parent, [v.unit_id for v in alike if v.unit_id not in left_out]
