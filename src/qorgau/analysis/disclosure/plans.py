"""Plans of a year's boxes: made before its counts are known, from what was released earlier."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from qorgau.analysis.disclosure.cells import CAUSES, MONTHS, cause_levels, unit_levels
from qorgau.analysis.disclosure.prior_rates import (
    DAYS_PER_YEAR,
    EXPECTED_PER_1000_PERSON_YEARS,
)
from qorgau.analysis.disclosure.reader import CLASSES
from qorgau.analysis.disclosure.stored_plan import StoredPlan, stored_plans
from qorgau.analysis.figures.person_time import person_days_by_month
from qorgau.foundation import clock
from qorgau.foundation.identity.models import User
from qorgau.methods.arrays import FloatArray
from qorgau.methods.disclosure import BoxPlan, plan_boxes
from qorgau.records.people.queries import exposures_of, nearest_above, parents_from
from qorgau.records.people.rules import Exposure, Span
from qorgau.records.publication.models import PublicationPlan
from qorgau.records.publication.services import PlanRecord, keep_plan, replace_plan

PERSON_YEARS = 1_000


@dataclass(frozen=True)
class PlanParameters:
    """How fine the boxes are.

    Attributes
    ----------
    target_expected : float
        Expected incidents of a box: with 10, a box stays below 5 in 3 of 100 years.
    least_population : float
        People of a box.
    least_count : int
        A box with fewer incidents looks like an empty one.
    """

    target_expected: float = 10.0
    least_population: float = 20.0
    least_count: int = 5


def make_plans(
    year: int,
    *,
    made_at: dt.datetime,
    acting_user: User | None,
    parameters: PlanParameters | None = None,
    is_replacing: bool = False,
) -> list[PublicationPlan]:
    """Make and keep the plans of a year, of each class of confidentiality that has none.

    With ``is_replacing``, of each class, in the place of its plan.

    Parameters
    ----------
    year : int
    made_at : datetime
        Nothing is published before this moment.
    acting_user : User or None
        None is the system.
    parameters : PlanParameters, optional

    Returns
    -------
    list of PublicationPlan
        The new ones.
    """
    chosen = parameters or PlanParameters()
    known = {one.row.confidentiality for one in stored_plans([year], None)}
    missing = CLASSES if is_replacing else [one for one in CLASSES if one not in known]
    keep = replace_plan if is_replacing else keep_plan
    parents = parents_from(dt.date(year, 1, 1), dt.date(year + 1, 1, 1))
    units = list(parents)
    if not units:
        return []
    strength = _strength(units, year, clock.local_date(made_at))
    earlier = stored_plans([year - 2, year - 1], made_at)
    made = []
    for confidentiality in missing:
        expected = _prior(confidentiality, strength)
        # What was released last counts: of the year before, or else of the one before that.
        for released in earlier:
            if released.row.confidentiality == confidentiality:
                expected = _with_released(expected, released, units, strength)
        plan = plan_boxes(
            strength,
            expected,
            unit_levels(units, parents),
            cause_levels(),
            target_expected=chosen.target_expected,
            least_population=chosen.least_population,
        )
        record = _record(plan, year, confidentiality, units, chosen)
        made.append(keep(record=record, made_at=made_at, acting_user=acting_user))
    return made


def _strength(units: Sequence[int], year: int, today: dt.date) -> FloatArray:
    """Mean strength of each unit in each month; in months to come, that of today."""
    months = [
        Span(dt.date(year, month, 1), dt.date(year + month // 12, month % 12 + 1, 1))
        for month in range(1, MONTHS + 1)
    ]
    day = Span(today, today + dt.timedelta(days=1))
    spans = [month if month.end <= today else day for month in months]
    whole = Span(min(one.start for one in spans), max(one.end for one in spans))
    served: dict[int, list[Exposure]] = {unit: [] for unit in units}
    for exposure in exposures_of(units, whole):
        served[exposure.unit_id].append(exposure)
    days = np.array([one.days for one in spans], dtype=np.float64)
    return np.array([person_days_by_month(served[unit], spans) / days for unit in units])


def _prior(confidentiality: str, strength: FloatArray) -> FloatArray:
    """Expected incidents from declared rates, the same for each cause of a kind."""
    rates = EXPECTED_PER_1000_PERSON_YEARS[confidentiality]
    kinds = [name.partition(":")[0] for name in CAUSES]
    of_cause = np.array([rates.get(kind, 0.0) / kinds.count(kind) for kind in kinds])
    person_years = strength * (DAYS_PER_YEAR / MONTHS) / DAYS_PER_YEAR
    expected: FloatArray = person_years[:, None, :] * of_cause[None, :, None] / PERSON_YEARS
    return expected


def _with_released(
    expected: FloatArray, earlier: StoredPlan, units: Sequence[int], strength: FloatArray
) -> FloatArray:
    """The expected incidents, with those of an earlier year where its boxes were published.

    The count of a box is spread over its people and causes; of a box that was not shown, half of
    the least count is taken, so that nothing depends on what was hidden.
    """
    shown, plan = earlier.shown(frozenset()), earlier.plan
    value = np.where(shown.lower > 0, shown.lower, earlier.row.least_count / 2)
    year = earlier.row.year
    before = _strength(earlier.row.units, year, dt.date(year + 1, 1, 1))
    rate = np.full(plan.box_of.shape, np.nan)
    for box in np.flatnonzero(earlier.is_published & plan.has_population):
        people = before[np.ix_(plan.units[box], plan.months[box])].sum()
        if people > 0:
            members = (plan.units[box], plan.causes[box], plan.months[box])
            rate[np.ix_(*members)] = value[box] / (people * plan.causes[box].sum())
    place = {unit: number for number, unit in enumerate(earlier.row.units)}
    above = nearest_above([unit for unit in units if unit not in place], place)
    found = expected.copy()
    for number, unit in enumerate(units):
        row = place.get(above.get(unit, unit))
        if row is not None:
            known = rate[row] * strength[number]
            found[number] = np.where(np.isnan(known), expected[number], known)
    return found


def _record(
    plan: BoxPlan, year: int, confidentiality: str, units: Sequence[int], chosen: PlanParameters
) -> PlanRecord:
    return PlanRecord(
        year=year,
        confidentiality=confidentiality,
        units=list(units),
        causes=list(CAUSES),
        boxes=[
            (
                np.flatnonzero(plan.units[box]).tolist(),
                np.flatnonzero(plan.causes[box]).tolist(),
                np.flatnonzero(plan.months[box]).tolist(),
            )
            for box in range(plan.boxes)
        ],
        expected=plan.expected.tolist(),
        has_population=plan.has_population.tolist(),
        target_expected=chosen.target_expected,
        least_population=chosen.least_population,
        least_count=chosen.least_count,
    )
