"""The synthetic brigade as plain values: equal from equal seeds, and plausible."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from qorgau.demonstration.brigade import (
    DEFAULT_SEED,
    Brigade,
    make_brigade,
    newest_last_day,
)
from qorgau.demonstration.establishment import (
    CHANGES,
    SPLIT_CODE,
    WEEKS,
    recruits_on,
    subtree_in_week,
    units_above,
)
from qorgau.demonstration.event_rates import HAZARDS, seasons
from qorgau.demonstration.events import end_of_entry
from qorgau.demonstration.injected_clusters import ACTION, CLUSTERS
from qorgau.demonstration.narratives import LANGUAGES, vocabulary, write_narrative
from qorgau.demonstration.postings import PEOPLE
from qorgau.demonstration.submitted_reports import REPORTS_WAITING, WAITING
from tools.messages import mixed_words

LAST_DAY = dt.date(2024, 12, 29)


@pytest.fixture(scope="module")
def brigade() -> Brigade:
    return make_brigade(DEFAULT_SEED, LAST_DAY)


def test_equal_seeds_give_equal_brigades(brigade: Brigade) -> None:
    assert make_brigade(DEFAULT_SEED, LAST_DAY) == brigade


def test_another_seed_gives_another_brigade(brigade: Brigade) -> None:
    assert make_brigade(DEFAULT_SEED + 1, LAST_DAY).incidents != brigade.incidents


def test_another_process_makes_the_same(brigade: Brigade) -> None:
    """Nothing depends on the order of sets or on the hash seed of a process."""
    script = (
        "import datetime as dt, hashlib, sys\n"
        "from qorgau.demonstration.brigade import make_brigade\n"
        f"made = make_brigade({DEFAULT_SEED}, dt.date({LAST_DAY:%Y, %-m, %-d}))\n"
        "assert 'django' not in sys.modules\n"
        "print(hashlib.sha256(repr(made).encode()).hexdigest())\n"
    )
    finished = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert finished.stdout.strip() == hashlib.sha256(repr(brigade).encode()).hexdigest()


def test_there_are_sixty_units_in_four_levels(brigade: Brigade) -> None:
    assert len(subtree_in_week("SYN", WEEKS - 1)) == 60
    levels = Counter(unit.echelon for unit in brigade.units)
    assert levels == {"brigade": 1, "battalion": 8, "company": 23, "platoon": 27}


def test_every_unit_has_a_unique_name_in_three_languages(brigade: Brigade) -> None:
    units = [*brigade.units, *(unit for change in CHANGES for unit in change.successors)]
    for language in LANGUAGES:
        names = [unit.names[language] for unit in units]
        assert all(names)
        # The platoon that was split passes its name on.
        assert len(set(names)) == len(names) - 1
    assert not mixed_words("\n".join(name for unit in units for name in unit.names.values()))


def test_a_company_moves_and_a_platoon_is_split() -> None:
    moved = next(change for change in CHANGES if change.parent_code)
    assert moved.code not in subtree_in_week("SYN-R1", moved.week - 1)
    assert moved.code in subtree_in_week("SYN-R1", moved.week)
    assert units_above(f"{moved.code}-2") == [moved.code, "SYN-R1", "SYN"]
    split = next(change for change in CHANGES if change.successors)
    assert split.code == SPLIT_CODE
    assert units_above(SPLIT_CODE) == ["SYN-R2-5", "SYN-R2", "SYN"]
    assert {unit.code for unit in split.successors} <= set(subtree_in_week("SYN-R2-5", split.week))


def test_four_thousand_people_serve_one_after_another(brigade: Brigade) -> None:
    assert len({person.code for person in brigade.people}) == PEOPLE == 4_000
    for person in brigade.people:
        for earlier, later in pairwise(person.postings):
            assert earlier.valid_until == later.valid_from
    assert 0.2 < sum(bool(person.family_name) for person in brigade.people) / PEOPLE < 0.3


def test_strength_follows_the_intakes(brigade: Brigade) -> None:
    assert recruits_on(dt.date(2024, 5, 6), LAST_DAY) > 250
    assert recruits_on(dt.date(2024, 2, 5), LAST_DAY) == 0
    reported = [row for row in brigade.strength if row.category == "conscript"]
    months = {row.valid_from: row.strength for row in reported if row.unit_code == "SYN-TRG-1"}
    assert months[dt.date(2024, 5, 1)] > 250
    assert months[dt.date(2024, 2, 1)] == 0


def test_reported_months_leave_no_day_out(brigade: Brigade) -> None:
    rows = [r for r in brigade.strength if (r.unit_code, r.category) == ("SYN-TRG-2", "sergeant")]
    assert rows[0].valid_from == brigade.first_day
    assert rows[-1].valid_until == LAST_DAY + dt.timedelta(days=1)
    assert all(a.valid_until == b.valid_from for a, b in pairwise(rows))


def test_there_are_about_three_thousand_incidents_in_the_period(brigade: Brigade) -> None:
    assert 2_700 < len(brigade.incidents) < 3_300
    for row in brigade.incidents:
        assert brigade.first_day <= row.occurred_at.date() <= LAST_DAY
        assert row.occurred_at <= row.reported_at <= row.recorded_at
        assert row.recorded_at.date() <= LAST_DAY


def test_late_reports_are_missing_in_the_newest_weeks_except_in_clusters(brigade: Brigade) -> None:
    end = end_of_entry(brigade.last_day)
    assert max(row.recorded_at for row in brigade.incidents) == end
    assert all(row.reported_at <= row.recorded_at for row in brigade.incidents)
    weeks_late = [(row.recorded_at - row.occurred_at).days // 7 for row in brigade.incidents]
    assert 0.05 < np.mean([late >= 1 for late in weeks_late]) < 0.12
    # The newest weeks contain only what was entered in time.
    newest = [
        late
        for row, late in zip(brigade.incidents, weeks_late, strict=True)
        if (brigade.last_day - row.occurred_at.date()).days < 7 and not row.duplicate_of
    ]
    assert max(newest) == 0


def test_kinds_and_outcomes_have_realistic_shares(brigade: Brigade) -> None:
    kinds = Counter(row.kind for row in brigade.incidents)
    assert kinds["injury"] > kinds["near_miss"] > kinds["dangerous_occurrence"] > 5
    outcomes = Counter(
        injury.outcome
        for row in brigade.incidents
        for person in row.involved
        for injury in person.injuries
    )
    assert outcomes["first_aid"] > outcomes["days_away"] > 100
    assert 1 <= outcomes["fatal"] <= 6


def test_cold_injuries_are_in_winter_and_heat_injuries_in_summer(brigade: Brigade) -> None:
    def share(cause: str, months: set[int]) -> float:
        rows = [row for row in brigade.incidents if row.cause == cause and not row.cluster]
        return sum(row.occurred_at.month in months for row in rows) / len(rows)

    assert share("environment.cold", {11, 12, 1, 2, 3}) > 0.9
    assert share("environment.heat", {5, 6, 7, 8, 9}) > 0.9


def test_seasons_only_shift_a_year() -> None:
    for name, factor in seasons(LAST_DAY).items():
        assert 0.75 < factor.mean() < 1.25, name


def test_injected_clusters_are_in_the_rows(brigade: Brigade) -> None:
    for expectation in brigade.expectations:
        cluster = expectation.cluster
        rows = [row for row in brigade.incidents if row.cluster == cluster.key]
        assert Counter(row.kind for row in rows) == {cluster.kind: cluster.injected}
        mondays = Counter(
            row.occurred_at.date() - dt.timedelta(days=row.occurred_at.weekday()) for row in rows
        )
        assert tuple(mondays[week] for week in expectation.weeks) == cluster.per_week
        assert all(cluster.unit_code in (r.unit_code, *units_above(r.unit_code)) for r in rows)
        assert cluster.injected > 5 * expectation.expected


def test_the_injected_action_removes_only_its_own_incidents(
    brigade: Brigade, monkeypatch: pytest.MonkeyPatch
) -> None:
    idle = replace(ACTION, share_averted=0.0)
    monkeypatch.setattr("qorgau.demonstration.brigade.ACTION", idle)
    without = make_brigade(DEFAULT_SEED, LAST_DAY)
    assert without.reports == brigade.reports
    kept = {row.key for row in brigade.incidents}
    averted = [row for row in without.incidents if row.key not in kept]
    assert [row for row in without.incidents if row.key in kept] == list(brigade.incidents)
    assert 15 < len(averted) < 40
    assert {row.kind for row in averted} == {ACTION.kind}
    assert {row.cause.partition(".")[0] for row in averted} == {ACTION.cause}
    assert all(ACTION.unit_code in (row.unit_code, *units_above(row.unit_code)) for row in averted)
    held_from = ACTION.held_from(LAST_DAY)
    assert held_from == dt.date(2024, 1, 1)
    assert all(row.occurred_at.date() >= held_from and not row.cluster for row in averted)
    told_of = {row.duplicate_of for row in brigade.incidents if row.duplicate_of}
    assert told_of <= kept
    assert {
        report.repeated_incident for report in brigade.reports if report.repeated_incident
    } <= kept


@pytest.mark.parametrize("month", range(1, 13))
def test_clusters_are_recent_whenever_the_period_ends(month: int) -> None:
    last_day = newest_last_day(dt.date(2027, month, 17))
    for cluster in CLUSTERS:
        weeks_ago = WEEKS - 1 - cluster.first_week(last_day)
        assert len(cluster.per_week) - 1 <= weeks_ago <= 70, cluster.key
    newest = [c for c in CLUSTERS if c.weeks_ago is not None and c.weeks_ago < 4]
    assert len(newest) == 2


def test_recruits_are_serving_during_the_cluster_of_their_boots() -> None:
    boots = next(cluster for cluster in CLUSTERS if cluster.key == "boots")
    for year in (2025, 2026, 2027):
        for last_day in (
            newest_last_day(dt.date(year, 2, 1)),
            newest_last_day(dt.date(year, 9, 1)),
        ):
            assert all(recruits_on(week, last_day) > 250 for week in boots.weeks(last_day))


def test_fifteen_reports_wait_two_of_them_repeated_and_one_anonymous(brigade: Brigade) -> None:
    waiting = [report for report in brigade.reports if report.fate == WAITING]
    assert len(waiting) == REPORTS_WAITING == 15
    assert sum(bool(report.repeated_incident) for report in waiting) == 2
    assert sum(report.is_anonymous for report in waiting) == 1
    assert {report.fate for report in brigade.reports} == {
        "waiting",
        "accepted",
        "merged",
        "closed",
    }


def test_every_sentence_exists_in_every_language() -> None:
    rng = np.random.default_rng(0)
    texts = []
    for hazard in HAZARDS:
        is_harm = hazard.kind in ("injury", "illness")
        for language in LANGUAGES:
            for activity in hazard.activities:
                ending = "days_away" if is_harm else hazard.kind
                narrative = write_narrative(
                    rng, cause=hazard.cause, is_harm=is_harm, ending=ending, activity=activity,
                    who="sergeant", language=language,
                )  # fmt: skip
                texts.append(narrative.narrative)
    assert not [text for text in texts if re.search(r"[{}]|\.\.|  ", text)]
    assert all(re.search(r"[.]$", text) for text in texts)


def test_no_word_of_the_narratives_mixes_alphabets() -> None:
    assert not mixed_words(repr(vocabulary()))


def test_narratives_vary(brigade: Brigade) -> None:
    assert len({row.narrative for row in brigade.incidents}) > 1_000
    shares = Counter(row.language for row in brigade.incidents)
    assert shares["kk"] > shares["ru"] > shares["en"] > 200


def test_a_last_day_that_is_not_a_sunday_is_refused() -> None:
    with pytest.raises(ValueError, match="2024-12-30 is not a Sunday"):
        make_brigade(1, dt.date(2024, 12, 30))


def test_a_negative_seed_is_refused() -> None:
    with pytest.raises(ValueError, match="The seed is -1"):
        make_brigade(-1, LAST_DAY)


@pytest.mark.parametrize("day", [dt.date(2026, 7, 5), dt.date(2026, 7, 6), dt.date(2026, 7, 11)])
def test_the_newest_week_is_complete(day: dt.date) -> None:
    last = newest_last_day(day)
    assert last.weekday() == 6
    assert 0 < (day - last).days <= 7
