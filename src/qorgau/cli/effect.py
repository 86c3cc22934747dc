"""``qorgau effect``: what changed in a unit since an action."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

import typer
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from rich.console import Console
from rich.table import Table

from qorgau.analysis.answers import QuestionError
from qorgau.analysis.effect.answer import effect_of_action
from qorgau.analysis.effect.question import (
    MOST_WEEKS,
    WEEKS_AFTER,
    WEEKS_BEFORE,
    EffectQuestion,
)
from qorgau.analysis.effect.results import EffectOfAction
from qorgau.cli.terminal.figures import json_of, rounded, short_moment, short_period
from qorgau.cli.terminal.look_ups import end_of, reader_of_rates, unit_of_code
from qorgau.cli.terminal.output import make_console, say
from qorgau.cli.terminal.tables import print_table
from qorgau.foundation.identity.models import User
from qorgau.records.incidents.choices import Kind

app = typer.Typer(help="What has changed since an action.", add_completion=False)

_DAY = ["%Y-%m-%d"]


@app.command()
def effect(
    unit: Annotated[
        str,
        typer.Option(
            help="Code of the unit that took the action; all units below it are included."
        ),
    ],
    held_from: Annotated[
        dt.datetime, typer.Option("--from", formats=_DAY, help="First day of the action.")
    ],
    kind: Annotated[str, typer.Option(help="Kind of incident.")] = Kind.INJURY.value,
    cause: Annotated[str, typer.Option(help="Only this cause and all causes below it.")] = "",
    compared_with: Annotated[
        str, typer.Option(help="Code of a unit in which the action was not taken.")
    ] = "",
    weeks_before: Annotated[
        int, typer.Option(min=1, max=MOST_WEEKS, help="Weeks to compare before the action.")
    ] = WEEKS_BEFORE,
    weeks_after: Annotated[
        int, typer.Option(min=1, max=MOST_WEEKS, help="Weeks to compare after the action.")
    ] = WEEKS_AFTER,
    as_of: Annotated[
        dt.datetime | None,
        typer.Option(formats=_DAY, help="Use the register as it was at the end of this day."),
    ] = None,
    user: Annotated[
        str, typer.Option("--as", help="User to run as. Default: any user with access.")
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print exact figures as JSON.")] = False,
) -> None:
    """Compare the rate since an action with the rate expected without it."""
    try:
        question = EffectQuestion(
            unit=unit_of_code(unit),
            measure=f"{kind}:{cause}" if cause else kind,
            held_from=held_from.date(),
            weeks_before=weeks_before,
            weeks_after=weeks_after,
            compared_with=unit_of_code(compared_with) if compared_with else None,
            as_of=end_of(as_of.date()) if as_of else None,
        )
        units = filter(None, (question.unit, question.compared_with))
        reader = reader_of_rates(user, *units)
        result = effect_of_action(reader, question)
    except QuestionError as error:
        say(str(error), err=True)
        raise typer.Exit(1) from error
    if as_json:
        say(json_of(result))
    else:
        _print(result, reader, make_console(highlight=False, markup=False))


def _print(result: EffectOfAction, user: User, console: Console) -> None:
    source = result.provenance
    console.print(result.sentence, soft_wrap=True)
    print_table(_table(result), console)
    console.print(
        _("As of %(moment)s, read as %(user)s. Method: %(method)s. Qorgau %(version)s.")
        % {
            "moment": short_moment(source.as_of),
            "user": user.username,
            "method": source.method,
            "version": source.version,
        },
        soft_wrap=True,
    )
    for caveat in result.caveats:
        console.print(_("Note: %(sentence)s") % {"sentence": caveat.sentence}, soft_wrap=True)


def _table(result: EffectOfAction) -> Table:
    source, estimate = result.provenance, result.estimate
    table = Table(box=None, pad_edge=False)
    headings = (
        short_period(source.first_day, source.last_day),
        pgettext("table heading", "incidents"),
        result.denominator_label,
        _("lower"),
        _("upper"),
    )
    for at, heading in enumerate(headings):
        table.add_column(heading, justify="right" if at else "left")
    for name, side in ((_("Rate before"), result.before), (_("Rate after"), result.after)):
        table.add_row(name, str(side.cases), *map(rounded, (side.rate, side.lower, side.upper)))
    table.add_row(
        _("Expected without the action"),
        rounded(estimate.expected, 1),
        rounded(result.rate_without),
    )
    of_ratio = (estimate.ratio, estimate.ratio_lower, estimate.ratio_upper)
    table.add_row(_("Ratio to expected"), "", *map(rounded, of_ratio))
    averted = (estimate.averted_lower, estimate.averted_upper)
    table.add_row(
        _("Prevented"), rounded(estimate.averted, 1), "", *(rounded(one, 1) for one in averted)
    )
    return table
