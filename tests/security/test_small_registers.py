"""Every register of a few cells and incidents, and what a planner is told of each."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations_with_replacement

import pytest
from django.db import transaction

from qorgau.analysis.disclosure.plans import PlanParameters, make_plans
from qorgau.analysis.disclosure.publishing import publish_due
from qorgau.foundation import clock
from qorgau.foundation.identity.roles import Role
from qorgau.records.publication.models import PublicationPlan
from tests.analysis.disclosure.conftest import NEW_YEAR, PUBLISHED, Brigade, make_brigade, record
from tests.api.calling import Program
from tests.how_long import how_many
from tests.shared_registers import shared_register

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

# Two companies of different battalions, and two months of each; of the first in every run.
CELLS = [("B-1-1", 3), ("B-2-1", 3), ("B-1-1", 9), ("B-2-1", 9)][: how_many(2, 4)]
# From so many on a number is told, and so many incidents are tried.
LEAST = how_many(3, 5)
MOST = how_many(3, 7)
UNITS = how_many(("B-1",), ("B", "B-1", "B-1-1", "B-2-1"))
PERIODS = (("2024-01-01", "2024-12-31"), ("2024-03-01", "2024-03-31"))
Register = tuple[int, ...]


def make_planned() -> Brigade:
    """What is medical in boxes of a battalion and some months, all else in one; none happened."""
    made = make_brigade()
    for target in (1_000.0, 2.0):
        PublicationPlan.objects.filter(confidentiality="medical").delete()
        parameters = PlanParameters(target_expected=target, least_count=LEAST)
        make_plans(2024, made_at=NEW_YEAR, acting_user=None, parameters=parameters)
    return made


planned = shared_register(make_planned)


def registers() -> Iterator[Register]:
    """Every way to put at most so many incidents into the cells."""
    for number in range(MOST + 1):
        for places in combinations_with_replacement(range(len(CELLS)), number):
            yield tuple(places.count(cell) for cell in range(len(CELLS)))


def everything_told(brigade: Brigade, register: Register) -> bytes:
    """What a planner is told of these units and months, with these incidents; they are undone."""
    with transaction.atomic():
        for (unit, month), number in zip(CELLS, register, strict=True):
            day = dt.date(2024, month, 9)
            record(brigade.units[unit], day, confidentiality="medical", number=number)
        publish_due(PUBLISHED)
        program = Program(brigade.readers[Role.PLANNER])
        told = [
            program.get("/rates", unit=unit, since=since, until=until, kind="injury").content
            for unit in UNITS
            for since, until in PERIODS
        ]
        transaction.set_rollback(True)
    return b"\n".join(told)


def test_every_small_register(planned: Brigade, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each with few in some cells answers like one that has none there."""
    monkeypatch.setattr(clock, "now", lambda: PUBLISHED)
    groups: dict[bytes, list[Register]] = defaultdict(list)
    for register in registers():
        groups[everything_told(planned, register)].append(register)
    assert len(groups) > 1
    cells = range(len(CELLS))
    regions = [[cell for cell in cells if bits >> cell & 1] for bits in range(1, 2 ** len(CELLS))]
    for alike in groups.values():
        for region in regions:
            numbers = {sum(register[cell] for cell in region) for register in alike}
            assert 0 in numbers or min(numbers) >= LEAST, (alike, region)
