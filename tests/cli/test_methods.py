"""``qorgau methods detect``: from a plain file to a plain file, of any size and with faults."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from qorgau.cli.main import app
from qorgau.methods.detection import farrington_flexible
from qorgau.methods.effect import before_after

REFERENCE = Path(__file__).resolve().parents[1] / "reference"
runner = CliRunner()


def write(path: Path, series: dict[str, list], start: int = 1) -> Path:
    lines = ["series,time,count"]
    for name, counts in series.items():
        lines += [f"{name},{time},{count}" for time, count in enumerate(counts, start=start)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def detect(file: Path, *options: str) -> tuple[list[dict[str, str]], str]:
    out = file.with_name("out.csv")
    done = runner.invoke(
        app, ["methods", "detect", str(file), "--out", str(out), *map(str, options)]
    )
    assert done.exit_code == 0, done.output
    with out.open(encoding="utf-8") as found:
        return list(csv.DictReader(found)), done.output


def test_numbers_are_those_of_the_method(tmp_path):
    given = json.loads((REFERENCE / "farrington" / "input.json").read_text(encoding="utf-8"))
    expected = json.loads((REFERENCE / "farrington" / "expected.json").read_text(encoding="utf-8"))
    file = write(tmp_path / "in.csv", given["counts"])
    first, last = given["weeks"][0] + 1, given["weeks"][-1] + 1
    rows, _output = detect(
        file, "--method=farrington", "--mode=reference", f"--from={first}", f"--to={last}",
        "--limit54=5,4",
    )  # fmt: skip
    assert [row["time"] for row in rows[:52]] == [str(week) for week in range(first, last + 1)]
    for name in given["counts"]:
        bounds = [float(row["upper_bound"]) for row in rows if row["series"] == name]
        np.testing.assert_allclose(bounds, expected["upper_bound"][name], rtol=1e-6, atol=1e-12)
        alarms = [int(row["alarm"]) for row in rows if row["series"] == name]
        assert alarms == expected["alarm"][name]


def test_the_options_of_nb_glr_reach_it(tmp_path):
    given = json.loads((REFERENCE / "nb_glr" / "input.json").read_text(encoding="utf-8"))
    expected = json.loads((REFERENCE / "nb_glr" / "expected.json").read_text(encoding="utf-8"))
    file = write(tmp_path / "in.csv", given["counts"])
    rows, _output = detect(
        file, "--method=nb-glr", "--mode=reference", f"--from={given['weeks'][0] + 1}",
        "--c-arl=5", "--kappa=0.7", "--nb-alpha=0.2", "--harmonics=1", "--no-trend",
    )  # fmt: skip
    for name in given["counts"]:
        mine = [row for row in rows if row["series"] == name]
        assert [int(row["alarm"]) for row in mine] == expected["kappa"]["alarm"][name]
        bounds = [float(row["upper_bound"]) for row in mine]
        np.testing.assert_allclose(bounds, expected["kappa"]["upper_bound"][name], rtol=1e-6)
        assert {row["trend"] for row in mine} == {"0"}


def test_dates_reach_the_method(tmp_path):
    days = np.datetime64("2010-01-04") + 7 * np.arange(330)
    counts = np.random.default_rng(3).poisson(6, 330)
    lines = [f"a,{day},{count}" for day, count in zip(days, counts, strict=True)]
    file = tmp_path / "in.csv"
    file.write_text("series,time,count\n" + "\n".join(lines), encoding="utf-8")
    rows, _output = detect(file, "--method=farrington-flexible", f"--from={days[-3]}")
    result = farrington_flexible(counts[:, None], dates=days, weeks=[327, 328, 329])
    assert [row["time"] for row in rows] == [str(day) for day in days[-3:]]
    assert [float(row["expected"]) for row in rows] == pytest.approx(result.expected[:, 0])


def test_one_bad_series_is_named_and_the_others_get_results(tmp_path):
    file = tmp_path / "in.csv"
    lines = ["series,time,count,population"]
    for week in range(1, 31):
        lines += [
            f"good,{week},4,100",
            f"half,{week},{'2.5' if week == 9 else '4'},100",
            f"words,{week},{'many' if week == 9 else '4'},100",
            f"twice,{week if week != 9 else 8},4,100",
            f"empty,{week},,100",
            f"endless,{week},4,{'inf' if week == 30 else '100'}",
        ]
    lines.append("lone,5,3,100")
    file.write_text("\n".join(lines), encoding="utf-8")
    rows, output = detect(file, "--method=cusum", "--from=25", "--population-offset")
    last = {row["series"]: row for row in rows if row["time"] == "30"}
    assert (last["good"]["alarm"], last["good"]["reason"]) == ("0", "tested")
    assert last["half"]["reason"] == last["words"]["reason"] == "invalid_counts"
    assert last["twice"]["reason"] == "repeated_time"
    assert last["endless"]["reason"] == "missing_population"
    assert last["empty"]["expected"] == last["empty"]["alarm"] == ""
    for name in ("half", "words", "twice", "endless"):
        assert name in output


def test_ears_takes_the_population_as_offset(tmp_path):
    file = tmp_path / "in.csv"
    lines = [f"a,{week},{10 + week % 3},100" for week in range(1, 20)] + ["a,20,24,200"]
    file.write_text("series,time,count,population\n" + "\n".join(lines), encoding="utf-8")
    rows, _output = detect(file, "--method=ears-c2", "--from=20", "--population-offset")
    assert (rows[0]["alarm"], rows[0]["reason"]) == ("0", "tested")
    rows, _output = detect(file, "--method=ears-c2", "--from=20")
    assert rows[0]["alarm"] == "1"


def test_one_week_is_too_few_and_reported(tmp_path):
    rows, output = detect(write(tmp_path / "in.csv", {"lone": [3]}), "--method=farrington-flexible")
    assert rows == [
        {
            **dict.fromkeys(rows[0], ""),
            "series": "lone",
            "time": "1",
            "observed": "3",
            "reason": "insufficient_history",
        }
    ]
    assert "lone: there are too few weeks" in output


@pytest.mark.parametrize(
    ("text", "options", "words"),
    [
        ("a,b\n1,2\n", ["--method=ears-c1"], "no column “series”"),
        ("series,time,count\n", ["--method=ears-c1"], "no rows"),
        ("series,time,count\na,soon,3\n", ["--method=ears-c1"], "Row 2: “soon” is not a week"),
        ("series,time,count\na,1,3\nb\n", ["--method=ears-c1"], "Row 3 has too few cells"),
        ("series,time,count\na,1,3\n", ["--method=ears-c1", "--years=3"], "does not use --years"),
        ("series,time,count\na,1,3\n", ["--method=ears-c1", "--from=2026-01-01"], "week number"),
        ("series,time,count\na,1,3\n", ["--method=farrington", "--limit54=5"], "such as 5,4"),
        ("series,time,count\na,1,3\n", ["--method=cusum", "--population-offset"], "needs a column"),
        ("series,time,count\na,1,3\n", ["--method=ears-c1", "--alpha=2"], "between 0 and 0.5"),
        (
            "series,time,count,population\na,1,3,9\n",
            ["--method=ears-c1", "--mode=reference", "--population-offset"],
            "use mode 'corrected'",
        ),
        ("series,time,count\na,1,3\n", ["--method=nb-glr", "--alpha=0.01"], "does not use"),
        ("series,time,count\na,1,3\n", ["--method=cusum", "--c-arl=5"], "does not use"),
        ("series,time,count\na,1,3\n", ["--method=nb-glr", "--kappa=-1"], "must be above 0"),
    ],
)
def test_what_cannot_be_used_gets_a_sentence_and_leaves_no_file(tmp_path, text, options, words):
    file = tmp_path / "in.csv"
    file.write_text(text, encoding="utf-8")
    done = runner.invoke(
        app, ["methods", "detect", str(file), "--out", str(tmp_path / "out.csv"), *options]
    )
    assert done.exit_code == 2
    assert words in done.output
    assert not (tmp_path / "out.csv").exists()


def test_no_django_is_started(tmp_path):
    file = write(tmp_path / "in.csv", {"a": [4] * 20})
    code = (
        "import sys; sys.argv[1:] = sys.argv[1:]\n"
        "from qorgau.cli.main import app\n"
        "try: app()\n"
        "finally: print('django' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, "methods", "detect", str(file), "--method", "ears-c1",
         "--out", str(tmp_path / "out.csv")],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.strip().endswith("False")


def run(*arguments: object) -> tuple[int, str]:
    done = runner.invoke(app, ["methods", *map(str, arguments)])
    return done.exit_code, done.output


def test_effect_of_a_series(tmp_path):
    given = json.loads(
        (REFERENCE / "interrupted_series" / "cases.json").read_text(encoding="utf-8")
    )
    lines = [f"m{at},{count}" for at, count in enumerate(given["counts"])]
    file = tmp_path / "in.csv"
    file.write_text("time,count\n" + "\n".join(lines), encoding="utf-8")
    options = ["--start", f"m{given['start']}", "--waves", 0, "--no-trend"]
    assert "0.50 times" in run("effect", file, *options)[1]
    found = json.loads(run("effect", file, *options, "--json")[1])
    assert found["averted"] == pytest.approx(given["averted"])
    code, output = run("effect", file, "--start", "later")
    assert (code, output.strip()) == (
        2,
        "The file has no period later. Write it as in the file.",
    )


def test_effect_with_a_compared_series(tmp_path):
    given = json.loads((REFERENCE / "compared_series" / "cases.json").read_text(encoding="utf-8"))
    pairs = zip(given["counts"], given["compared"], strict=True)
    lines = [f"{at},{count},{compared}" for at, (count, compared) in enumerate(pairs)]
    file = tmp_path / "in.csv"
    file.write_text("time,count,compared\n" + "\n".join(lines), encoding="utf-8")
    found = json.loads(run("effect", file, "--start", given["start"], "--json")[1])
    assert found["ratio"] == pytest.approx(given["ratio"])


def test_effect_of_few_cases_is_compared_exactly(tmp_path):
    file = tmp_path / "in.csv"
    rows = [f"{year},{cases},1000" for year, cases in enumerate((4, 5, 3, 2, 1, 1), start=2018)]
    file.write_text("Year,Falls,Strength\n" + "\n".join(rows), encoding="utf-8")
    options = ["--start", "2021", "--method", "before-after", "--time", "Year", "--count", "Falls"]
    found = json.loads(run("effect", file, *options, "--exposure", "Strength", "--json")[1])
    plain = before_after((12, 3000), (4, 3000))
    assert (found["ratio"], found["ratio_upper"]) == (plain.ratio, plain.ratio_upper)
    assert "0.33 times" in run("effect", file, *options)[1]
    none_before = ["--start", "2018", *options[2:]]
    assert "one period before the action" in run("effect", file, *none_before)[1]


def test_effect_without_cases_before_has_no_ratio(tmp_path):
    file = tmp_path / "in.csv"
    file.write_text("time,count\na,0\nb,2\n", encoding="utf-8")
    options = ["--start", "b", "--method", "before-after"]
    assert "a fall cannot be measured" in run("effect", file, *options)[1]
    assert json.loads(run("effect", file, *options, "--json")[1])["ratio"] is None


@pytest.mark.parametrize(
    ("text", "options", "words"),
    [
        ("time,count\na,1\nb,2\n", ["--method", "compared"], "no column “compared”"),
        ("time,count\na,1\nb,2\n", ["--method", "interrupted"], "at least 4 periods"),
        ("time,count\na,-1\nb,2\n", ["--method", "before-after"], "Row 2: counts must be whole"),
        ("time,count\na,1\nb,2.5\n", ["--method", "before-after"], "Row 3: counts must be"),
        ("time,count\na,1\nb,nan\n", ["--method", "before-after"], "Row 3: counts must be"),
        ("time,count,exposure\na,1,1\nb,2,0\n", ["--method", "before-after"], "Row 3: counts"),
        ("time,count,exposure\na,1,1\nb,2,inf\n", ["--method", "before-after"], "infinite"),
        ("time,count,x\na,1,1\nb,2,0\n", ["--covariate", "y"], "no column “y”"),
        (
            "time,count,x\na,1,1\nb,2,0\n",
            ["--covariate", "x", "--method", "before-after"],
            "The method before-after does not use",
        ),
        ("", [], "is empty"),
    ],
)
def test_effect_of_an_unusable_file_is_a_sentence(tmp_path, text, options, words):
    file = tmp_path / "in.csv"
    file.write_text(text, encoding="utf-8")
    code, output = run("effect", file, "--start", "b", *options)
    assert code == 2
    assert words in output


def test_effect_of_the_two_historical_series(shared_data):
    """Durbin and Koopman (2012) give 0.79 for the seat-belt law; nobody gives one for Crimea."""
    folder = shared_data / "classic_exposure_series"
    belts = ["--count", "drivers", "--covariate", "PetrolPrice", "--start", "1983.08333333334"]
    output = run("effect", folder / "Seatbelts.csv", *belts, "--waves", 5, "--no-trend")[1]
    assert "0.82 times" in output
    assert "0.79 to 0.86" in output
    army = ["--time", "Date", "--count", "Disease", "--exposure", "Army", "--start", "1855-03-01"]
    output = run("effect", folder / "Nightingale.csv", *army, "--waves", 0, "--no-trend")[1]
    assert "0.33 times" in output
    assert "0.11 to 1.00" in output


def test_rates_of_groups(tmp_path):
    file = tmp_path / "in.csv"
    file.write_text("group,cases,exposure\nA,12,1000\nB,3,900\nC,30,1100\n", encoding="utf-8")
    found = json.loads(run("rates", file, "--json")[1])
    assert [group["funnel"] for group in found["groups"]] == ["within", "below", "above"]
    assert found["groups"][0]["lower"] == pytest.approx(6.2005751)
    assert "27.273" in run("rates", file)[1]
    file.write_text("group,cases,exposure\nA,many,1000\n", encoding="utf-8")
    code, output = run("rates", file)
    assert code == 2
    assert "“many” is not a number" in output
