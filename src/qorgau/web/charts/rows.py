"""The rows of charts, which are also the rows of a CSV download."""

from __future__ import annotations

import dataclasses
import datetime as dt
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class SeriesRow:
    """One step of a monitored series; without an expectation, the three values are None.

    ``corrected`` is the expected final count of a step that is not completely reported.
    """

    starts_on: dt.date
    observed: float
    expected: float | None = None
    lower: float | None = None
    upper: float | None = None
    is_signal: bool = False
    corrected: float | None = None
    corrected_lower: float | None = None
    corrected_upper: float | None = None


@dataclass(frozen=True)
class EffectRow:
    """One period before or after an action; a line without a value in the period is None.

    ``is_used`` is False for periods that are not compared.
    """

    starts_on: dt.date
    observed: float
    fitted: float | None
    without: float | None
    without_lower: float | None
    without_upper: float | None
    person_days: int | None
    compared: int | None
    is_after: bool
    is_used: bool


@dataclass(frozen=True)
class FunnelRow:
    """One unit in a funnel: its exposure, its rate, and whether it is outside the limits."""

    label: str
    exposure: float
    rate: float
    is_outside: bool = False


@dataclass(frozen=True)
class FunnelLimitRow:
    """The limits that chance alone would give at one exposure."""

    exposure: float
    lower_95: float
    upper_95: float
    lower_998: float
    upper_998: float


@dataclass(frozen=True)
class TrendRow:
    """A rate of one period with its limits; a range has no rate, and may have no upper end."""

    starts_on: dt.date
    rate: float | None
    lower: float
    upper: float | None
    events: int | None = None


@dataclass(frozen=True)
class BarRow:
    """A value of one category with its limits."""

    label: str
    value: float
    lower: float
    upper: float
    events: int | None = None


def value_of(row: SeriesRow | TrendRow) -> dict[str, Any]:
    """The row for the drawing library, with the day as text."""
    return dataclasses.asdict(row) | {"starts_on": row.starts_on.isoformat()}
