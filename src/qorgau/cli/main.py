"""The ``qorgau`` command: one file for each word, imported only when that word is typed."""

from __future__ import annotations

import os
import sys
from importlib import import_module, metadata
from typing import Annotated, Any

import typer
import typer.core

from qorgau.cli.terminal.frame import (
    faults_in_terminal_language,
    frame_in_terminal_language,
    translate_command,
)
from qorgau.cli.terminal.language import terminal_language
from qorgau.cli.terminal.output import say
from qorgau.foundation.journal.operator import operated_by, user_of_operating_system

# Word: the module that contains its ``app``.
WORDS = {
    "demo": "qorgau.cli.demo",
    "detect": "qorgau.cli.detect",
    "effect": "qorgau.cli.effect",
    "import": "qorgau.cli.imports",
    "journal": "qorgau.cli.journal",
    "methods": "qorgau.cli.methods",
    "migrate": "qorgau.cli.migrate",
    "places": "qorgau.cli.places",
    "publish": "qorgau.cli.publish",
    "rates": "qorgau.cli.rates",
    "serve": "qorgau.cli.serve",
    "tokens": "qorgau.cli.tokens",
    "under-reporting": "qorgau.cli.under_reporting",
    "units": "qorgau.cli.units",
    "users": "qorgau.cli.users",
}
# These work on plain files without Django, so they need neither settings nor a database.
PLAIN_WORDS = frozenset({"methods", "rates"})


class WordGroup(typer.core.TyperGroup):
    """Imports the file of a word only when it is needed."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        translate_command(self)

    def main(self, *arguments: Any, **options: Any) -> Any:
        with frame_in_terminal_language():
            return super().main(*arguments, **options)

    def make_context(self, *arguments: Any, **options: Any) -> Any:
        with faults_in_terminal_language():
            return super().make_context(*arguments, **options)

    def invoke(self, ctx: Any) -> Any:
        with faults_in_terminal_language(), operated_by(user_of_operating_system()):
            return super().invoke(ctx)

    def list_commands(self, ctx: Any) -> list[str]:
        return sorted(WORDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name not in WORDS:
            return None
        if cmd_name not in PLAIN_WORDS:
            start_django()
        command = typer.main.get_command(import_module(WORDS[cmd_name]).app)
        command.name = cmd_name
        translate_command(command)
        return command


def start_django() -> None:
    """Read the settings and load the register's models; a second call does nothing."""
    import django
    from django.utils import translation

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qorgau.project.settings")
    django.setup()
    translation.activate(terminal_language(os.environ))


app = typer.Typer(
    cls=WordGroup,
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)


def _print_version(is_asked: bool) -> None:
    if is_asked:
        say(metadata.version("qorgau"))
        raise typer.Exit


@app.callback()
def qorgau(
    version: Annotated[
        bool,
        typer.Option(
            "--version", help="Print the version and stop.", is_eager=True, callback=_print_version
        ),
    ] = False,
) -> None:
    """Keeps people in service safe and helps in emergencies."""


def main() -> None:
    try:
        app()
    except Exception as error:
        explanation = _explain_database_error(error)
        if explanation is None:
            raise
        say(explanation, err=True)
        sys.exit(1)


def _explain_database_error(error: Exception) -> str | None:
    """A sentence about a register that cannot be reached or was never set up, or None."""
    if "django.db" not in sys.modules:
        return None
    from django.db.utils import OperationalError, ProgrammingError
    from django.utils.translation import gettext as _

    if not isinstance(error, OperationalError | ProgrammingError):
        return None
    text = str(error).strip()
    if "no such table" in text or "does not exist" in text or "no such column" in text:
        sentence = _("The register is not set up for this version (%(text)s). Run: qorgau migrate")
    else:
        sentence = _("The register's database cannot be used: %(text)s")
    return sentence % {"text": text}
