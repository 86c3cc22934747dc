"""The tables of docs/simulations/outbreak_scenarios.md, each as lines of a page."""

from __future__ import annotations

from collections.abc import Sequence

from simulations.scenarios.comparison import Comparison, pooled_comparison
from simulations.scenarios.methods import METHODS
from simulations.scenarios.outcomes import SIZES_SHOWN, Outcome, pooled
from simulations.scenarios.published import PublishedRate
from simulations.scenarios.series import SCENARIOS


def method_table(outcomes: Sequence[Outcome]) -> list[str]:
    """All scenarios together: a row for each method and mode."""
    sizes = [f"{size} SD" for size in SIZES_SHOWN]
    lines = _head(
        ["method", "mode"],
        ["promised", "false positives", "by scenario", "no result", "detected", *sizes,
         "in their first week", "weeks to alarm"],
    )  # fmt: skip
    for name, method in METHODS.items():
        for mode in method.modes:
            parts = [row for row in outcomes if (row.method, row.mode) == (name, mode)]
            lines.append(_method_row(name, mode, parts))
    return lines


def _method_row(name: str, mode: str, parts: Sequence[Outcome]) -> str:
    total = pooled(parts)
    rates = [part.false_positive_rate for part in parts]
    promised = METHODS[name].nominal
    cells = [
        METHODS[name].title,
        mode,
        "" if promised is None else f"{promised:.1%}",
        f"{total.false_positive_rate:.2%}",
        f"{min(rates):.2%} to {max(rates):.1%}",
        f"{total.no_result / total.weeks:.1%}",
        f"{total.probability_of_detection:.1%}",
        *(f"{total.probability_of_detecting(size):.0%}" for size in SIZES_SHOWN),
        f"{total.found_after[0] / sum(total.found):.0%}",
        f"{total.mean_weeks_to_alarm:.2f}",
    ]
    return _row(cells)


def scenario_table(outcomes: Sequence[Outcome]) -> list[str]:
    """False positives and detected outbreaks of each scenario, in per cent, corrected mode."""
    by_place = {(row.scenario, row.method): row for row in outcomes if row.mode == "corrected"}
    names = [name for name, method in METHODS.items() if "corrected" in method.modes]
    lines = _head([], ["scenario", "mean count", *(METHODS[name].title for name in names)])
    for scenario in SCENARIOS:
        rows = [by_place[scenario.number, name] for name in names]
        cells = [
            f"{100 * row.false_positive_rate:.1f} / {100 * row.probability_of_detection:.0f}"
            for row in rows
        ]
        lines.append(_row([str(scenario.number), _three_letters(scenario.mean_tested), *cells]))
    return lines


def package_table(comparisons: Sequence[Comparison]) -> list[str]:
    """The package beside reference mode, on the same weeks: a row for each method."""
    lines = _head(
        ["method"],
        ["replicates", "series-weeks compared", "alarms that differ", "NA in R",
         "false positives, R", "ours", "detected, R", "ours"],
    )  # fmt: skip
    for name, method in METHODS.items():
        parts = [row for row in comparisons if row.method == name]
        if parts:
            total = pooled_comparison(parts)
            cells = [
                method.title,
                str(total.replicates),
                f"{total.compared:,}",
                str(total.differing),
                f"{total.no_result / total.weeks:.1%}",
                f"{total.false_alarms / total.weeks:.2%}",
                f"{total.our_false_alarms / total.weeks:.2%}",
                f"{total.found / total.outbreaks:.1%}",
                f"{total.our_found / total.outbreaks:.1%}",
            ]
            lines.append(_row(cells))
    return lines


def published_table(rates: Sequence[PublishedRate]) -> list[str]:
    """Published false-alarm rates, and those of each mode on series drawn in the same way."""
    lines = _head(
        ["column"],
        ["nominal", "published", "reference mode", "corrected mode", "standard error"],
    )
    by_place = {(rate.column, rate.alpha, rate.mode): rate for rate in rates}
    for rate in rates:
        if rate.mode == "reference":
            corrected = by_place[rate.column, rate.alpha, "corrected"]
            cells = [
                rate.column,
                f"{rate.alpha:.1%}",
                f"{rate.published:.2%}",
                f"{rate.ours:.2%}",
                f"{corrected.ours:.2%}",
                f"{rate.standard_error:.2%}",
            ]
            lines.append(_row(cells))
    return lines


def _three_letters(mean: float) -> str:
    return f"{mean:.2f}" if mean < 1 else f"{mean:.1f}" if mean < 10 else f"{mean:.0f}"


def _head(words: Sequence[str], numbers: Sequence[str]) -> list[str]:
    return [_row([*words, *numbers]), "|" + "---|" * len(words) + "---:|" * len(numbers)]


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
