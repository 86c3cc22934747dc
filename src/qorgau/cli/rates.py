"""``qorgau rates``: rates with their limits, from the built-in history or from the register."""

from __future__ import annotations

import json
from dataclasses import asdict
from enum import StrEnum
from typing import Annotated

import typer
from rich.console import Console

from qorgau.analysis.published_history import crimea_history, horse_kick_history
from qorgau.cli.history_tables import print_crimea, print_horse_kick

app = typer.Typer(help="Rates with their limits.")


class Source(StrEnum):
    """A published history that Qorgau carries with it."""

    HORSE_KICK = "horse-kick"
    CRIMEA = "crimea"


@app.command()
def rates(
    source: Annotated[
        Source, typer.Option(help="A published history, recomputed; needs no register.")
    ],
    as_json: Annotated[bool, typer.Option("--json", help="Print exact figures as JSON.")] = False,
) -> None:
    """Rates of a published history with exact limits, each beside what was printed."""
    history = horse_kick_history() if source is Source.HORSE_KICK else crimea_history()
    if as_json:
        typer.echo(json.dumps(asdict(history), ensure_ascii=False, default=str))
    elif source is Source.HORSE_KICK:
        print_horse_kick(history, Console(highlight=False))
    else:
        print_crimea(history, Console(highlight=False))
