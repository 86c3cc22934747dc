"""``qorgau methods effect``: did a measure change the rate of a series?"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from qorgau.exchange.formats.format_errors import FormatError
from qorgau.exchange.formats.number_columns import read_columns
from qorgau.methods.effect import (
    ComparedSeries,
    InterruptedSeries,
    compared_series,
    interrupted_series,
)

OPTIONAL = ("exposure", "compared", "compared_exposure")


def effect(
    file: Annotated[
        Path, typer.Argument(help="time,count[,exposure][,compared[,compared_exposure]].")
    ],
    start: Annotated[str, typer.Option(help="First time at which the measure held.")],
    periods_per_year: Annotated[int, typer.Option(help="12 for months, 52 for weeks.")] = 12,
    waves: Annotated[int, typer.Option(min=0, help="Waves of the season; 0 for none.")] = 1,
    trend: Annotated[bool, typer.Option("--trend/--no-trend", help="A steady change.")] = True,
    confidence: Annotated[float, typer.Option(help="Of the limits.")] = 0.95,
    as_json: Annotated[bool, typer.Option("--json", help="Print exact figures as JSON.")] = False,
) -> None:
    """Compare a series before and after a measure, beside another one if the file has it."""
    try:
        times, columns = read_columns(file, label="time", needed=("count",), optional=OPTIONAL)
        if start not in times:
            raise ValueError(f"The file has no time {start}. Name one as the file writes it.")
        at = times.index(start)
        if "compared" in columns:
            found: ComparedSeries | InterruptedSeries = compared_series(
                columns["count"],
                columns["compared"],
                columns.get("exposure"),
                columns.get("compared_exposure"),
                start=at,
                confidence=confidence,
            )
        else:
            found = interrupted_series(
                columns["count"],
                columns.get("exposure"),
                start=at,
                periods_per_year=periods_per_year,
                waves=waves,
                has_trend=trend,
                confidence=confidence,
            )
    except (FormatError, ValueError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None
    typer.echo(_as_json(found) if as_json else _in_words(found, start))


def _in_words(found: ComparedSeries | InterruptedSeries, start: str) -> str:
    level = f"{found.confidence:.0%} limits"
    return "\n".join(
        [
            f"From {start} on, the rate was {found.ratio:.2f} times what was to be expected "
            f"without the measure ({level} {found.ratio_lower:.2f} to {found.ratio_upper:.2f}, "
            f"p = {found.p_value:.2g}).",
            f"{found.averted:,.0f} cases averted of {found.expected_after:,.0f} "
            f"({level} {found.averted_lower:,.0f} to {found.averted_upper:,.0f}).",
            f"Method: {found.method}.",
            "A measure taken after a peak looks better than it was; another change at the same "
            "time is counted to it.",
        ]
    )


def _as_json(found: ComparedSeries | InterruptedSeries) -> str:
    plain = {
        name: value.tolist() if isinstance(value, np.ndarray) else value
        for name, value in vars(found).items()
    }
    return json.dumps(plain, ensure_ascii=False)
