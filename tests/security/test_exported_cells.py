"""No cell of a file that we give out begins a formula, whatever separates cells for its reader."""

from __future__ import annotations

import ast
import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import qorgau
from qorgau.exchange.formats.spreadsheet_cells import csv_line, escape_formula, unescape_formula

SIGNS = "=+-@＝＋－＠"
TEXTS = st.text(st.sampled_from(f"{SIGNS}'\";, \t\r\n\u00a0a1."), max_size=8) | st.text()
ATTACKS = [
    "=1+1", ";=HYPERLINK(1)", "a;=1", "a; =1", 'a;"=1', "\t=1", "a\t=1", "a\r\n=1", " =1",
    '"=1', "＝1", "@SUM(1)", "';=1", ";';=1", "-1+1", "\u00a0=1", "a\n;\t @x",
]  # fmt: skip


def cells_as_read(line: str, separator: str) -> list[str]:
    """As a program reads that splits at another separator; quotes count where they begin a cell."""
    return [cell for row in csv.reader(io.StringIO(line), delimiter=separator) for cell in row]


def begins_a_formula(cell: str) -> bool:
    begun = cell.lstrip(' \t\r\n\u00a0"')
    return begun.startswith(tuple(SIGNS))


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("text", ATTACKS)
def test_an_attack_is_shown_and_not_run(text: str, separator: str) -> None:
    line = csv_line(["first", text, "last"])
    assert not [cell for cell in cells_as_read(line, separator) if begins_a_formula(cell)]


@given(TEXTS)
def test_escaping_is_undone_exactly(text: str) -> None:
    assert unescape_formula(escape_formula(text)) == text


def test_numbers_and_plain_texts_stay() -> None:
    for text in ("-5", "+1,5", "Gate 2; left", "it's", "2024-05-06", "a - b", "e-mail: a@b"):
        assert escape_formula(text) == text
    assert csv_line([-5, -1.5, None, "a"]) == "-5,-1.5,,a\r\n"


def test_every_csv_file_is_written_there() -> None:
    """The kind: nothing else in the program writes cells."""
    folder = Path(qorgau.__file__).parent
    for path in folder.rglob("*.py"):
        if path.name == "spreadsheet_cells.py":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute):
                assert ast.unparse(node) not in ("csv.writer", "csv.DictWriter"), path
