"""Sub-units beside each other: their rates, shrunk rates, and places in the funnel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from qorgau.analysis.figures.rate_figures import Count, RateFigure, figure
from qorgau.methods.rates import (
    Denominator,
    crude_rate,
    dispersion_test,
    empirical_bayes_rates,
    funnel_limits,
)

FUNNEL_STEPS = 60
# The funnel is drawn a little past the largest unit.
FUNNEL_REACH = 1.05


@dataclass(frozen=True)
class SubUnitCount:
    """What is known of a sub-unit before rates: incidents and person-days below it."""

    code: str
    name: str
    cases: int | Count
    person_days: int


@dataclass(frozen=True)
class UnitRate:
    """A sub-unit's rate beside the others'.

    Attributes
    ----------
    code, name : str
        The sub-unit.
    figure : RateFigure
        Its crude rate with exact limits.
    shrunk_rate, shrunk_lower, shrunk_upper : float or None
        Its empirical-Bayes rate with limits; None without person-time or with nothing to
        compare.
    own_weight : float or None
        Share of its own crude rate in the shrunk one.
    position : str
        Place in the funnel: "within", "above_95", "above_998", "below_95", "below_998";
        "not_compared" where the reader is shown a band, "unknown" without person-time.
    """

    code: str
    name: str
    figure: RateFigure
    shrunk_rate: float | None
    shrunk_lower: float | None
    shrunk_upper: float | None
    own_weight: float | None
    position: str


@dataclass(frozen=True)
class FunnelPoint:
    """Funnel limits at one exposure, in the denominator's units."""

    exposure: float
    lower_95: float
    upper_95: float
    lower_998: float
    upper_998: float


@dataclass(frozen=True)
class UnitComparison:
    """Sub-units beside each other; the figures about all are None where nothing compares.

    Attributes
    ----------
    units : tuple of UnitRate
        In the order given.
    pooled_rate : float or None
        Rate of all compared together, the funnel's centre.
    funnel : tuple of FunnelPoint
        Limits over the exposures of the units.
    between_unit_variation : float or None
        Coefficient of variation of the true rates.
    dispersion_p_value : float or None
        Probability of so much variation by chance.
    """

    units: tuple[UnitRate, ...]
    pooled_rate: float | None
    funnel: tuple[FunnelPoint, ...]
    between_unit_variation: float | None
    dispersion_p_value: float | None


def unit_comparison(counts: Sequence[SubUnitCount], per: Denominator) -> UnitComparison:
    """Sub-units with crude rates, shrunk rates and their place in the funnel.

    Parameters
    ----------
    counts : sequence of SubUnitCount
        The sub-units; those without person-time are listed without a rate.
    per : Denominator
        Denominator that follows from person-time.

    Returns
    -------
    UnitComparison
        The sub-units in the order given, and what is true of all of them.
    """
    figures = [figure(count.cases, count.person_days, per) for count in counts]
    exposed = [index for index, one in enumerate(figures) if one.person_days > 0]
    has_bands = any(one.is_band for one in figures)
    cases = np.array([figures[index].cases_lower for index in exposed])
    exposure = np.array([figures[index].exposure for index in exposed])
    units = [_unit_alone(count, one) for count, one in zip(counts, figures, strict=True)]
    if len(exposed) < 2 or has_bands or cases.sum() == 0:
        return UnitComparison(tuple(units), None, (), None, None)
    shrunk = empirical_bayes_rates(cases, exposure, per=per.per)
    pooled = float(crude_rate(cases.sum(), exposure.sum(), per=per.per).rate)
    limits = funnel_limits(exposure, target_rate=pooled, per=per.per)
    for at, index in enumerate(exposed):
        units[index] = replace(
            units[index],
            shrunk_rate=float(shrunk.rate[at]),
            shrunk_lower=float(shrunk.lower[at]),
            shrunk_upper=float(shrunk.upper[at]),
            own_weight=float(shrunk.own_weight[at]),
            position=_position(
                figures[index].rate or 0.0, limits.lower[:, at], limits.upper[:, at]
            ),
        )
    return UnitComparison(
        units=tuple(units),
        pooled_rate=pooled,
        funnel=_funnel(float(exposure.max()), pooled, per),
        between_unit_variation=shrunk.between_unit_variation,
        dispersion_p_value=float(dispersion_test(cases, exposure=exposure).p_value_over),
    )


def _unit_alone(count: SubUnitCount, one: RateFigure) -> UnitRate:
    """A sub-unit with nothing to compare it with."""
    position = "unknown" if one.person_days <= 0 else "within"
    if position == "within" and one.is_band:
        position = "not_compared"
    return UnitRate(count.code, count.name, one, None, None, None, None, position)


def _position(rate: float, lower: npt.NDArray[np.float64], upper: npt.NDArray[np.float64]) -> str:
    """Place of a rate between limits given as (95 %, 99.8 %)."""
    if rate > upper[1]:
        return "above_998"
    if rate > upper[0]:
        return "above_95"
    if rate < lower[1]:
        return "below_998"
    if rate < lower[0]:
        return "below_95"
    return "within"


def _funnel(largest_exposure: float, pooled: float, per: Denominator) -> tuple[FunnelPoint, ...]:
    """Limits at exposures that lie closer together where the funnel is steep."""
    steps = np.arange(1, FUNNEL_STEPS + 1) / FUNNEL_STEPS
    exposure = largest_exposure * FUNNEL_REACH * steps**2
    limits = funnel_limits(exposure, target_rate=pooled, per=per.per)
    return tuple(
        FunnelPoint(*(float(value) for value in row))
        for row in zip(
            exposure,
            limits.lower[0],
            limits.upper[0],
            limits.lower[1],
            limits.upper[1],
            strict=True,
        )
    )
