"""The share of injuries reported, where a register and a medical one overlap by known numbers."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from django.utils.translation import override

from qorgau.analysis.answers import QuestionError
from qorgau.analysis.under_reporting.answer import under_reporting
from qorgau.analysis.under_reporting.linked_injuries import MedicalRegister
from qorgau.analysis.under_reporting.question import UnderReportingQuestion
from qorgau.analysis.under_reporting.words import headline
from qorgau.exchange.formats.linkage_keys import Case, checked_secret, tokens_under
from qorgau.foundation.identity.roles import Role
from qorgau.foundation.journal.models import JournalEntry
from qorgau.methods.ascertainment import two_registers
from qorgau.records.incidents.services import record_incidents
from tests.linked_registers import (
    FIRST_DAY,
    LAST_DAY,
    OVERLAPS,
    SECRET,
    MedicalInjury,
    injury_of,
    record_overlap,
)

TOKEN_OF = tokens_under(checked_secret(SECRET))


@pytest.fixture(autouse=True)
def in_english():
    with override("en"):
        yield


@pytest.fixture
def medical(world):
    return record_overlap(world)


def asked(world, medical, *, role=Role.MEDICAL_OFFICER, has_units=True, token_of=TOKEN_OF, **other):
    cases = [Case(TOKEN_OF(row.code), row.day, row.unit) for row in medical]
    question = UnderReportingQuestion(world.battalion, FIRST_DAY, LAST_DAY)
    return under_reporting(
        world.inside[role], replace(question, **other), MedicalRegister(cases, token_of, has_units)
    )


def keys_of(result):
    return {caveat.key for caveat in result.caveats}


def test_the_figures_are_those_of_the_known_overlap(world, medical):
    result = asked(world, medical)
    assert (result.overall.both, result.overall.first, result.overall.second) == (21, 33, 39)
    expected = two_registers(33, 39, 21)
    assert result.overall.total == pytest.approx(float(expected.total))
    assert result.overall.first_share_lower == pytest.approx(float(expected.first_share_lower))
    first, second = result.units
    assert (first.code, first.name) == ("BDE-1-1", "Unit BDE-1-1")
    assert (first.figure.both, first.figure.first, first.figure.second) == (12, 19, 20)
    assert (second.figure.both, second.figure.first, second.figure.second) == (9, 14, 19)
    assert result.elsewhere is None
    assert headline(result.overall).startswith(
        "Estimated number of injuries: 61 (95% confidence interval "
    )
    assert "The safety register has 54%" in headline(result.overall)


def test_the_result_carries_what_it_was_made_of(world, medical):
    result = asked(world, medical)
    assert (result.provenance.first_day, result.provenance.last_day) == (FIRST_DAY, LAST_DAY)
    assert result.provenance.inputs["unit"] == "BDE-1"
    assert result.provenance.inputs["medical_cases"] == str(len(medical))
    assert "Chapman" in result.provenance.method
    assert "linkage" in result.provenance.method
    assert keys_of(result) == {"exact_counts", "independence", "same_people", "linkage"}
    assert not result.provenance.is_synthetic


def test_the_question_needs_medical_detail_of_the_unit(world, medical):
    for role in set(Role) - {Role.MEDICAL_OFFICER}:
        with pytest.raises(QuestionError, match="medical detail"):
            asked(world, medical, role=role)
    with pytest.raises(QuestionError, match="medical detail"):
        asked(world, medical, unit=world.other_battalion)
    assert not JournalEntry.objects.filter(action="incidents.linked_with_register").exists()


def test_the_journal_notes_the_user_and_nothing_of_the_other_register(world, medical):
    asked(world, medical)
    entry = JournalEntry.objects.get(action="incidents.linked_with_register")
    assert entry.actor == str(world.inside[Role.MEDICAL_OFFICER].uuid)
    assert entry.subject_uuid == world.battalion.uuid
    assert entry.details == '{"from":"2024-01-01","to":"2024-12-31"}'


def test_a_question_that_ends_in_a_refusal_is_journalled_too(world, medical):
    other = tokens_under(checked_secret("another secret of the other side"))
    with pytest.raises(QuestionError, match="no person in common"):
        asked(world, medical, token_of=other)
    assert JournalEntry.objects.filter(action="incidents.linked_with_register").count() == 1


@pytest.mark.parametrize(
    ("other", "words"),
    [
        ({"first_day": LAST_DAY, "last_day": FIRST_DAY}, "ends before it begins"),
        ({"first_day": dt.date(2200, 1, 1), "last_day": dt.date(2200, 2, 1)}, "has not begun"),
        (
            {"first_day": dt.date(2023, 1, 1), "last_day": dt.date(2023, 2, 1)},
            "has no injured person",
        ),
    ],
)
def test_a_period_without_an_answer_says_why(world, medical, other, words):
    with pytest.raises(QuestionError, match=words):
        asked(world, medical, **other)


def test_the_first_day_of_all_is_a_day(world, medical):
    with pytest.raises(QuestionError, match="the first year can be 1974 at the earliest"):
        asked(world, medical, first_day=dt.date.min)
    with pytest.raises(QuestionError, match="has no injured person with a code"):
        asked(world, medical, first_day=dt.date.min, last_day=dt.date(9, 12, 31))


def test_a_file_of_another_year_says_so(world, medical):
    later = [row._replace(day=row.day + dt.timedelta(days=3 * 365)) for row in medical]
    with pytest.raises(QuestionError, match="No row of the file is from this period"):
        asked(world, later)


def test_a_file_of_visits_says_so(world, medical):
    visits = [MedicalInjury("P-1", FIRST_DAY + dt.timedelta(days=n), "BDE-1-1") for n in range(350)]
    with pytest.raises(QuestionError, match="Each row of the file must be one injury"):
        asked(world, [*medical, *visits])


def test_days_further_apart_than_the_tolerance_are_two_injuries(world, medical):
    exact = asked(world, medical, tolerance_days=0)
    # A third of those in both were seen on the day itself.
    assert exact.overall.both == 7
    assert exact.overall.total > asked(world, medical).overall.total


def test_an_injury_at_the_edge_of_the_period_is_linked_across_it(world, medical):
    """Hurt on the last day, seen after it: linked; hurt before the first, seen within: left out."""
    from_day = dt.date(2024, 2, 1)
    result = asked(world, medical, last_day=dt.date(2024, 2, 8))
    assert result.overall.withheld == "few_links"
    both = [row for row in medical if row.unit == "BDE-1-1"][1]
    assert both.day == dt.date(2024, 2, 9)
    # The period from the second on holds one injury less of each company, and no stray half of one.
    later = asked(world, medical, first_day=from_day + dt.timedelta(days=1)).overall
    whole = asked(world, medical).overall
    assert (later.both, later.second) == (whole.both - 2, whole.second - 2)


def test_people_without_a_code_are_left_out_and_counted(world, medical):
    day = dt.datetime(2024, 3, 3, tzinfo=dt.UTC).date()
    record_incidents(drafts=[injury_of(world.company, day, None)] * 5, acting_user=None)
    result = asked(world, medical)
    assert result.overall.first == 33
    (told,) = [c.sentence for c in result.caveats if c.key == "without_code"]
    assert told.startswith("5 injured people have no code")
    # 38 of an estimated 60.8.
    assert "the share would be 62%" in told


def test_rows_of_other_units_are_left_out_and_counted(world, medical):
    more = [
        MedicalInjury("X-1", dt.date(2024, 6, 1), "BDE-2"),
        MedicalInjury("X-2", dt.date(2024, 6, 1), "ZZZ"),
    ]
    result = asked(world, [*medical, *more])
    assert result.overall.second == 39
    (told,) = [c.sentence for c in result.caveats if c.key == "left_out"]
    assert told.startswith("2 rows of the file belong to other units")
    assert "BDE-2" in told
    assert "ZZZ" in told


def test_without_units_in_the_file_there_is_one_figure(world, medical):
    bare = [row._replace(unit="") for row in medical]
    result = asked(world, bare, has_units=False)
    assert result.overall == asked(world, medical).overall
    assert (result.units, result.elsewhere) == ((), None)
    assert "no_units" in keys_of(result)


def test_a_small_unit_is_withheld_and_another_with_it(world, medical):
    rows = [row for row in medical if row.unit == "BDE-1-1" or row.code >= "BDE-1-2/14"]
    result = asked(world, rows)
    assert [unit.figure.withheld for unit in result.units] == ["protects_another", "few_links"]
    assert result.overall.both == 12


def test_what_was_recorded_later_is_not_in_an_older_state(world, medical):
    with pytest.raises(QuestionError, match="has no injured person"):
        asked(world, medical, as_of=dt.datetime(2024, 12, 31, 12, tzinfo=dt.UTC))


def test_a_register_made_from_the_other_is_noticed(world, medical):
    """The medical side sends those that safety reported: independence is not to be had."""
    both = [row for row in medical if int(row.code[-2:]) < OVERLAPS[row.unit][0]]
    result = asked(world, both)
    assert result.overall.second == result.overall.both
    assert "nested" in keys_of(result)
    assert "nested" not in keys_of(asked(world, medical))
