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
from qorgau.cli.terminal.language import localised_month, localised_number
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
            "deaths": localised_number(history.deaths),
            "corps_years": localised_number(history.corps_years),
            "corps": history.corps,
            "years": history.years,
            "rate": localised_number(history.rate, ".3f"),
            "level": localised_number(history.confidence, ".0%"),
            "lower": localised_number(history.lower, ".3f"),
            "upper": localised_number(history.upper, ".3f"),
        },
        soft_wrap=True,
    )
    console.print("\n" + _("Corps-years by number of deaths"))
    distribution = _table((_("deaths"), _("observed"), _("by chance")))
    for row in history.distribution:
        distribution.add_row(
            str(row.deaths), localised_number(row.observed), localised_number(row.expected, ".1f")
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
            localised_number(test.counts),
            localised_number(test.index, ".3f"),
            localised_number(test.statistic, ".2f"),
            str(test.degrees_of_freedom),
            localised_number(test.p_value_over, ".3f"),
        )
    return table


def print_crimea(history: CrimeaHistory, console: Console) -> None:
    """Every annual rate of the Crimea, the printed rate, and the largest difference."""
    years = {"years": _years(history)}
    title = _("Mortality of the British Army in the Crimea, %(years)s") % years
    console.print(f"[bold]{title}[/bold]")
    console.print(_("Deaths per 1,000 person-years, recomputed and as printed"))
    print_table(_months(history), console)
    whole_period = _("Whole period; person-years: %(person_years)s; exact %(level)s limits") % {
        "person_years": localised_number(history.person_years, ",.0f"),
        "level": localised_number(history.confidence, ".0%"),
    }
    console.print(f"\n{whole_period}")
    totals = _table((_("cause"), _("deaths"), _("per 1,000"), _("lower"), _("upper")))
    for total in history.totals:
        figures = (localised_number(each, ".1f") for each in (total.rate, total.lower, total.upper))
        totals.add_row(_(total.cause), localised_number(total.deaths), *figures)
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
            "rates": localised_number(len(history.rates)),
            "rounding": localised_number(history.print_rounding, ""),
            "difference": localised_number(history.largest_difference, ".4f"),
        },
        soft_wrap=True,
    )
    _print_provenance(history, console)


def _months(history: CrimeaHistory) -> Table:
    by_cause = (heading for cause in CRIMEA_CAUSES for heading in (_(cause), _("printed")))
    table = _table((_("month"), _("strength"), *by_cause))
    by_month: dict[str, list[str]] = {}
    for rate in history.rates:
        cells = by_month.setdefault(
            rate.month, [_month(rate.month), localised_number(rate.strength)]
        )
        cells += [localised_number(rate.rate, ",.2f"), localised_number(rate.printed_rate, ",.1f")]
    for cells in by_month.values():
        table.add_row(*cells)
    return table


def _month(year_and_month: str) -> str:
    return localised_month(dt.date.fromisoformat(f"{year_and_month}-01"))


def _table(headings: Iterable[str]) -> Table:
    table = Table(box=None, pad_edge=False)
    for heading in headings:
        table.add_column(heading, justify="right")
    return table


def _years(history: HorseKickHistory | CrimeaHistory) -> str:
    return _("%(lower)s to %(upper)s") % {
        "lower": localised_month(history.period_start),
        "upper": localised_month(history.period_end),
    }


def _print_provenance(history: HorseKickHistory | CrimeaHistory, console: Console) -> None:
    source = {"source": history.inputs["source"], "as_of": _(history.as_of)}
    console.print("\n" + _("Source: %(source)s (%(as_of)s)") % source, soft_wrap=True)
    method = {"method": history.method, "version": history.version}
    console.print(_("Method: %(method)s; Qorgau %(version)s") % method, soft_wrap=True)
    for caveat in history.caveats:
        console.print(_("Note: %(caveat)s") % {"caveat": _(caveat)}, soft_wrap=True)
