"""What starts no Django answers in the language of the terminal all the same."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from qorgau.cli.main import app

runner = CliRunner()


@pytest.fixture(params=["kk", "ru"])
def language(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("LC_ALL", "")
    monkeypatch.setenv("LC_MESSAGES", "")
    monkeypatch.setenv("LANG", f"{request.param}_{'KZ' if request.param == 'kk' else 'RU'}.UTF-8")
    return str(request.param)


def said(*words: object, code: int = 0) -> str:
    done = runner.invoke(app, [*map(str, words)])
    assert done.exit_code == code, done.output
    return " ".join(done.output.replace("\N{NO-BREAK SPACE}", " ").split())


def test_detect(language: str, tmp_path: Path) -> None:
    lines = [f"a,{week},4" for week in range(1, 1201)] + ["lone,1,3", "half,1,2.5"]
    file, out = tmp_path / "in.csv", tmp_path / "out.csv"
    file.write_text("series,time,count\n" + "\n".join(lines), encoding="utf-8")
    told = said("methods", "detect", file, "--method=ears-c1", "--out", out)
    weeks, faulty = {
        "kk": ("апта – 1 202, қатар – 3", "Қатар half: жағдай саны теріс, бөлшек"),
        "ru": ("недель — 1 202, рядов — 3", "Ряд half: число случаев отрицательное, дробное"),
    }[language]
    assert weeks in told
    assert faulty in told
    # What programs read is the same in every language.
    assert "insufficient_history" in out.read_text(encoding="utf-8")


def test_a_file_that_cannot_be_read_is_refused_in_its_sentence(
    language: str, tmp_path: Path
) -> None:
    file = tmp_path / "in.csv"
    file.write_text("a,b\n1,2\n", encoding="utf-8")
    told = said("methods", "detect", file, "--method=cusum", "--out", tmp_path / "out", code=2)
    assert {"kk": "Файлда «series» бағаны жоқ", "ru": "В файле нет столбца «series»"}[
        language
    ] in told


def test_an_option_that_does_not_fit_is_refused_in_its_sentence(
    language: str, tmp_path: Path
) -> None:
    file = tmp_path / "in.csv"
    file.write_text("series,time,count\na,1,3\n", encoding="utf-8")
    options = ("--method=cusum", "--years=3", "--out", tmp_path / "out")
    told = said("methods", "detect", file, *options, code=2)
    assert {"kk": "cusum әдісіне қатысы жоқ", "ru": "не относится к методу cusum"}[language] in told


def test_watch(language: str, tmp_path: Path) -> None:
    units, causes, incidents = (tmp_path / name for name in ("u.csv", "c.csv", "i.csv"))
    units.write_text("unit,parent\nB,\n", encoding="utf-8")
    causes.write_text("cause,parent\nfall,\n", encoding="utf-8")
    days = [f"B,2024-{month:02}-07,fall" for month in range(1, 8)]
    incidents.write_text("unit,day,cause\n" + "\n".join(days), encoding="utf-8")
    tables = ("--units", units, "--causes", causes, "--out", tmp_path / "out.csv")
    told = said("methods", "watch", incidents, *tables)
    assert {"kk": "2024-07-01 күні басталған апта", "ru": "Неделя с 2024-07-01"}[language] in told
    assert {"kk": "Сигналдар мына файлда", "ru": "Сигналы записаны"}[language] in told
