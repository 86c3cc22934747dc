"""Typer's own words are in the language of the terminal, like ours."""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import typer.rich_utils
from typer.testing import CliRunner

from qorgau.cli.main import app
from qorgau.cli.terminal.frame import frame_in_terminal_language, sentence_of_fault
from qorgau.cli.terminal.language import terminal_language

Said = Callable[..., str]


@pytest.fixture(params=["en", "kk", "ru"])
def language(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    monkeypatch.setenv("LANGUAGE", request.param)
    _import_typer_s_words_again()
    yield request.param
    monkeypatch.setenv("LANGUAGE", "en")
    _import_typer_s_words_again()


def _import_typer_s_words_again() -> None:
    with frame_in_terminal_language():
        importlib.reload(typer.rich_utils)


def printed(*words: object, code: int = 2) -> str:
    columns = {"COLUMNS": "200"}
    done = CliRunner().invoke(app, [*map(str, words)], env=columns, prog_name="qorgau")
    assert done.exit_code == code, done.output
    return " ".join(done.output.replace("│", " ").split())


def test_root_help(language: str) -> None:
    shown = printed("--help", code=0)
    for expected in {
        "en": ("Usage: qorgau [OPTIONS] COMMAND [ARGS]...", "─ Options ─", "─ Commands ─"),
        "kk": ("Қолданылуы: qorgau [ПАРАМЕТРЛЕР] ПӘРМЕН", "─ Параметрлер ─", "─ Пәрмендер ─"),
        "ru": ("Использование: qorgau [ПАРАМЕТРЫ] КОМАНДА", "─ Параметры ─", "─ Команды ─"),
    }[language]:
        assert expected in shown
    assert {
        "en": "Show this message and exit.",
        "kk": "Осы анықтаманы көрсетіп, жұмысты аяқтау.",
        "ru": "Показать эту справку и выйти.",
    }[language] in shown


@pytest.mark.parametrize("words", [("methods", "watch"), ("units", "import")])
def test_help_of_a_command(language: str, words: tuple[str, str]) -> None:
    """One command without Django, and one with it."""
    shown = printed(*words, "--help", code=0)
    for expected in {
        "en": ("Usage: qorgau ", "─ Arguments ─", "─ Options ─", "[required]"),
        "kk": ("Қолданылуы: qorgau ", "─ Аргументтер ─", "─ Параметрлер ─", "[міндетті]"),
        "ru": ("Использование: qorgau ", "─ Аргументы ─", "─ Параметры ─", "[обязательно]"),
    }[language]:
        assert expected in shown


def test_what_an_option_takes(language: str) -> None:
    shown = printed("effect", "--help", code=0)
    number, day, text = {
        "en": ("<whole number>", "<year-month-day>", "<text>"),
        "kk": ("<бүтін сан>", "<жыл-ай-күн>", "<мәтін>"),
        "ru": ("<целое число>", "<год-месяц-день>", "<текст>"),
    }[language]
    assert f"--weeks-before {number} [1<=x<=520]" in shown
    assert f"--from {day}" in shown
    assert f"--unit {text}" in shown
    for typer_s in ("<int", "<bool>", "<str>", "%Y"):
        assert typer_s not in shown


def test_a_default(language: str) -> None:
    shown = printed("effect", "--help", code=0)
    assert {
        "en": "[default: injury]",
        "kk": "[әдепкі мәні: injury]",
        "ru": "[по умолчанию: injury]",
    }[language] in shown


def test_an_unknown_command(language: str) -> None:
    shown = printed("unitz")
    title, sentence, hint = {
        "en": ("─ Error ─", "No such command 'unitz'.", "Try 'qorgau --help' for help."),
        "kk": ("─ Қате ─", "'unitz' деген пәрмен жоқ.", "Анықтама: qorgau --help"),
        "ru": ("─ Ошибка ─", "Нет команды 'unitz'.", "Справка: qorgau --help"),
    }[language]
    assert title in shown
    assert sentence in shown
    assert hint in shown


def test_an_unknown_command_below_a_command(language: str) -> None:
    assert {
        "en": "No such command 'imp'. Did you mean 'import'?",
        "kk": "'imp' деген пәрмен жоқ. Мүмкін, мынаны жазғыңыз келген шығар: 'import'?",
        "ru": "Нет команды 'imp'. Возможно, имелось в виду: 'import'?",
    }[language] in printed("units", "imp")


def test_an_unknown_option(language: str) -> None:
    unknown, like_others = {
        "en": ("No such option: --zzz", "--as-off (Possible options: --as, --as-of)"),
        "kk": ("Мұндай параметр жоқ: --zzz", "--as-off (ұқсас параметрлер: --as, --as-of)"),
        "ru": ("Нет такого параметра: --zzz", "--as-off (похожие параметры: --as, --as-of)"),
    }[language]
    assert unknown in printed("methods", "delay", "--zzz")
    assert like_others in printed("effect", "--as-off")


@pytest.mark.parametrize(
    ("words", "sentences"),
    [
        (
            ("rates", "--source", "b"),
            {
                "en": "Invalid value for '--source': 'b' is not one of 'horse-kick', 'crimea'.",
                "kk": "'--source' мәні жарамсыз: 'b' мына мәндердің ішінде жоқ: 'horse-kick'",
                "ru": "Недопустимое значение '--source': 'b' нет среди допустимых значений: 'hor",
            },
        ),
        (
            ("effect", "--unit", "1", "--from", "soon"),
            {
                "en": "Invalid value for '--from': 'soon' does not match the formats '%Y-%m-%d'.",
                "kk": "'--from' мәні жарамсыз: 'soon' мына үлгілерге сай келмейді: '%Y-%m-%d'.",
                "ru": "Недопустимое значение '--from': 'soon' не соответствует форматам: '%Y-",
            },
        ),
        (
            ("rates", "--depth", "0"),
            {
                "en": "'--depth': Input should be greater than or equal to 1",
                "kk": "'--depth' мәні жарамсыз: кемінде 1 болуға тиіс",
                "ru": "'--depth': должно быть не меньше 1",
            },
        ),
        (
            ("effect", "--weeks-after", "5000"),
            {
                "en": "'--weeks-after': Input should be less than or equal to 520",
                "kk": "'--weeks-after' мәні жарамсыз: ең көбі 520 болуға тиіс",
                "ru": "'--weeks-after': должно быть не больше 520",
            },
        ),
        (
            ("rates", "--depth", "deep"),
            {
                "en": "'--depth': Input should be a valid integer",
                "kk": "'--depth' мәні жарамсыз: бүтін сан керек",
                "ru": "'--depth': нужно целое число",
            },
        ),
        (
            ("rates", "--depth", "9" * 5000),
            {
                "en": "'--depth': Unable to parse input string as an integer, exceeded maximum",
                "kk": "'--depth' мәні жарамсыз: сан тым үлкен",
                "ru": "'--depth': слишком большое число",
            },
        ),
        (
            ("methods", "detect", "in.csv", "--alpha", "low"),
            {
                "en": "'--alpha': Input should be a valid number",
                "kk": "'--alpha' мәні жарамсыз: сан керек",
                "ru": "'--alpha': нужно число",
            },
        ),
        (
            ("rates",),
            {
                "en": "Invalid value: Give one of --source",
                "kk": "Мәні жарамсыз: Екеуінің бірін",
                "ru": "Недопустимое значение: Укажите одно из двух",
            },
        ),
    ],
    ids=["choice", "day", "least", "most", "integer", "too large", "number", "ours"],
)
def test_an_invalid_value(language: str, words: tuple[str, ...], sentences: dict[str, str]) -> None:
    assert sentences[language] in printed(*words)


def test_a_missing_option(language: str) -> None:
    assert {
        "en": "Missing option '--unit'.",
        "kk": "'--unit' параметрі берілмеген.",
        "ru": "Не указан параметр '--unit'.",
    }[language] in printed("effect", "--from", "2026-01-01")
    assert {
        "en": "Missing option '--method'. Choose from: ears-c1,",
        "kk": "'--method' параметрі берілмеген. Мыналардың бірін таңдаңыз: ears-c1,",
        "ru": "Не указан параметр '--method'. Выберите одно из значений: ears-c1,",
    }[language] in printed("methods", "detect", "in.csv")


def test_a_missing_argument(language: str) -> None:
    assert {
        "en": "Missing argument 'file'.",
        "kk": "'file' аргументі берілмеген.",
        "ru": "Не указан аргумент 'file'.",
    }[language] in printed("methods", "delay")


def test_a_missing_file(language: str, tmp_path: Path) -> None:
    file = tmp_path / "in.csv"
    assert {
        "en": f"There is no file {file}.",
        "kk": f"{file} файлы жоқ.",
        "ru": f"Файла {file} нет.",
    }[language] in printed("methods", "delay", file)


def test_an_option_without_its_value_and_a_flag_with_one(language: str) -> None:
    assert {
        "en": "Option '--unit' requires an argument.",
        "kk": "'--unit' параметрінің мәні берілмеген.",
        "ru": "Для параметра '--unit' не указано значение.",
    }[language] in printed("rates", "--unit")
    assert {
        "en": "Option '--json' does not take a value.",
        "kk": "'--json' параметрі мән қабылдамайды.",
        "ru": "Параметр '--json' не принимает значения.",
    }[language] in printed("rates", "--json=yes")


def test_too_many_arguments(language: str) -> None:
    assert {
        "en": "Got unexpected extra argument(s) (b c)",
        "kk": "Артық аргументтер берілген: b c",
        "ru": "Лишние аргументы: b c",
    }[language] in printed("methods", "delay", "a", "b", "c")


def test_typed_text_is_quoted_unchanged(language: str) -> None:
    """Even if it looks like a sentence of typer."""
    assert "'Invalid value: 1'" in printed("rates", "--source", "Invalid value: 1")


def test_our_own_sentences_are_not_changed() -> None:
    assert sentence_of_fault("Укажите одно из двух.") == "Укажите одно из двух."


def test_a_command_in_its_own_process(tmp_path: Path) -> None:
    """Called like by a person; LANGUAGE names a language that we lack, then one that we have."""
    environment = {**os.environ, "LC_ALL": "de_DE.UTF-8", "LANGUAGE": "de:ru:kk"}
    program = Path(sys.executable).with_name("qorgau")
    outcome = subprocess.run(
        [program, "methods", "--help"], env=environment, capture_output=True, text=True, check=True
    )
    assert "Использование: qorgau methods [ПАРАМЕТРЫ]" in outcome.stdout
    assert "─ Команды ─" in outcome.stdout


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, "en"),
        ({"LANG": "kk_KZ.UTF-8"}, "kk"),
        ({"LANG": "kk_KZ.UTF-8", "LC_MESSAGES": "ru_RU.UTF-8"}, "ru"),
        ({"LANG": "ru_RU", "LC_MESSAGES": "ru_RU", "LC_ALL": "kk"}, "kk"),
        ({"LANG": "ru_RU.UTF-8", "LC_ALL": ""}, "ru"),
        ({"LANG": "ru_RU.UTF-8", "LANGUAGE": ""}, "ru"),
        ({"LANG": "ru_RU.UTF-8", "LANGUAGE": "kk"}, "kk"),
        ({"LANG": "en_GB.UTF-8", "LANGUAGE": "kk_KZ:ru"}, "kk"),
        ({"LANG": "en_GB.UTF-8", "LANGUAGE": "de:fr:ru:kk"}, "ru"),
        ({"LANG": "kk_KZ.UTF-8", "LANGUAGE": "en:ru"}, "en"),
        ({"LANG": "kk_KZ.UTF-8", "LANGUAGE": "de"}, "en"),
        ({"LANG": "kk_KZ.UTF-8", "LANGUAGE": "C:ru"}, "en"),
        ({"LANG": "C", "LANGUAGE": "ru"}, "en"),
        ({"LANG": "kk_KZ.UTF-8", "LC_ALL": "C.UTF-8", "LANGUAGE": "kk"}, "en"),
        ({"LC_ALL": "POSIX", "LANGUAGE": "kk"}, "en"),
        ({"LANGUAGE": "kk"}, "en"),
        ({"LANG": "sr_RS@latin"}, "en"),
        ({"LANG": "kkj_CM.UTF-8"}, "en"),
    ],
)
def test_language_of_an_environment(environment: dict[str, str], expected: str) -> None:
    assert terminal_language(environment) == expected
