"""``qorgau methods rates``: compare the rates of the groups in a file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from qorgau.cli.terminal.language import gettext as _
from qorgau.cli.terminal.language import localised_number, sentence_of
from qorgau.cli.terminal.output import make_console, say
from qorgau.cli.terminal.tables import print_table
from qorgau.exchange.formats.format_errors import FormatError, gettext_noop
from qorgau.exchange.formats.number_columns import read_columns
from qorgau.methods.rates import crude_rate, empirical_bayes_rates, funnel_limits

HEADINGS = (
    *(gettext_noop("group"), gettext_noop("cases"), gettext_noop("exposure")),
    *(gettext_noop("rate"), gettext_noop("lower"), gettext_noop("upper")),
    *(gettext_noop("shrunk rate"), gettext_noop("funnel")),
)
ABOVE, WITHIN, BELOW = gettext_noop("above"), gettext_noop("within"), gettext_noop("below")


def rates(
    file: Annotated[
        Path, typer.Argument(help="CSV or Excel with the columns group,cases,exposure.")
    ],
    per: Annotated[float, typer.Option(help="Units of exposure that rates refer to.")] = 1000.0,
    confidence: Annotated[float, typer.Option(help="Confidence level of the limits.")] = 0.95,
    as_json: Annotated[bool, typer.Option("--json", help="Print exact figures as JSON.")] = False,
) -> None:
    """Crude rates with exact limits, shrunk rates, and the groups outside the funnel."""
    try:
        groups, columns = read_columns(file, label="group", needed=("cases", "exposure"))
        rows = _figures(groups, columns["cases"], columns["exposure"], per, confidence)
    except (FormatError, ValueError) as error:
        say(sentence_of(error), err=True)
        raise typer.Exit(2) from None
    if as_json:
        say(json.dumps({"per": per, "confidence": confidence, "groups": rows}))
        return
    first, *others = map(_, HEADINGS)
    table = Table(first, box=None, pad_edge=False, collapse_padding=True)
    for heading in others:
        table.add_column(heading, justify="right")
    for group, *figures, funnel in (row.values() for row in rows):
        table.add_row(str(group), *(_shown(float(figure)) for figure in figures), _(str(funnel)))
    print_table(table, make_console(markup=False))


def _shown(figure: float) -> str:
    return localised_number(figure, ",.0f" if figure >= 100_000 else ",.5g")


def _figures(
    groups: list[str], cases: object, exposure: object, per: float, confidence: float
) -> list[dict[str, str | float]]:
    own = crude_rate(cases, exposure, per=per, confidence=confidence)
    total = crude_rate(own.cases.sum(), own.exposure.sum(), per=per, confidence=confidence)
    shrunk = (
        empirical_bayes_rates(cases, exposure, per=per, confidence=confidence).rate
        if len(groups) > 1
        else own.rate
    )
    funnel = funnel_limits(
        own.exposure, target_rate=float(total.rate), per=per, levels=(confidence,)
    )
    rows: list[dict[str, str | float]] = []
    for at, group in enumerate(groups):
        rate = float(own.rate[at])
        low, high = float(funnel.lower[0][at]), float(funnel.upper[0][at])
        rows.append(
            {
                "group": group,
                "cases": float(own.cases[at]),
                "exposure": float(own.exposure[at]),
                "rate": rate,
                "lower": float(own.lower[at]),
                "upper": float(own.upper[at]),
                "shrunk_rate": float(shrunk[at]),
                "funnel": ABOVE if rate > high else BELOW if rate < low else WITHIN,
            }
        )
    return rows
