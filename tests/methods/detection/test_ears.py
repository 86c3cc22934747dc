"""EARS C1 to C3 against the package, and where the package differs from its own help page."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import stats

from qorgau.methods.detection import ears
from qorgau.methods.detection.panels import cache_blocks
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


def test_c3_uses_the_current_week():
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


def test_one_case_after_a_quiet_window_is_not_an_alarm_but_a_burst_is():
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


def given(variant: str, mode: str = "corrected") -> dict:
    return {"variant": variant, "mode": mode}


@pytest.mark.parametrize("variant", ["C1", "C2", "C3"])
def test_a_population_that_never_changes_changes_nothing(variant):
    rng = np.random.default_rng(6)
    counts = rng.poisson([0.2, 3.0, 40.0, 0.0], (60, 4)).astype(float)
    counts[rng.random(counts.shape) < 0.1] = np.nan
    population = np.broadcast_to([70.0, 33.0, 1234.5, 1.0], counts.shape)
    plain, by_person = (
        ears(counts, variant=variant),
        ears(counts, variant=variant, population=population),
    )
    for name in ("expected", "upper_bound", "p_value", "score"):
        assert_allclose(getattr(by_person, name), getattr(plain, name), rtol=1e-9, err_msg=name)
    assert np.array_equal(by_person.alarm, plain.alarm)
    assert np.array_equal(by_person.reason, plain.reason)


def test_a_unit_that_doubled_does_not_alarm():
    counts = np.random.default_rng(8).poisson(100.0, (40, 200)).astype(float)
    population = np.full(counts.shape, 500.0)
    counts[-1] *= 2
    population[-1] = 1000.0
    for variant in ("C1", "C2", "C3"):
        assert ears(counts, variant=variant, weeks=[39]).alarm.mean() > 0.9
        by_person = ears(counts, variant=variant, weeks=[39], population=population)
        assert by_person.alarm.mean() < 0.15
        assert_allclose(by_person.expected, 2 * ears(counts, weeks=[39], **given(variant)).expected)


def test_by_hand_with_persons():
    counts = np.array([[2, 4, 4, 8, 5, 5, 11, 20]], dtype=float).T
    persons = np.array([[100, 100, 150, 200, 200, 150, 300, 400]], dtype=float).T
    y, n = counts[:7, 0], persons[:7, 0]
    rate = y.sum() / n.sum()
    variance = ((y - rate * n) ** 2 / n).sum() / 6
    found = ears(counts, population=persons, weeks=[7])
    assert_allclose(found.expected, 400 * rate)
    z = stats.norm.ppf(0.999)
    assert_allclose(found.upper_bound, 400 * rate + z * np.sqrt(400 * variance))
    assert_allclose(
        found.p_value, stats.norm.sf((20 - 400 * rate) / np.sqrt(400 * variance)), rtol=1e-9
    )


def test_equal_rates_have_the_deviation_of_a_poisson_count():
    persons = np.array([[70, 140, 210, 70, 140, 210, 70, 140, 70]], dtype=float).T
    found = ears(persons / 70, population=persons, weeks=[7])
    one_case = 140 / persons[:7].sum()
    assert_allclose(found.expected, 2.0)
    assert_allclose(found.upper_bound, 2 + stats.norm.ppf(0.999) * np.sqrt(2 + one_case))


def test_weeks_without_persons_are_left_out_and_named():
    counts = np.random.default_rng(4).poisson(6.0, (30, 5)).astype(float)
    population = np.full(counts.shape, 50.0)
    population[29, 0] = np.inf
    population[24, 1] = 0.0
    population[22:28, 2] = np.nan
    counts[22:28, 3] = np.nan
    result = ears(counts, population=population, weeks=[29])
    assert result.reason[0].tolist() == [
        "missing_population", "tested", "missing_population", "missing_counts", "tested",
    ]  # fmt: skip
    assert_allclose(result.expected[0, 1], counts[[22, 23, 25, 26, 27, 28], 1].mean())
    assert np.isnan(result.expected[0, [0, 2, 3]]).all()
    assert not result.alarm[0, [0, 2, 3]].any()


def test_the_package_has_no_population():
    with pytest.raises(ValueError, match="no population here; use mode 'corrected'"):
        ears(np.ones((20, 1)), mode="reference", population=np.ones((20, 1)))


@pytest.mark.parametrize("mode", ["corrected", "reference"])
@pytest.mark.parametrize("variant", ["C1", "C2", "C3"])
def test_huge_counts_are_not_lost_in_rounding(variant, mode):
    """Sums of squares would not be exact here; a window's weeks are then added one by one."""
    counts = np.random.default_rng(5).poisson(5.0, (40, 3)).astype(float)
    far = counts + 3e9
    near, distant = ears(counts, **given(variant, mode)), ears(far, **given(variant, mode))
    is_number = np.isfinite(near.upper_bound)
    assert_allclose(
        (distant.upper_bound - 3e9)[is_number], near.upper_bound[is_number], rtol=1e-4, atol=1e-5
    )


def test_weeks_in_any_order_give_what_each_gives_alone():
    counts = np.random.default_rng(5).poisson(5.0, (40, 3)).astype(float)
    weeks = [30, 4, 39, 12]
    together = ears(counts, variant="C3", weeks=weeks)
    for place, week in enumerate(weeks):
        alone = ears(counts, variant="C3", weeks=[week])
        for name in ("expected", "upper_bound", "p_value", "score", "alarm", "reason_code"):
            assert_allclose(getattr(together, name)[place], getattr(alone, name)[0])


def test_a_panel_wider_than_a_block_is_tested_throughout(monkeypatch):
    monkeypatch.setattr(cache_blocks, "NUMBERS_AT_ONCE", 60)
    monkeypatch.setattr(cache_blocks, "SERIES_AT_ONCE", 7)
    counts = np.random.default_rng(9).poisson(5.0, (60, 30)).astype(float)
    counts[9, 3] = np.nan
    counts[9, 4] = -1
    for variant in ("C1", "C3"):
        cut = ears(counts, variant=variant)
        for column in range(30):
            alone = ears(counts[:, [column]], variant=variant)
            assert_allclose(cut.upper_bound[:, column], alone.upper_bound[:, 0])
            assert np.array_equal(cut.reason[:, column], alone.reason[:, 0])


def test_every_cell_has_a_result_or_a_reason():
    counts = np.zeros((12, 3))
    counts[3, 1] = -2
    result = ears(counts, variant="C3", weeks=range(12))
    assert (result.reason[:11, 0] == "insufficient_history").all()
    assert result.reason[11, 0] == "tested"
    assert (result.reason[:, 1] == "invalid_counts").all()
    package = ears(counts, variant="C3", weeks=range(12), mode="reference")
    assert package.reason[11, 0] == "zero_variance"


def test_what_cannot_be_used_is_refused_in_a_sentence():
    with pytest.raises(ValueError, match="variant must be one of C1, C2, C3"):
        ears(np.ones((20, 1)), variant="C4")
    with pytest.raises(ValueError, match="baseline must be at least 2"):
        ears(np.ones((20, 1)), baseline=1)
