"""Every rate method against a published case, kept with its source in tests/reference."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import stats

from qorgau.methods import rates

REFERENCE = Path(__file__).resolve().parents[2] / "reference"


def case(method: str) -> tuple[dict, dict]:
    folder = REFERENCE / method
    return (
        json.loads((folder / "input.json").read_text(encoding="utf-8")),
        json.loads((folder / "expected.json").read_text(encoding="utf-8")),
    )


@pytest.mark.parametrize(
    "method",
    [
        "crude_rate",
        "directly_standardised_rate",
        "standardised_ratio",
        "rate_ratio",
        "rate_difference",
        "empirical_bayes_rates",
    ],
)
def test_the_method_gives_the_published_figures(method):
    given, expected = case(method)
    result = getattr(rates, method)(**given)
    for field, figure in expected.items():
        published = np.array(figure["values"], dtype=float)
        printed = ~np.isnan(published)
        computed = np.asarray(getattr(result, field))
        assert computed.shape == published.shape
        assert printed.any()
        assert_allclose(
            computed[printed],
            published[printed],
            rtol=0,
            atol=figure["within"],
            err_msg=f"{method}: {field}",
        )


def test_funnel_limits_give_the_published_chances_of_a_false_alarm():
    given, expected = case("funnel_limits")
    span = given["expected_cases"]
    steps = round((span["to"] - span["from"]) / span["step"])
    expected_cases = span["from"] + span["step"] * np.arange(steps + 1)
    limits = rates.funnel_limits(expected_cases, target_rate=1.0, levels=[given["level"]])
    lowest_inside = np.ceil(limits.lower[0] * expected_cases - 1e-9)
    highest_inside = np.floor(limits.upper[0] * expected_cases + 1e-9)
    chances = {
        "probability_below": stats.poisson.cdf(lowest_inside - 1, expected_cases),
        "probability_above": stats.poisson.sf(highest_inside, expected_cases),
    }
    for side, chance in chances.items():
        printed = expected[side]
        computed = {
            "median": np.median(chance),
            "least": chance.min(),
            "greatest": chance.max(),
        }
        for statistic, value in computed.items():
            assert_allclose(value, printed[statistic], rtol=0, atol=expected["within"])


@pytest.mark.parametrize("corps", ["all_14_corps", "ten_corps_of_equal_size"])
def test_dispersion_of_the_horse_kick_deaths(corps):
    given, expected = case("dispersion_test")
    counts = np.repeat(given["deaths_per_corps_year"], given["corps_years"][corps])
    result = rates.dispersion_test(counts)
    figures = dict(expected[corps])
    within = figures.pop("within")
    for field, value in figures.items():
        assert_allclose(getattr(result, field), value, rtol=0, atol=within)


def test_shrunk_rates_of_the_districts_follow_from_the_published_distribution():
    given, _ = case("empirical_bayes_rates")
    result = rates.empirical_bayes_rates(**given)
    published_shape, published_inverse_scale = 1.88, 1.32
    by_hand = (np.array(given["cases"]) + published_shape) / (
        np.array(given["exposure"]) + published_inverse_scale
    )
    assert_allclose(result.rate, by_hand, rtol=0.002)


def test_every_public_method_has_a_reference_case_and_a_page():
    pages = REFERENCE.parents[1] / "docs" / "methods"
    methods = [name for name in rates.__all__ if name.islower() and name != "denominator"]
    assert len(methods) == 8
    for name in methods:
        assert {f.name for f in (REFERENCE / name).iterdir()} == {
            "README.md",
            "expected.json",
            "input.json",
        }
        assert (pages / f"{name}.md").is_file()
