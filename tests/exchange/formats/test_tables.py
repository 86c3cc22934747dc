"""Tables from CSV files and workbooks."""

import csv
import io

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qorgau.exchange.formats.format_errors import FormatError
from qorgau.exchange.formats.tables import TableLayout, open_table, survey


def write(tmp_path, content, name="a.csv"):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def cells_of(path, layout=None):
    return [row.cells for row in open_table(path, layout).rows()]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiter_is_found(tmp_path, delimiter):
    lines = [["id", "text, with; signs", "n"], ["1", "a", "2"], ["2", 'b "quoted"', "3"]]
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=delimiter).writerows(lines)
    table = open_table(write(tmp_path, buffer.getvalue()))
    assert table.layout.delimiter == delimiter
    assert table.columns == tuple(lines[0])
    assert [list(row.cells) for row in table.rows()] == lines[1:]


def test_rows_are_numbered_as_a_spreadsheet_does(tmp_path):
    path = write(tmp_path, 'id,text\n1,"two\nlines"\n\n2,plain\n')
    assert [(row.number, row.cells) for row in open_table(path).rows()] == [
        (2, ("1", "two\nlines")),
        (4, ("2", "plain")),
    ]


def test_repeated_and_missing_header_names_become_distinct(tmp_path):
    table = open_table(write(tmp_path, "\ufeffname, name ,,name\n1,2,3,4\n"))
    assert table.columns == ("name", "name (2)", "column 3", "name (3)")


def test_header_row_below_a_title(tmp_path):
    path = write(tmp_path, "Accidents of 2020,\n,\nid,text\n1,a\n")
    table = open_table(path, TableLayout(header_row=3))
    assert table.columns == ("id", "text")
    assert [row.number for row in table.rows()] == [4]


def test_file_cut_off_inside_quotation_marks_names_the_row(tmp_path):
    path = write(tmp_path, 'id,text\n1,"whole"\n2,"cut he')
    with pytest.raises(FormatError, match=r"cut short: row 3"):
        survey(open_table(path))


def test_file_cut_off_inside_a_row_names_the_row(tmp_path):
    path = write(tmp_path, "id,text,day\n1,whole,2\n2,cu")
    with pytest.raises(FormatError, match=r"ends in row 3 after 2 of 3 cells"):
        survey(open_table(path))


def test_short_row_with_a_line_end_is_a_fault_of_the_row_only(tmp_path):
    path = write(tmp_path, "id,text,day\n1,whole,2\n2,cu\n")
    table = open_table(path)
    assert survey(table).n_rows == 2
    assert "Cells in the row: 2; in the header: 3" in str(list(table.rows())[-1].fault)


def test_last_row_without_a_line_end_is_complete(tmp_path):
    assert survey(open_table(write(tmp_path, "id,text\n1,a\n2,b"))).n_rows == 2


def test_unclosed_quotation_mark_is_reported_before_memory_is_full(tmp_path):
    path = write(tmp_path, 'id,text\n1,"open\n' + "2,plain text of some length\n" * 20_000)
    with pytest.raises(FormatError, match=r"Row 2 has a cell of more than"):
        survey(open_table(path))


def test_bad_quotation_marks_affect_one_row_and_keep_its_text(tmp_path):
    path = write(tmp_path, 'id,text\n1,"a"b,c\n2,fine\n')
    bad, good = open_table(path).rows()
    assert bad.number == 2
    assert bad.cells == ('1,"a"b,c',)
    assert "not doubled" in str(bad.fault)
    assert good.cells == ("2", "fine")


def test_zero_bytes_affect_one_row(tmp_path):
    path = write(tmp_path, b"id,text\n1,a\0b\n2,fine\n")
    bad, good = open_table(path).rows()
    assert "zero bytes" in str(bad.fault)
    assert good.fault is None


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is empty"),
        (b"\n\n", "should contain the column names"),
        (b"%PDF-1.7 ...", "a PDF document"),
    ],
)
def test_a_file_that_is_not_a_table_is_refused(tmp_path, content, sentence):
    with pytest.raises(FormatError, match=sentence):
        open_table(write(tmp_path, content))


def test_missing_file_and_folder(tmp_path):
    with pytest.raises(FormatError, match="no file"):
        open_table(tmp_path / "none.csv")
    with pytest.raises(FormatError, match="not a file"):
        open_table(tmp_path)


def test_declared_encoding_is_checked_over_the_whole_file(tmp_path):
    path = write(tmp_path, "имя;день\nслово;1\n".encode("cp1251"))
    with pytest.raises(FormatError, match="not in utf-8"):
        open_table(path, TableLayout(encoding="utf-8"))
    assert cells_of(path, TableLayout(encoding="cp1251")) == [("слово", "1")]


def test_empty_cells_beyond_the_header_are_removed(tmp_path):
    assert cells_of(write(tmp_path, "a,b,,\n1,2,,\n3,4\n")) == [("1", "2"), ("3", "4")]


def test_rows_are_read_one_at_a_time(tmp_path):
    path = write(tmp_path, "a,b\n" + "1,2\n" * 50_000)
    rows = open_table(path).rows()
    assert next(rows).number == 2
    assert next(rows).number == 3


text_cells = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=0, max_size=20
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.lists(st.lists(text_cells, min_size=3, max_size=3), min_size=1, max_size=8))
def test_what_a_csv_writer_writes_is_read_back(tmp_path, rows):
    path = tmp_path / "round.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["one", "two", "three"], *rows])
    kept = [tuple(row) for row in rows if any(cell.strip() for cell in row)]
    assert cells_of(path, TableLayout(encoding="utf-8", delimiter=",")) == kept


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=100)
@given(st.binary(max_size=400))
def test_random_bytes_give_rows_or_a_sentence(tmp_path, sentence_of, content):
    path = tmp_path / "rubbish.csv"
    path.write_bytes(content)
    rows = []

    def read():
        table = open_table(path)
        survey(table)
        rows.extend((row, len(table.columns)) for row in table.rows())

    assert sentence_of(read).endswith(".")
    assert all(row.fault or len(row.cells) == width for row, width in rows)
