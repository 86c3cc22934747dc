"""The attack: learn from counts what happened to somebody whose incident one may not open.

The register is planned more finely than anybody should plan, so that much is told. Readers are a
planner, who may open nothing, and a commander and an auditor, who may open what is plain.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from itertools import combinations_with_replacement

import pytest
from django.db import transaction

from qorgau.analysis.disclosure.publishing import publish_due
from qorgau.analysis.signals.question import SignalQuestion
from qorgau.foundation import clock
from qorgau.foundation.identity.roles import Role
from qorgau.jobs.detection import run_detection
from qorgau.web.journal import pages as journal_pages
from tests.analysis.disclosure.conftest import PUBLISHED, Brigade
from tests.how_long import how_many
from tests.security.attacked_register import (
    ALL_RESTATED,
    Happened,
    keep,
    make_restated,
    make_unpublished,
    what_happened,
)
from tests.security.commands import FOR_OPERATORS, READS, WITHOUT_REGISTER, every_command
from tests.security.crawling import Answers, everything, what_differs
from tests.security.linear_attack import HALVES, KINDS, UNITS, Asked, Attacker
from tests.security.twins import (
    Twins,
    added,
    made_confidential,
    moved,
    recorded_apart,
    recorded_late,
)
from tests.shared_registers import shared_register

pytestmark = pytest.mark.django_db

restated = shared_register(make_restated)
unpublished = shared_register(make_unpublished)
OPENS = {Role.PLANNER: (), Role.COMMANDER: ("plain",), Role.AUDITOR: ("plain",)}
CAUSES = ("", "fall", "transport", "exertion", "exertion.running")
# While boxes are being published, when all of them are, while they are being restated, and now.
MOMENTS = (
    dt.datetime(2024, 7, 1, 12, tzinfo=dt.UTC),
    PUBLISHED,
    dt.datetime(2025, 8, 1, 12, tzinfo=dt.UTC),
    None,
)


@pytest.fixture
def long_after(monkeypatch: pytest.MonkeyPatch) -> None:
    """The day on which everything has been restated."""
    at_moment(monkeypatch, ALL_RESTATED)


@pytest.fixture
def at_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """The day on which everything of the year has been published; the journal is one page."""
    at_moment(monkeypatch, PUBLISHED)
    monkeypatch.setattr(journal_pages, "ROWS_PER_PAGE", 10_000)


def at_moment(monkeypatch: pytest.MonkeyPatch, moment: dt.datetime) -> None:
    monkeypatch.setattr(clock, "now", lambda: moment)
    monkeypatch.setattr(clock, "today", moment.date)


def questions(share: int, *, moments: tuple[dt.datetime | None, ...] = MOMENTS) -> list[Asked]:
    """Some of all questions about units, kinds, causes, half months and moments."""
    every = [
        Asked(unit, first, last, kinds, cause, as_of)
        for unit in UNITS
        for first, last in combinations_with_replacement(range(HALVES), 2)
        for kinds in (("injury",), ("illness",), KINDS)
        for cause in CAUSES
        for as_of in moments
        if Asked(unit, first, last, kinds, cause, as_of).is_possible
    ]
    whole = [Asked(unit, 0, HALVES - 1, KINDS) for unit in UNITS[: how_many(3, 9)]]
    return whole + random.Random(3).sample(every, share)


@pytest.mark.one_database
def test_the_attack_finds_what_exact_counts_tell(restated: Brigade, long_after: None) -> None:
    """It is worth something: from the answers to an analyst it follows where incidents were."""
    attacker = Attacker(opens=(), incidents=what_happened(), is_told_exactly=True)
    attacker.ask(restated.readers[Role.ANALYST], questions(how_many(3, 300), moments=(None,)))
    assert attacker.holds()
    regions = attacker.regions_with_few()
    assert any(attacker.proves(regions[:10]))


@pytest.mark.one_database
@pytest.mark.parametrize("role", [*OPENS][: how_many(2, 3)])
def test_linear_attack(role: Role, restated: Brigade, long_after: None) -> None:
    """No region with one to four protected incidents is proved to hold any, nor any late ones."""
    attacker = Attacker(opens=OPENS[role], incidents=what_happened())
    attacker.ask(restated.readers[role], questions(how_many(6, 600)))
    assert attacker.holds()
    assert attacker.most_told() >= 5, "something is told"
    regions = attacker.regions_with_few()
    chosen = random.Random(5).sample(regions, min(how_many(40, 1_000), len(regions)))
    assert chosen
    assert attacker.proves(chosen) == [0] * len(chosen)


def told_of(brigade: Brigade, role: Role, happened: tuple[Happened, ...], asked: list) -> Answers:
    """Everything that a reader gets of the register with these incidents; they are undone."""
    with transaction.atomic():
        keep(brigade, happened)
        publish_due(clock.now())
        week = SignalQuestion(brigade.units["B"], dt.date(2024, 12, 29))
        run_detection(question=week, reader=brigade.readers[Role.ANALYST], acting_user=None)
        found = everything(brigade.readers[role], asked, most_pages=how_many(8, 400))
        transaction.set_rollback(True)
    return found


def questions_about(twins: Twins) -> list[dict[str, str]]:
    """The year, and for both twins the unit, the day, the kind and the cause."""
    year = {"since": "2024-01-01", "until": "2024-12-31"}
    asked = [{"unit": unit, **year} for unit in how_many(UNITS[:1], UNITS)]
    for one in (*twins.one, *twins.other)[: how_many(1, 9)]:
        day = one.day.isoformat()
        narrow = {"unit": one.unit, "since": day, "until": day}
        asked.append(narrow | {"kind": one.kind, "cause": one.cause})
        asked += [narrow | {"kind": one.kind}] * how_many(0, 1)
        action = {"unit": one.unit, "kind": one.kind, "cause": one.cause, "since": "2024-09-02"}
        asked.append(action)
    if twins.as_of is not None:
        moment = {"as_of": twins.as_of.isoformat()}
        asked = [one | moment for one in asked if one.get("since", "") <= moment["as_of"][:10]]
    return asked


# What is protected from each reader; the first ones are tried in every run.
TWINS = [
    (Role.COMMANDER, "medical", moved),
    (Role.PLANNER, "plain", added),
    (Role.AUDITOR, "identity", moved),
    (Role.COMMANDER, "medical", recorded_late),
    (Role.PLANNER, "plain", recorded_apart),
    (Role.COMMANDER, "identity", recorded_apart),
    (Role.PLANNER, "identity", recorded_late),
    (Role.COMMANDER, "medical", made_confidential),
    (Role.AUDITOR, "identity", made_confidential),
    (Role.AUDITOR, "medical", added),
    (Role.COMMANDER, "medical", added),
    (Role.COMMANDER, "identity", moved),
    (Role.COMMANDER, "identity", added),
    (Role.AUDITOR, "medical", moved),
    (Role.PLANNER, "plain", moved),
    (Role.PLANNER, "identity", added),
    (Role.PLANNER, "medical", moved),
]


@pytest.mark.parametrize(("role", "confidentiality", "twins_of"), TWINS[: how_many(1, 99)])
def test_twin_registers(
    role: Role,
    confidentiality: str,
    twins_of: Callable[[str], Twins],
    unpublished: Brigade,
    at_the_end: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What differs in an incident that a reader may not open is the same to him, byte by byte."""
    twins = twins_of(confidentiality)
    if twins.as_of is not None and twins.as_of > PUBLISHED:
        at_moment(monkeypatch, ALL_RESTATED)
    asked = questions_about(twins)
    one = told_of(unpublished, role, twins.one, asked)
    other = told_of(unpublished, role, twins.other, asked)
    assert what_differs(one, other) == []


@pytest.mark.only_long
def test_twins_differ_to_who_may_see_exact_counts(unpublished: Brigade, at_the_end: None) -> None:
    """The search for a difference finds it where it is."""
    twins = moved("medical")
    asked = questions_about(twins)
    one = told_of(unpublished, Role.ANALYST, twins.one, asked)
    other = told_of(unpublished, Role.ANALYST, twins.other, asked)
    assert any(address.startswith("/units/") for address in what_differs(one, other))
    for door in ("/api/v1/rates", "qorgau rates"):
        assert any(address.startswith(door) for address in what_differs(one, other))


def test_every_command_is_run_for_readers_or_is_for_who_runs_the_host() -> None:
    assert every_command() == READS.keys() | FOR_OPERATORS | WITHOUT_REGISTER
