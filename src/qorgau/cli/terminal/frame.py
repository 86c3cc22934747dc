"""Typer's own words (Usage, Options, Invalid value) in the language of the terminal.

Typer takes some of them from the standard library's gettext, which we redirect to our catalogues.
The others are in English, including messages of pydantic; they are recognised by pattern.
"""

from __future__ import annotations

import gettext as standard_library
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import typer

from qorgau.cli.terminal.language import (
    CATALOGUES,
    DOMAIN,
    gettext,
    gettext_noop,
    terminal_language,
)

# A name in braces matches any text; a `reason` or `message` is itself one of these, or ours.
FAULTS = (
    gettext_noop("{message} (Possible options: {options})"),
    gettext_noop("{message}. Did you mean {suggestions}?"),
    gettext_noop("No such option: {option}"),
    gettext_noop("Missing option {option}. Choose from:\n\t{choices}"),
    gettext_noop("Missing option {option}."),
    gettext_noop("Missing argument {argument}. Choose from:\n\t{choices}"),
    gettext_noop("Missing argument {argument}."),
    gettext_noop("Option {option} requires an argument."),
    gettext_noop("Option {option} does not take a value."),
    gettext_noop("Got unexpected extra argument(s) ({arguments})"),
    gettext_noop("Invalid value for {name}: {reason}"),
    gettext_noop("Invalid value: {reason}"),
    gettext_noop("{value} is not one of {choices}."),
    gettext_noop("{value} does not match the formats {formats}."),
    gettext_noop("Input should be a valid integer, unable to parse string as an integer"),
    gettext_noop("Input should be a valid number, unable to parse string as a number"),
    gettext_noop("Unable to parse input string as an integer, exceeded maximum size"),
    gettext_noop("Input should be greater than or equal to {least}"),
    gettext_noop("Input should be less than or equal to {most}"),
)
# Help texts that typer adds to every command.
DEFAULTS = (
    gettext_noop("Show this message and exit."),
    gettext_noop("[OPTIONS]"),
    gettext_noop("COMMAND [ARGS]..."),
)
# What an option takes, as typer shows it, and in our words; a flag takes nothing.
KINDS_OF_VALUE = {
    "<bool>": "",
    "<int>": gettext_noop("<whole number>"),
    "<int range>": gettext_noop("<whole number>"),
    "<float>": gettext_noop("<number>"),
    "<float range>": gettext_noop("<number>"),
    "<str>": gettext_noop("<text>"),
    "<list[str]>": gettext_noop("<text>"),
    "<path>": gettext_noop("<file>"),
    "<%Y-%m-%d>": gettext_noop("<year-month-day>"),
}
# Pydantic puts this before the reason when a function refused a value.
_OF_A_FUNCTION = "Value error, "
_NESTED = ("message", "reason")


@contextmanager
def frame_in_terminal_language() -> Iterator[None]:
    """Redirect gettext to our catalogues and to the language of the terminal."""
    standard_library.bindtextdomain(DOMAIN, str(CATALOGUES))
    standard_library.textdomain(DOMAIN)
    given = os.environ.get("LANGUAGE")
    os.environ["LANGUAGE"] = terminal_language(os.environ)
    try:
        yield
    finally:
        os.environ.pop("LANGUAGE", None)
        if given is not None:
            os.environ["LANGUAGE"] = given


class TerminalContext(typer.Context):
    """A context that starts the usage line in the language of the terminal."""

    def make_formatter(self) -> Any:
        formatter = super().make_formatter()
        write_usage = formatter.write_usage
        formatter.write_usage = lambda prog, args="": write_usage(prog, args, gettext("Usage: "))
        return formatter


def translate_command(command: Any) -> None:
    """Translate the help of a command, of its options and of all its subcommands."""
    command.context_class = TerminalContext
    parameters = command.get_params(TerminalContext(command))
    for parameter in parameters:
        parameter.display_type_rich = partial(_kind_of_value, parameter.display_type_rich)
    for described in (command, *parameters):
        if getattr(described, "help", None):
            described.help = gettext(described.help)
    if command.options_metavar:
        command.options_metavar = gettext(command.options_metavar)
    if getattr(command, "subcommand_metavar", None):
        command.subcommand_metavar = gettext(command.subcommand_metavar)
    for below in getattr(command, "commands", {}).values():
        translate_command(below)


def _kind_of_value(shown: Callable[[Any], str | None], ctx: Any) -> str | None:
    """What an option takes, in the language of the terminal; a name or a choice stays."""
    label = shown(ctx)
    kind = KINDS_OF_VALUE.get(label or "", label)
    # An empty message is the head of a catalogue.
    return gettext(kind) if kind else None


@contextmanager
def faults_in_terminal_language() -> Iterator[None]:
    """Show errors in the typed command line in the language of the terminal."""
    try:
        yield
    except typer.TyperException as fault:
        sentence = sentence_of_fault(fault.format_message())
        fault.format_message = lambda: sentence  # type: ignore[method-assign]
        raise


def sentence_of_fault(message: str) -> str:
    message = message.removeprefix(_OF_A_FUNCTION)
    for fault, form in _FORMS.items():
        match = form.fullmatch(message)
        if match is not None:
            parts = {
                name: sentence_of_fault(part) if name in _NESTED else part
                for name, part in match.groupdict().items()
            }
            return gettext(fault).format(**parts)
    return message


def _form(fault: str) -> re.Pattern[str]:
    literal = re.split(r"\{(\w+)\}", fault)
    parts = (f"(?P<{part}>.+?)" if at % 2 else re.escape(part) for at, part in enumerate(literal))
    return re.compile("".join(parts), re.DOTALL)


_FORMS = {fault: _form(fault) for fault in FAULTS}
