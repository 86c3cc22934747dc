"""Three tables of a whole force, read from Parquet or CSV, and refused in sentences."""

from __future__ import annotations

import builtins
import datetime as dt
from pathlib import Path

import duckdb
import pytest

from qorgau.exchange.formats.force_tables import ForceTables
from qorgau.exchange.formats.format_errors import FormatError

UNITS = (
    "unit,parent,from,until,strength\n"
    "B,,,,20\nB-1,B,2020-01-01,2024-03-01,90\nB-1,B,2024-03-01,,120\n"
)
CAUSES = "cause,parent\ninjury,\nfall,injury\n"
INCIDENTS = (
    "unit,day,cause,cases,recorded\n"
    "B-1,2024-05-07,fall,,2024-05-08\nB,2024-05-06,injury,2,2024-05-06\nB-1,2024-05-06,fall,1,2024-06-01\n"
)
SPAN = {"first": dt.date(2024, 5, 6), "until": dt.date(2024, 5, 8)}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in (("incidents", INCIDENTS), ("units", UNITS), ("causes", CAUSES)):
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    return tmp_path


def opened(folder: Path, incidents: str = "incidents.csv") -> ForceTables:
    return ForceTables(
        incidents=folder / incidents,
        units=folder / "units.csv",
        causes=folder / "causes.csv",
        folder=folder,
    )


def rows_of(tables: ForceTables, **more: object) -> list[tuple[int, ...]]:
    found = tables.incidents(["B", "B-1"], ["injury", "fall"], **(SPAN | more))
    columns = (found.unit, found.cause, found.day, found.cases)
    return list(zip(*(column.tolist() for column in columns), strict=True))


MONDAY, TUESDAY = dt.date(2024, 5, 6).toordinal(), dt.date(2024, 5, 7).toordinal()


def test_the_tables_are_read(folder):
    tables = opened(folder)
    assert tables.causes() == {"injury": "", "fall": "injury"}
    assert [(row.unit, row.parent, row.strength) for row in tables.units()] == [
        ("B", "", 20.0), ("B-1", "B", 90.0), ("B-1", "B", 120.0),
    ]  # fmt: skip
    assert tables.units()[1].end == tables.units()[2].start == dt.date(2024, 3, 1)
    assert tables.days() == (dt.date(2024, 5, 6), dt.date(2024, 5, 7))
    assert rows_of(tables) == [(0, 0, MONDAY, 2), (1, 1, MONDAY, 1), (1, 1, TUESDAY, 1)]
    assert rows_of(tables, until=dt.date(2024, 5, 7)) == [(0, 0, MONDAY, 2), (1, 1, MONDAY, 1)]


def test_incidents_recorded_later_are_left_out(folder):
    assert rows_of(opened(folder), as_of=dt.date(2024, 5, 6)) == [(0, 0, MONDAY, 2)]


def test_parquet_gives_the_same_as_csv_in_one_file_or_many(folder):
    everything = f"SELECT * FROM read_csv('{folder / 'incidents.csv'}')"
    duckdb.execute(f"COPY ({everything}) TO '{folder / 'all.parquet'}' (FORMAT parquet)")
    for number in range(3):
        part = f"{everything} LIMIT 1 OFFSET {number}"
        duckdb.execute(f"COPY ({part}) TO '{folder / f'part{number}.parquet'}' (FORMAT parquet)")
    expected = rows_of(opened(folder))
    assert rows_of(opened(folder, "all.parquet")) == expected
    assert rows_of(opened(folder, "part*.parquet")) == expected


@pytest.mark.parametrize(
    ("file", "text", "sentence"),
    [
        ("incidents", "unit,day\nB,2024-05-06\n", "has no column “cause”. It needs: unit, day"),
        ("incidents", "unit,day,cause\nB,tomorrow,fall\n", "“tomorrow” is not the date of an"),
        ("incidents", "unit,day,cause\n", "The table of incidents has no row with a day."),
        ("incidents", "unit,day,cause\nX,2024-05-06,fall\n", "unit “X” of incidents (1) is not"),
        ("incidents", "unit,day,cause\nB,2024-05-06,\n", "The cause “” of incidents (1) is not"),
        ("incidents", "unit,day,cause,cases\nB,2024-05-06,fall,0\n", "“0” is not a number of"),
        ("incidents", "unit,day,cause,cases\nB,2024-05-06,fall,some\n", "“some” is not a number"),
        ("incidents", "", "incidents.csv has no column"),
        ("units", "unit,parent\n", "The table of units has no row."),
        ("units", "unit,parent\n,B\nB,\n", "A row of the units names no unit."),
        ("units", "unit,parent\nB,A\n", "The unit B belongs to A, which is not in any row."),
        ("units", "unit,parent,from\nB,,soon\n", "Unit B: “soon” is not a date or a strength."),
        ("units", "unit,parent,strength\nB,,many\n", "Unit B: “many” is not a date or a strength."),
        ("units", "unit,parent,strength\nB,,-4\n", "Unit B: -4.0 is not a possible strength."),
        ("units", "unit,parent,strength\nB,,inf\n", "Unit B: inf is not a possible strength."),
        ("units", "unit,parent,from,until\nB,,2024-05-01,2024-05-01\n", "ends on 2024-05-01"),
        ("units", "unit,parent,from,until\nB,,,\nB,,2024-05-01,\n", "two rows cover the same"),
        ("causes", "cause,parent\nfall,\nfall,\n", "The cause fall is in two rows."),
        ("causes", "cause,parent\nfall,injury\n", "The cause fall belongs to injury, which"),
        ("causes", "cause,parent\n,fall\nfall,\n", "A row of the causes names no cause."),
    ],
)  # fmt: skip
def test_what_is_wrong_is_reported(folder, file, text, sentence):
    (folder / f"{file}.csv").write_text(text, encoding="utf-8")
    with pytest.raises(FormatError) as refused:
        read_all(folder)
    assert sentence in str(refused.value)


def read_all(folder: Path) -> None:
    tables = opened(folder)
    tables.causes()
    tables.units()
    tables.days()
    rows_of(tables)


def test_files_that_are_not_tables(folder):
    with pytest.raises(FormatError, match=r"There is no file .*none.parquet"):
        opened(folder, "none.parquet")
    (folder / "torn.parquet").write_bytes(b"PAR1 and then nothing")
    with pytest.raises(FormatError, match=r"torn.parquet cannot be read: .*"):
        opened(folder, "torn.parquet")
    with pytest.raises(FormatError, match=r"none\*.parquet cannot be read: .*"):
        opened(folder, "none*.parquet")


def test_a_past_state_needs_the_day_of_recording(folder):
    (folder / "incidents.csv").write_text("unit,day,cause\nB,2024-05-06,fall\n", encoding="utf-8")
    with pytest.raises(FormatError, match="column “recorded”"):
        rows_of(opened(folder), as_of=dt.date(2024, 5, 6))
    unread = INCIDENTS.replace("2024-06-01", "1 June")
    (folder / "incidents.csv").write_text(unread, encoding="utf-8")
    with pytest.raises(FormatError, match="“1 June” is not the date of recording"):
        rows_of(opened(folder), as_of=dt.date(2024, 5, 6))


def test_a_name_may_contain_a_quote(folder):
    odd = folder / "it's.csv"
    odd.write_text(INCIDENTS, encoding="utf-8")
    assert len(rows_of(opened(folder, odd.name))) == 3


def test_without_duckdb_the_error_says_what_to_install(folder, monkeypatch):
    original = builtins.__import__

    def without(name: str, *rest: object, **more: object) -> object:
        if name == "duckdb":
            raise ImportError(name)
        return original(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(FormatError, match=r"install qorgau\[tables\]"):
        opened(folder)


def test_incidents_without_a_day_are_counted_not_lost(folder):
    text = INCIDENTS + "B,,fall,,\nB,2024-05-06,fall,,\n"
    (folder / "incidents.csv").write_text(text, encoding="utf-8")
    everything = f"SELECT * FROM read_csv('{folder / 'incidents.csv'}', all_varchar = true)"
    blank = everything.replace("*", "unit, coalesce(day, '') AS day, cause, recorded")
    duckdb.execute(f"COPY ({blank}) TO '{folder / 'blank.parquet'}' (FORMAT parquet)")
    for name in ("incidents.csv", "blank.parquet"):
        tables = opened(folder, name)
        assert tables.left_out() == (1, 0)
        assert tables.left_out(dt.date(2024, 6, 1)) == (1, 1)
        assert len(rows_of(tables)) == 4
