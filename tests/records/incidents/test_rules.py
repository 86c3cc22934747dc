"""Transitions, severity and likeness on plain values."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from itertools import product

import pytest

from qorgau.records.incidents import rules
from qorgau.records.incidents.choices import (
    IncidentState,
    ReportState,
    SeverityClass,
    severity_class_typed,
)
from qorgau.records.incidents.rules import CostThreshold, EventFacts, InjuryFacts

REPORT_STEPS = {
    ("received", "accepted"), ("received", "merged"), ("received", "closed"),
    ("closed", "received"),
}  # fmt: skip
INCIDENT_STEPS = {
    ("triaged", "under_investigation"), ("triaged", "closed"), ("triaged", "merged"),
    ("under_investigation", "awaiting_endorsement"), ("under_investigation", "merged"),
    ("awaiting_endorsement", "closed"), ("awaiting_endorsement", "under_investigation"),
    ("closed", "under_investigation"),
}  # fmt: skip


@pytest.mark.parametrize(("state", "to"), list(product(ReportState.values, repeat=2)))
def test_every_step_of_a_report_is_allowed_or_forbidden(state: str, to: str) -> None:
    assert rules.may_move_report(state, to) is ((state, to) in REPORT_STEPS)


@pytest.mark.parametrize(("state", "to"), list(product(IncidentState.values, repeat=2)))
def test_every_step_of_an_incident_is_allowed_or_forbidden(state: str, to: str) -> None:
    assert rules.may_move_incident(state, to) is ((state, to) in INCIDENT_STEPS)


# From fiscal year 2020 on.
THRESHOLDS = [
    CostThreshold("A", Decimal(2_500_000), "USD"),
    CostThreshold("B", Decimal(600_000), "USD"),
    CostThreshold("C", Decimal(60_000), "USD"),
    CostThreshold("D", Decimal(25_000), "USD"),
]
UNHURT = InjuryFacts("unknown", "unknown", 0, 0)
FATAL = replace(UNHURT, outcome="fatal")
TOTAL = replace(UNHURT, outcome="permanent_total")
PARTIAL = replace(UNHURT, outcome="permanent_partial")
AWAY = replace(UNHURT, outcome="days_away")
ONE_DAY = replace(UNHURT, days_away=1)
RESTRICTED = replace(UNHURT, outcome="restricted")
TREATED = replace(UNHURT, outcome="medical_treatment")
LIMITED = replace(UNHURT, days_limited=3)
INPATIENT = replace(UNHURT, treatment="inpatient")
OUTPATIENT = replace(UNHURT, treatment="outpatient")
FIRST_AID = InjuryFacts("first_aid", "first_aid", 0, 0)


@pytest.mark.parametrize(
    ("people", "cost", "expected"),
    [
        ([], None, ("", "none")),
        ([], 0, ("", "none")),
        ([[]], None, ("", "none")),
        ([[FATAL]], None, ("A", "injury")),
        ([[FIRST_AID], [FIRST_AID, FATAL]], None, ("A", "injury")),
        ([[TOTAL]], None, ("A", "injury")),
        ([[PARTIAL]], None, ("B", "injury")),
        # Three people admitted, not three injuries of one person admitted.
        ([[INPATIENT]] * 3, None, ("B", "injury")),
        ([[INPATIENT]] * 4, None, ("B", "injury")),
        ([[INPATIENT]] * 2, None, ("D", "injury")),
        ([[INPATIENT] * 3], None, ("D", "injury")),
        ([[INPATIENT], [INPATIENT], [INPATIENT, FIRST_AID]], None, ("B", "injury")),
        ([[AWAY]], None, ("C", "injury")),
        ([[ONE_DAY]], None, ("C", "injury")),
        ([[RESTRICTED]], None, ("D", "injury")),
        ([[TREATED]], None, ("D", "injury")),
        ([[LIMITED]], None, ("D", "injury")),
        ([[OUTPATIENT]], None, ("D", "injury")),
        ([[FIRST_AID]], None, ("E", "injury")),
        ([[UNHURT]], None, ("E", "injury")),
        ([], 2_500_000, ("A", "cost")),
        ([], "2499999.99", ("B", "cost")),
        ([], 600_000, ("B", "cost")),
        ([], 60_000, ("C", "cost")),
        ([], 25_000, ("D", "cost")),
        ([], "24999.99", ("E", "cost")),
        # The worst of the two tests.
        ([[FIRST_AID]], 2_500_000, ("A", "cost")),
        ([[FATAL]], 100, ("A", "injury")),
        ([[AWAY]], 60_000, ("C", "both")),
        ([[FIRST_AID]], 100, ("E", "both")),
    ],
)
def test_the_class_is_the_worst_of_injury_and_cost(
    people: list[list[InjuryFacts]], cost: int | str | None, expected: tuple[str, str]
) -> None:
    amount = None if cost is None else Decimal(cost)
    severity = rules.severity_of(people, amount, "USD", THRESHOLDS)
    assert (severity.severity_class, severity.basis) == expected


@pytest.mark.parametrize("currency", ["KZT", "UZS"])
def test_a_cost_in_a_currency_without_thresholds_classes_nothing_and_says_so(currency: str) -> None:
    much = Decimal(900_000_000)
    unknown = rules.severity_of([], much, currency, THRESHOLDS)
    assert (unknown.severity_class, unknown.basis) == ("", "cost_unknown_currency")
    hurt = rules.severity_of([[AWAY]], much, currency, THRESHOLDS)
    assert (hurt.severity_class, hurt.basis) == ("C", "injury")


NOON = dt.datetime(2025, 3, 1, 12, tzinfo=dt.UTC)
TOLD = EventFacts("near_miss", NOON, 1, "A lorry rolled back at the north gate", "north gate")


def test_an_account_is_most_like_itself() -> None:
    assert rules.likeness(TOLD, TOLD) == pytest.approx(1.0)


@pytest.mark.parametrize(
    "other",
    [
        replace(TOLD, occurred_at=NOON + dt.timedelta(hours=3)),
        replace(TOLD, kind="hazard"),
        replace(TOLD, kind="injury"),
        replace(TOLD, unit_id=2),
        replace(TOLD, unit_id=None),
        replace(TOLD, narrative="The lorry has rolled by the northern gate"),
    ],
)
def test_every_difference_makes_two_accounts_less_alike(other: EventFacts) -> None:
    assert rules.likeness(TOLD, other) < 1.0
    assert rules.likeness(TOLD, other) == pytest.approx(rules.likeness(other, TOLD))


@pytest.mark.parametrize(
    ("other", "is_probable"),
    [
        (replace(TOLD, kind="hazard", narrative="lorry rolled back, north gate"), True),
        (replace(TOLD, unit_id=2, occurred_at=NOON + dt.timedelta(hours=1)), True),
        (replace(TOLD, unit_id=2, kind="injury", narrative="Cut finger in the kitchen",
                 place="kitchen"), False),
        (replace(TOLD, occurred_at=NOON + dt.timedelta(hours=49)), False),
    ],
)  # fmt: skip
def test_which_pairs_are_shown_side_by_side(other: EventFacts, is_probable: bool) -> None:
    assert (rules.likeness(TOLD, other) >= rules.PROBABLE_DUPLICATE) is is_probable


def test_kinds_without_harm_are_nearer_to_each_other_than_to_an_injury() -> None:
    kinds = ("near_miss", "hazard", "dangerous_occurrence", "injury")
    alike = [rules.likeness(TOLD, replace(TOLD, kind=kind)) for kind in kinds]
    assert alike == pytest.approx([1.0, 0.95, 0.95, 0.9])


@pytest.mark.parametrize("days", [2, -2])
def test_accounts_two_days_apart_can_be_of_one_event_and_no_further(days: int) -> None:
    edge = replace(TOLD, occurred_at=NOON + dt.timedelta(days=days))
    beyond = replace(edge, occurred_at=edge.occurred_at + dt.timedelta(seconds=days))
    assert rules.likeness(TOLD, edge) == pytest.approx(0.75)
    assert rules.likeness(TOLD, beyond) == 0


def test_two_accounts_without_words_or_unit_are_not_alike_by_that() -> None:
    empty = EventFacts("injury", NOON, None, "")
    assert rules.likeness(empty, empty) == pytest.approx(0.25 + 0.1)


def test_a_number_has_its_year_and_seven_digits() -> None:
    """The running numbers of earlier registers have six, so that none is drawn again."""
    assert rules.incident_number(2025, 42) == "2025-0000042"
    assert rules.incident_number(2025, rules.NUMBERS_A_YEAR - 1) == "2025-9999999"


@pytest.mark.parametrize("typed", ["ABCDE", "abcde", "АВСDЕ", "авсdе", "АВСДЕ", "авсде"])
def test_a_class_is_known_on_any_keyboard(typed: str) -> None:
    classes = [SeverityClass.A, SeverityClass.B, SeverityClass.C, SeverityClass.D, SeverityClass.E]
    assert [severity_class_typed(f" {letter} ") for letter in typed] == classes


@pytest.mark.parametrize("typed", ["", "F", "Б", "AB", "АВ", "класс А", "0"])
def test_what_is_no_class_comes_back_as_it_was(typed: str) -> None:
    assert severity_class_typed(typed) == typed
