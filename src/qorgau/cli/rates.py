"""``qorgau rates``: rates with their limits, from the built-in history or from the register."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import asdict
from enum import StrEnum
from typing import Annotated

import typer

from qorgau.analysis.published_histories.recomputed import crimea_history, horse_kick_history
from qorgau.cli.history_tables import print_crimea, print_horse_kick
from qorgau.cli.terminal.language import gettext as _
from qorgau.cli.terminal.output import make_console, say

app = typer.Typer(help="Rates with their limits.", add_completion=False)


class PublishedHistory(StrEnum):
    """A published history that is part of Qorgau."""

    HORSE_KICK = "horse-kick"
    CRIMEA = "crimea"


_Day = dt.datetime
_DAY = ["%Y-%m-%d"]


@app.command()
def rates(
    source: Annotated[
        PublishedHistory | None,
        typer.Option(help="A published history, recomputed; no register is needed."),
    ] = None,
    unit: Annotated[
        str | None,
        typer.Option(help="Code of a unit of the register; all units below it are included."),
    ] = None,
    first_day: Annotated[
        _Day | None,
        typer.Option("--from", formats=_DAY, help="First day. Default: 12 months before --to."),
    ] = None,
    last_day: Annotated[
        _Day | None, typer.Option("--to", formats=_DAY, help="Last day. Default: today.")
    ] = None,
    kind: Annotated[
        list[str] | None, typer.Option(help="Kind of incident. May be repeated.")
    ] = None,
    category: Annotated[str, typer.Option(help="Only people of this category.")] = "",
    cause: Annotated[str, typer.Option(help="Only this cause and all causes below it.")] = "",
    severity: Annotated[
        list[str] | None, typer.Option(help="Only this severity class. May be repeated.")
    ] = None,
    per: Annotated[
        str, typer.Option(help="Denominator of the rates, for example per_10000_person_weeks.")
    ] = "per_1000_person_years",
    depth: Annotated[
        int, typer.Option(min=1, help="How many levels below the unit the compared sub-units are.")
    ] = 1,
    as_of: Annotated[
        _Day | None,
        typer.Option(formats=_DAY, help="Use the register as it was at the end of this day."),
    ] = None,
    user: Annotated[
        str, typer.Option("--as", help="User to run as. Default: any user with access.")
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print exact figures as JSON.")] = False,
) -> None:
    """Rates with exact limits, of a published history or of a unit of the register."""
    if (source is None) == (unit is None):
        raise typer.BadParameter(
            _("Give one of --source (a published history) and --unit (a unit of the register).")
        )
    if source is not None:
        _print_history(source, as_json=as_json)
        return
    # A history needs no register; Django starts only for a unit.
    from qorgau.cli.main import start_django

    start_django()
    from qorgau.cli.unit_rates import UnitRateOptions, print_unit_rates

    options = UnitRateOptions(
        unit=unit or "",
        first_day=first_day.date() if first_day else None,
        last_day=last_day.date() if last_day else None,
        kinds=tuple(kind or ()),
        category=category,
        cause=cause,
        severity_classes=tuple(severity or ()),
        denominator=per,
        depth=depth,
        as_of=as_of.date() if as_of else None,
        username=user,
    )
    print_unit_rates(options, as_json=as_json)


def _print_history(source: PublishedHistory, *, as_json: bool) -> None:
    history = horse_kick_history() if source is PublishedHistory.HORSE_KICK else crimea_history()
    if as_json:
        say(json.dumps(asdict(history), ensure_ascii=False, default=str))
    elif source is PublishedHistory.HORSE_KICK:
        print_horse_kick(history, make_console(highlight=False))
    else:
        print_crimea(history, make_console(highlight=False))
