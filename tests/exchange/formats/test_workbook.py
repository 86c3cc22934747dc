"""Excel workbooks read as tables."""

import datetime as dt
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from qorgau.exchange.formats.format_errors import FormatError
from qorgau.exchange.formats.tables import TableLayout, open_table, survey


@pytest.fixture
def book(tmp_path):
    made = Workbook()
    sheet = made.active
    sheet.title = "Accidents"
    sheet.append(["day", "time", "days lost", "amount", "text", "flag"])
    sheet.append([dt.datetime(2020, 2, 1), dt.time(9, 45), 3, 2.5, "a,b\nс қазақша", True])
    sheet.append([None, None, None, None, None, None])
    sheet.append([dt.datetime(2020, 2, 1, 9, 45), None, 3.0, 0.1, "x", False])
    made.create_sheet("Other").append(["only"])
    path = tmp_path / "a.xlsx"
    made.save(path)
    return path


def test_cells_become_the_text_a_person_would_type(book):
    table = open_table(book)
    assert table.columns == ("day", "time", "days lost", "amount", "text", "flag")
    assert [(row.number, row.cells) for row in table.rows()] == [
        (2, ("2020-02-01", "09:45", "3", "2.5", "a,b\nс қазақша", "true")),
        (4, ("2020-02-01 09:45:00", "", "3", "0.1", "x", "false")),
    ]
    assert survey(table).n_rows == 2


def test_sheet_by_name(book):
    assert open_table(book, TableLayout(sheet="Other")).columns == ("only",)
    with pytest.raises(FormatError, match='no sheet "Accident"; the nearest is "Accidents"'):
        open_table(book, TableLayout(sheet="Accident"))


def test_workbook_that_was_cut_off(book, tmp_path):
    cut = tmp_path / "cut.xlsx"
    content = book.read_bytes()
    for length in (20, len(content) // 2, len(content) - 10):
        cut.write_bytes(content[:length])
        with pytest.raises(FormatError, match="damaged or was cut short"):
            open_table(cut)


def test_other_archives_are_not_workbooks(tmp_path):
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.csv", "1,2")
    with pytest.raises(FormatError, match="not an Excel workbook"):
        open_table(path)


def test_workbook_with_too_large_an_unpacked_size_is_not_opened(tmp_path):
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b" " * (32 << 20))
    with pytest.raises(FormatError, match="unreasonable size"):
        open_table(path)


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None
)
@given(st.data())
def test_damaged_workbook_gives_rows_or_a_sentence(book, tmp_path, sentence_of, data):
    content = bytearray(book.read_bytes())
    for _ in range(data.draw(st.integers(1, 5))):
        content[data.draw(st.integers(4, len(content) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path / "damaged.xlsx"
    path.write_bytes(content)
    assert sentence_of(lambda: survey(open_table(path))).endswith(".")
