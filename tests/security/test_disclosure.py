"""The attack: learn from counts what happened to somebody whose incident one may not open.

The register is planned more finely than anybody should plan, so that much is told. Readers are a
planner, who may open nothing, and a commander and an auditor, who may open what is plain.
"""

from __future__ import annotations

import datetime as dt
import random
from itertools import combinations_with_replacement

import pytest

from qorgau.foundation.identity.roles import Role
from tests.analysis.disclosure.conftest import PUBLISHED, Brigade
from tests.how_long import how_many
from tests.security.attacked_register import make_published, what_happened
from tests.security.linear_attack import HALVES, KINDS, UNITS, Asked, Attacker
from tests.shared_registers import shared_register

pytestmark = pytest.mark.django_db

published = shared_register(make_published)
OPENS = {Role.PLANNER: (), Role.COMMANDER: ("plain",), Role.AUDITOR: ("plain",)}
CAUSES = ("", "fall", "transport", "exertion", "exertion.running")
MOMENTS = (None, dt.datetime(2024, 7, 1, 12, tzinfo=dt.UTC), PUBLISHED)


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
    whole = [Asked(unit, 0, HALVES - 1, KINDS) for unit in UNITS]
    return whole + random.Random(3).sample(every, share)


def test_the_attack_finds_what_exact_counts_tell(published: Brigade) -> None:
    """It is worth something: from the answers to an analyst it follows where incidents were."""
    attacker = Attacker(opens=(), incidents=what_happened())
    attacker.ask(published.readers[Role.ANALYST], questions(how_many(20, 300), moments=(None,)))
    assert attacker.holds()
    regions = attacker.regions_with_few()
    assert any(attacker.proves(regions[:10]))


@pytest.mark.parametrize("role", OPENS)
def test_linear_attack(role: Role, published: Brigade) -> None:
    """No region with one to four protected incidents is proved to hold any."""
    attacker = Attacker(opens=OPENS[role], incidents=what_happened())
    attacker.ask(published.readers[role], questions(how_many(30, 1_500)))
    assert attacker.holds()
    assert max(attacker.lower) >= 5, "something is told"
    regions = attacker.regions_with_few()
    chosen = random.Random(5).sample(regions, min(how_many(15, 400), len(regions)))
    assert chosen
    assert attacker.proves(chosen) == [0] * len(chosen)
