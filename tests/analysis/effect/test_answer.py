"""Whether an action worked, from the register, as a user."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from django.utils.translation import override

from qorgau.analysis.answers import QuestionError
from qorgau.analysis.effect.answer import effect_of_action
from qorgau.analysis.effect.question import EffectQuestion
from qorgau.analysis.effect.results import EffectOfAction
from qorgau.foundation import clock
from qorgau.foundation.identity.models import User
from qorgau.foundation.identity.roles import Role
from qorgau.records.people.choices import Category
from qorgau.records.people.models import Unit
from qorgau.records.people.services import (
    UnitDraft,
    create_units,
    report_strength,
    revise_unit,
)
from qorgau.records.signals.services import RiseRecord, RunRecord, record_detection_run
from tests.analysis.register_of_weeks import (
    OPENED,
    WEEK,
    happen,
    make_units,
    make_user,
    weeks_before,
)
from tests.shared_registers import shared_register

FALLS = "injury:fall"
NOW = dt.datetime(2025, 6, 2, 9, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def in_english():
    with override("en"):
        yield


@shared_register
def units() -> dict[str, Unit]:
    """Strength is known; the register begins three years before the action."""
    made = make_units()
    for code in ("B-1", "B-2"):
        serve(made[code], 500)
    happen(made["B"], weeks_before(156), kind="hazard")
    return made


@pytest.fixture
def analyst(units: dict[str, Unit]) -> User:
    return make_user("analyst", Role.ANALYST, units["B"])


def serve(unit: Unit, strength: int) -> None:
    report_strength(
        unit=unit,
        category=Category.ALL,
        valid_from=OPENED,
        valid_until=dt.date(2026, 1, 1),
        strength=strength,
        acting_user=None,
    )


def befall(unit: Unit, weekly: np.ndarray, *, until: int = 52, seed: int = 5) -> None:
    """So many falls a week on average, the last week being so many after the action."""
    counts = np.random.default_rng(seed).poisson(weekly)
    begins = WEEK + dt.timedelta(weeks=until - len(counts))
    days = [begins + dt.timedelta(weeks=week) for week in range(len(counts))]
    happen(unit, *(day for day, n in zip(days, counts, strict=True) for _ in range(n)))


def halved(before: int, after: int, weekly: float, ratio: float = 0.5) -> np.ndarray:
    return np.repeat([weekly, weekly * ratio], [before, after])


def effect_of(user: User, unit: Unit, **more: object) -> EffectOfAction:
    given = {"measure": FALLS, "held_from": WEEK, "as_of": NOW} | more
    return effect_of_action(user, EffectQuestion(unit, **given))


def keys(result: EffectOfAction) -> set[str]:
    return {caveat.key for caveat in result.caveats}


def test_a_rate_that_halved_is_found_with_what_was_averted(units, analyst):
    befall(units["B-1-1"], halved(104, 52, 3.5))
    result = effect_of(analyst, units["B-1"])
    assert result.method_key == "interrupted_series"
    assert result.estimate.verdict == "fell"
    assert result.estimate.ratio_lower < 0.5 < result.estimate.ratio_upper < 1
    assert result.before.cases == sum(p.cases for p in result.periods if not p.is_after)
    # 500 people for two years, and for one.
    assert result.before.exposure == pytest.approx(500 * 104 * 7 / 365.25)
    assert result.after.rate == pytest.approx(1000 * result.after.cases / (500 * 364 / 365.25))
    assert result.estimate.expected == pytest.approx(result.after.cases / result.estimate.ratio)
    assert result.estimate.averted == pytest.approx(result.estimate.expected - result.after.cases)
    assert result.rate_without == pytest.approx(result.after.rate / result.estimate.ratio)
    assert result.estimate.averted_lower > 0
    assert result.sentence.startswith("Unit B-1, “Injury: Fall” since 06 May 2024: ")
    assert "The rate fell by" in result.sentence
    assert (result.provenance.first_day, result.provenance.last_day) == (
        weeks_before(104),
        WEEK + dt.timedelta(363),
    )


def test_without_an_effect_the_limits_hold_one_and_it_says_so(units, analyst):
    befall(units["B-1"], halved(104, 52, 1.5, ratio=1.0))
    result = effect_of(analyst, units["B-1"])
    assert result.estimate.verdict == "open"
    assert result.estimate.ratio_lower < 1 < result.estimate.ratio_upper
    assert result.estimate.averted_lower < 0 < result.estimate.averted_upper
    assert "This may be chance" in result.sentence


def test_a_rate_that_doubled_is_reported_as_a_rise(units, analyst):
    befall(units["B-1"], halved(104, 52, 1.5, ratio=2.5))
    result = effect_of(analyst, units["B-1"])
    assert result.estimate.verdict == "rose"
    assert "has not lowered it" in result.sentence


def test_few_cases_are_compared_exactly_in_the_same_season(units, analyst):
    befall(units["B-1"], halved(104, 20, 0.4, ratio=0.2), until=20)
    result = effect_of(analyst, units["B-1"], weeks_after=20)
    assert result.method_key == "before_after"
    compared = [p for p in result.periods if p.is_used and not p.is_after]
    assert [p.starts_on for p in compared] == [
        WEEK + dt.timedelta(weeks=4 * n) for n in (*range(-26, -21), *range(-13, -8))
    ]
    assert result.before.cases == sum(p.cases for p in compared)
    assert {"same_season", "few_cases", "chance_alone", "same_time"} <= keys(result)
    assert result.estimate.own_weight == 1


def test_a_peak_before_it_is_named_and_left_out(units, analyst):
    """Nothing changed but that the action followed a bad month."""
    steady = halved(104, 52, 1.0, ratio=1.0)
    steady[100:104] = 6.0
    befall(units["B-1"], steady)
    result = effect_of(analyst, units["B-1"])
    assert (result.peak.weeks, result.peak.is_signal) == (4, False)
    assert result.peak.cases > 2 * result.peak.expected
    assert "peak_before" in keys(result)
    assert result.estimate.verdict == "open"
    assert result.before.cases < 104 * 1.3
    assert [p.is_used for p in result.periods if not p.is_after] == [True] * 25 + [False]


def test_uncorrected_the_same_peak_would_have_looked_like_an_effect(units, analyst):
    steady = halved(52, 24, 0.4, ratio=1.0)
    steady[44:52] = 2.5
    befall(units["B-1"], steady, until=24)
    for code in ("B-1-1", "B-2"):
        befall(units[code], halved(52, 24, 0.3, ratio=1.0), until=24, seed=3)
    plain = effect_of(analyst, units["B-1"], weeks_before=52, weeks_after=24)
    assert plain.peak is not None
    raw = sum(p.cases for p in plain.periods if not p.is_after) / 52 * 24
    assert plain.estimate.expected < 0.75 * raw
    assert plain.estimate.verdict == "open"


def test_a_signal_of_the_series_names_the_peak(units, analyst):
    befall(units["B-1"], halved(104, 52, 1.0, ratio=1.0))
    rise = RiseRecord(units["B-1"].pk, FALLS, 9, 1.0, 4.0, 0.001, 2.0)
    run = RunRecord(units["B"], weeks_before(6), NOW, "farrington_flexible", "1", 10, 0)
    record_detection_run(record=run, rises=[rise], acting_user=None)
    result = effect_of(analyst, units["B-1"])
    assert result.peak.is_signal
    assert result.peak.first_day == weeks_before(6)
    peak = next(caveat for caveat in result.caveats if caveat.key == "peak_before")
    assert peak.sentence.startswith("The action followed a signal")


def test_units_beside_it_show_how_much_of_a_peak_was_chance(db):
    """A company chosen because of its peak; what is expected is drawn to the others'."""
    made = make_units(more=[(f"B-1-{n}", "B-1") for n in range(2, 7)])
    happen(made["B"], weeks_before(156), kind="hazard")
    for code in ("B-1-1", *(f"B-1-{n}" for n in range(2, 7))):
        serve(made[code], 100)
        befall(made[code], halved(104, 24, 0.1, ratio=1.0), until=24, seed=len(code) * 5)
    happen(made["B-1-1"], weeks_before(1), number=4)
    analyst = make_user("analyst", Role.ANALYST, made["B"])
    result = effect_of(analyst, made["B-1-1"], weeks_after=24)
    assert result.peak is not None
    assert result.estimate.comparable_units == 5
    assert 0 < result.estimate.own_weight < 1
    assert "drawn_to_comparable" in keys(result)


def test_a_unit_without_the_action_takes_out_what_moved_both(units, analyst):
    """Everything halved everywhere: a new way of reporting, no effect."""
    befall(units["B-1"], halved(104, 52, 2.5))
    befall(units["B-2"], halved(104, 52, 3.0), seed=8)
    alone = effect_of(analyst, units["B-1"])
    beside = effect_of(analyst, units["B-1"], compared_with=units["B-2"])
    assert alone.estimate.verdict == "fell"
    assert beside.method_key == "compared_series"
    assert beside.estimate.verdict == "open"
    assert beside.compared_name == "Unit B-2"
    assert "comparison_assumes" in keys(beside)
    assert sum(p.compared_cases for p in beside.periods) > 100


def test_a_comparison_with_too_few_cases_is_left_out_and_named(units, analyst):
    befall(units["B-1"], halved(104, 52, 1.5))
    result = effect_of(analyst, units["B-1"], compared_with=units["B-2"])
    assert result.method_key == "interrupted_series"
    assert "comparison_unused" in keys(result)


def test_a_unit_that_moved_between_the_two_is_named(units, analyst):
    revise_unit(unit=units["B-1-1"], parent=units["B-2"], on=weeks_before(30), acting_user=None)
    befall(units["B-1"], halved(104, 52, 1.5))
    befall(units["B-2"], halved(104, 52, 1.5), seed=8)
    assert "units_moved" in keys(effect_of(analyst, units["B-1"], compared_with=units["B-2"]))


def test_without_strength_counts_alone_are_compared(db):
    made = make_units()
    befall(made["B-1"], halved(104, 52, 1.5))
    result = effect_of(make_user("analyst", Role.ANALYST, made["B"]), made["B-1"])
    assert "counts_alone" in keys(result)
    assert (result.denominator_key, result.denominator_label) == ("per_week", "a week")
    assert result.before.rate == pytest.approx(result.before.cases / 104, rel=0.05)


def test_nothing_before_leaves_nothing_to_fall(units, analyst):
    happen(units["B-1"], WEEK)
    result = effect_of(analyst, units["B-1"])
    assert result.estimate.verdict == "nothing_before"
    assert result.estimate.ratio is None
    assert result.estimate.averted is None
    assert "a fall cannot be measured" in result.sentence


def test_none_after_is_a_fall_to_nothing(units, analyst):
    befall(units["B-1"], halved(104, 52, 0.5, ratio=0.0))
    result = effect_of(analyst, units["B-1"])
    assert (result.method_key, result.estimate.verdict, result.estimate.ratio) == (
        "before_after",
        "fell",
        0,
    )
    assert "fell by 100%" in result.sentence


def test_weeks_that_are_not_over_do_not_count_and_new_ones_are_warned_of(units, analyst):
    befall(units["B-1"], halved(104, 5, 4.0), until=5)
    late = dt.datetime.combine(WEEK + dt.timedelta(days=40), dt.time(9), tzinfo=dt.UTC)
    result = effect_of(analyst, units["B-1"], as_of=late)
    assert (result.weeks_after, result.weeks_per_period) == (5, 1)
    assert {"early", "reports_come_late"} <= keys(result)


@pytest.mark.parametrize(("days_since", "is_warned_of"), [(27, True), (28, False)])
def test_late_reports_are_expected_for_four_weeks(units, analyst, days_since, is_warned_of):
    befall(units["B-1"], halved(104, 10, 4.0), until=10)
    day = WEEK + dt.timedelta(weeks=10, days=days_since)
    moment = dt.datetime.combine(day, dt.time(9), tzinfo=dt.UTC)
    result = effect_of(analyst, units["B-1"], as_of=moment, weeks_after=10)
    assert ("reports_come_late" in keys(result)) is is_warned_of


def test_weeks_before_a_unit_was_opened_do_not_count(units, analyst):
    befall(units["B-1"], halved(104, 52, 1.5))
    (opened_late,) = create_units(
        organisation=units["B"].organisation,
        drafts=[UnitDraft("B-3", weeks_before(60), {"en": "Late"}, "B")],
        acting_user=None,
    )
    befall(opened_late, halved(60, 52, 4.0))
    assert effect_of(analyst, opened_late).weeks_before == 60
    both = effect_of(analyst, units["B-1"], compared_with=opened_late)
    assert both.weeks_before == 60
    assert effect_of(analyst, units["B-1"]).weeks_before == 104


def test_weeks_that_have_not_come_are_not_a_fall(units, analyst):
    """A moment in the future knows no more than now."""
    held_from = clock.today() - dt.timedelta(weeks=60)
    befall(units["B-1"], np.full(104, 1.0), until=(held_from - WEEK).days // 7)
    question_now = {"held_from": held_from, "weeks_after": 520}
    now = effect_of(analyst, units["B-1"], as_of=None, **question_now)
    future = clock.now() + dt.timedelta(weeks=500)
    late = effect_of(analyst, units["B-1"], as_of=future, **question_now)
    assert now.weeks_after == 60
    assert (late.provenance.last_day, late.after) == (now.provenance.last_day, now.after)
    assert late.provenance.as_of <= clock.now()


def test_as_of_a_past_moment_later_records_do_not_count(units, analyst):
    befall(units["B-1"], halved(104, 52, 1.5))
    happen(units["B-1"], weeks_before(9), number=30, recorded_on=dt.date(2025, 7, 1))
    now = effect_of(analyst, units["B-1"], as_of=dt.datetime(2025, 7, 2, tzinfo=dt.UTC))
    then = effect_of(analyst, units["B-1"])
    cases = [sum(p.cases for p in one.periods) for one in (then, now)]
    assert cases[1] == cases[0] + 30


def test_it_carries_its_question_and_its_method(units, analyst):
    befall(units["B-1"], halved(104, 52, 1.5))
    result = effect_of(analyst, units["B-1"])
    assert result.provenance.inputs["unit"] == "B-1"
    assert result.provenance.inputs["measure"] == FALLS
    assert result.provenance.inputs["compared_with"] == "none"
    assert result.provenance.method.startswith("interrupted series")
    assert result.why.startswith("There are enough periods and incidents")
    assert result.provenance.as_of == NOW
    assert not result.provenance.is_synthetic


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"measure": "injury:fate"}, "“injury:fate” cannot be counted"),
        ({"held_from": dt.date(2025, 5, 30)}, "Less than one whole week has passed"),
        ({"held_from": dt.date(2031, 1, 1)}, "Less than one whole week has passed"),
        ({"held_from": dt.date(1900, 1, 1)}, "The register begins on"),
        ({"held_from": dt.date(1, 1, 1)}, "The register begins on"),
        ({"weeks_before": 0}, "Choose from 1 to 520 weeks"),
        ({"weeks_after": 9999}, "Choose from 1 to 520 weeks"),
        ({"compared_with": "B-1-1"}, "B-1 and B-1-1 overlap"),
        ({"compared_with": "B"}, "B-1 and B overlap"),
        ({"compared_with": "B-1"}, "B-1 and B-1 overlap"),
    ],
)
def test_what_has_no_answer_is_refused_in_a_sentence(units, analyst, changed, sentence):
    if "compared_with" in changed:
        changed = changed | {"compared_with": units[changed["compared_with"]]}
    with pytest.raises(QuestionError, match=sentence):
        effect_of(analyst, units["B-1"], **changed)


def test_four_weeks_before_the_action_are_the_fewest(units, analyst):
    assert effect_of(analyst, units["B-1"], held_from=weeks_before(152)).weeks_before == 4
    with pytest.raises(QuestionError, match="at least 4 whole weeks"):
        effect_of(analyst, units["B-1"], held_from=weeks_before(153))


def test_a_unit_is_refused_whose_rates_the_reader_may_not_see(units, analyst):
    narrow = make_user("officer", Role.SAFETY_OFFICER, units["B-1"])
    befall(units["B-1"], halved(104, 52, 1.5))
    assert effect_of(narrow, units["B-1"]).estimate.verdict
    for changed in ({"unit": units["B"]}, {"unit": units["B-1"], "compared_with": units["B-2"]}):
        with pytest.raises(QuestionError, match="does not let you see rates"):
            effect_of(narrow, **changed)
    with pytest.raises(QuestionError):
        effect_of(make_user("duty", Role.DUTY_OFFICER, units["B"]), units["B-1"])


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_the_answer_is_in_the_language_of_the_reader(units, analyst, language):
    befall(units["B-1"], halved(104, 52, 1.5))
    english = effect_of(analyst, units["B-1"])
    with override(language):
        translated = effect_of(analyst, units["B-1"])
    assert translated.sentence != english.sentence
    assert translated.estimate.ratio == english.estimate.ratio
    pairs = zip(translated.caveats, english.caveats, strict=True)
    assert all(one.sentence != other.sentence for one, other in pairs)
