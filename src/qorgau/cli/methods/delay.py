"""``qorgau methods delay``: the expected final counts of the newest weeks of a line list."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from qorgau.cli.terminal.language import gettext as _
from qorgau.cli.terminal.language import localised_day, localised_number, sentence_of
from qorgau.cli.terminal.output import make_console, say
from qorgau.cli.terminal.tables import print_table
from qorgau.exchange.formats.format_errors import FormatError
from qorgau.exchange.formats.line_list import LineList, read_line_list
from qorgau.exchange.formats.weekly_counts import number_text, write_rows
from qorgau.methods.reporting_delay import DelayCorrection, correct_for_delay

HEADER = ("week", "reported", "share_complete", "corrected", "lower", "upper")
DAYS_PER_WEEK = 7


def delay(
    file: Annotated[
        Path, typer.Argument(help="CSV with the columns occurred,reported: one row for each case.")
    ],
    as_of: Annotated[
        dt.datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"], help="Last day of reports. Default: the last one in the file."
        ),
    ] = None,
    weeks: Annotated[
        int,
        typer.Option(min=1, max=520, help="Number of weeks after which a week counts as complete."),
    ] = 12,
    history: Annotated[
        int,
        typer.Option(
            min=2, max=5200, help="Number of weeks whose cases are used to estimate the delays."
        ),
    ] = 104,
    confidence: Annotated[float, typer.Option(help="Confidence level of the limits.")] = 0.95,
    out: Annotated[Path | None, typer.Option(help="File to write the table to, as CSV.")] = None,
) -> None:
    """Estimate how late cases are reported, and correct the counts of the newest weeks."""
    try:
        given = read_line_list(file)
        last_day = as_of.date() if as_of else _last_day(given)
        found = _corrected(given, last_day, weeks, history, confidence)
        rows = list(_rows(found, given, last_day))
        if out:
            write_rows(out, HEADER, ((week, *map(number_text, row)) for week, *row in rows))
    except (FormatError, ValueError) as error:
        say(sentence_of(error), err=True)
        raise typer.Exit(2) from None
    for sentence in _remarks(given, found, weeks):
        say(sentence, err=True)
    if not out:
        _print(rows)
    say(" ".join(_in_words(found, last_day, out)))


def _last_day(given: LineList) -> dt.date:
    if not given.cases:
        raise ValueError(
            _("No row has both days in the right order: nothing is known about delays.")
        )
    return max(reported for _occurred, reported in given.cases)


def _corrected(
    given: LineList, last_day: dt.date, weeks: int, history: int, confidence: float
) -> DelayCorrection:
    """Weeks of cases run from Monday to Sunday; weeks of reports end on the last day's weekday."""
    pairs = list(given.cases)
    today = last_day.toordinal()
    occurred = [_week_number(day) - _week_number(last_day) for day, _reported in pairs]
    reported = [-((today - day.toordinal()) // DAYS_PER_WEEK) for _occurred, day in pairs]
    return correct_for_delay(
        occurred,
        reported,
        cases=list(given.cases.values()),
        as_of=0,
        longest_delay=weeks,
        history=history,
        confidence=confidence,
    )


def _rows(
    found: DelayCorrection, given: LineList, last_day: dt.date
) -> Iterator[tuple[str, float, float, float, float, float]]:
    """The weeks from the first case on, without an incomplete last week."""
    first = min(_week_number(occurred) for occurred, _reported in given.cases)
    first_not_over = last_day.toordinal() // DAYS_PER_WEEK
    columns = (found.reported, found.share_reported, found.expected, found.lower, found.upper)
    for week, *row in zip(found.weeks.tolist(), *(one.tolist() for one in columns), strict=True):
        number = _week_number(last_day) + week
        if first <= number < first_not_over:
            yield (_monday_of(number).isoformat(), *row)


def _week_number(day: dt.date) -> int:
    # Day 1 of `date.toordinal` is a Monday.
    return (day.toordinal() - 1) // DAYS_PER_WEEK


def _monday_of(week_number: int) -> dt.date:
    return dt.date.fromordinal(week_number * DAYS_PER_WEEK + 1)


def _in_words(found: DelayCorrection, last_day: dt.date, out: Path | None) -> Iterator[str]:
    yield _(
        "As of %(day)s. Cases used for the delays: %(cases)s; level of the limits: %(level)s."
    ) % {
        "day": localised_day(last_day),
        "cases": localised_number(found.cases),
        "level": localised_number(found.confidence, ".0%"),
    }
    if out:
        yield _("The weeks are in %(path)s.") % {"path": out}
    yield _("Method: %(method)s.") % {"method": found.method}


def _remarks(given: LineList, found: DelayCorrection, weeks: int) -> Iterator[str]:
    if given.without_a_day:
        yield _("Rows left out because a day is missing: %(rows)s.") % {
            "rows": localised_number(given.without_a_day)
        }
    if given.reported_before:
        yield _(
            "Rows left out because they were reported before they occurred: %(rows)s, the first "
            "in row %(first)s."
        ) % {
            "rows": localised_number(given.reported_before),
            "first": given.first_reported_before,
        }
    if found.left_out:
        yield _(
            "Cases left out because they were reported too late (limit in weeks: %(weeks)s): "
            "%(cases)s. The weekly counts may grow beyond the figures given here."
        ) % {"weeks": weeks, "cases": localised_number(found.left_out)}
    if found.longest_delay < weeks:
        yield _(
            "The cases are too recent to show very long delays (longest seen, in weeks: "
            "%(weeks)s): longer ones are assumed not to occur."
        ) % {"weeks": found.longest_delay}


def _print(rows: list[tuple[str, float, float, float, float, float]]) -> None:
    table = Table(_("week"), box=None)
    headings = (_("cases reported"), _("share complete"), _("corrected"), _("lower"), _("upper"))
    for heading in headings:
        table.add_column(heading, justify="right")
    for week, *figures in rows:
        forms = (",.0f", ".1%", ",.1f", ",.0f", ",.0f")
        table.add_row(
            localised_day(dt.date.fromisoformat(week)), *map(localised_number, figures, forms)
        )
    print_table(table, make_console())
