"""The file of rejected rows."""

import csv

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qorgau.exchange.formats.rejects import REASON_COLUMN, write_rejects
from qorgau.exchange.formats.spreadsheet_cells import escape_formula, unescape_formula
from qorgau.exchange.formats.tables import open_table


@given(st.text())
def test_escaping_is_undone_exactly(text):
    escaped = escape_formula(text)
    assert unescape_formula(escaped) == text
    assert not escaped.startswith(("=", "@", "\t", "\r"))


def test_numbers_stay_numbers():
    assert escape_formula("-5") == "-5"
    assert escape_formula("+1,5") == "+1,5"
    assert escape_formula("-5+cmd|' /C calc'!A0") == "'-5+cmd|' /C calc'!A0"


def test_corrected_file_reads_like_the_original(tmp_path):
    path = tmp_path / "rejects.csv"
    rows = [("1", "=SUM(A1)", "қ"), ("2", "it's", "-x")]
    n = write_rejects(path, ("id", "@text", "c"), [(row, "Mend it.") for row in rows])
    table = open_table(path)
    assert n == 2
    assert table.columns == ("id", "@text", "c", REASON_COLUMN)
    assert [row.cells for row in table.rows()] == [(*row, "Mend it.") for row in rows]


def test_rejects_of_a_corrected_file_have_one_reason_column(tmp_path):
    path = tmp_path / "rejects.csv"
    write_rejects(path, ("id", REASON_COLUMN), [(("1", "old reason"), "New reason.")])
    with path.open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file)) == [["id", REASON_COLUMN], ["1", "New reason."]]


def test_without_rejects_there_is_no_file(tmp_path):
    path = tmp_path / "rejects.csv"
    path.write_text("old")
    assert write_rejects(path, ("id",), []) == 0
    assert list(tmp_path.iterdir()) == []


def test_cells_beyond_the_header_are_kept_in_the_reason(tmp_path):
    path = tmp_path / "rejects.csv"
    write_rejects(path, ("a", "b"), [(("1", "2", "3", "4"), "Too many."), (("1",), "Too few.")])
    with path.open(encoding="utf-8-sig", newline="") as file:
        first, second = list(csv.reader(file))[1:]
    assert first == ["1", "2", "Too many. [3 | 4]"]
    assert second == ["1", "", "Too few."]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=2, max_size=2))
def test_any_text_can_be_written(tmp_path, cells):
    path = tmp_path / "rejects.csv"
    assert write_rejects(path, ("a", "b"), [(cells, "Reason.")]) == 1
    (row,) = open_table(path).rows()
    assert row.cells[:2] == tuple(cell.replace("\0", "\ufffd") for cell in cells)
