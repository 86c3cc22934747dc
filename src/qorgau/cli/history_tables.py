"""The published histories as tables on a terminal."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table

from qorgau.analysis.published_history import CRIMEA_CAUSES, CrimeaHistory, HorseKickHistory


def print_horse_kick(history: HorseKickHistory, console: Console) -> None:
    """Rate, distribution and dispersion of the Prussian deaths by horse kick."""
    console.print(f"[bold]Deaths by horse kick, Prussian army, {_years(history)}[/bold]")
    console.print(
        f"{history.deaths} deaths in {history.corps_years} corps-years "
        f"({history.corps} corps, {history.years} years): {history.rate:.3f} a corps-year, "
        f"{history.confidence:.0%} exact limits {history.lower:.3f} to {history.upper:.3f}",
        soft_wrap=True,
    )
    console.print("\nCorps-years by number of deaths")
    distribution = _table("deaths", "observed", "by chance")
    for row in history.distribution:
        distribution.add_row(str(row.deaths), str(row.observed), f"{row.expected:.1f}")
    console.print(distribution)
    console.print("\nDispersion (an index of 1 is pure chance)")
    dispersion = _table("compared", "counts", "index", "chi-square", "df", "p")
    dispersion.columns[0].justify = "left"
    for test in history.dispersion:
        dispersion.add_row(
            test.of,
            str(test.counts),
            f"{test.index:.3f}",
            f"{test.statistic:.2f}",
            str(test.degrees_of_freedom),
            f"{test.p_value_over:.3f}",
        )
    console.print(dispersion)
    _print_provenance(history, console)


def print_crimea(history: CrimeaHistory, console: Console) -> None:
    """Every annual rate of the Crimea beside the printed one, and the largest difference."""
    console.print(f"[bold]Mortality of the British Army in the Crimea, {_years(history)}[/bold]")
    console.print("Deaths per 1,000 person-years, recomputed and as printed")
    months = _table("month", "strength", *(h for c in CRIMEA_CAUSES for h in (c, "printed")))
    by_month: dict[str, list[str]] = {}
    for rate in history.rates:
        cells = by_month.setdefault(rate.month, [rate.month, f"{rate.strength:,}"])
        cells += [f"{rate.rate:,.2f}", f"{rate.printed_rate:,.1f}"]
    for cells in by_month.values():
        months.add_row(*cells)
    console.print(months)
    console.print(
        f"\nWhole period, {history.person_years:,.0f} person-years, "
        f"{history.confidence:.0%} exact limits"
    )
    totals = _table("cause", "deaths", "per 1,000", "lower", "upper")
    for total in history.totals:
        figures = (f"{value:.1f}" for value in (total.rate, total.lower, total.upper))
        totals.add_row(total.cause, f"{total.deaths:,}", *figures)
    console.print(totals)
    verdict = "are met" if history.is_reproduced else "are NOT all met"
    console.print(
        f"{len(history.rates)} printed rates {verdict} within print rounding "
        f"({history.print_rounding}); largest difference {history.largest_difference:.4f}",
        soft_wrap=True,
    )
    _print_provenance(history, console)


def _table(*headings: str) -> Table:
    table = Table(box=None, pad_edge=False)
    for heading in headings:
        table.add_column(heading, justify="right")
    return table


def _years(history: HorseKickHistory | CrimeaHistory) -> str:
    return f"{history.period_start:%B %Y} to {history.period_end:%B %Y}"


def _print_provenance(history: HorseKickHistory | CrimeaHistory, console: Console) -> None:
    console.print(f"\nSource: {history.inputs['source']} ({history.as_of})", soft_wrap=True)
    console.print(f"Method: {history.method}; Qorgau {history.version}", soft_wrap=True)
    for caveat in history.caveats:
        console.print(f"Note: {caveat}", soft_wrap=True)
