"""Random histories of units, compared with a tree computed by unit and by day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qorgau.records.people.models import Organisation, Unit, UnitAncestry
from qorgau.records.people.services import UnitDraft, close_unit, create_units, revise_unit
from tests.how_long import how_many

CODES = "ABCDEF"
FIRST_DAY = dt.date(2025, 1, 1)
DAYS = 12
NEVER = 10**6


def date(day: int) -> dt.date:
    return FIRST_DAY + dt.timedelta(days=day)


@dataclass
class Stay:
    start: int
    end: int
    parent: str | None


@dataclass
class PlainTree:
    """What the services must do, in the slowest and simplest way."""

    stays: dict[str, list[Stay]] = field(default_factory=dict)

    def parent(self, code: str, day: int) -> str | None:
        return next((s.parent for s in self.stays[code] if s.start <= day < s.end), None)

    def is_open(self, code: str, day: int) -> bool:
        return any(stay.start <= day < stay.end for stay in self.stays[code])

    def closes(self, code: str) -> int:
        return self.stays[code][-1].end

    def above(self, code: str, day: int) -> dict[str, int]:
        """Every unit above this one on a day, with the number of levels between."""
        found: dict[str, int] = {}
        at: str | None = code
        while at is not None and self.is_open(at, day):
            found[at] = len(found)
            at = self.parent(at, day)
        return found

    def below_from(self, code: str, day: int) -> set[str]:
        later = range(day, DAYS + 1)
        return {other for other in self.stays for on in later if code in self.above(other, on)}

    def create(self, code: str, parent: str | None, day: int) -> bool:
        if code in self.stays or parent == code:
            return False
        if parent is not None and (parent not in self.stays or self.closes(parent) < NEVER):
            return False
        self.stays[code] = [Stay(day, NEVER, parent)]
        return True

    def move(self, code: str, parent: str | None, day: int) -> bool:
        last = self.stays[code][-1]
        if not last.start <= day < last.end:
            return False
        if parent is not None and (
            parent in self.below_from(code, day) | {code} or self.closes(parent) < last.end
        ):
            return False
        if last.start == day:
            self.stays[code].pop()
        else:
            self.stays[code][-1] = Stay(last.start, day, last.parent)
        self.stays[code].append(Stay(day, last.end, parent))
        return True

    def close(self, code: str, day: int) -> bool:
        last = self.stays[code][-1]
        if not last.start < day < last.end or self.below_from(code, day) - {code}:
            return False
        last.end = day
        return True


Step = tuple[str, str, str | None, int]

codes, days = st.sampled_from(CODES), st.integers(0, DAYS)
# A forest at the start, so that the random steps usually find something to move.
beginnings = st.tuples(
    *(
        st.tuples(
            st.just("create"),
            st.just(code),
            st.none() | st.sampled_from(CODES[:place]) if place else st.none(),
            st.integers(0, 3),
        )
        for place, code in enumerate(CODES[:-1])
    )
)
moves = st.tuples(st.just("move"), codes, st.none() | codes, days)
closings = st.tuples(st.just("close"), codes, st.none(), days)
late_comers = st.tuples(st.just("create"), st.just(CODES[-1]), codes, days)
steps = st.one_of(moves, moves, closings, late_comers)


def take(step: Step, force: Organisation, plain: PlainTree) -> None:
    """Take a step in the simple tree and with the service; both allow it or both refuse."""
    kind, code, parent, day = step
    units = {unit.code: unit for unit in Unit.objects.all()}
    if kind != "create" and (code not in units or (parent and parent not in units)):
        return
    allowed = plain.create(code, parent, day) if kind == "create" else (
        plain.move(code, parent, day) if kind == "move" else plain.close(code, day)
    )  # fmt: skip
    calls: dict[str, Callable[[], object]] = {
        "create": lambda: create_units(
            organisation=force,
            drafts=[UnitDraft(code, date(day), parent_code=parent)],
            acting_user=None,
        ),
        "move": lambda: revise_unit(
            unit=units[code],
            on=date(day),
            parent=units[parent] if parent else None,
            acting_user=None,
        ),
        "close": lambda: close_unit(unit=units[code], on=date(day), acting_user=None),
    }
    assert is_allowed(calls[kind]) == allowed, step


def is_allowed(call: Callable[[], object]) -> bool:
    try:
        call()
    except ValidationError:
        return False
    return True


def stored(day: int) -> set[tuple[str, str, int]]:
    rows = UnitAncestry.objects.filter(valid_from__lte=date(day), valid_until__gt=date(day))
    found = list(rows.values_list("ancestor__code", "descendant__code", "depth"))
    assert len(found) == len(set(found))
    return set(found)


def walked(plain: PlainTree, day: int) -> set[tuple[str, str, int]]:
    return {
        (above, code, depth)
        for code in plain.stays
        for above, depth in plain.above(code, day).items()
    }


@pytest.mark.django_db
@settings(
    max_examples=how_many(25, 1_000),
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(beginning=beginnings, history=st.lists(steps, min_size=2, max_size=9))
def test_the_stored_tree_equals_the_tree_of_the_versions(
    beginning: tuple[Step, ...], history: list[Step], force: Organisation
) -> None:
    plain = PlainTree()
    with transaction.atomic():
        for step in (*beginning, *history):
            take(step, force, plain)
        for day in range(-1, DAYS + 2):
            assert stored(day) == walked(plain, day), day
        latest = UnitAncestry.objects.filter(is_latest=True)
        assert set(latest.values_list("ancestor__code", "descendant__code")) == {
            (above, code)
            for code in plain.stays
            for above in plain.above(code, min(plain.closes(code) - 1, DAYS + 1))
        }
        transaction.set_rollback(True)
