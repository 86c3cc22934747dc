"""The command itself: its words, its version, and the message when there is no register."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import polib
import pytest
from django.utils.translation import override
from typer.testing import CliRunner

from qorgau.cli.main import WORDS, app


def run(*words: str, data: Path) -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ,
        "QORGAU_DATA": str(data),
        "LC_ALL": "C.UTF-8",
        "DJANGO_SETTINGS_MODULE": "qorgau.project.settings",
    }
    environment.pop("QORGAU_POSTGRES", None)
    program = Path(sys.executable).with_name("qorgau")
    return subprocess.run(
        [program, *words], env=environment, capture_output=True, text=True, check=False
    )


def test_help_lists_every_word() -> None:
    outcome = CliRunner().invoke(app, ["--help"])
    assert outcome.exit_code == 0
    assert all(word in outcome.stdout for word in WORDS)


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_help_is_in_the_language_of_the_terminal(
    language: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = "Update the database and the files of the pages, then serve until Ctrl-C."
    catalogue = polib.POFile()
    catalogue.metadata = {"Content-Type": "text/plain; charset=UTF-8"}
    catalogue.append(polib.POEntry(msgid=source, msgstr="Қорғау"))
    folder = tmp_path / language / "LC_MESSAGES"
    folder.mkdir(parents=True)
    catalogue.save_as_mofile(str(folder / "django.mo"))
    monkeypatch.setattr("qorgau.cli.terminal.language.CATALOGUES", tmp_path)
    monkeypatch.setenv("LC_ALL", f"{language}_KZ.UTF-8")
    with override("en"):
        output = CliRunner().invoke(app, ["serve", "--help"]).stdout
    assert "Қорғау" in output
    assert source not in output


def test_version_is_that_of_the_package() -> None:
    assert CliRunner().invoke(app, ["--version"]).stdout.strip() == metadata.version("qorgau")


def test_without_a_register_the_error_says_what_to_run(tmp_path: Path) -> None:
    outcome = run("journal", "verify", data=tmp_path)
    assert outcome.returncode == 1
    assert "Run: qorgau migrate" in outcome.stderr
    assert "Traceback" not in outcome.stderr


def test_migrate_creates_the_register_once(tmp_path: Path) -> None:
    data = tmp_path / "new" / "folder"
    first, second = run("migrate", data=data), run("migrate", data=data)
    assert first.returncode == second.returncode == 0, first.stderr
    assert "migrations applied" in first.stdout
    assert second.stdout == "The database is up to date.\n"
    assert run("journal", "verify", data=data).returncode == 0
