"""The meaning of the nine digits of the classifier."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from qorgau.exchange.formats import kato


@pytest.mark.parametrize(
    ("code", "is_one"),
    [("100000000", True), ("KZ1000000", False), ("10000000", False), ("000000000", False)],
)
def test_the_form_of_a_code(code: str, is_one: bool) -> None:
    assert kato.is_kato(code) is is_one


@pytest.mark.parametrize(
    ("code", "level", "above"),
    [
        ("100000000", "region", []),
        ("113400000", "district", ["110000000"]),
        ("711510000", "district", ["711500000", "710000000"]),
        ("113430000", "settlement", ["113400000", "110000000"]),
        ("113430100", "settlement", ["113430000", "113400000", "110000000"]),
    ],
)
def test_level_and_codes_above(code: str, level: str, above: list[str]) -> None:
    assert kato.level_of(code) == level
    assert kato.codes_above(code) == above


def test_the_whole_classifier(shared_data: Path) -> None:
    """20 regions, 220 districts and their cities' districts; every parent is a code above."""
    file = shared_data / "kaz_kato" / "KATO_17.10.2022_ru.csv"
    with file.open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter=";"))
    code_of = {row["id"]: row["code"] for row in rows}
    levels = [kato.level_of(row["code"]) for row in rows]
    assert [levels.count(name) for name in ("region", "district", "settlement")] == [20, 220, 16024]
    strangers = [
        row["code"]
        for row in rows
        if row["parent_id"] != "0"
        and code_of[row["parent_id"]] not in kato.codes_above(row["code"])
        and code_of[row["parent_id"]][:6] != row["code"][:6]
    ]
    assert strangers == []
