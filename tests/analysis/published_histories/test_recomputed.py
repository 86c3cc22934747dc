"""The published histories: typed right, and recomputed to what was printed."""

from __future__ import annotations

import csv
from datetime import date
from importlib import resources

import pytest
from numpy.testing import assert_allclose

from qorgau.analysis.published_histories.recomputed import crimea_history, horse_kick_history


def table(name: str) -> list[dict[str, str]]:
    path = resources.files("qorgau.analysis.published_histories").joinpath(name)
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


def test_horse_kick_deaths_a_corps_year():
    history = horse_kick_history()
    assert (history.deaths, history.corps, history.years, history.corps_years) == (196, 14, 20, 280)
    assert history.rate == pytest.approx(0.700, abs=1e-12)
    assert round(history.lower, 3) == 0.605
    assert round(history.upper, 3) == 0.805


def test_horse_kick_distribution_is_the_printed_one():
    history = horse_kick_history()
    assert [row.observed for row in history.distribution] == [144, 91, 32, 11, 2]
    assert [round(row.expected) for row in history.distribution] == [139, 97, 34, 8, 1]


def test_horse_kick_dispersion():
    tests = {test.of: test for test in horse_kick_history().dispersion}
    everything = tests["all corps-years"]
    assert everything.statistic == pytest.approx(304.0)
    assert everything.degrees_of_freedom == 279
    assert 0.14 < everything.p_value_over < 0.15
    ten = tests["corps-years of the ten corps of equal make-up"]
    assert ten.counts == 200
    assert ten.index == pytest.approx(1.0016, abs=1e-4)


def test_horse_kick_table_has_the_sums_that_were_printed():
    *years, all_years = table("horse_kick_deaths.csv")
    corps = [name for name in all_years if name not in {"year", "all"}]
    for row in years:
        assert sum(int(row[name]) for name in corps) == int(row["all"])
    for name in corps:
        assert sum(int(row[name]) for row in years) == int(all_years[name])


def test_every_printed_rate_of_the_crimea_is_reproduced_to_print_rounding():
    history = crimea_history()
    assert len(history.rates) == 72
    assert history.is_reproduced
    assert history.largest_difference <= 0.05
    assert history.largest_difference == max(abs(rate.difference) for rate in history.rates)
    for rate in history.rates:
        assert_allclose(rate.rate, rate.deaths / rate.strength * 12 * 1000)
        assert rate.lower <= rate.rate <= rate.upper


def test_totals_of_the_crimea():
    totals = {total.cause: total.deaths for total in crimea_history().totals}
    assert totals == {"disease": 14476, "wounds": 1758, "other": 1748, "all causes": 17982}


@pytest.mark.parametrize("history", [horse_kick_history, crimea_history])
def test_a_result_says_where_it_comes_from(history):
    result = history()
    assert result.inputs["source"]
    assert result.method
    assert result.version
    assert result.as_of.startswith("as printed")
    assert result.caveats
    assert isinstance(result.period_start, date)
    assert result.period_start < result.period_end
    with pytest.raises(AttributeError):
        result.version = "other"


def test_horse_kick_table_agrees_with_another_copy(shared_data):
    with (shared_data / "classic_exposure_series" / "VonBort.csv").open() as copy:
        other = {(r["year"], r["corps"]): r["deaths"] for r in csv.DictReader(copy)}
    own = {
        (row["year"], corps): deaths
        for row in table("horse_kick_deaths.csv")
        for corps, deaths in row.items()
        if corps not in {"year", "all"} and row["year"] != "all"
    }
    assert own == other


def test_crimea_table_agrees_with_another_copy(shared_data):
    with (shared_data / "classic_exposure_series" / "Nightingale.csv").open() as copy:
        other = {row["Date"][:7]: row for row in csv.DictReader(copy)}
    own = {row["month"]: row for row in table("crimea_army.csv")}
    assert own.keys() == other.keys()
    for month, row in own.items():
        assert row["strength"] == other[month]["Army"]
        for cause in ("disease", "wounds", "other"):
            assert row[f"{cause}_deaths"] == other[month][cause.capitalize()]
            assert float(row[f"{cause}_rate"]) == float(other[month][f"{cause.capitalize()}.rate"])
