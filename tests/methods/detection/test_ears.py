"""EARS C1 to C3 against the package, and where it departs from its own help page."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import stats

from qorgau.methods.detection import ears
from tests.methods.detection.reference_cases import assert_same, number_table, read_case

GIVEN = read_case("ears", "input.json")
EXPECTED = read_case("ears", "expected.json")


@pytest.mark.parametrize("run", sorted(EXPECTED))
def test_bound_and_alarm_are_those_of_the_package(run):
    counts = np.array(list(GIVEN["counts"].values())).T
    result = ears(counts, mode="reference", weeks=GIVEN["weeks"], **GIVEN["options"][run])
    expected = {
        name: number_table([series[key] for key in GIVEN["counts"]])
        for name, series in EXPECTED[run].items()
    }
    assert np.nansum(expected["alarm"]) > 0
    assert_same(result, expected)


def test_by_hand():
    counts = np.array([[2, 4, 4, 4, 5, 5, 11, 3, 8, 9]], dtype=float).T
    z = stats.norm.ppf(0.999)
    c1 = ears(counts, weeks=[9])
    assert_allclose(c1.upper_bound, counts[2:9].mean() + z * counts[2:9].std(ddof=1))
    c2 = ears(counts, variant="C2", weeks=[9])
    assert_allclose(c2.expected, counts[:7].mean())
    assert_allclose(c2.upper_bound, counts[:7].mean() + z * counts[:7].std(ddof=1))


def test_c3_sees_the_current_week():
    counts = np.array([[5, 4, 6, 5, 5, 4, 6, 5, 4, 6, 5, 1000]], dtype=float).T
    assert ears(counts, variant="C3").alarm[0, 0]
    assert not ears(counts, variant="C3", mode="reference").alarm[0, 0]


def test_c3_adds_the_excess_of_the_two_weeks_before():
    counts = np.array([[5, 4, 6, 5, 5, 4, 6, 5, 4, 9, 8, 7]], dtype=float).T
    result = ears(counts, variant="C3")
    carried = 0.0
    for week in (9, 10):
        window = counts[week - 9 : week - 2, 0]
        carried += max(0.0, (counts[week, 0] - window.mean()) / window.std(ddof=1) - 1.0)
    window = counts[2:9, 0]
    bound = window.mean() + window.std(ddof=1) * (stats.norm.ppf(0.975) - carried)
    assert carried > 1
    assert_allclose(result.upper_bound, max(bound, 0.0))


def test_p_value_and_alarm_agree():
    counts = np.random.default_rng(2).poisson(4.0, (200, 30)).astype(float)
    for variant in ("C1", "C2"):
        result = ears(counts, variant=variant, alpha=0.02)
        assert np.array_equal(result.alarm, result.p_value < 0.02)


def test_one_case_after_a_quiet_window_is_no_alarm_but_a_burst_is():
    counts = np.zeros((30, 2))
    counts[-1] = [1, 3]
    assert ears(counts, weeks=[29]).alarm.tolist() == [[False, True]]
    assert ears(counts, weeks=[29], mode="reference").alarm.tolist() == [[True, True]]


def test_a_missing_week_in_the_window_is_left_out():
    counts = np.random.default_rng(4).poisson(4.0, (30, 1)).astype(float)
    counts[25] = np.nan
    counts[-1] = 50
    known = counts[[22, 23, 24, 26, 27, 28]]
    result = ears(counts, weeks=[29])
    assert result.alarm[0, 0]
    assert_allclose(result.expected, known.mean())
    package = ears(counts, weeks=[29], mode="reference")
    assert package.reason[0, 0] == "missing_counts"
    counts[23:28] = np.nan
    assert ears(counts, weeks=[29]).reason[0, 0] == "missing_counts"


def test_every_cell_has_a_result_or_a_reason():
    counts = np.zeros((12, 3))
    counts[3, 1] = -2
    result = ears(counts, variant="C3", weeks=range(12))
    assert (result.reason[:11, 0] == "insufficient_history").all()
    assert result.reason[11, 0] == "tested"
    assert (result.reason[:, 1] == "invalid_counts").all()
    package = ears(counts, variant="C3", weeks=range(12), mode="reference")
    assert package.reason[11, 0] == "zero_variance"


def test_what_cannot_be_used_is_said_in_a_sentence():
    with pytest.raises(ValueError, match="variant must be one of C1, C2, C3"):
        ears(np.ones((20, 1)), variant="C4")
    with pytest.raises(ValueError, match="baseline must be at least 2"):
        ears(np.ones((20, 1)), baseline=1)
