"""``qorgau methods delay``: reported and expected final counts of a line list's newest weeks."""

from __future__ import annotations

import csv
import datetime as dt
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from qorgau.cli.main import app

runner = CliRunner()
# A Monday.
FIRST = dt.date(2026, 1, 5)


@pytest.fixture
def line_list(tmp_path: Path) -> Path:
    """Four cases a week for ten weeks; one of them is reported two weeks later."""
    lines = ["occurred,reported"]
    for week in range(10):
        day = FIRST + dt.timedelta(weeks=week)
        lines += [f"{day},{day + dt.timedelta(days=days)}" for days in (0, 1, 3, 15)]
    file = tmp_path / "cases.csv"
    file.write_text("\n".join(lines), encoding="utf-8")
    return file


def delay(file: Path, *options: object) -> tuple[int, str]:
    done = runner.invoke(app, ["methods", "delay", str(file), *map(str, options)])
    return done.exit_code, done.output


def test_newest_weeks_are_printed_with_both_numbers(line_list):
    code, printed = delay(line_list, "--as-of", "2026-03-15", "--weeks", 4)
    assert code == 0
    newest = next(line for line in printed.splitlines() if "09 Mar 2026" in line)
    assert newest.split()[3:6] == ["3", "75.0%", "4.0"]
    assert "16 Feb 2026" in printed
    assert "Cases used for the delays: 38" in printed


def test_an_incomplete_week_is_left_out(line_list):
    printed = delay(line_list, "--as-of", "2026-03-12", "--weeks", 4)[1]
    assert "02 Mar 2026" in printed
    assert "09 Mar 2026" not in printed


def test_the_table_is_written_exactly(line_list, tmp_path):
    out = tmp_path / "out.csv"
    code, printed = delay(line_list, "--as-of", "2026-03-15", "--weeks", 4, "--out", out)
    with out.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert code == 0
    assert str(out) in printed
    assert [row["week"] for row in rows][-1] == "2026-03-09"
    assert (rows[-1]["reported"], rows[-1]["corrected"]) == ("3", "4")
    assert float(rows[-1]["lower"]) <= 4 <= float(rows[-1]["upper"])


def test_what_is_left_out_is_reported(line_list):
    with line_list.open("a", encoding="utf-8") as file:
        file.write("\n2026-01-05,\n2026-01-09,2026-01-05\n2026-01-05,2026-03-01\n")
    printed = delay(line_list, "--weeks", 4)[1]
    assert "because a day is missing: 1." in printed
    assert "before they occurred: 1, the first in row 43." in printed
    assert "(limit in weeks: 4): 1." in printed
    assert "(longest seen, in weeks: 11)" in delay(line_list, "--weeks", 20)[1]


@pytest.mark.parametrize(
    ("text", "options", "words"),
    [
        ("a,b\n1,2\n", [], "no column “occurred”"),
        ("occurred,reported\n2026-01-05,soon\n", [], "is not a date"),
        ("occurred,reported\n2026-01-05,\n", [], "nothing is known about delays"),
        ("occurred,reported\n2026-01-05,2026-01-05\n", [], "old enough"),
        ("occurred,reported\n2026-01-05,2026-01-05\n", ["--weeks=12", "--history=5"], "shorter"),
        ("occurred,reported\n2026-01-05,2026-01-05\n", ["--as-of=2020-01-01"], "old enough"),
        ("occurred,reported\n2026-01-05,2026-01-05\n", ["--confidence=2"], "between 0 and 1"),
    ],
)
def test_what_cannot_be_answered_gets_a_sentence(tmp_path, text, options, words):
    file = tmp_path / "in.csv"
    file.write_text(text, encoding="utf-8")
    code, printed = delay(file, *options)
    assert code == 2
    assert words in printed


def test_the_last_day_of_the_calendar_is_an_ordinary_day(tmp_path):
    file = tmp_path / "in.csv"
    rows = "9999-12-20,9999-12-31\n9999-10-03,9999-10-20\n"
    file.write_text(f"occurred,reported\n{rows}", encoding="utf-8")
    code, printed = delay(file)
    assert (code, "20 Dec 9999" in printed, "27 Dec 9999" in printed) == (0, True, False)


def test_what_cannot_be_written_gets_a_sentence(line_list, tmp_path):
    code, printed = delay(line_list, "--out", tmp_path / "none" / "out.csv")
    assert (code, "cannot be written" in printed) == (2, True)


def test_no_django_is_started(line_list):
    code = (
        "import sys\n"
        "from qorgau.cli.main import app\n"
        "try: app()\n"
        "finally: print('django' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, "methods", "delay", str(line_list)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip().endswith("False")
