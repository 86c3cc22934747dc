"""The published histories as tables on a terminal."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from rich.console import Console
from rich.table import Table

from qorgau.analysis.published_histories.recomputed import (
    CRIMEA_CAUSES,
    CrimeaHistory,
    HorseKickHistory,
)
from qorgau.cli.terminal.language import gettext as _
from qorgau.cli.terminal.language import month_said, number_said
from qorgau.cli.terminal.tables import print_table


def print_horse_kick(history: HorseKickHistory, console: Console) -> None:
    """Rate, distribution and dispersion of the Prussian deaths by horse kick."""
    title = _("Deaths by horse kick, Prussian army, %(years)s") % {"years": _years(history)}
    console.print(f"[bold]{title}[/bold]")
    console.print(
        _(
            "Deaths: %(deaths)s; corps-years: %(corps_years)s (corps: %(corps)s, years: "
            "%(years)s); deaths per corps-year: %(rate)s (exact %(level)s limits %(lower)s "
            "to %(upper)s)"
        )
        % {
            "deaths": number_said(history.deaths),
            "corps_years": number_said(history.corps_years),
            "corps": history.corps,
            "years": history.years,
            "rate": number_said(history.rate, ".3f"),
            "level": number_said(history.confidence, ".0%"),
            "lower": number_said(history.lower, ".3f"),
            "upper": number_said(history.upper, ".3f"),
        },
        soft_wrap=True,
    )
    console.print("\n" + _("Corps-years by number of deaths"))
    distribution = _table((_("deaths"), _("observed"), _("by chance")))
    for row in history.distribution:
        distribution.add_row(
            str(row.deaths), number_said(row.observed), number_said(row.expected, ".1f")
        )
    print_table(distribution, console)
    console.print("\n" + _("Dispersion (an index of 1 is pure chance)"))
    print_table(_dispersion(history), console)
    _print_provenance(history, console)


def _dispersion(history: HorseKickHistory) -> Table:
    table = _table((_("compared"), _("counts"), _("index"), _("chi-square"), _("df"), "p"))
    table.columns[0].justify = "left"
    for test in history.dispersion:
        table.add_row(
            _(test.of),
            number_said(test.counts),
            number_said(test.index, ".3f"),
            number_said(test.statistic, ".2f"),
            str(test.degrees_of_freedom),
            number_said(test.p_value_over, ".3f"),
        )
    return table


def print_crimea(history: CrimeaHistory, console: Console) -> None:
    """Every annual rate of the Crimea beside the printed one, and the largest difference."""
    years = {"years": _years(history)}
    title = _("Mortality of the British Army in the Crimea, %(years)s") % years
    console.print(f"[bold]{title}[/bold]")
    console.print(_("Deaths per 1,000 person-years, recomputed and as printed"))
    print_table(_months(history), console)
    whole_period = _("Whole period; person-years: %(person_years)s; exact %(level)s limits") % {
        "person_years": number_said(history.person_years, ",.0f"),
        "level": number_said(history.confidence, ".0%"),
    }
    console.print(f"\n{whole_period}")
    totals = _table((_("cause"), _("deaths"), _("per 1,000"), _("lower"), _("upper")))
    for total in history.totals:
        figures = (number_said(each, ".1f") for each in (total.rate, total.lower, total.upper))
        totals.add_row(_(total.cause), number_said(total.deaths), *figures)
    print_table(totals, console)
    verdict = (
        _(
            "Printed rates checked: %(rates)s. All agree within print rounding "
            "(%(rounding)s); largest difference: %(difference)s"
        )
        if history.is_reproduced
        else _(
            "Printed rates checked: %(rates)s. NOT all agree within print rounding "
            "(%(rounding)s); largest difference: %(difference)s"
        )
    )
    console.print(
        verdict
        % {
            "rates": number_said(len(history.rates)),
            "rounding": number_said(history.print_rounding, ""),
            "difference": number_said(history.largest_difference, ".4f"),
        },
        soft_wrap=True,
    )
    _print_provenance(history, console)


def _months(history: CrimeaHistory) -> Table:
    by_cause = (heading for cause in CRIMEA_CAUSES for heading in (_(cause), _("printed")))
    table = _table((_("month"), _("strength"), *by_cause))
    by_month: dict[str, list[str]] = {}
    for rate in history.rates:
        cells = by_month.setdefault(rate.month, [_month(rate.month), number_said(rate.strength)])
        cells += [number_said(rate.rate, ",.2f"), number_said(rate.printed_rate, ",.1f")]
    for cells in by_month.values():
        table.add_row(*cells)
    return table


def _month(year_and_month: str) -> str:
    return month_said(dt.date.fromisoformat(f"{year_and_month}-01"))


def _table(headings: Iterable[str]) -> Table:
    table = Table(box=None, pad_edge=False)
    for heading in headings:
        table.add_column(heading, justify="right")
    return table


def _years(history: HorseKickHistory | CrimeaHistory) -> str:
    return _("%(lower)s to %(upper)s") % {
        "lower": month_said(history.period_start),
        "upper": month_said(history.period_end),
    }


def _print_provenance(history: HorseKickHistory | CrimeaHistory, console: Console) -> None:
    source = {"source": history.inputs["source"], "as_of": _(history.as_of)}
    console.print("\n" + _("Source: %(source)s (%(as_of)s)") % source, soft_wrap=True)
    method = {"method": history.method, "version": history.version}
    console.print(_("Method: %(method)s; Qorgau %(version)s") % method, soft_wrap=True)
    for caveat in history.caveats:
        console.print(_("Note: %(caveat)s") % {"caveat": _(caveat)}, soft_wrap=True)
