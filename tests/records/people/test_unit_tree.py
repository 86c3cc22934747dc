"""Units move, are renamed, split and closed; every question is about a day."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from qorgau.foundation.journal.models import JournalEntry
from qorgau.records.people import queries
from qorgau.records.people.models import (
    Organisation,
    Unit,
    UnitAncestry,
    UnitSuccession,
    UnitVersion,
)
from qorgau.records.people.rules import Span
from qorgau.records.people.services import (
    UnitDraft,
    close_unit,
    create_organisation,
    create_units,
    revise_unit,
    split_unit,
)
from tests.writers import at_once

pytestmark = pytest.mark.django_db

OPENED = dt.date(2024, 1, 1)
MOVED = dt.date(2024, 7, 1)
AFTER = dt.date(2025, 1, 1)
BEFORE_IT = dt.timedelta(days=1)


def sentence(refusal: pytest.ExceptionInfo[ValidationError]) -> str:
    return " ".join(refusal.value.messages)


def make(force: Organisation, *drafts: UnitDraft) -> dict[str, Unit]:
    made = create_units(organisation=force, drafts=drafts, acting_user=None)
    return {unit.code: unit for unit in made}


def draft(code: str, parent: str | None = None, on: dt.date = OPENED, **more: Any) -> UnitDraft:
    return UnitDraft(code, on, {"en": code.title()}, parent, **more)


@pytest.fixture
def units(force: Organisation) -> dict[str, Unit]:
    """north > (first > team, second), south"""
    return make(
        force,
        draft("team", "first"),
        draft("first", "north"),
        draft("second", "north"),
        draft("north"),
        draft("south"),
    )


def below(unit: Unit, on: dt.date) -> set[str]:
    rows = queries.subtree_on(unit, on).values_list("descendant__code", flat=True)
    assert len(set(rows)) == len(rows)
    return set(rows)


def named(unit: Unit, on: dt.date) -> str:
    return queries.versions_on([unit.pk], on).get().name_en


def test_children_may_be_listed_before_their_parents(units: dict[str, Unit]) -> None:
    assert below(units["north"], OPENED) == {"north", "first", "second", "team"}
    assert below(units["first"], OPENED) == {"first", "team"}
    assert below(units["south"], OPENED) == {"south"}


def test_before_a_unit_was_opened_nothing_was_below_it(units: dict[str, Unit]) -> None:
    assert below(units["north"], OPENED - BEFORE_IT) == set()


@pytest.mark.parametrize("code", ["north", "team"])
def test_a_subtree_on_a_day_is_one_query(
    units: dict[str, Unit], code: str, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(1):
        list(queries.subtree_on(units[code], MOVED))


def test_units_below_a_moved_unit_move_too(units: dict[str, Unit]) -> None:
    revise_unit(unit=units["first"], on=MOVED, parent=units["south"], acting_user=None)
    day_before = MOVED - BEFORE_IT
    assert below(units["north"], day_before) == {"north", "first", "second", "team"}
    assert below(units["south"], day_before) == {"south"}
    assert below(units["north"], MOVED) == {"north", "second"}
    assert below(units["south"], MOVED) == {"south", "first", "team"}
    children = queries.children_on(units["south"], MOVED)
    assert [version.unit.code for version in children] == ["first"]


def test_every_stay_during_a_span_is_found(units: dict[str, Unit]) -> None:
    revise_unit(unit=units["first"], on=MOVED, parent=units["south"], acting_user=None)
    stays = queries.subtree_during(units["north"], Span(OPENED, AFTER))
    until = {row.descendant.code: row.valid_until for row in stays}
    assert until["first"] == until["team"] == MOVED
    assert until["second"] > AFTER


def test_an_earlier_move_does_not_undo_a_later_move_of_a_sub_unit(
    units: dict[str, Unit],
) -> None:
    revise_unit(unit=units["team"], on=AFTER, parent=units["second"], acting_user=None)
    revise_unit(unit=units["first"], on=MOVED, parent=units["south"], acting_user=None)
    assert below(units["south"], AFTER - BEFORE_IT) == {"south", "first", "team"}
    assert below(units["south"], AFTER) == {"south", "first"}
    assert below(units["north"], AFTER) == {"north", "second", "team"}


def test_a_sub_unit_that_joins_later_keeps_its_earlier_place(units: dict[str, Unit]) -> None:
    revise_unit(unit=units["second"], on=AFTER, parent=units["first"], acting_user=None)
    revise_unit(unit=units["first"], on=MOVED, parent=units["south"], acting_user=None)
    assert below(units["north"], MOVED) == {"north", "second"}
    assert below(units["south"], AFTER) == {"south", "first", "team", "second"}


def test_a_unit_may_become_a_top_unit(units: dict[str, Unit]) -> None:
    revise_unit(unit=units["first"], on=MOVED, parent=None, acting_user=None)
    assert below(units["north"], MOVED) == {"north", "second"}
    assert below(units["first"], MOVED) == {"first", "team"}
    assert set(queries.top_units()) == {units["north"], units["south"], units["first"]}


def test_a_new_name_is_valid_from_its_day_on(units: dict[str, Unit]) -> None:
    revise_unit(unit=units["first"], on=MOVED, names={"en": "Ferry Company"}, acting_user=None)
    assert named(units["first"], MOVED - BEFORE_IT) == "First"
    assert named(units["first"], MOVED) == "Ferry Company"
    assert below(units["north"], AFTER) == {"north", "first", "second", "team"}
    assert queries.latest_versions([units["first"].pk]).get().name_en == "Ferry Company"


def test_two_changes_on_one_day_are_one_version(units: dict[str, Unit]) -> None:
    for name in ("Ferry", "Ferry Company"):
        revise_unit(unit=units["first"], on=MOVED, names={"en": name}, acting_user=None)
    assert UnitVersion.objects.filter(unit=units["first"]).count() == 2
    assert named(units["first"], MOVED) == "Ferry Company"


def test_a_split_unit_ends_and_its_successors_are_known(units: dict[str, Unit]) -> None:
    made = split_unit(
        unit=units["second"],
        into=[draft("second-a", "north", MOVED), draft("second-b", "south", MOVED)],
        on=MOVED,
        acting_user=None,
    )
    assert below(units["north"], MOVED - BEFORE_IT) == {"north", "first", "second", "team"}
    assert below(units["north"], MOVED) == {"north", "first", "team", "second-a"}
    known = UnitSuccession.objects.filter(predecessor=units["second"], on=MOVED)
    assert [row.successor for row in known.order_by("pk")] == made


def test_a_closed_unit_keeps_its_past(units: dict[str, Unit]) -> None:
    close_unit(unit=units["team"], on=MOVED, acting_user=None)
    assert below(units["north"], MOVED - BEFORE_IT) == {"north", "first", "second", "team"}
    assert below(units["north"], MOVED) == {"north", "first", "second"}
    assert queries.latest_versions([units["team"].pk]).get().valid_until == MOVED


def test_a_unit_closed_on_the_day_that_the_one_above_moves_ends_where_it_was(
    units: dict[str, Unit],
) -> None:
    revise_unit(unit=units["first"], on=MOVED, parent=None, acting_user=None)
    close_unit(unit=units["team"], on=MOVED, acting_user=None)
    places = UnitAncestry.objects.filter(descendant=units["team"], is_latest=True)
    assert {place.ancestor.code for place in places} == {"team", "first", "north"}


@pytest.mark.parametrize("parent", ["first", "team"])
def test_a_unit_is_not_moved_under_itself(units: dict[str, Unit], parent: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        revise_unit(unit=units["first"], on=MOVED, parent=units[parent], acting_user=None)
    assert "cannot be moved into it" in sentence(refusal)
    assert below(units["north"], AFTER) == {"north", "first", "second", "team"}
    assert UnitVersion.objects.filter(unit=units["first"]).count() == 1


def test_a_unit_is_not_moved_under_one_that_will_be_below_it(units: dict[str, Unit]) -> None:
    revise_unit(unit=units["south"], on=AFTER, parent=units["first"], acting_user=None)
    with pytest.raises(ValidationError) as refusal:
        revise_unit(unit=units["first"], on=MOVED, parent=units["south"], acting_user=None)
    assert "south belongs to first" in sentence(refusal)


@pytest.mark.parametrize(
    ("drafts", "expected"),
    [
        ([draft("a", "b"), draft("b", "c"), draft("c", "a")], "The unit a would belong to it"),
        ([draft("a", "a")], "The unit a would belong to itself"),
        ([draft("a"), draft("a")], "the same code"),
        ([draft("a", "nowhere")], "There is no parent unit with the code nowhere"),
        ([draft("new"), draft("north")], "There is already a unit with the code north."),
    ],
)
def test_units_that_do_not_form_a_tree_are_all_refused(
    force: Organisation, units: dict[str, Unit], drafts: list[UnitDraft], expected: str
) -> None:
    rows = JournalEntry.objects.count()
    with pytest.raises(ValidationError) as refusal:
        create_units(organisation=force, drafts=drafts, acting_user=None)
    assert expected in sentence(refusal)
    assert set(Unit.objects.values_list("code", flat=True)) == set(units)
    assert JournalEntry.objects.count() == rows


def test_a_unit_with_others_below_it_is_not_closed(units: dict[str, Unit]) -> None:
    with pytest.raises(ValidationError) as refusal:
        close_unit(unit=units["first"], on=MOVED, acting_user=None)
    assert sentence(refusal) == "team still belongs to first. Move or close it first."


def test_a_change_before_the_last_change_is_refused(units: dict[str, Unit]) -> None:
    revise_unit(unit=units["first"], on=AFTER, names={"en": "Ferry"}, acting_user=None)
    with pytest.raises(ValidationError) as refusal:
        revise_unit(unit=units["first"], on=MOVED, names={"en": "Boat"}, acting_user=None)
    assert "a new change cannot be earlier" in sentence(refusal)


def test_a_closed_unit_no_longer_changes(units: dict[str, Unit]) -> None:
    close_unit(unit=units["team"], on=MOVED, acting_user=None)
    for change in (close_unit, revise_unit):
        with pytest.raises(ValidationError, match="was closed on"):
            change(unit=units["team"], on=MOVED, acting_user=None)


def test_a_unit_cannot_end_on_the_day_it_last_changed(units: dict[str, Unit]) -> None:
    with pytest.raises(ValidationError) as refusal:
        close_unit(unit=units["team"], on=OPENED, acting_user=None)
    assert "can be closed from the next day" in sentence(refusal)


def test_nothing_is_put_under_a_unit_that_is_closed(
    force: Organisation, units: dict[str, Unit]
) -> None:
    close_unit(unit=units["second"], on=MOVED, acting_user=None)
    for on in (AFTER, OPENED):
        with pytest.raises(ValidationError) as refusal:
            revise_unit(unit=units["team"], on=on, parent=units["second"], acting_user=None)
        assert "second was closed on 01 Jul 2024" in sentence(refusal)
        with pytest.raises(ValidationError) as refusal:
            make(force, draft("late", "second", on))
        assert "second was closed on 01 Jul 2024" in sentence(refusal)


def test_what_was_decided_is_in_the_journal(units: dict[str, Unit]) -> None:
    revise_unit(unit=units["first"], on=MOVED, parent=units["south"], acting_user=None)
    row = JournalEntry.objects.get(action="people.unit_revised")
    assert row.subject_uuid == units["first"].uuid
    assert row.details == '{"names":{},"on":"2024-07-01","parent":"south"}'


def test_two_concurrent_moves_do_not_make_a_cycle(several_writers: None) -> None:
    force = create_organisation(code="SERVICE", names={}, acting_user=None)
    units = make(force, draft("north"), draft("south"))

    def move(code: str, under: str) -> bool:
        try:
            revise_unit(unit=units[code], on=MOVED, parent=units[under], acting_user=None)
        except ValidationError:
            return False
        return True

    let_through = at_once(lambda: move("north", "south"), lambda: move("south", "north"))
    assert sorted(let_through) == [False, True]
