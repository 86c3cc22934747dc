"""``qorgau methods linkage-keys`` and ``ascertainment``: from registers to the reported share."""

from __future__ import annotations

import datetime as dt
import json

import numpy as np
import pytest
from typer.testing import CliRunner

from qorgau.cli.main import app
from tests.architecture.source_tree import ROOT

SECRET = "a secret of the test, long enough"
START = dt.date(2025, 1, 1)


def run(*words):
    return CliRunner().invoke(app, ["methods", *map(str, words)])


def keys(folder, name, cases, secret=SECRET):
    register, secret_file = folder / f"{name}-register.csv", folder / f"{name}-secret.txt"
    lines = [f"P-{who},{START + dt.timedelta(int(day))},{unit}" for who, day, unit in cases]
    register.write_text("\n".join(["person,day,unit", *lines, ""]), encoding="utf-8")
    secret_file.write_text(secret + "\n", encoding="utf-8")
    out = folder / f"{name}.csv"
    done = run("linkage-keys", register, "--secret-file", secret_file, "--out", out)
    assert done.exit_code == 0, done.output
    assert f"{len(set(cases)):,} case" in done.output
    return out


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """300 injuries; 60%, 70% and 50% of them are in the registers; four units, one small."""
    folder = tmp_path_factory.mktemp("keys")
    rng = np.random.default_rng(8)
    people = rng.permutation(3000)[:300]
    day = rng.integers(0, 365, 300)
    units = np.array(["U1", "U2", "U3", "U4"])[np.minimum(np.arange(300) // 97, 3)]
    kept = rng.random((300, 3)) < [0.6, 0.7, 0.5]
    return [
        keys(
            folder,
            name,
            [(int(people[i]), int(day[i]) + late, str(units[i])) for i in np.flatnonzero(of)],
        )
        for name, of, late in zip(
            ("safety", "medical", "insurance"), kept.T, (0, 1, 2), strict=True
        )
    ]


def test_the_share_that_was_planted_is_found(files):
    done = run("ascertainment", *files[:2], "--json")
    assert done.exit_code == 0, done.output
    answer = json.loads(done.stdout)
    assert answer["figure"]["lower"] < 300 < answer["figure"]["upper"]
    assert answer["figure"]["first_share"] == pytest.approx(0.6, abs=0.06)
    assert answer["registers"] == ["safety", "medical"]
    assert (answer["figure"]["first"], answer["figure"]["second"]) == tuple(answer["cases"])


def test_the_words_contain_total_share_and_limits(files):
    printed = run("ascertainment", *files[:2], "--by", "unit").output
    assert "Estimated number of cases: 284" in printed
    assert "Cases in the register safety: " in printed
    assert "not shown: fewer than 7 cases in both" in printed
    # Four units, one of them small: another one is withheld with it.
    assert printed.count("not shown: it would reveal another unit's figure") == 1
    assert "Note: " in printed


def test_three_registers(files):
    answer = json.loads(run("ascertainment", *files, "--json").stdout)
    assert answer["lower"] < 300 < answer["upper"]
    assert "Fienberg" in answer["method"]
    assert "Cases in the register insurance: " in run("ascertainment", *files).output
    refused = run("ascertainment", *files, "--by", "unit")
    assert refused.exit_code == 2
    assert "needs two registers" in refused.stderr


def test_a_different_secret_on_one_side_is_reported(files, tmp_path):
    other = keys(tmp_path, "other", [(1, 1, "U1")], secret="another secret of the test")
    refused = run("ascertainment", files[0], other)
    assert refused.exit_code == 2
    assert "same secret" in refused.stderr


def test_people_in_common_and_too_few_links(tmp_path):
    one = keys(tmp_path, "one", [(who, who, "U1") for who in range(30)])
    two = keys(tmp_path, "two", [(who, who + 100, "U1") for who in range(20)])
    assert "not shown: fewer than 7" in run("ascertainment", one, two).output
    answer = json.loads(run("ascertainment", one, two, "--days", "100", "--json").stdout)
    assert answer["figure"]["both"] == 20
    three = keys(tmp_path, "three", [(who, who + 200, "U1") for who in range(20)])
    refused = run("ascertainment", one, two, three)
    assert refused.exit_code == 2
    assert "in more than one register" in refused.stderr


def test_a_file_linked_with_itself_is_detected(files):
    same = files[0]
    assert "hardly independent" in run("ascertainment", same, same).output
    refused = run("ascertainment", same, same, same, "--json")
    assert refused.exit_code == 2
    assert "hardly independent" in refused.stderr


@pytest.mark.parametrize("words", [["none.csv", "none.csv"], [__file__, __file__]])
def test_rubbish_is_answered_in_a_sentence(words):
    refused = run("ascertainment", *words)
    assert refused.exit_code == 2
    assert refused.stderr.strip()
    assert "Traceback" not in refused.output


def test_units_are_requested_but_the_files_have_none(tmp_path, files):
    bare = tmp_path / "bare.csv"
    lines = [line.rpartition(",")[0] for line in files[0].read_text().splitlines()]
    bare.write_text("\n".join([*lines, ""]))
    refused = run("ascertainment", bare, bare, "--by", "unit")
    assert refused.exit_code == 2
    assert "column “unit”" in refused.stderr


def test_the_commands_of_the_page_do_what_it_says(files, tmp_path, monkeypatch):
    """The commands of docs/how-to/measure-under-reporting.md that need no register."""
    page = (ROOT / "docs/how-to/measure-under-reporting.md").read_text(encoding="utf-8")
    lines = [line.split()[2:] for line in page.splitlines() if "qorgau methods " in line]
    monkeypatch.chdir(tmp_path)
    folder = files[0].parent
    for name, copy in (
        ("medical-register.csv", "injuries.csv"),
        ("medical-secret.txt", "secret.txt"),
        ("safety.csv", "safety-keys.csv"),
        ("insurance.csv", "insurer-keys.csv"),
    ):
        (tmp_path / copy).write_bytes((folder / name).read_bytes())
    assert len(lines) == 3
    for words in lines:
        done = run(*words)
        assert done.exit_code == 0, done.output
    assert (tmp_path / "keys.csv").read_bytes() == files[1].read_bytes()


def test_a_unit_may_have_any_name(tmp_path):
    """Brackets must not be markup for the terminal."""
    cases = [(who, who, "[/b]" if who % 2 else "[red]") for who in range(60)]
    files = [keys(tmp_path, "one", cases[:45]), keys(tmp_path, "other", cases[15:])]
    done = run("ascertainment", *files, "--by", "unit")
    assert done.exit_code == 0, done.output
    assert "[/b]" in done.output
    assert "[red]" in done.output
