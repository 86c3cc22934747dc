"""A synthetic force: units in five levels, causes in a tree, and incidents by chance alone.

Every incident of every week is drawn from rates that never change but with the season, so that
whatever is found in it was put there by chance, or by whoever adds an outbreak.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from qorgau.analysis.signals.rises_in_tables import ForceColumns, UnitSpan
from qorgau.analysis.unit_cause_hierarchy.ancestry import Placement
from qorgau.analysis.unit_cause_hierarchy.measure_tree import NONE, MeasureTree

FIRST_MONDAY = dt.date(2010, 1, 4)
UNITS_BELOW = 8
LEVELS = 5
BRANCHES = 5
SEASON = 0.3
WEEKS_PER_YEAR = 365.25 / 7

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Force:
    """Who serves where, and how often what happens.

    Attributes
    ----------
    unit_parents : ndarray of int, shape (units,)
        Unit above each, -1 at the top; the units of the last level are the last.
    strengths : ndarray, shape (units,)
        Persons in each unit itself.
    causes : MeasureTree
        Branches, and the causes in each.
    rates : ndarray, shape (units, causes)
        Incidents a week in the unit itself, apart from the season; a branch has those of its own.
    peaks : ndarray, shape (causes,)
        Week of the year in which each cause is most frequent.
    """

    unit_parents: Ints
    strengths: Floats
    causes: MeasureTree
    rates: Floats
    peaks: Floats


def make_force(*, units: int, causes: int, incidents_a_week: float, seed: int) -> Force:
    """A force of so many units in five levels, causes in branches, and incidents.

    Parameters
    ----------
    units, causes : int
        How many there are, branches of causes included.
    incidents_a_week : float
        Of the whole force, on average over the year.
    seed : int

    Returns
    -------
    Force
    """
    rng = np.random.default_rng(seed)
    sizes = [UNITS_BELOW**level for level in range(LEVELS - 1)]
    while sum(sizes) >= units:
        sizes = [max(size // 2, 1) for size in sizes]
    sizes.append(units - sum(sizes))
    parents = [np.array([NONE])]
    for level in range(1, LEVELS):
        above = sum(sizes[: level - 1])
        parents.append(above + np.arange(sizes[level]) % sizes[level - 1])
    unit_parents = np.concatenate(parents)
    is_last = np.arange(units) >= units - sizes[-1]
    strengths = np.round(np.where(is_last, rng.lognormal(4.4, 0.5, units), 12.0)) + 1.0
    names = [f"b{branch}" for branch in range(BRANCHES)]
    names += [f"b{n % BRANCHES}.c{n}" for n in range(causes - BRANCHES)]
    tree = MeasureTree.of(names, lambda name: name.partition(".")[0] if "." in name else None)
    share = 1.0 / np.arange(1, causes + 1) ** 0.8
    rng.shuffle(share)
    rates = strengths[:, None] * share * rng.lognormal(0.0, 0.3, (units, causes))
    return Force(
        unit_parents=unit_parents,
        strengths=strengths,
        causes=tree,
        rates=rates * incidents_a_week / rates.sum(),
        peaks=rng.uniform(0, 52, causes),
    )


def weekly_cases(
    force: Force, week: int, rng: np.random.Generator, *, cases_per_event: float = 1.0
) -> Ints:
    """Draw one week, shape ``(units, causes)``.

    Parameters
    ----------
    force : Force
    week : int
        Number of the week.
    rng : numpy.random.Generator
    cases_per_event : float
        Mean cases of one event, 1 or more; above 1 counts scatter more than Poisson's.

    Returns
    -------
    ndarray of int
    """
    season = np.exp(SEASON * np.cos(2 * np.pi * (week - force.peaks) / WEEKS_PER_YEAR))
    mean = force.rates * (season / np.i0(SEASON))
    events = rng.poisson(mean / cases_per_event)
    more = (cases_per_event - 1.0) * events
    return events + rng.poisson(more) if cases_per_event > 1.0 else events


def incident_rows(
    force: Force, weeks: int, *, seed: int, cases_per_event: float = 1.0
) -> Iterator[tuple[Ints, Ints, Ints]]:
    """Incidents of so many weeks: unit, cause and day number of each, week by week.

    Parameters
    ----------
    force : Force
    weeks : int
    seed : int
    cases_per_event : float
        As of ``weekly_cases``.

    Yields
    ------
    unit, cause, day : ndarray of int
    """
    rng = np.random.default_rng(seed)
    for week in range(weeks):
        cases = weekly_cases(force, week, rng, cases_per_event=cases_per_event)
        unit, cause = np.nonzero(cases)
        number = cases[unit, cause]
        day = FIRST_MONDAY.toordinal() + 7 * week + rng.integers(0, 7, number.sum())
        yield np.repeat(unit, number), np.repeat(cause, number), day


def unit_codes(force: Force) -> list[str]:
    """A code for each unit."""
    return [f"u{number}" for number in range(force.unit_parents.size)]


def as_columns(force: Force, weeks: int, *, seed: int, cases_per_event: float) -> ForceColumns:
    """The force with all incidents of so many weeks, as the analysis takes it.

    Parameters
    ----------
    force, weeks, seed, cases_per_event
        As of ``incident_rows``.

    Returns
    -------
    ForceColumns
    """
    drawn = incident_rows(force, weeks, seed=seed, cases_per_event=cases_per_event)
    parts = [(u.astype(np.int32), c.astype(np.int16), d.astype(np.int32)) for u, c, d in drawn]
    unit, cause, day = (np.concatenate(arrays) for arrays in zip(*parts, strict=True))
    order = np.lexsort((day, unit))
    return ForceColumns(
        units=unit_codes(force),
        spans=[
            UnitSpan(
                Placement(number, parent, FIRST_MONDAY.toordinal(), dt.date.max.toordinal()),
                strength,
            )
            for number, (parent, strength) in enumerate(
                zip(force.unit_parents.tolist(), force.strengths.tolist(), strict=True)
            )
        ],
        measures=force.causes,
        unit=unit[order],
        cause=cause[order],
        day=day[order],
        cases=np.ones(unit.size, dtype=np.int64),
        begins=FIRST_MONDAY,
    )
