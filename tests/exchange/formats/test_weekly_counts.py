"""Plain tables of weekly counts, row by row."""

from __future__ import annotations

from pathlib import Path

import pytest

from qorgau.exchange.formats.format_errors import FormatError
from qorgau.exchange.formats.weekly_counts import CountRow, WeeklyCounts

TABLE = "series,time,count,population\nA,1,3,100\n\nA,2,0,101\n\n"


def test_empty_lines_are_skipped(tmp_path: Path) -> None:
    path = tmp_path / "counts.csv"
    path.write_text(TABLE, encoding="utf-8")
    assert list(WeeklyCounts(path).rows()) == [CountRow("A", 1, 3, 100), CountRow("A", 2, 0, 101)]


def test_a_short_row_is_named_by_its_number(tmp_path: Path) -> None:
    path = tmp_path / "counts.csv"
    path.write_text(TABLE + "A,3\n", encoding="utf-8")
    with pytest.raises(FormatError, match="too few cells") as refused:
        list(WeeklyCounts(path).rows())
    assert refused.value.values["row"] == 6
