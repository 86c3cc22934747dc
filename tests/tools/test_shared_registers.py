"""Shared registers: every test finds the original rows, whatever the last test did."""

from __future__ import annotations

from itertools import groupby
from types import SimpleNamespace

import pytest

from qorgau.records.people.models import Organisation
from qorgau.records.people.services import create_organisation
from tests.shared_registers import register_of, shared_register, side_by_side

pytestmark = pytest.mark.django_db


def one_organisation() -> Organisation:
    return create_organisation(code="ONE", names={"en": "One"}, acting_user=None)


def two_organisations() -> list[Organisation]:
    return [
        create_organisation(code=code, names={"en": code}, acting_user=None)
        for code in ("FIRST", "SECOND")
    ]


one = shared_register(one_organisation)
two = shared_register(two_organisations)


@pytest.mark.parametrize("turn", [1, 2, 3])
def test_a_change_is_undone_before_the_next_test(turn: int, one: Organisation) -> None:
    assert one.code == "ONE"
    assert Organisation.objects.get() == one
    one.code = f"CHANGED-{turn}"
    one.save()
    create_organisation(code="ANOTHER", names={"en": "Another"}, acting_user=None)


def test_another_register_takes_its_place(two: list[Organisation]) -> None:
    assert list(Organisation.objects.order_by("pk")) == two


def test_a_test_without_a_register_finds_an_empty_one() -> None:
    assert not Organisation.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_test_without_a_transaction_makes_its_own(one: Organisation) -> None:
    assert Organisation.objects.get() == one


def test_tests_of_one_register_follow_each_other(request: pytest.FixtureRequest) -> None:
    tests = [item for item in request.session.items if item.path == request.path]
    ordered = side_by_side([*tests[1::2], *tests[::2]])
    assert sorted(ordered, key=tests.index) == tests
    assert ordered[-1].name == "test_a_test_without_a_transaction_makes_its_own"
    makers = [maker for maker, _ in groupby(ordered[:-1], register_of)]
    assert len(makers) == len(set(makers)) == 3


def test_two_registers_in_one_test_are_refused() -> None:
    fixtures = {"one": one_organisation, "two": two_organisations}
    found = {
        name: [SimpleNamespace(func=SimpleNamespace(makes_register=make))]
        for name, make in fixtures.items()
    }
    test = SimpleNamespace(
        nodeid="test_both",
        fixturenames=[*found],
        get_closest_marker=lambda name: None,
        _fixtureinfo=SimpleNamespace(name2fixturedefs=found),
    )
    with pytest.raises(pytest.UsageError, match="test_both begins with two registers"):
        register_of(test)
