"""Commands that do not start Django also answer in the language of the terminal."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from qorgau.cli.main import app
from qorgau.cli.terminal.language import localised_day, localised_month, localised_number

runner = CliRunner()


@pytest.fixture(params=["kk", "ru"])
def language(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("LC_ALL", "")
    monkeypatch.setenv("LC_MESSAGES", "")
    monkeypatch.setenv("LANG", f"{request.param}_{'KZ' if request.param == 'kk' else 'RU'}.UTF-8")
    return str(request.param)


def printed(*words: object, code: int = 0) -> str:
    done = runner.invoke(app, [*map(str, words)])
    assert done.exit_code == code, done.output
    return " ".join(done.output.replace("\N{NO-BREAK SPACE}", " ").split())


def test_detect(language: str, tmp_path: Path) -> None:
    lines = [f"a,{week},4" for week in range(1, 1201)] + ["lone,1,3", "half,1,2.5"]
    file, out = tmp_path / "in.csv", tmp_path / "out.csv"
    file.write_text("series,time,count\n" + "\n".join(lines), encoding="utf-8")
    answer = printed("methods", "detect", file, "--method=ears-c1", "--out", out)
    weeks, faulty = {
        "kk": ("Апталар: 1 202; қатарлар: 3", "Қатар half: жағдай саны теріс, бөлшек"),
        "ru": ("Недель: 1 202; рядов: 3", "Ряд half: число случаев отрицательное, дробное"),
    }[language]
    assert weeks in answer
    assert faulty in answer
    # Output for programs is the same in every language.
    assert "insufficient_history" in out.read_text(encoding="utf-8")


def test_a_file_that_cannot_be_read_is_refused_in_its_sentence(
    language: str, tmp_path: Path
) -> None:
    file = tmp_path / "in.csv"
    file.write_text("a,b\n1,2\n", encoding="utf-8")
    answer = printed("methods", "detect", file, "--method=cusum", "--out", tmp_path / "out", code=2)
    assert {"kk": "Файлда «series» бағаны жоқ", "ru": "В файле нет столбца «series»"}[
        language
    ] in answer


def test_an_option_that_does_not_fit_is_refused_in_its_sentence(
    language: str, tmp_path: Path
) -> None:
    file = tmp_path / "in.csv"
    file.write_text("series,time,count\na,1,3\n", encoding="utf-8")
    options = ("--method=cusum", "--years=3", "--out", tmp_path / "out")
    answer = printed("methods", "detect", file, *options, code=2)
    assert {"kk": "cusum әдісіне қатысы жоқ", "ru": "не относится к методу cusum"}[
        language
    ] in answer


@pytest.fixture
def key_files(tmp_path: Path) -> list[Path]:
    secret = tmp_path / "secret.txt"
    secret.write_text("sixteen letters or more\n", encoding="utf-8")
    found = []
    for name, people in (("safety", range(60)), ("medical", range(30, 90))):
        register, out = tmp_path / f"{name}-register.csv", tmp_path / f"{name}.csv"
        lines = [f"P{who},2025-05-05,{'AB'[who % 2]}" for who in people]
        register.write_text("\n".join(["person,day,unit", *lines, lines[0]]), encoding="utf-8")
        command = ("methods", "linkage-keys", register, "--secret-file", secret, "--out", out)
        found.append((out, printed(*command)))
    assert all("60" in answer for _path, answer in found)
    (tmp_path / "said.txt").write_text(found[0][1], encoding="utf-8")
    return [path for path, _told in found]


def test_linkage_keys_and_ascertainment(
    language: str, key_files: list[Path], tmp_path: Path
) -> None:
    written = (tmp_path / "said.txt").read_text(encoding="utf-8")
    assert {"kk": "аты-жөнсіз әрі кодсыз жазылған жағдайлар: 60", "ru": "без имён и кодов: 60"}[
        language
    ] in written
    assert {"kk": "бір-ақ рет алынған жолдар: 1", "ru": "учтённых один раз: 1"}[language] in written
    answer = printed("methods", "ascertainment", *key_files, "--by", "unit")
    expected = {
        "kk": ("Жағдайлардың бағаланған саны: 119", "екеуінде де", "Ескертпе: Бір тізілімде"),
        "ru": ("Оценка числа случаев: 119", "в обоих", "Примечание: Если случай"),
    }[language]
    assert all(words in answer for words in expected), answer


def test_delay(language: str, tmp_path: Path) -> None:
    file = tmp_path / "in.csv"
    days = [dt.date(2026, 1, 5) + dt.timedelta(days=number) for number in range(60)]
    lines = [f"{day},{day + dt.timedelta(days=number % 20)}" for number, day in enumerate(days)]
    file.write_text("\n".join(["occurred,reported", *lines, ",2026-01-05"]), encoding="utf-8")
    answer = printed("methods", "delay", file)
    expected = {
        "kk": ("толықтығы", "100,0 %", "есепке алынбаған жолдар: 1", "24.03.2026 жағдайы"),
        "ru": ("полнота", "100,0 %", "из-за отсутствия даты: 1", "По состоянию на 24.03.2026"),
    }[language]
    assert all(words in answer for words in expected), answer


def test_effect(language: str, tmp_path: Path) -> None:
    file = tmp_path / "in.csv"
    counts = (6000, 6000, 3000, 3000)
    rows = [f"{year},{cases}" for year, cases in enumerate(counts, start=2018)]
    file.write_text("time,count\n" + "\n".join(rows), encoding="utf-8")
    answer = printed("methods", "effect", file, "--start", 2020, "--method", "before-after")
    expected = {
        "kk": ("Алды алынған жағдайлар: 6 000, күтілгені: 12 000", "қатынасы – 0,50"),
        "ru": ("Предотвращено случаев: 6 000; ожидалось: 12 000", "без меры — 0,50"),
    }[language]
    assert all(words in answer for words in expected), answer


def test_rates_of_groups(language: str, tmp_path: Path) -> None:
    file = tmp_path / "in.csv"
    file.write_text("group,cases,exposure\nA,12,1000\nC,30,1100\n", encoding="utf-8")
    answer = printed("methods", "rates", file)
    assert {"kk": "тартыл.", "ru": "сглаж."}[language] in answer
    assert {"kk": "шегінде", "ru": "в пределах"}[language] in answer
    found = json.loads(printed("methods", "rates", file, "--json"))
    assert found["groups"][0]["funnel"] == "within"


def test_rates_of_groups_fit_a_terminal_and_are_whole(language: str, tmp_path: Path) -> None:
    file = tmp_path / "in.csv"
    rows = ["Артиллерийский дивизион,12,18250.5", "3-батальон,10,1245230.25", "Рота,1,1200"]
    file.write_text("\n".join(["group,cases,exposure", *rows]), encoding="utf-8")
    answer = CliRunner().invoke(app, ["methods", "rates", str(file)], env={"COLUMNS": "80"})
    lines = answer.stdout.splitlines()
    assert max(map(len, lines)) <= 80
    verdict = {"kk": "төмен", "ru": "ниже"}[language]
    assert [line.split()[0] for line in lines if line.rstrip().endswith(verdict)] == ["3-батальон"]
    assert "1\N{NO-BREAK SPACE}245\N{NO-BREAK SPACE}230" in answer.stdout


def test_published_histories(language: str) -> None:
    answer = printed("rates", "--source", "horse-kick")
    expected = {
        "kk": (
            "01.1875–12.1894",
            "бір корпус-жылға шаққанда: 0,700",
            "Ескертпе: Көрсеткіш корпус-жылға",
        ),
        "ru": ("01.1875–12.1894", "на корпусо-год: 0,700", "Примечание: Показатель рассчитан"),
    }[language]
    assert all(words in answer for words in expected), answer
    answer = printed("rates", "--source", "crimea")
    expected = {
        "kk": ("барлық себеп", "Дөңгелектеу шегінде (0,05) бәрі"),
        "ru": ("все причины", "(0,05) совпали все"),
    }[language]
    assert all(words in answer for words in expected), answer
    found = json.loads(printed("rates", "--source", "crimea", "--json"))
    assert found["totals"][-1]["cause"] == "all causes"


def test_neither_a_history_nor_a_unit(language: str) -> None:
    answer = printed("rates", code=2)
    assert {"kk": "Екеуінің бірін", "ru": "Укажите одно из двух"}[language] in answer


def test_help_of_a_method(language: str) -> None:
    answer = printed("methods", "delay", "--help")
    assert {"kk": "Жағдайлардың қаншалықты кеш", "ru": "Оценить, с каким запаздыванием"}[
        language
    ] in answer


def test_watch(language: str, tmp_path: Path) -> None:
    units, causes, incidents = (tmp_path / name for name in ("u.csv", "c.csv", "i.csv"))
    units.write_text("unit,parent\nB,\n", encoding="utf-8")
    causes.write_text("cause,parent\nfall,\n", encoding="utf-8")
    days = [f"B,2024-{month:02}-07,fall" for month in range(1, 8)]
    incidents.write_text("unit,day,cause\n" + "\n".join(days), encoding="utf-8")
    tables = ("--units", units, "--causes", causes, "--out", tmp_path / "out.csv")
    answer = printed("methods", "watch", incidents, *tables)
    assert {"kk": "01.07.2024 күні басталған апта", "ru": "Неделя с 01.07.2024"}[language] in answer
    assert {"kk": "Сигналдар мына файлда", "ru": "Сигналы записаны"}[language] in answer


def test_numbers_and_days_have_the_form_of_the_language(language: str) -> None:
    written = [
        localised_number(-1234.5, ",.1f"),
        localised_number(0.955, ".1%"),
        localised_number(1e-7, ".2g"),
    ]
    assert written == [
        "\N{MINUS SIGN}1\N{NO-BREAK SPACE}234,5",
        "95,5\N{NO-BREAK SPACE}%",
        "1e-07",
    ]
    assert localised_day(dt.date(2026, 5, 6)) == "06.05.2026"
    assert localised_month(dt.date(2026, 5, 6)) == "05.2026"


def test_numbers_and_days_in_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "C")
    assert localised_number(-1234.5, ",.1f") == "\N{MINUS SIGN}1,234.5"
    assert localised_number(0.955, ".1%") == "95.5%"
    assert localised_day(dt.date(2026, 5, 6)) == "06 May 2026"
    assert localised_month(dt.date(2026, 5, 6)) == "May 2026"
