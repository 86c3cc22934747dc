"""One event gives one signal, where it happened."""

from __future__ import annotations

import numpy as np
import pytest

from qorgau.analysis.figures.measures import MEASURES
from qorgau.analysis.unit_cause_hierarchy.counts import Series
from qorgau.analysis.unit_cause_hierarchy.explanation import Exceedance, UnitCauseTrees, explain

BRIGADE, BATTALION, OTHER, COMPANY = 1, 2, 3, 4
BELOW = {
    BRIGADE: frozenset({BRIGADE, BATTALION, OTHER, COMPANY}),
    BATTALION: frozenset({BATTALION, COMPANY}),
    OTHER: frozenset({OTHER}),
    COMPANY: frozenset({COMPANY}),
}
TREES = UnitCauseTrees(BELOW, MEASURES)


def rise(unit: int, measure: str, observed: float, bound: float, p: float, **more) -> Exceedance:
    return Exceedance(Series(unit, measure), observed, bound, p, **more)


def chosen(*exceedances: Exceedance) -> list[tuple[int, str]]:
    return [(one.series.unit_id, one.series.measure) for one, _ in explain(exceedances, TREES)]


def test_wider_units_and_wider_causes_are_explained_by_the_narrow_rise():
    falls = [
        rise(COMPANY, "injury:fall.height", 6, 1, 1e-9),
        rise(COMPANY, "injury:fall", 6, 2, 1e-8),
        rise(COMPANY, "injury", 7, 4, 1e-5),
        rise(BATTALION, "injury:fall", 7, 3, 1e-6),
        rise(BRIGADE, "injury", 18, 14, 5e-4),
    ]
    found = explain(falls, TREES)
    assert len(found) == 1
    assert found[0][0] is falls[0]
    assert {one.series for one in found[0][1]} == {one.series for one in falls[1:]}


def test_a_rise_is_reported_at_the_narrowest_place_that_holds_all_its_cases():
    wide = rise(BATTALION, "illness", 5, 2, 1e-10)
    narrow = rise(COMPANY, "illness:chemical.gas", 5, 1, 1e-9)
    assert chosen(wide, narrow) == [(COMPANY, "illness:chemical.gas")]


def test_a_wider_rise_with_cases_of_its_own_is_kept():
    assert chosen(
        rise(COMPANY, "injury:fall", 6, 2, 1e-8), rise(BRIGADE, "injury", 40, 14, 1e-7)
    ) == [(COMPANY, "injury:fall"), (BRIGADE, "injury")]


def test_two_events_in_different_units_are_two_signals():
    assert chosen(
        rise(COMPANY, "injury:fall", 6, 2, 1e-8),
        rise(OTHER, "injury:fall", 5, 2, 1e-7),
        rise(BRIGADE, "injury:fall", 12, 4, 1e-9),
    ) == [(BRIGADE, "injury:fall")]
    assert chosen(
        rise(COMPANY, "injury:fall", 6, 2, 1e-9),
        rise(OTHER, "injury:fall", 5, 2, 1e-8),
        rise(BRIGADE, "injury:fall", 12, 4, 1e-5),
    ) == [(COMPANY, "injury:fall"), (OTHER, "injury:fall")]


def test_cases_shared_by_a_narrower_unit_and_a_narrower_cause_are_not_counted_twice():
    assert chosen(
        rise(BATTALION, "injury:fall", 6, 2, 1e-8),
        rise(COMPANY, "injury", 6, 3, 1e-6),
        rise(BATTALION, "injury", 14, 7, 1e-4),
    ) == [(BATTALION, "injury:fall"), (BATTALION, "injury")]


@pytest.mark.parametrize(("p", "told_at"), [(1e-9, BATTALION), (9e-6, BATTALION), (1e-4, COMPANY)])
def test_an_event_under_way_stays_where_it_was_first_seen_unless_another_place_is_far_less_likely(
    p, told_at
):
    assert chosen(
        rise(BATTALION, "injury:fall", 5, 2, p, goes_on=True),
        rise(COMPANY, "injury:fall", 5, 1, 1e-7),
    ) == [(told_at, "injury:fall")]


def test_a_wider_rise_counts_the_cases_below_it_once():
    assert chosen(
        rise(COMPANY, "injury:fall.height", 4, 1, 1e-5, goes_on=True),
        rise(BATTALION, "injury:fall.height", 8, 1, 2e-7),
        rise(BATTALION, "injury:fall", 8, 2, 3e-7),
        rise(BRIGADE, "injury:fall", 8, 3, 4e-7),
    ) == [(COMPANY, "injury:fall.height"), (BATTALION, "injury:fall.height")]


def test_nothing_rises():
    assert explain([], TREES) == []


def explained_by_looking_at_all(exceedances, trees):
    """What the search of what is near must give, by looking at every pair."""
    chosen: list[tuple[Exceedance, list[Exceedance]]] = []
    ranked = sorted(
        exceedances,
        key=lambda e: (e.p_value / (100 if e.goes_on else 1), -e.observed, e.series.measure),
    )
    for one in ranked:
        if any(one is taken for taken, _ in chosen):
            continue
        within = [rest for taken, rest in chosen if trees.is_within(one.series, taken.series)]
        sharing = [p for p in chosen if trees.share_cases(one.series, p[0].series)]
        counted: list[Exceedance] = []
        for taken, _ in sorted(sharing, key=lambda p: -p[0].observed):
            if not any(trees.share_cases(taken.series, other.series) for other in counted):
                counted.append(taken)
        left = one.observed - sum(other.observed for other in counted)
        if within:
            within[0].append(one)
        elif sharing and left <= one.upper_bound:
            sharing[0][1].append(one)
        else:
            alike = [
                other
                for other in exceedances
                if other.observed == one.observed and trees.is_within(other.series, one.series)
            ]
            narrow = min(
                alike,
                key=lambda e: (
                    len(trees.below[e.series.unit_id]),
                    -trees.measures.depth(e.series.measure),
                ),
            )
            place = one if one.goes_on else narrow
            chosen.append((place, [] if place is one else [one]))
    return chosen


@pytest.mark.parametrize("seed", range(20))
def test_a_search_nearby_finds_what_a_search_of_all_finds(seed):
    rng = np.random.default_rng(seed)
    parents = [-1, *(int(rng.integers(0, unit)) for unit in range(1, 12))]
    below = {unit: {unit} for unit in range(12)}
    for unit in reversed(range(1, 12)):
        below[parents[unit]] |= below[unit]
    trees = UnitCauseTrees({unit: frozenset(units) for unit, units in below.items()}, MEASURES)
    measures = [name for name in MEASURES.names if name.startswith("injury")][:9]
    pairs = [(unit, measure) for unit in range(12) for measure in measures]
    exceedances = [
        rise(*pairs[place], float(rng.integers(3, 7)), float(rng.integers(1, 4)), 10**-power,
             goes_on=bool(rng.random() < 0.1))
        for place, power in zip(
            rng.choice(len(pairs), 30, replace=False), rng.uniform(3, 9, 30), strict=True
        )
    ]  # fmt: skip
    assert explain(exceedances, trees) == explained_by_looking_at_all(exceedances, trees)
