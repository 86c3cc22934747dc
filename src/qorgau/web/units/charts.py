"""The charts of a unit's rates: sub-units in a funnel, months with their limits."""

from __future__ import annotations

import datetime as dt

from django.template.defaultfilters import floatformat
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from qorgau.analysis.figures.shared_caveats import exactness
from qorgau.analysis.rates.results import InjuryRates, MonthRate
from qorgau.records.incidents.choices import Kind
from qorgau.web.charts.chart import Chart, Words
from qorgau.web.charts.funnel import funnel
from qorgau.web.charts.rate_trend import rate_trend
from qorgau.web.charts.rows import FunnelLimitRow, FunnelRow, TrendRow

# A month with only a few days in the period has limits that are far wider than the others.
FEWEST_DAYS = 7
OUTSIDE = {"above_95", "above_998", "below_95", "below_998"}
FAR_OUTSIDE = {"above_998", "below_998"}


def charts_of(rates: InjuryRates) -> dict[str, Chart]:
    """The charts that have data, by the name in their address."""
    charts = {"funnel": funnel_of(rates), "trend": trend_of(rates)}
    return {name: chart for name, chart in charts.items() if chart is not None}


def funnel_of(rates: InjuryRates) -> Chart | None:
    """Sub-units by person-time and rate, with the limits of chance."""
    compared = rates.comparison
    if compared.pooled_rate is None:
        return None
    rows = [
        FunnelRow(unit.code, unit.figure.exposure, unit.figure.rate, unit.position in OUTSIDE)
        for unit in compared.units
        if unit.figure.rate is not None
    ]
    limits = [
        FunnelLimitRow(
            point.exposure, point.lower_95, point.upper_95, point.lower_998, point.upper_998
        )
        for point in compared.funnel
    ]
    positions = [unit.position for unit in compared.units]
    sentence = _(
        "Each point is one of the units compared (%(units)d in total). Chance alone would"
        " place nearly all of them between the lines around the rate of all units, %(rate)s"
        " %(per)s. Outside the 95%% lines: %(outside)d. Outside the 99.8%% lines: %(far)d."
    ) % {
        "units": len(rows),
        "rate": _number(compared.pooled_rate),
        "per": rates.denominator_label,
        "outside": sum(position in OUTSIDE for position in positions),
        "far": sum(position in FAR_OUTSIDE for position in positions),
    }
    words = Words(
        title=_("Units compared: %(kind)s, %(unit)s") % _subject(rates),
        sentence=sentence,
        y=_("incidents %(per)s") % {"per": rates.denominator_label},
        x=rates.exposure_label,
        mark=_mark(rates),
        caution=exactness(rates.caveats),
    )
    centre_name = _("all together")
    return funnel(rows, limits, words, centre=compared.pooled_rate, centre_name=centre_name)


def trend_of(rates: InjuryRates) -> Chart | None:
    """Months with their limits, and the rate of the whole period where there is one."""
    rows = [
        TrendRow(month.starts_on, figure.rate, figure.lower, figure.upper, figure.cases)
        for month in _long_enough(rates)
        if (figure := month.figure).lower is not None
    ]
    # Where nothing is published and nothing known, lines without an end would fill the drawing.
    if not any(row.lower or row.upper is not None for row in rows):
        return None
    words = Words(
        title=_("By month: %(kind)s, %(unit)s") % _subject(rates),
        sentence=_trend_sentence(rates, rows),
        y=_("incidents %(per)s") % {"per": rates.denominator_label},
        mark=_mark(rates),
        caution=exactness(rates.caveats),
    )
    whole = rates.overall.rate
    name = "" if whole is None else _("whole period")
    return rate_trend(rows, words, reference=whole, reference_name=name)


def _trend_sentence(rates: InjuryRates, rows: list[TrendRow]) -> str:
    known = [(row.rate, row) for row in rows if row.rate is not None]
    if rates.overall.rate is None or len(known) < len(rows):
        return _(
            "Between which numbers the rate of each month is, %(per)s, with 95%% limits: the"
            " counts are ranges. A dashed line has no upper end: the month is not published yet."
        ) % {"per": rates.denominator_label}
    rate, highest = max(known, key=lambda one: one[0])
    return _(
        "Rate of each month with its 95%% confidence interval, %(per)s. The dashed line is"
        " the rate of the whole period, %(rate)s. Highest rate: %(month)s, %(highest)s"
        " (%(low)s to %(high)s)."
    ) % {
        "per": rates.denominator_label,
        "rate": _number(rates.overall.rate),
        "month": date_format(highest.starts_on, "YEAR_MONTH_FORMAT"),
        "highest": _number(rate),
        "low": _number(highest.lower),
        "high": _number(highest.upper or 0.0),
    }


def _long_enough(rates: InjuryRates) -> list[MonthRate]:
    """The months, without a first or last one that has only a few days in the period."""
    after = rates.provenance.last_day + dt.timedelta(days=1)
    ends = [month.starts_on for month in rates.months[1:]] + [after]
    return [
        month
        for month, end in zip(rates.months, ends, strict=True)
        if (end - month.starts_on).days >= FEWEST_DAYS
    ]


def _subject(rates: InjuryRates) -> dict[str, str]:
    return {"kind": str(Kind(rates.provenance.inputs["kinds"]).label), "unit": rates.unit_name}


def _mark(rates: InjuryRates) -> str:
    return _("synthetic data") if rates.provenance.is_synthetic else ""


def _number(value: float) -> str:
    return str(floatformat(value, 1))
