"""Every method gives a reason for bad series, and tests the others."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from qorgau.methods.detection import (
    DetectionResult,
    cusum,
    ears,
    farrington,
    farrington_flexible,
)

WEEKS = 300
Run = Callable[..., DetectionResult]
METHODS: dict[str, Run] = {
    "ears": ears,
    "cusum": cusum,
    "farrington": farrington,
    "farrington_flexible": farrington_flexible,
}
HAVE_REFERENCE_POPULATION = ("farrington", "farrington_flexible")
both_modes = pytest.mark.parametrize("mode", ["corrected", "reference"])
every_method = pytest.mark.parametrize("method", METHODS)


def good_counts(series: int) -> np.ndarray:
    return np.random.default_rng(11).poisson(6.0, (WEEKS, series)).astype(float)


@every_method
@both_modes
def test_bad_series_are_marked_and_the_others_tested(method, mode):
    counts = good_counts(7)
    counts[5, 1] = -3
    counts[6, 2] = 1.5
    counts[7, 3] = np.inf
    counts[:, 4] = np.nan
    counts[-1, 5] = np.nan
    result = METHODS[method](counts, mode=mode, weeks=[WEEKS - 1])
    good = METHODS[method](good_counts(7), mode=mode, weeks=[WEEKS - 1])
    assert result.reason[0, 1:4].tolist() == ["invalid_counts"] * 3
    assert result.reason[0, 5] == "missing_counts"
    assert result.reason[0, 4] in ("missing_counts", "insufficient_history", "not_converged")
    for column in (0, 6):
        assert result.reason[0, column] == "tested"
        assert result.upper_bound[0, column] == pytest.approx(good.upper_bound[0, column])
    assert not result.alarm[0, 1:6].any()
    assert np.isnan(result.upper_bound[0, 1:5]).all()


@pytest.mark.parametrize("wrong", [1e-300, -1e-300, 3 + 1e-12, -0.5, -1.0, np.inf, -np.inf])
def test_even_a_slightly_wrong_count_is_found(wrong):
    counts = good_counts(4)
    counts[17, 2] = wrong
    counts[18, 3] = -0.0
    counts[19, 3] = 2.0**53
    reasons = ears(counts, weeks=[WEEKS - 1]).reason[0].tolist()
    assert reasons == ["tested", "tested", "invalid_counts", "tested"]


@pytest.mark.parametrize(("method", "absent"), [("ears", "dispersion"), ("cusum", "p_value")])
def test_what_a_method_does_not_have_is_nan_and_takes_no_memory(method, absent):
    array = getattr(METHODS[method](good_counts(3)), absent)
    assert array.shape == METHODS[method](good_counts(3)).alarm.shape
    assert np.isnan(array).all()
    assert not array.flags.writeable
    assert array.strides == (0, 0)


@every_method
@both_modes
def test_bad_populations_are_marked_and_the_others_tested(method, mode):
    if mode == "reference" and method not in HAVE_REFERENCE_POPULATION:
        with pytest.raises(ValueError, match="R's package takes no population here"):
            METHODS[method](good_counts(1), mode=mode, population=np.ones((WEEKS, 1)))
        return
    counts = good_counts(6)
    population = np.full(counts.shape, 120.0)
    population[-1, :4] = [0.0, np.inf, np.nan, -5.0]
    population[:, 4] = np.nan
    result = METHODS[method](counts, mode=mode, population=population, weeks=[WEEKS - 1])
    assert result.reason[0].tolist() == ["missing_population"] * 5 + ["tested"]
    assert not result.alarm[0, :5].any()
    assert np.isfinite(result.upper_bound[0, 5])


@every_method
@both_modes
def test_a_panel_of_one_week_ends_with_a_reason(method, mode):
    result = METHODS[method](np.ones((1, 3)), mode=mode)
    assert result.reason.tolist() == [["insufficient_history"] * 3]
    assert not result.alarm.any()
    assert not result.is_tested.any()


@every_method
@both_modes
def test_no_series_and_no_weeks_give_an_empty_result(method, mode):
    assert METHODS[method](np.ones((WEEKS, 0)), mode=mode).reason.shape[1] == 0
    assert METHODS[method](good_counts(2), mode=mode, weeks=[]).alarm.shape == (0, 2)


@every_method
@both_modes
def test_whole_numbers_and_any_layout_give_the_same(method, mode):
    counts = good_counts(12)
    weeks = [WEEKS - 2, WEEKS - 1]
    expected = METHODS[method](counts[:, ::3].copy(), mode=mode, weeks=weeks)
    wide = np.repeat(counts, 2, axis=0)[::2, ::3]
    for given in (counts[:, ::3], wide, np.asfortranarray(counts[:, ::3])):
        for kind in (np.float64, np.int32):
            result = METHODS[method](given.astype(kind, copy=False), mode=mode, weeks=weeks)
            assert_array_equal(result.upper_bound, expected.upper_bound)
            assert_array_equal(result.alarm, expected.alarm)
    assert_array_equal(counts, good_counts(12))


@every_method
@both_modes
def test_what_is_not_a_panel_is_refused_in_a_sentence(method, mode):
    for wrong in (np.ones(20), np.ones((0, 3)), np.ones((2, 2, 2))):
        with pytest.raises(ValueError, match="one row per week and one column per series"):
            METHODS[method](wrong, mode=mode)
    with pytest.raises(ValueError, match="Weeks to test must be between 0 and 19"):
        METHODS[method](np.ones((20, 2)), mode=mode, weeks=[20])
