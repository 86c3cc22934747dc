"""Generate a synthetic brigade from a seed: units, people, strength, incidents, clusters.

This module uses neither Django nor the clock nor the register: equal arguments give an equal
brigade. The random numbers come from numpy, so this is true for one version of numpy.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from qorgau.demonstration.establishment import (
    CHANGES,
    WEEKS,
    UnitChange,
    UnitRow,
    first_monday,
    subtree_in_week,
    units_above,
    units_at_the_start,
)
from qorgau.demonstration.event_rates import HAZARDS, Hazard, weekly_means
from qorgau.demonstration.events import (
    IncidentRow,
    Occasion,
    Roll,
    end_of_entry,
    make_incident,
)
from qorgau.demonstration.histories import make_duplicates, with_history
from qorgau.demonstration.injected_clusters import ACTION, CLUSTERS, InjectedCluster
from qorgau.demonstration.postings import (
    PersonRow,
    StrengthRow,
    make_people,
    monthly_strength,
    weekly_strength,
)
from qorgau.demonstration.submitted_reports import REPORTS_WAITING, ReportRow, make_reports

DEFAULT_SEED = 20
# Expected number without the injected ones.
EVENTS = 2_900
# How much units, and a unit's branches of causes, vary within an arm (1 / variance).
_UNIT_SHAPE = 14.0
_BRANCH_SHAPE = 10.0
# How much the weeks of the whole brigade vary in addition to the season.
_WEEK_SHAPE = 40.0


@dataclass(frozen=True)
class Expectation:
    """The events expected in the weeks of a cluster without the injected ones.

    Attributes
    ----------
    cluster : InjectedCluster
    weeks : tuple of datetime.date
        The Mondays of its weeks.
    expected : float
        Events of the same kind and cause that the model expects in the unit over these weeks.
    """

    cluster: InjectedCluster
    weeks: tuple[dt.date, ...]
    expected: float


@dataclass(frozen=True)
class Brigade:
    """Everything to load into the register; incidents in the order in which they are entered."""

    seed: int
    first_day: dt.date
    last_day: dt.date
    units: tuple[UnitRow, ...]
    changes: tuple[UnitChange, ...]
    people: tuple[PersonRow, ...]
    strength: tuple[StrengthRow, ...]
    incidents: tuple[IncidentRow, ...]
    reports: tuple[ReportRow, ...]
    expectations: tuple[Expectation, ...]


def newest_last_day(today: dt.date) -> dt.date:
    """The last Sunday before ``today``, so that the newest week is complete."""
    return today - dt.timedelta(days=today.weekday() + 1)


def make_brigade(seed: int, last_day: dt.date) -> Brigade:
    """Generate the synthetic brigade.

    Parameters
    ----------
    seed : int
        Not negative.
    last_day : datetime.date
        A Sunday, the last day of the three years (156 weeks).

    Returns
    -------
    Brigade

    Raises
    ------
    ValueError
        If the seed is negative or the last day is not a Sunday.
    """
    if seed < 0:
        raise ValueError(f"The seed is {seed}: give a number that is not negative.")
    if last_day.weekday() != 6:
        raise ValueError(
            f"{last_day} is not a Sunday: end with one, so that the newest week is whole."
        )
    rng = np.random.default_rng(seed)
    people = make_people(rng, last_day)
    units = [*units_at_the_start(), *(unit for change in CHANGES for unit in change.successors)]
    strength = weekly_strength(people, [unit.code for unit in units], last_day)
    arms = [unit.arm for unit in units]
    means = weekly_means(strength, arms, last_day, total=EVENTS)
    occasions = [*_by_chance(rng, means, units), *_injected(rng, units, strength, last_day)]
    roll = Roll.of(people, last_day)
    rows = [make_incident(rng, occasion, roll) for occasion in occasions]
    fresh = [
        make_incident(rng, occasion, roll)
        for occasion in _newest_week(rng, means, units, REPORTS_WAITING + 5)
    ]
    incidents = _entered_in_order(rng, rows, seed, last_day)
    reports = make_reports(rng, incidents, fresh, last_day)
    return Brigade(
        seed=seed,
        first_day=first_monday(last_day),
        last_day=last_day,
        units=tuple(units_at_the_start()),
        changes=CHANGES,
        people=tuple(people),
        strength=tuple(monthly_strength(last_day)),
        incidents=tuple(_less_averted(incidents, reports, seed, last_day)),
        reports=tuple(reports),
        expectations=tuple(_expectation(c, means, units, last_day) for c in CLUSTERS),
    )


def _by_chance(
    rng: np.random.Generator, means: np.ndarray, units: Sequence[UnitRow]
) -> list[Occasion]:
    """Counts with more variation than Poisson, between units, their branches and weeks."""
    branches = sorted({hazard.cause.partition(".")[0] for hazard in HAZARDS})
    of_unit = rng.gamma(_UNIT_SHAPE, 1 / _UNIT_SHAPE, size=len(units))
    of_branch = rng.gamma(_BRANCH_SHAPE, 1 / _BRANCH_SHAPE, size=(len(branches), len(units)))
    of_week = rng.gamma(_WEEK_SHAPE, 1 / _WEEK_SHAPE, size=WEEKS)
    branch_of = [branches.index(hazard.cause.partition(".")[0]) for hazard in HAZARDS]
    scattered = means * of_unit * of_branch[branch_of][:, None, :] * of_week[None, :, None]
    # The variation must not change the total.
    counts = rng.poisson(scattered * (means.sum() / scattered.sum()))
    return [
        Occasion(HAZARDS[hazard], units[unit].code, units[unit].arm, int(week))
        for hazard, week, unit in np.argwhere(counts)
        for _ in range(counts[hazard, week, unit])
    ]


def _newest_week(
    rng: np.random.Generator, means: np.ndarray, units: Sequence[UnitRow], number: int
) -> list[Occasion]:
    weights = means[:, -1, :].ravel()
    drawn = rng.choice(weights.size, size=number, p=weights / weights.sum())
    places = (divmod(int(at), len(units)) for at in drawn)
    return [
        Occasion(HAZARDS[hazard], units[unit].code, units[unit].arm, WEEKS - 1)
        for hazard, unit in places
    ]


def _injected(
    rng: np.random.Generator, units: Sequence[UnitRow], strength: np.ndarray, last_day: dt.date
) -> list[Occasion]:
    """The injected events, distributed by strength over the cluster's unit and those below it."""
    occasions = []
    for cluster in CLUSTERS:
        hazard = Hazard(cluster.cause, cluster.kind, 0, (cluster.activity,), course=cluster.course)
        first = cluster.first_week(last_day)
        for week, number in enumerate(cluster.per_week, start=first):
            inside = set(subtree_in_week(cluster.unit_code, week))
            there = [index for index, unit in enumerate(units) if unit.code in inside]
            weights = strength[week, there]
            for index in rng.choice(there, size=number, p=weights / weights.sum()):
                unit = units[int(index)]
                weather = "+6 °C, жаңбыр" if cluster.key == "cold" else ""
                occasions.append(
                    Occasion(hazard, unit.code, unit.arm, week, cluster.key, cluster.site, weather)
                )
    return occasions


def _expectation(
    cluster: InjectedCluster, means: np.ndarray, units: Sequence[UnitRow], last_day: dt.date
) -> Expectation:
    rows = [
        index
        for index, hazard in enumerate(HAZARDS)
        if (hazard.cause, hazard.kind) == (cluster.cause, cluster.kind)
    ]
    first = cluster.first_week(last_day)
    expected = 0.0
    for week in range(first, first + len(cluster.per_week)):
        inside = set(subtree_in_week(cluster.unit_code, week))
        there = [index for index, unit in enumerate(units) if unit.code in inside]
        expected += float(means[np.ix_(rows, [week], there)].sum())
    return Expectation(cluster, tuple(cluster.weeks(last_day)), expected)


def _entered_in_order(
    rng: np.random.Generator, rows: Sequence[IncidentRow], seed: int, last_day: dt.date
) -> list[IncidentRow]:
    """Rows with history and key, in the order in which they were entered; duplicates last.

    Rows that would be entered after the end are missing, as in any register.
    """
    ordered = sorted(rows, key=lambda row: (row.recorded_at, row.occurred_at, row.unit_code))
    known = [
        replace(with_history(rng, row, last_day), key=_key(seed, last_day, number))
        for number, row in enumerate(ordered, start=1)
    ]
    end = end_of_entry(last_day)
    entered = [row for row in known if row.recorded_at <= end]
    doubles = make_duplicates(rng, entered, last_day)
    return entered + [
        replace(row, key=_key(seed, last_day, number))
        for number, row in enumerate(doubles, start=len(known) + 1)
    ]


def _less_averted(
    incidents: Sequence[IncidentRow], reports: Sequence[ReportRow], seed: int, last_day: dt.date
) -> list[IncidentRow]:
    """The rows that remain after the injected action; rows that another row repeats remain too.

    It has its own random numbers, so that without the action everything else would be the same.
    """
    rng = np.random.default_rng([seed, 1])
    named = {row.duplicate_of for row in incidents} | {
        report.repeated_incident for report in reports
    }
    held_from, branch = ACTION.held_from(last_day), f"{ACTION.cause}."
    left = []
    for row in incidents:
        is_concerned = (
            row.kind == ACTION.kind
            and (row.cause == ACTION.cause or row.cause.startswith(branch))
            and row.occurred_at.date() >= held_from
            and ACTION.unit_code in (row.unit_code, *units_above(row.unit_code))
        )
        is_free = not (row.cluster or row.duplicate_of or row.key in named)
        if not (is_concerned and is_free and rng.random() < ACTION.share_averted):
            left.append(row)
    return left


def _key(seed: int, last_day: dt.date, number: int) -> str:
    return f"{seed}-{last_day:%Y%m%d}-{number:05d}"
