"""Rates of a unit in the register, on a terminal or as JSON."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import typer
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from rich.console import Console
from rich.table import Table

from qorgau.analysis.answers import QuestionError
from qorgau.analysis.figures.number_words import count_in_words
from qorgau.analysis.figures.rate_figures import RateFigure
from qorgau.analysis.rates.answer import injury_rates
from qorgau.analysis.rates.question import RateQuestion, default_period
from qorgau.analysis.rates.results import InjuryRates
from qorgau.cli.terminal.figures import json_of, rounded, short_moment, short_period
from qorgau.cli.terminal.language import localised_month, localised_number
from qorgau.cli.terminal.look_ups import end_of, reader_of_rates, unit_of_code
from qorgau.cli.terminal.output import make_console, say
from qorgau.cli.terminal.tables import print_table
from qorgau.foundation import clock
from qorgau.foundation.identity.models import User
from qorgau.records.incidents.choices import Cause, Kind, SeverityClass, severity_class_typed
from qorgau.records.people.choices import Category

POSITIONS = {
    "within": "",
    "above_95": gettext_lazy("above 95%"),
    "above_998": gettext_lazy("above 99.8%"),
    "below_95": gettext_lazy("below 95%"),
    "below_998": gettext_lazy("below 99.8%"),
    "not_compared": gettext_lazy("not compared"),
    "unknown": gettext_lazy("no person-time"),
}


@dataclass(frozen=True)
class UnitRateOptions:
    """The typed options; None or empty when absent."""

    unit: str
    first_day: dt.date | None
    last_day: dt.date | None
    kinds: tuple[str, ...]
    category: str
    cause: str
    severity_classes: tuple[str, ...]
    denominator: str
    depth: int
    as_of: dt.date | None
    username: str


def print_unit_rates(options: UnitRateOptions, *, as_json: bool) -> None:
    """Print the rates, or print in a sentence why there are none and exit with 1."""
    try:
        question = _question(options)
        user = reader_of_rates(options.username, question.unit)
        result = injury_rates(user, question)
    except QuestionError as error:
        say(str(error), err=True)
        raise typer.Exit(1) from error
    if as_json:
        say(json_of(result))
    else:
        _print(result, user, make_console(highlight=False, markup=False))


def _question(options: UnitRateOptions) -> RateQuestion:
    unit = unit_of_code(options.unit)
    classes = tuple(severity_class_typed(letter) for letter in options.severity_classes)
    for given, choices in (
        (options.kinds, Kind),
        ((options.category,), Category),
        ((options.cause,), Cause),
        (classes, SeverityClass),
    ):
        unknown = [value for value in given if value and value not in choices.values]
        if unknown:
            raise QuestionError(
                _('There is no "%(value)s". Choose one of: %(known)s.')
                % {"value": unknown[0], "known": ", ".join(filter(None, choices.values))}
            )
    first_day, last_day = default_period(options.last_day or clock.today())
    return RateQuestion(
        unit=unit,
        first_day=options.first_day or first_day,
        last_day=last_day,
        kinds=options.kinds or (Kind.INJURY,),
        category=options.category,
        cause=options.cause,
        severity_classes=classes,
        denominator=options.denominator,
        depth=options.depth,
        as_of=end_of(options.as_of),
    )


def _print(result: InjuryRates, user: User, console: Console) -> None:
    source = result.provenance
    console.print(f"{result.unit_code} {result.unit_name}", style="bold", soft_wrap=True)
    console.print(
        f"{short_period(source.first_day, source.last_day)}, {result.denominator_label}, "
        + _("%(level)s limits") % {"level": localised_number(result.confidence, ".0%")},
        soft_wrap=True,
    )
    kinds = _table(_("Kind"))
    for one in result.by_kind:
        kinds.add_row(str(Kind(one.kind).label), *_cells(one.figure))
    print_table(kinds, console)
    counted = ", ".join(str(Kind(kind).label) for kind in source.inputs["kinds"].split(", "))
    console.print(_("Counted below: %(kinds)s") % {"kinds": counted})
    units = _table(_("Sub-unit"), _("shrunk"), _("funnel"))
    for unit in result.comparison.units:
        units.add_row(
            f"{unit.code} {unit.name}",
            *_cells(unit.figure),
            rounded(unit.shrunk_rate),
            # One word per line, so that a number is never separated from its percent sign.
            str(POSITIONS[unit.position]).replace(" ", "\n"),
        )
    units.add_row(_("elsewhere"), *_cells(result.elsewhere), "", "")
    units.add_row(_("total"), *_cells(result.overall), "", "")
    print_table(units, console)
    months = _table(_("Month"))
    for month in result.months:
        months.add_row(localised_month(month.starts_on), *_cells(month.figure))
    print_table(months, console)
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


def _table(first: str, *more: str) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column(first)
    counted = pgettext("table heading", "incidents")
    for heading in (counted, _("exposure"), _("rate"), _("lower"), _("upper")):
        table.add_column(heading, justify="right", no_wrap=True)
    for heading in more:
        table.add_column(heading, justify="right")
    return table


def _cells(figure: RateFigure) -> list[str]:
    limits = (figure.rate, figure.lower, figure.upper)
    counted = (
        count_in_words(figure.cases_lower, figure.cases_upper),
        rounded(figure.exposure, decimals=1),
    )
    return [*counted, *(rounded(value) for value in limits)]
