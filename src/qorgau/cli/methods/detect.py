"""``qorgau methods detect``: which weekly counts of a file are higher than expected."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from qorgau.analysis.signals.detection_on_counts import (
    NO_FLAG,
    NUMBERS,
    CountsPanel,
    CountsQuestion,
    Findings,
    Remarks,
    detect_in_counts,
)
from qorgau.cli.terminal.language import gettext as _
from qorgau.cli.terminal.language import localised_number, sentence_of
from qorgau.cli.terminal.output import say
from qorgau.exchange.formats.format_errors import FormatError, gettext_noop
from qorgau.exchange.formats.weekly_counts import WeeklyCounts, number_text, write_rows
from qorgau.methods.detection import (
    DetectionResult,
    cusum,
    ears,
    farrington,
    farrington_flexible,
    nb_glr,
)

HEADER = ("series", "time", *NUMBERS, "trend", "alarm", "reason")
REMARKS = {
    "repeated_time": gettext_noop("a week appears twice; add its counts together or leave one out"),
    "irregular_dates": gettext_noop("its dates are not whole weeks apart"),
    "unsorted_times": gettext_noop("its weeks were not in order and have been sorted"),
    "invalid_counts": gettext_noop("a count is negative, fractional or not a number"),
    "missing_population": gettext_noop("a population is missing, zero, negative or infinite"),
    "insufficient_history": gettext_noop("there are too few weeks before those to be tested"),
}


class DetectionMethod(StrEnum):
    EARS_C1 = "ears-c1"
    EARS_C2 = "ears-c2"
    EARS_C3 = "ears-c3"
    FARRINGTON = "farrington"
    FARRINGTON_FLEXIBLE = "farrington-flexible"
    CUSUM = "cusum"
    NB_GLR = "nb-glr"


class Mode(StrEnum):
    CORRECTED = "corrected"
    REFERENCE = "reference"


class Threshold(StrEnum):
    DELTA = "delta"
    MUAN = "muan"
    NB_PLUGIN = "nb-plugin"
    NB_PREDICTIVE = "nb-predictive"


class Power(StrEnum):
    TWO_THIRDS = "2/3"
    HALF = "1/2"
    NONE = "none"


class Transform(StrEnum):
    ROSSI = "rossi"
    STANDARD = "standard"
    ANSCOMBE = "anscombe"


class InControlMean(StrEnum):
    MEAN = "mean"
    GLM = "glm"


# Which options belong to which method; other options are refused, not ignored.
_FARRINGTON = ("alpha", "years", "half_window", "reweight", "trend", "power_transform", "limit54")
_EARS = ("alpha", "baseline", "min_sigma")
_OPTIONS = {
    DetectionMethod.EARS_C1: _EARS,
    DetectionMethod.EARS_C2: _EARS,
    DetectionMethod.EARS_C3: _EARS,
    DetectionMethod.FARRINGTON: _FARRINGTON,
    DetectionMethod.FARRINGTON_FLEXIBLE: (
        *_FARRINGTON,
        "periods",
        "past_weeks_not_included",
        "weights_threshold",
        "p_threshold_trend",
        "threshold_method",
    ),
    DetectionMethod.CUSUM: ("reference_value", "decision_interval", "transform", "in_control"),
    DetectionMethod.NB_GLR: ("c_arl", "kappa", "nb_alpha", "harmonics", "trend"),
}
_WITH_DATES = (DetectionMethod.FARRINGTON, DetectionMethod.FARRINGTON_FLEXIBLE)
_WITH_TREND = (*_WITH_DATES, DetectionMethod.NB_GLR)


def detect(
    file: Annotated[
        Path, typer.Argument(help="CSV with the columns series,time,count[,population].")
    ],
    method: Annotated[DetectionMethod, typer.Option(help="Method to use.")],
    out: Annotated[Path, typer.Option(help="File for the results, as CSV.")],
    mode: Annotated[
        Mode,
        typer.Option(help="As defined in the papers, or with the same numbers as the R package."),
    ] = Mode.CORRECTED,
    first: Annotated[
        str,
        typer.Option("--from", help="First week to test. Default: the first that can be tested."),
    ] = "",
    last: Annotated[str, typer.Option("--to", help="Last week to test.")] = "",
    alpha: Annotated[float | None, typer.Option(help="False alarms per series and week.")] = None,
    years: Annotated[int | None, typer.Option(help="Number of years to look back.")] = None,
    half_window: Annotated[
        int | None, typer.Option(help="Half-width of the comparison window in weeks.")
    ] = None,
    periods: Annotated[int | None, typer.Option(help="Blocks of the season.")] = None,
    past_weeks_not_included: Annotated[
        int | None, typer.Option(help="Newest weeks left out of the baseline.")
    ] = None,
    reweight: Annotated[
        bool | None,
        typer.Option("--reweight/--no-reweight", help="Reduce the weight of past outbreaks."),
    ] = None,
    weights_threshold: Annotated[
        float | None, typer.Option(help="Residual above which their weight is reduced.")
    ] = None,
    trend: Annotated[
        bool | None, typer.Option("--trend/--no-trend", help="Include a trend.")
    ] = None,
    p_threshold_trend: Annotated[
        float | None,
        typer.Option(help="Keep the trend if its p-value is below this; 1 always keeps it."),
    ] = None,
    threshold_method: Annotated[
        Threshold | None, typer.Option(help="Distribution used for the bound.")
    ] = None,
    power_transform: Annotated[
        Power | None, typer.Option(help="Power transformation of the delta method.")
    ] = None,
    limit54: Annotated[
        str | None,
        typer.Option(help="Cases and weeks below which there is no alarm, for example 5,4."),
    ] = None,
    population_offset: Annotated[
        bool, typer.Option(help="Use the column population as offset.")
    ] = False,
    baseline: Annotated[
        int | None, typer.Option(help="Length of the EARS window in weeks.")
    ] = None,
    min_sigma: Annotated[
        float | None, typer.Option(help="Smallest standard deviation that EARS uses.")
    ] = None,
    reference_value: Annotated[float | None, typer.Option(help="k of CUSUM.")] = None,
    decision_interval: Annotated[float | None, typer.Option(help="h of CUSUM.")] = None,
    transform: Annotated[Transform | None, typer.Option(help="Parameter of CUSUM.")] = None,
    in_control: Annotated[
        InControlMean | None, typer.Option("--in-control-mean", help="Parameter of CUSUM.")
    ] = None,
    c_arl: Annotated[
        float | None, typer.Option(help="Value of the nb-glr statistic that gives an alarm.")
    ] = None,
    kappa: Annotated[
        float | None,
        typer.Option(
            help="Logarithm of the size of a rise, as a factor. Default: the most likely."
        ),
    ] = None,
    nb_alpha: Annotated[
        float | None,
        typer.Option(help="Variance is mean + alpha × mean²; 0 means Poisson. Default: estimated."),
    ] = None,
    harmonics: Annotated[
        int | None, typer.Option(help="Number of yearly harmonics in nb-glr.")
    ] = None,
) -> None:
    """Test every week of every series in a file; files larger than memory are allowed."""
    given = {
        name: value.value if isinstance(value, StrEnum) else value
        for name, value in locals().items()
        if name not in ("file", "method", "out", "mode", "first", "last", "population_offset")
        and value is not None
    }
    try:
        counts = WeeklyCounts(file)
        question = CountsQuestion(
            test=_tester(method, mode, _checked(method, given)),
            has_trend=method in _WITH_TREND,
            is_dated=counts.is_dated,
            has_population=_uses_population(counts, population_offset),
            first=counts.read_time(first) if first else None,
            last=counts.read_time(last) if last else None,
        )
        with tempfile.TemporaryDirectory(prefix="qorgau-") as folder:
            found = detect_in_counts(counts.rows(), question, Path(folder))
            written = write_rows(out, HEADER, _lines(found, counts))
    except (FormatError, ValueError) as error:
        say(sentence_of(error), err=True)
        raise typer.Exit(2) from None
    for sentence in _remarks(found.remarks):
        say(sentence, err=True)
    values = {
        "weeks": localised_number(written),
        "series": localised_number(len(found.names)),
        "path": out,
    }
    say(_("Written to %(path)s. Weeks: %(weeks)s; series: %(series)s.") % values)


def _checked(method: DetectionMethod, given: dict[str, Any]) -> dict[str, Any]:
    foreign = sorted(set(given) - set(_OPTIONS[method]))
    if foreign:
        option = foreign[0].replace("_", "-")
        raise ValueError(
            _("The method %(method)s does not use --%(option)s. Leave it out.")
            % {"option": option, "method": method}
        )
    if "limit54" in given:
        cases, comma, weeks = str(given["limit54"]).partition(",")
        if not (comma and cases.isdigit() and weeks.isdigit()):
            raise ValueError(_("--limit54 must be cases and weeks, such as 5,4."))
        given["limit54"] = (int(cases), int(weeks))
    return given


def _uses_population(counts: WeeklyCounts, is_wanted: bool) -> bool:
    if is_wanted and not counts.has_population:
        raise ValueError(_("--population-offset needs a column population in the file."))
    return is_wanted


def _tester(
    method: DetectionMethod, mode: Mode, options: dict[str, Any]
) -> Callable[[CountsPanel], DetectionResult]:
    def test(panel: CountsPanel) -> DetectionResult:
        more: dict[str, Any] = {"mode": mode.value, "weeks": panel.weeks, **options}
        if panel.population is not None:
            more["population"] = panel.population
        if method in _WITH_DATES:
            run = farrington if method == DetectionMethod.FARRINGTON else farrington_flexible
            return run(panel.counts, dates=panel.dates, **more)
        if method == DetectionMethod.CUSUM:
            return cusum(panel.counts, **more)
        if method == DetectionMethod.NB_GLR:
            return nb_glr(panel.counts, **more)
        return ears(panel.counts, variant=method.value[-2:].upper(), **more)

    return test


def _remarks(remarks: Remarks) -> Iterator[str]:
    """One sentence for each reason, with the names of the series."""
    for reason, count in sorted(remarks.series.items()):
        named = remarks.first[reason]
        values = {"names": ", ".join(named), "remark": _(REMARKS[reason])}
        if count > len(named):
            values["more"] = localised_number(count - len(named))
            yield _("Series %(names)s and %(more)s more: %(remark)s.") % values
        else:
            yield _("Series %(names)s: %(remark)s.") % values


def _lines(found: Findings, counts: WeeklyCounts) -> Iterator[tuple[str, ...]]:
    for block in found.in_order():
        for row in block.tolist():
            _row, series, time, *numbers, trend, alarm, reason = row
            yield (
                found.names[series],
                counts.time_text(time),
                *map(number_text, numbers),
                "" if trend == NO_FLAG else str(trend),
                "" if alarm == NO_FLAG else str(alarm),
                reason,
            )
