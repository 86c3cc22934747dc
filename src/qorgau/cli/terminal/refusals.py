"""Refusals on a terminal: print the sentence and exit with a status other than 0."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import typer
from django.core.exceptions import ValidationError

from qorgau.cli.terminal.output import say
from qorgau.foundation.identity.authority import NotAuthorised


@contextmanager
def refusals_as_sentences() -> Iterator[None]:
    try:
        yield
    except ValidationError as error:
        say("\n".join(error.messages), err=True)
        raise typer.Exit(1) from None
    except NotAuthorised as error:
        say(str(error), err=True)
        raise typer.Exit(1) from None
