"""Decisions about places on plain values."""

from __future__ import annotations

import pytest

from qorgau.records.places import rules
from qorgau.records.places.choices import AreaLevel, NameSource
from qorgau.records.places.rules import AreaRecord


def test_a_path_begins_with_the_path_of_what_is_above() -> None:
    region = rules.path_of("00000001", 7)
    assert region == "0000000100000007"
    assert rules.ancestor_paths(rules.path_of(region, 12)) == ["00000001", region]
    assert rules.ancestor_paths("00000001") == []


def test_the_range_of_a_subtree_contains_only_its_descendants() -> None:
    own = rules.path_of("00000001", 7)
    lowest, below = rules.subtree_bounds(own)
    inside = [own, rules.path_of(own, 8), rules.path_of(rules.path_of(own, 8), 99_999_999)]
    outside = ["00000001", rules.path_of("00000001", 6), rules.path_of("00000001", 8)]
    assert all(lowest <= path < below for path in inside)
    assert not any(lowest <= path < below for path in outside)


def test_an_area_has_the_same_identifier_everywhere() -> None:
    assert str(rules.area_uuid("KZ", "100000000")) == "db190f7a-fe02-5d4b-b6cd-09528218e1c3"
    assert rules.area_uuid("KZ", "1") != rules.area_uuid("KG", "1")


@pytest.mark.parametrize(
    ("parent", "child", "fits"),
    [
        ("republic", "region", True),
        ("region", "settlement", True),
        ("settlement", "settlement", True),
        ("region", "region", False),
        ("district", "region", False),
    ],
)
def test_which_level_may_hold_which(parent: str, child: str, fits: bool) -> None:
    assert rules.may_be_parent(parent, child) is fits


def test_the_rules_know_the_levels_and_sources_of_the_choices_in_their_order() -> None:
    assert list(rules.LEVELS) == AreaLevel.values
    assert list(rules.NAME_SOURCES) == NameSource.values
    for higher, lower in zip(AreaLevel.values, AreaLevel.values[1:], strict=False):
        assert rules.may_be_parent(higher, lower)
        assert not rules.may_be_parent(lower, higher)
    for weaker, stronger in zip(NameSource.values, NameSource.values[1:], strict=False):
        assert rules.may_rename(weaker, stronger)
        assert not rules.may_rename(stronger, weaker)


def changes(held: AreaRecord, held_source: str, in_file: AreaRecord, source: str) -> dict[str, str]:
    return rules.changed_fields(held, held_source=held_source, in_file=in_file, source=source)


def test_a_code_list_fills_gaps_and_keeps_better_names() -> None:
    held = AreaRecord("1", "district", "0", {"ru": "Семей", "kk": "Семей", "en": ""})
    in_file = AreaRecord("1", "district", "0", {"ru": "Семей Г.А.", "en": "Semey"})
    assert changes(held, "boundaries", in_file, "code_list") == {"name_en": "Semey"}


def test_a_stronger_source_replaces_names_and_is_remembered() -> None:
    held = AreaRecord("1", "district", "0", {"ru": "Семей Г.А."})
    in_file = AreaRecord("1", "district", "0", {"ru": "Семей"})
    assert changes(held, "code_list", in_file, "boundaries") == {
        "name_ru": "Семей",
        "name_source": "boundaries",
    }


def test_an_equal_value_is_not_a_change() -> None:
    held = AreaRecord("1", "region", "KZ", {"ru": "Семей"}, "KZ-10")
    in_file = AreaRecord("1", "district", "KZ", {"ru": "Семей", "kk": ""}, "KZ-ABY")
    assert changes(held, "code_list", in_file, "boundaries") == {}


def test_a_new_parent_is_a_change_unless_it_comes_from_a_weaker_source() -> None:
    held = AreaRecord("1", "district", "110000000")
    in_file = AreaRecord("1", "district", "100000000")
    assert changes(held, "code_list", in_file, "code_list") == {"parent_code": "100000000"}
    assert changes(held, "entered", in_file, "code_list") == {}


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("Абай облысы", "Абай"),
        ("Солтүстік Қазақстан облысы", "Солтүстік Қазақстан"),
        ("область Жетісу", "Жетісу"),
        ("Акмолинская область", "Акмолинская"),
        ("город Астана", "Астана"),
        ("West Kazakhstan Region", "West Kazakhstan"),
        ("Қазақстан Республикасы", "Қазақстан Республикасы"),
        ("с.Областное", "с.Областное"),
    ],
)
def test_short_names(name: str, short: str) -> None:
    assert rules.short_name(name) == short
