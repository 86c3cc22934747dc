"""Figures with limits, and sub-units beside each other."""

from __future__ import annotations

import pytest
from numpy.testing import assert_allclose

from qorgau.analysis.figures.rate_figures import figure
from qorgau.analysis.rates.comparison import SubUnitCount, unit_comparison
from qorgau.methods.rates import crude_rate, denominator, empirical_bayes_rates

PER = denominator("per_1000_person_years")
YEAR_DAYS = 365.25


def count(code: str, cases: int, person_years: float) -> SubUnitCount:
    return SubUnitCount(code, f"Unit {code}", cases, round(person_years * YEAR_DAYS))


def test_a_figure_is_the_crude_rate_with_its_exact_limits():
    one = figure(7, 36525, PER)
    method = crude_rate(7, 100.0, per=1000)
    assert one.exposure == pytest.approx(100.0)
    assert_allclose([one.rate, one.lower, one.upper], [method.rate, method.lower, method.upper])


def test_a_figure_without_person_time_has_a_count_and_no_rate():
    one = figure(3, 0, PER)
    assert (one.cases, one.rate, one.lower, one.upper) == (3, None, None, None)


def test_units_keep_their_order_and_get_shrunk_rates_and_a_place():
    counts = [count("C", 4, 200), count("A", 60, 400), count("B", 9, 300), count("D", 1, 0)]
    result = unit_comparison(counts, PER)
    assert [unit.code for unit in result.units] == ["C", "A", "B", "D"]
    shrunk = empirical_bayes_rates([4, 60, 9], [c.person_days / YEAR_DAYS for c in counts[:3]])
    assert_allclose([u.shrunk_rate for u in result.units[:3]], shrunk.rate * 1000)
    assert [unit.position for unit in result.units] == [
        "below_998",
        "above_998",
        "below_998",
        "unknown",
    ]
    assert result.units[3].shrunk_rate is None
    assert result.dispersion_p_value < 1e-6
    assert_allclose(result.pooled_rate, 73 / 900 * 1000, rtol=1e-4)


def test_units_that_differ_by_chance_are_within_the_funnel():
    result = unit_comparison([count("A", 5, 100), count("B", 7, 120), count("C", 4, 90)], PER)
    assert {unit.position for unit in result.units} == {"within"}
    assert result.between_unit_variation == 0
    assert result.dispersion_p_value > 0.5


def test_the_funnel_reaches_past_the_largest_unit_and_narrows():
    result = unit_comparison([count("A", 5, 100), count("B", 9, 400)], PER)
    assert result.funnel[-1].exposure > 400
    for before, after in zip(result.funnel, result.funnel[1:], strict=False):
        assert before.exposure < after.exposure
        assert before.upper_998 > after.upper_998
    last = result.funnel[-1]
    assert last.lower_998 < last.lower_95 < result.pooled_rate < last.upper_95 < last.upper_998


@pytest.mark.parametrize(
    "counts",
    [[], [count("A", 3, 50)], [count("A", 0, 50), count("B", 0, 60)], [count("A", 3, 0)] * 2],
)
def test_nothing_is_compared_where_nothing_can_be(counts):
    result = unit_comparison(counts, PER)
    assert len(result.units) == len(counts)
    assert result.pooled_rate is None
    assert result.funnel == ()
    assert result.between_unit_variation is None
    assert all(unit.shrunk_rate is None for unit in result.units)
