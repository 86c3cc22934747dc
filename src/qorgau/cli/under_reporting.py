"""``qorgau under-reporting``: what share of its injuries a unit reports."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer
from django.utils.translation import gettext as _
from rich.console import Console
from rich.table import Table

from qorgau.analysis.answers import QuestionError
from qorgau.analysis.rates.question import default_period
from qorgau.analysis.under_reporting.answer import under_reporting
from qorgau.analysis.under_reporting.ascertained_cases import AscertainedFigure
from qorgau.analysis.under_reporting.linked_injuries import MedicalRegister
from qorgau.analysis.under_reporting.question import (
    MOST_TOLERANCE_DAYS,
    USUAL_TOLERANCE_DAYS,
    UnderReportingQuestion,
)
from qorgau.analysis.under_reporting.results import UnderReporting
from qorgau.analysis.under_reporting.words import (
    WITHHELD_REASONS,
    headline,
    percent,
    whole,
)
from qorgau.cli.terminal.figures import json_of, short_moment, short_period
from qorgau.cli.terminal.language import localised_number
from qorgau.cli.terminal.look_ups import account_named, end_of, unit_of_code
from qorgau.cli.terminal.output import make_console, say
from qorgau.cli.terminal.tables import print_table
from qorgau.exchange.formats.format_errors import FormatError
from qorgau.exchange.formats.linkage_keys import read_keys, read_secret, tokens_under
from qorgau.exchange.sentences import sentence_of
from qorgau.foundation import clock

app = typer.Typer(help="The share of injuries that a unit reports.", add_completion=False)

_Day = dt.datetime
_DAY = ["%Y-%m-%d"]


@app.command("under-reporting")
def share_reported(
    unit: Annotated[str, typer.Option(help="Code of a unit; all units below it are included.")],
    keys: Annotated[Path, typer.Option(help="Key file of the medical register: token,day[,unit].")],
    secret_file: Annotated[Path, typer.Option(help="The secret that both registers share.")],
    user: Annotated[
        str,
        typer.Option(
            "--as", help="User to run as; must have access to the unit's medical details."
        ),
    ],
    first_day: Annotated[
        _Day | None,
        typer.Option("--from", formats=_DAY, help="First day. Default: 12 months before --to."),
    ] = None,
    last_day: Annotated[
        _Day | None, typer.Option("--to", formats=_DAY, help="Last day. Default: today.")
    ] = None,
    days: Annotated[
        int,
        typer.Option(
            min=0,
            max=MOST_TOLERANCE_DAYS,
            help="Maximum number of days between the two records of one injury.",
        ),
    ] = USUAL_TOLERANCE_DAYS,
    as_of: Annotated[
        _Day | None,
        typer.Option(formats=_DAY, help="Use the register as it was at the end of this day."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print exact figures as JSON.")] = False,
) -> None:
    """Link a unit's injuries with a medical register, and estimate the share reported."""
    usual_first, last = default_period(last_day.date() if last_day else clock.today())
    try:
        question = UnderReportingQuestion(
            unit=unit_of_code(unit),
            first_day=first_day.date() if first_day else usual_first,
            last_day=last,
            tolerance_days=days,
            as_of=end_of(as_of.date() if as_of else None),
        )
        key_file = read_keys(keys)
        medical = MedicalRegister(
            key_file.cases, tokens_under(read_secret(secret_file)), key_file.has_units
        )
        result = under_reporting(account_named(user), question, medical)
    except (FormatError, QuestionError) as error:
        sentence = sentence_of(error) if isinstance(error, FormatError) else str(error)
        say(sentence, err=True)
        raise typer.Exit(1) from None
    if as_json:
        say(json_of(result))
    else:
        _print(result, make_console(highlight=False, markup=False, soft_wrap=True))


def _print(result: UnderReporting, console: Console) -> None:
    source = result.provenance
    console.print(f"{result.unit_code} {result.unit_name}", style="bold")
    console.print(
        f"{short_period(source.first_day, source.last_day)}, "
        + _("%(level)s limits") % {"level": localised_number(result.confidence, ".0%")}
    )
    console.print(headline(result.overall))
    if result.units:
        print_table(_table(result), console)
        for name, figure in _lines(result):
            if figure.withheld:
                console.print(f"{name}: {WITHHELD_REASONS[figure.withheld]}")
    console.print(
        _("As of %(moment)s. Method: %(method)s. Qorgau %(version)s.")
        % {
            "moment": short_moment(source.as_of),
            "method": source.method,
            "version": source.version,
        }
    )
    for caveat in result.caveats:
        console.print(_("Note: %(sentence)s") % {"sentence": caveat.sentence})


def _table(result: UnderReporting) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column(_("Sub-unit"))
    for heading in (
        _("safety register"),
        _("medical register"),
        _("both"),
        _("estimated"),
        _("share, %"),
    ):
        table.add_column(heading, justify="right")
    table.add_column(_("limits"), justify="right", no_wrap=True)
    for name, figure in _lines(result):
        table.add_row(name, *_cells(figure))
    table.add_row(_("total"), *_cells(result.overall))
    return table


def _lines(result: UnderReporting) -> Iterator[tuple[str, AscertainedFigure]]:
    for one in result.units:
        yield f"{one.code} {one.name}", one.figure
    if result.elsewhere is not None:
        yield _("elsewhere"), result.elsewhere


def _cells(figure: AscertainedFigure) -> list[str]:
    if figure.withheld:
        return ["–"] * 6
    counts = (figure.first, figure.second, figure.both, figure.total)
    limits = f"{percent(figure.first_share_lower)} – {percent(figure.first_share_upper)}"
    return [*(whole(count) for count in counts), percent(figure.first_share), limits]
