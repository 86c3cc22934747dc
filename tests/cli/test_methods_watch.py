"""``qorgau methods watch``: from three tables to the signals of a week."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from qorgau.cli.main import app

WEEK = dt.date(2024, 5, 6)
runner = CliRunner()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "units.csv").write_text("unit,parent\nB,\nB-1,B\nB-2,B\n", encoding="utf-8")
    (tmp_path / "causes.csv").write_text("cause,parent\ninjury,\nfall,injury\n", encoding="utf-8")
    days = [WEEK - dt.timedelta(weeks=week) for week in range(4, 300, 4)]
    lines = [f"B-2,{day},injury,{day}" for day in days]
    lines += [f"B-1,{WEEK},fall,{WEEK}"] * 5
    # The next week is not complete.
    lines += [f"B-1,{WEEK + dt.timedelta(days=9)},fall,{WEEK + dt.timedelta(days=10)}"] * 4
    text = "\n".join(["unit,day,cause,recorded", *lines]) + "\n"
    (tmp_path / "incidents.csv").write_text(text, encoding="utf-8")
    return tmp_path


def watch(folder: Path, *options: str) -> Result:
    tables = ("--units", folder / "units.csv", "--causes", folder / "causes.csv")
    command = ["methods", "watch", folder / "incidents.csv", *tables, "--out", folder / "out.csv"]
    return runner.invoke(app, [*map(str, command), *options])


def answer(folder: Path, name: str = "out.csv") -> list[dict[str, str]]:
    with (folder / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_the_last_complete_week_is_tested_and_explained_signals_follow(folder):
    done = watch(folder)
    assert done.exit_code == 0, done.output
    rows = answer(folder)
    assert (rows[0]["week"], rows[0]["role"]) == (WEEK.isoformat(), "signal")
    assert (rows[0]["unit"], rows[0]["cause"], rows[0]["observed"]) == ("B-1", "fall", "5")
    assert {(row["role"], row["unit"], row["cause"]) for row in rows[1:]} == {
        ("explained", "B-1", "injury"), ("explained", "B", "fall"), ("explained", "B", "injury"),
    }  # fmt: skip
    assert float(rows[0]["p_value"]) < 1e-6
    assert "Week of 06 May 2024. Signals: 1; series tested: 6" in done.output
    assert "false alarms limited to 0.2" in done.output


def test_an_event_of_the_last_run_continues(folder):
    watch(folder)
    (folder / "out.csv").rename(folder / "before.csv")
    done = watch(folder, "--week", "2024-05-15", "--known", str(folder / "before.csv"))
    assert done.exit_code == 0, done.output
    assert [(r["week"], r["first_week"]) for r in answer(folder) if r["role"] == "signal"] == [
        ("2024-05-13", "2024-05-06")
    ]


def test_weeks_in_turn_and_as_of_a_past_day(folder):
    done = watch(folder, "--week", "2024-05-15", "--backfill", "2")
    assert done.output.count("Week of") == 2
    weeks = [row["week"] for row in answer(folder) if row["role"] == "signal"]
    assert weeks == ["2024-05-06", "2024-05-13"]
    done = watch(folder, "--as-of", "2024-05-03")
    assert answer(folder) == []
    assert "Week of 22 Apr 2024" in done.output


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        (
            "units",
            "unit,parent\nB,B-1\nB-1,B\nB-2,\n",
            "belongs to itself: correct the",
        ),
        ("causes", "cause,parent\nfall,injury\ninjury,fall\n", "lies within itself"),
        (
            "incidents",
            "unit,day,cause\nB-9,2024-05-06,fall\n",
            "“B-9” of incidents (1) is not in",
        ),
    ],
)
def test_what_is_wrong_is_reported_and_nothing_is_written(folder, name, text, sentence):
    (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    done = watch(folder)
    assert done.exit_code == 2
    assert sentence in done.output
    assert not (folder / "out.csv").exists()


def test_a_file_that_is_not_an_earlier_run_is_refused(folder):
    assert "There is no file" in watch(folder, "--known", str(folder / "none.csv")).output
    other = watch(folder, "--known", str(folder / "units.csv"))
    assert (other.exit_code, "no signals of an earlier run" in other.output) == (2, True)
    watch(folder)
    told_before = (folder / "out.csv").read_text(encoding="utf-8")
    (folder / "changed.csv").write_text(told_before.replace("2024-05-06", "6 May"), "utf-8")
    other = watch(folder, "--known", str(folder / "changed.csv"))
    assert (other.exit_code, "no signals of an earlier run" in other.output) == (2, True)


@pytest.mark.parametrize("week", ["0001-01-01", "9999-12-31"])
def test_the_ends_of_the_calendar_are_refused_in_a_sentence(folder, week):
    done = watch(folder, "--week", week)
    assert (done.exit_code, "no room for a history" in done.output) == (2, True)


def test_incidents_that_cannot_be_placed_in_time_are_counted(folder):
    with (folder / "incidents.csv").open("a", encoding="utf-8") as file:
        file.write(f"B,,fall,{WEEK}\nB,{WEEK},fall,\n")
    done = watch(folder)
    assert "left out because the day is missing: 1." in done.output
    assert "the day of recording is missing" not in done.output
    assert "where cases come in groups, more signals are false" in done.output
    done = watch(folder, "--as-of", "2024-06-01")
    assert "the day of recording is missing: 1." in done.output
