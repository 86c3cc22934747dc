"""``qorgau methods watch``: rises in a whole force, from three plain tables."""

from __future__ import annotations

import csv
import datetime as dt
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Annotated

import typer

from qorgau.analysis.signals.rises_in_tables import (
    ForceColumns,
    ForceQuestion,
    ForceRise,
    ForceWeek,
    KnownSignal,
    UnitSpan,
    measures_from,
    rises_in_tables,
)
from qorgau.analysis.unit_cause_hierarchy.ancestry import CircleError, Placement
from qorgau.analysis.unit_cause_hierarchy.control import FALSE_DISCOVERY_RATE
from qorgau.analysis.unit_cause_hierarchy.measure_tree import NONE
from qorgau.analysis.unit_cause_hierarchy.watch import ALPHA, LEAST_CASES
from qorgau.cli.terminal.language import gettext as _
from qorgau.cli.terminal.language import localised_day, localised_number, sentence_of
from qorgau.cli.terminal.output import say
from qorgau.exchange.formats.force_tables import ForceTables, UnitSpanRow
from qorgau.exchange.formats.format_errors import FormatError
from qorgau.exchange.formats.weekly_counts import number_text, write_rows

_DAY = ["%Y-%m-%d"]
SIGNAL, EXPLAINED = "signal", "explained"
HEADER = (
    *("week", "signal", "role", "first_week", "unit", "cause"),
    *("observed", "expected", "upper_bound", "p_value"),
)


def watch(
    incidents: Annotated[
        Path,
        typer.Argument(help="Parquet or CSV with the columns unit,day,cause[,cases][,recorded]."),
    ],
    units: Annotated[Path, typer.Option(help="Columns unit,parent[,from,until][,strength].")],
    causes: Annotated[
        Path, typer.Option(help="Columns cause,parent; parent is empty for the widest cause.")
    ],
    out: Annotated[Path, typer.Option(help="File for the signals, as CSV.")],
    week: Annotated[
        dt.datetime | None,
        typer.Option(
            formats=_DAY, help="Any day of the week to test. Default: the last complete week."
        ),
    ] = None,
    backfill: Annotated[
        int, typer.Option(min=1, max=520, help="Number of weeks to test, ending with that week.")
    ] = 1,
    as_of: Annotated[
        dt.datetime | None,
        typer.Option(formats=_DAY, help="Leave out what was recorded after this day."),
    ] = None,
    known: Annotated[
        Path | None, typer.Option(help="Signals of an earlier run; their events are continued.")
    ] = None,
    alpha: Annotated[
        float,
        typer.Option(min=1e-9, max=0.49, help="False-alarm probability of one series in one week."),
    ] = ALPHA,
    false_discovery_rate: Annotated[
        float,
        typer.Option(min=0.001, max=0.5, help="Largest expected share of false signals."),
    ] = FALSE_DISCOVERY_RATE,
    least_cases: Annotated[
        int, typer.Option(min=1, help="Smallest number of cases in a week that can give a signal.")
    ] = LEAST_CASES,
) -> None:
    """Test every unit and cause of a force, with all those below them; no register is needed."""
    try:
        with tempfile.TemporaryDirectory(prefix="qorgau-") as folder:
            tables = ForceTables(
                incidents=incidents, units=units, causes=causes, folder=Path(folder)
            )
            begins, ends = tables.days()
            last_known = min(ends, as_of.date()) if as_of else ends
            question = ForceQuestion(
                week=week.date() if week else _last_whole_week(last_known),
                weeks=backfill,
                alpha=alpha,
                least_cases=least_cases,
                false_discovery_rate=false_discovery_rate,
            )
            earlier = _read_known(known) if known else []
            left_out = tables.left_out(as_of.date() if as_of else None)
            force = _force(tables, question, begins, as_of.date() if as_of else None)
        found = list(rises_in_tables(force, question, earlier))
        write_rows(out, HEADER, _lines(found))
    except CircleError as error:
        values = {"unit": force.units[error.unit], "path": units}
        circle = (
            _("The unit %(unit)s belongs to itself: correct the column parent in %(path)s.")
            % values
        )
        say(circle, err=True)
        raise typer.Exit(2) from None
    except OverflowError:
        edge = _(
            "The week is at an end of the calendar, with no room for a history. Give --week, "
            "or correct the days in %(path)s."
        )
        say(edge % {"path": incidents}, err=True)
        raise typer.Exit(2) from None
    except (FormatError, ValueError, OSError) as error:
        say(sentence_of(error), err=True)
        raise typer.Exit(2) from None
    _print(found, left_out, out)


def _last_whole_week(last: dt.date) -> dt.date:
    """A day of the last week that is complete at the end of the last known day."""
    return last if last.weekday() == 6 else last - dt.timedelta(days=last.weekday() + 1)


def _force(
    tables: ForceTables, question: ForceQuestion, begins: dt.date, as_of: dt.date | None
) -> ForceColumns:
    rows = tables.units()
    codes = list(dict.fromkeys(row.unit for row in rows))
    measures = measures_from(tables.causes())
    found = tables.incidents(
        codes,
        list(measures.names),
        first=question.first_monday,
        until=question.monday + dt.timedelta(weeks=1),
        as_of=as_of,
    )
    return ForceColumns(
        units=codes,
        spans=_spans(rows, codes),
        measures=measures,
        unit=found.unit,
        cause=found.cause,
        day=found.day,
        cases=found.cases,
        begins=begins,
    )


def _spans(rows: Iterable[UnitSpanRow], codes: list[str]) -> list[UnitSpan]:
    place = {code: number for number, code in enumerate(codes)}
    return [
        UnitSpan(
            Placement(
                unit=place[row.unit],
                parent=place[row.parent] if row.parent else NONE,
                first_day=row.start.toordinal(),
                end_day=row.end.toordinal(),
            ),
            row.strength,
        )
        for row in rows
    ]


def _read_known(path: Path) -> list[KnownSignal]:
    if not path.is_file():
        raise ValueError(_("There is no file %(path)s.") % {"path": path})
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = csv.DictReader(file)
            if not set(HEADER) <= set(rows.fieldnames or ()):
                raise ValueError(rows.fieldnames)
            return [
                KnownSignal(
                    unit=row["unit"],
                    cause=row["cause"],
                    first_week=dt.date.fromisoformat(row["first_week"]),
                    last_week=dt.date.fromisoformat(row["week"]),
                )
                for row in rows
                if row["role"] == SIGNAL
            ]
    except (TypeError, ValueError, csv.Error):
        raise ValueError(
            _("%(path)s has no signals of an earlier run of this command.") % {"path": path}
        ) from None


def _lines(found: Iterable[ForceWeek]) -> Iterator[tuple[str, ...]]:
    for week in found:
        for number, signal in enumerate(week.signals, start=1):
            start = (week.week.isoformat(), str(number))
            began = signal.first_week.isoformat()
            yield (*start, SIGNAL, began, *_figures(signal.rise))
            for rise in signal.explains:
                yield (*start, EXPLAINED, began, *_figures(rise))


def _figures(rise: ForceRise) -> tuple[str, ...]:
    numbers = (rise.observed, rise.expected, rise.upper_bound, rise.p_value)
    return (rise.unit, rise.cause, *map(number_text, numbers))


def _print(found: Sequence[ForceWeek], left_out: tuple[int, int], out: Path) -> None:
    """Print the signals, and what was not counted."""
    for sentence in _about_rows(*left_out):
        say(sentence, err=True)
    for one in found:
        say(_in_words(one))
    say(
        _(
            "This rate is valid if counts vary no more than the past of each series shows: "
            "where cases come in groups, more signals are false."
        )
    )
    say(
        _("Method: %(method)s. Qorgau %(version)s. The signals are in %(path)s.")
        % {"method": found[-1].method, "version": found[-1].version, "path": out}
    )


def _about_rows(undated: int, unrecorded: int) -> Iterator[str]:
    """Which incidents were not counted, and why."""
    if undated:
        yield _("Incidents left out because the day is missing: %(number)s.") % {
            "number": localised_number(undated)
        }
    if unrecorded:
        yield _("Incidents left out because the day of recording is missing: %(number)s.") % {
            "number": localised_number(unrecorded)
        }


def _in_words(week: ForceWeek) -> str:
    sentences = [
        _(
            "Week of %(week)s. Signals: %(signals)s; series tested: %(series)s, of which "
            "included in the multiple testing: %(counted)s; false alarms limited to %(rate)s."
        )
        % {
            "week": localised_day(week.week),
            "signals": localised_number(len(week.signals)),
            "series": localised_number(week.series_tested),
            "counted": localised_number(week.counted),
            "rate": localised_number(week.false_discovery_rate, "g"),
        }
    ]
    for number, sentence in (
        (week.withheld, _("Other rises, above their own limits only: %(number)s.")),
        (week.units_by_ears, _("Units with less than two years of history: %(number)s.")),
        (week.series_untested, _("Series with too short a history to be tested: %(number)s.")),
    ):
        if number:
            sentences.append(sentence % {"number": localised_number(number)})
    return " ".join(sentences)
