"""Did the action work: closed forms, coverage by simulation, and history."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose

from qorgau.methods.effect import before_after, compared_series, interrupted_series
from qorgau.methods.rates import InputError, crude_rate, rate_ratio

REFERENCE = Path(__file__).resolve().parents[2] / "reference"


def case(method):
    return json.loads((REFERENCE / method / "cases.json").read_text(encoding="utf-8"))


def test_before_and_after_by_hand():
    given = case("before_after")
    found = before_after(tuple(given["before"]), tuple(given["after"]))
    assert_allclose([found.ratio, found.p_value], [given["ratio"], given["p_value"]])
    exact = rate_ratio(*given["after"], *given["before"])
    assert_allclose([found.ratio_lower, found.ratio_upper], [exact.lower, exact.upper])
    assert_allclose(found.averted, 8.0)


def test_a_peak_that_wears_off_is_not_mistaken_for_an_effect():
    """The worst of 40 units is chosen for an action without an effect."""
    rng = np.random.default_rng(0)
    plain, shrunk = [], []
    for _draw in range(400):
        rates = rng.gamma(4.0, 1.5, 40)
        before = rng.poisson(rates)
        worst = before.argmax()
        after = (rng.poisson(rates[worst]), 1.0)
        others = np.delete(before, worst)
        own = (before[worst], 1.0)
        plain.append(before_after(own, after).ratio)
        shrunk.append(before_after(own, after, comparable=(others, np.ones(39))).ratio)
    assert np.mean(plain) < 0.85
    assert abs(np.mean(shrunk) - 1.0) < 0.12


def test_no_cases_after_is_an_effect_with_limits():
    found = before_after((6, 100.0), (0, 100.0))
    assert found.ratio == 0.0
    assert 0 < found.ratio_upper < 1
    assert_allclose([found.averted, found.averted_upper], 6.0)


def test_no_cases_before_is_not_proof_by_itself():
    """Chance alone gives one case after none half of the time."""
    found = before_after((0, 100.0), (1, 100.0))
    assert np.isnan(found.ratio)
    assert_allclose(found.p_value, 1.0)
    assert_allclose(before_after((0, 100.0), (8, 100.0)).p_value, 2 * 0.5**8)
    assert before_after((0, 100.0), (0, 100.0)).p_value == 1.0


def test_what_is_expected_without_it_has_the_limits_of_the_rate_before():
    found = before_after((12, 100.0), (4, 100.0), per=10.0)
    rate = crude_rate(12, 100.0, per=10.0)
    assert_allclose([found.rate_without_lower, found.rate_without_upper], [rate.lower, rate.upper])
    shrunk = before_after((12, 100.0), (4, 100.0), comparable=([3, 5, 4, 6, 4], [100.0] * 5))
    assert shrunk.rate_without_lower < shrunk.rate_without < shrunk.rate_without_upper < 0.12


def test_interrupted_series_in_closed_form():
    given = case("interrupted_series")
    found = interrupted_series(given["counts"], start=given["start"], waves=0, has_trend=False)
    for name in ("ratio", "expected_after", "averted"):
        assert_allclose(getattr(found, name), given[name], rtol=1e-6)


def test_limits_of_an_interrupted_series_cover():
    rng = np.random.default_rng(4)
    months = np.arange(72)
    mean = 20 * np.exp(0.4 * np.cos(2 * np.pi * months / 12) + 0.01 * months)
    mean[36:] *= 0.7
    found = [
        interrupted_series(rng.negative_binomial(20, 20 / (20 + mean)), start=36)
        for _draw in range(200)
    ]
    covered = np.mean([one.ratio_lower <= 0.7 <= one.ratio_upper for one in found])
    assert 0.9 <= covered <= 0.99
    assert_allclose(np.median([one.ratio for one in found]), 0.7, atol=0.03)


def test_doubling_a_unit_is_not_an_effect():
    months = np.arange(48)
    exposure = np.where(months < 24, 1000.0, 2000.0)
    counts = np.random.default_rng(8).poisson(exposure / 50)
    found = interrupted_series(counts, exposure, start=24, has_trend=False)
    assert found.ratio_lower < 1 < found.ratio_upper


def test_compared_series_in_closed_form():
    given = case("compared_series")
    found = compared_series(given["counts"], given["compared"], start=given["start"])
    assert_allclose(found.ratio, given["ratio"], rtol=1e-6)
    assert_allclose(found.averted, given["averted"], rtol=1e-6)


def test_what_moves_both_series_drops_out():
    rng = np.random.default_rng(6)
    months = np.arange(48)
    shared = np.exp(0.5 * np.cos(2 * np.pi * months / 12)) * np.where(months >= 24, 0.5, 1.0)
    found = [
        compared_series(rng.poisson(20 * shared), rng.poisson(40 * shared), start=24)
        for _draw in range(100)
    ]
    assert_allclose(np.median([one.ratio for one in found]), 1.0, atol=0.05)
    assert np.mean([one.p_value < 0.05 for one in found]) < 0.1


def test_seat_belt_law(shared_data):
    """Durbin and Koopman (2012, section 8.2) find a fall of 21 % in drivers killed or seriously
    injured, with the price of petrol as the other explanation."""
    with (shared_data / "classic_exposure_series" / "Seatbelts.csv").open() as file:
        rows = list(csv.DictReader(file))
    start = [row["law"] for row in rows].index("1")
    petrol = np.log([float(row["PetrolPrice"]) for row in rows])
    drivers = [float(row["drivers"]) for row in rows]
    found = interrupted_series(drivers, start=start, waves=5, has_trend=False, covariates=petrol)
    assert found.ratio_lower < 1 - 0.21 < found.ratio_upper
    assert found.p_value < 1e-6


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: interrupted_series([1] * 10, start=2), "at least 4 periods"),
        (lambda: interrupted_series([1] * 8 + [0] * 8, start=8), "no case before or after"),
        (lambda: interrupted_series([1] * 8, start=4, waves=3), "too short"),
        (lambda: interrupted_series([1] * 24, [0] * 24, start=12), "greater than zero"),
        (lambda: compared_series([1] * 8, [0] * 8, start=4), "no case before or after"),
        (lambda: before_after((1, 0.0), (1, 1.0)), "greater than zero"),
        (lambda: before_after((-1, 1.0), (1, 1.0)), "negative"),
    ],
)
def test_bad_input_gets_a_sentence(call, words):
    with pytest.raises(InputError, match=words):
        call()
