"""``qorgau methods effect``: did an action change the rate of a series?"""

from __future__ import annotations

import json
import math
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import numpy as np
import numpy.typing as npt
import typer

from qorgau.cli.terminal.language import gettext as _
from qorgau.cli.terminal.language import localised_number, sentence_of
from qorgau.cli.terminal.output import say
from qorgau.exchange.formats.format_errors import FormatError
from qorgau.exchange.formats.number_columns import read_columns
from qorgau.methods.effect import (
    BeforeAfter,
    ComparedSeries,
    InterruptedSeries,
    before_after,
    compared_series,
    interrupted_series,
)

Found = BeforeAfter | ComparedSeries | InterruptedSeries
Columns = dict[str, npt.NDArray[np.float64]]


class EffectMethod(StrEnum):
    """How to compare the time before with the time after."""

    INTERRUPTED = "interrupted"
    BEFORE_AFTER = "before-after"
    COMPARED = "compared"


def effect(
    file: Annotated[
        Path,
        typer.Argument(
            help="CSV with the columns time,count[,exposure][,compared[,compared_exposure]]."
        ),
    ],
    start: Annotated[str, typer.Option(help="First period of the action.")],
    method: Annotated[
        EffectMethod | None,
        typer.Option(
            help="Default: compared if the file has a series to compare with, otherwise "
            "interrupted; before-after is exact for small numbers."
        ),
    ] = None,
    time: Annotated[str, typer.Option(help="Column with the names of the periods.")] = "time",
    count: Annotated[str, typer.Option(help="Column with the number of cases.")] = "count",
    exposure: Annotated[
        str, typer.Option(help="Column with the person-time, if there is one.")
    ] = "exposure",
    covariate: Annotated[
        list[str] | None,
        typer.Option(help="Column of another explanatory variable. May be repeated."),
    ] = None,
    periods_per_year: Annotated[int, typer.Option(min=1, help="12 for months, 52 for weeks.")] = 12,
    waves: Annotated[
        int, typer.Option(min=0, help="Number of seasonal harmonics; 0 for no season.")
    ] = 1,
    trend: Annotated[
        bool, typer.Option("--trend/--no-trend", help="Include a steady change over time.")
    ] = True,
    confidence: Annotated[float, typer.Option(help="Confidence level of the limits.")] = 0.95,
    as_json: Annotated[bool, typer.Option("--json", help="Print exact figures as JSON.")] = False,
) -> None:
    """Compare a series before and after an action, and with another series if the file has one."""
    time, count, exposure = (name.strip().lower() for name in (time, count, exposure))
    covariates = [name.strip().lower() for name in covariate or ()]
    try:
        times, columns = read_columns(
            file,
            label=time,
            needed=(count, *covariates),
            optional=(exposure, "compared", "compared_exposure"),
        )
        chosen = _method(method, columns, covariates)
        series = (columns[count], columns.get(exposure))
        at = _place_of(start, times)
        if chosen is EffectMethod.BEFORE_AFTER:
            found: Found = _before_after(*series, at, confidence)
        elif chosen is EffectMethod.COMPARED:
            found = compared_series(
                series[0],
                columns["compared"],
                series[1],
                columns.get("compared_exposure"),
                start=at,
                confidence=confidence,
            )
        else:
            found = interrupted_series(
                *series,
                start=at,
                periods_per_year=periods_per_year,
                waves=waves,
                has_trend=trend,
                covariates=_side_by_side(columns, covariates),
                confidence=confidence,
            )
    except (FormatError, ValueError) as error:
        say(sentence_of(error), err=True)
        raise typer.Exit(2) from None
    say(_as_json(found) if as_json else _in_words(found, start))


def _place_of(start: str, times: list[str]) -> int:
    if start not in times:
        raise ValueError(
            _("The file has no period %(time)s. Write it as in the file.") % {"time": start}
        )
    return times.index(start)


def _method(given: EffectMethod | None, columns: Columns, covariates: list[str]) -> EffectMethod:
    """The given method, or the one that suits the file."""
    is_compared = "compared" in columns
    method = given or (EffectMethod.COMPARED if is_compared else EffectMethod.INTERRUPTED)
    if method is EffectMethod.COMPARED and not is_compared:
        raise ValueError(_("The file has no column “compared”: add the series without the action."))
    if covariates and method is not EffectMethod.INTERRUPTED:
        raise ValueError(
            _(
                "The method %(method)s does not use covariates. Leave the covariate out, or "
                "choose: interrupted."
            )
            % {"method": method}
        )
    return method


def _side_by_side(columns: Columns, names: list[str]) -> npt.NDArray[np.float64] | None:
    return np.column_stack([columns[name] for name in names]) if names else None


def _before_after(
    cases: npt.NDArray[np.float64],
    exposure: npt.NDArray[np.float64] | None,
    start: int,
    confidence: float,
) -> BeforeAfter:
    """The sums before and after; without exposure, per period."""
    given = np.ones(cases.size) if exposure is None else exposure
    faulty = np.flatnonzero((cases < 0) | (cases % 1 != 0) | ~(given > 0))
    if faulty.size:
        raise ValueError(
            _("Row %(row)s: counts must be whole and not negative, exposure above zero.")
            % {"row": faulty[0] + 2}
        )
    if not 0 < start < cases.size:
        raise ValueError(
            _("The file must have at least one period before the action and one during it.")
        )
    before, after = slice(0, start), slice(start, None)
    return before_after(
        (cases[before].sum(), given[before].sum()),
        (cases[after].sum(), given[after].sum()),
        confidence=confidence,
    )


def _in_words(found: Found, start: str) -> str:
    method = _("Method: %(method)s.") % {"method": found.method}
    if math.isnan(found.ratio):
        none = _("There were no cases before %(start)s, so a fall cannot be measured.") % {
            "start": start
        }
        return f"{none}\n{method}"
    level = localised_number(found.confidence, ".0%")
    is_tiny = found.p_value < 1e-15
    ratio = _(
        "From %(start)s on, the rate was %(ratio)s times the rate expected without the "
        "action (%(level)s limits %(lower)s to %(upper)s, %(chance)s)."
    ) % {
        "start": start,
        "ratio": localised_number(found.ratio, ".2f"),
        "level": level,
        "lower": localised_number(found.ratio_lower, ".2f"),
        "upper": localised_number(found.ratio_upper, ".2f"),
        "chance": "p < 1e-15" if is_tiny else f"p = {localised_number(found.p_value, '.2g')}",
    }
    averted = _(
        "Cases prevented: %(averted)s of %(expected)s expected (%(level)s limits %(lower)s "
        "to %(upper)s)."
    ) % {
        "averted": localised_number(found.averted, ",.0f"),
        "expected": localised_number(found.expected_after, ",.0f"),
        "level": level,
        "lower": localised_number(found.averted_lower, ",.0f"),
        "upper": localised_number(found.averted_upper, ",.0f"),
    }
    caveat = _(
        "An action taken after a peak looks better than it was. If something else changed at "
        "the same time, its effect is included."
    )
    return "\n".join([ratio, averted, method, caveat])


def _as_json(found: Found) -> str:
    plain = {name: _plain(value) for name, value in vars(found).items()}
    return json.dumps(plain, ensure_ascii=False, allow_nan=False)


def _plain(value: object) -> object:
    """Lists for arrays; null for NaN and infinite numbers."""
    if isinstance(value, np.ndarray):
        return [_plain(one) for one in value.tolist()]
    return None if isinstance(value, float) and not math.isfinite(value) else value
