"""``qorgau methods ascertainment``: estimate unreported cases from two or three key files."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import numpy.typing as npt
import typer
from rich.console import Console
from rich.table import Table

from qorgau.analysis.answers import SMALL_COUNT
from qorgau.analysis.under_reporting.ascertained_cases import (
    FEW_LINKS,
    FEWEST_LINKS,
    NO_CASES,
    PROTECTS_ANOTHER,
    SAME_CASES,
    SMALL_CELL,
    AscertainedFigure,
    RegisterCases,
    cells_by_group,
    cells_of,
    figure_of,
    figures_by_group,
    linked_cases,
)
from qorgau.cli.terminal.language import gettext as _
from qorgau.cli.terminal.language import localised_number, sentence_of
from qorgau.cli.terminal.output import make_console, say
from qorgau.cli.terminal.tables import print_table
from qorgau.exchange.formats.format_errors import FormatError, gettext_noop
from qorgau.exchange.formats.linkage_keys import KeyFile, read_keys
from qorgau.methods.ascertainment import (
    LinkedRegisters,
    ThreeRegisterEstimate,
    three_registers,
    two_registers,
)
from qorgau.methods.ascertainment.three_registers import CELLS

WITHHELD = {
    NO_CASES: gettext_noop("no cases"),
    FEW_LINKS: gettext_noop("not shown: fewer than %(fewest_links)s cases in both"),
    SAME_CASES: gettext_noop("not shown: both have the same cases, so they are hardly independent"),
    SMALL_CELL: gettext_noop("not shown: fewer than %(small_count)s people"),
    PROTECTS_ANOTHER: gettext_noop("not shown: it would reveal another unit's figure"),
}
PAIRS = {
    (0, 1): gettext_noop("1 and 2"),
    (0, 2): gettext_noop("1 and 3"),
    (1, 2): gettext_noop("2 and 3"),
}
CAVEATS = (
    gettext_noop(
        "If a case in one register is more likely to be in the other too, more cases were "
        "missed than stated here."
    ),
    gettext_noop(
        "All registers must cover the same people, period and kind of case; a wrong code is "
        "a missed link, and a missed link makes the estimate too high."
    ),
)


class By(StrEnum):
    UNIT = "unit"


def ascertainment(
    first: Annotated[Path, typer.Argument(help="Key file of the register to assess.")],
    second: Annotated[Path, typer.Argument(help="Key file of another register.")],
    third: Annotated[Path | None, typer.Argument(help="Key file of a third, if any.")] = None,
    days: Annotated[
        int,
        typer.Option(
            min=0, max=365, help="Maximum number of days between the records of one case."
        ),
    ] = 3,
    by: Annotated[
        By | None, typer.Option(help="Also estimate by unit, as named in the files.")
    ] = None,
    confidence: Annotated[float, typer.Option(help="Confidence level of the limits.")] = 0.95,
    as_json: Annotated[bool, typer.Option("--json", help="Print exact figures as JSON.")] = False,
) -> None:
    """Link key files, and estimate how many cases there were and what share each register has."""
    paths = [path for path in (first, second, third) if path is not None]
    try:
        if third is not None and by is not None:
            raise ValueError(_("--by needs two registers. Leave out the third file, or --by."))
        files = [read_keys(path) for path in paths]
        if by is not None and not any(keys.has_units for keys in files):
            raise ValueError(_("--by unit needs a column “unit” in at least one of the files."))
        linked = _linked(files, days)
        results: dict[str, Any] = {
            "registers": [path.stem for path in paths],
            "cases": [len(keys.cases) for keys in files],
            "tolerance_days": days,
            "confidence": confidence,
        }
        if third is not None:
            results |= _of_three(_three(linked, confidence))
        else:
            results |= _of_two(linked, _units(linked, files) if by else None, confidence)
    except (FormatError, ValueError) as error:
        say(sentence_of(error), err=True)
        raise typer.Exit(2) from None
    if as_json:
        say(json.dumps(results | {"linkage": linked.method, "caveats": CAVEATS}))
    else:
        _print(results, make_console(highlight=False, markup=False, soft_wrap=True))


def _linked(files: list[KeyFile], days: int) -> LinkedRegisters:
    registers = [
        RegisterCases(
            [case.token for case in keys.cases],
            np.array([case.day.toordinal() for case in keys.cases], dtype=np.int64),
        )
        for keys in files
    ]
    linked = linked_cases(registers, tolerance_days=days)
    if not linked.shared_people:
        raise ValueError(
            _(
                "The files have no person in common, so nothing can be estimated. Were they "
                "created with the same secret, and from the same kind of person code?"
            )
        )
    return linked


def _units(linked: LinkedRegisters, files: list[KeyFile]) -> npt.NDArray[np.object_]:
    """The unit of each case, from the first register with the case and a unit."""
    units = np.full(len(linked.positions), "", dtype=object)
    for register, keys in enumerate(files):
        codes = np.array([case.unit for case in keys.cases], dtype=object)
        is_given_here = linked.held[:, register] & (units == "")
        units[is_given_here] = codes[linked.positions[is_given_here, register]]
    return units


def _of_two(
    linked: LinkedRegisters, units: npt.NDArray[np.object_] | None, confidence: float
) -> dict[str, Any]:
    figure = figure_of(cells_of(linked.held), confidence)
    results: dict[str, Any] = {"figure": asdict(figure), "method": two_registers(1, 1, 1).method}
    if units is not None:
        figures = figures_by_group(cells_by_group(linked.held, units), confidence)
        results["units"] = {name: asdict(each) for name, each in figures.items()}
    return results


def _three(linked: LinkedRegisters, confidence: float) -> ThreeRegisterEstimate:
    counts = [int((linked.held == (cell > 0)).all(axis=1).sum()) for cell in CELLS]
    if sum(counts[at] for at in (0, 1, 2, 4)) < FEWEST_LINKS:
        raise ValueError(
            _(
                "Fewer than %(fewest_links)s cases are in more than one register: too few to "
                "estimate. Choose a longer period."
            )
            % {"fewest_links": FEWEST_LINKS}
        )
    with np.errstate(over="ignore"):
        found = three_registers(counts, confidence=confidence)
    if not np.isfinite(found.chosen.upper):
        raise ValueError(
            _(
                "The registers have the same cases, so they are hardly independent, and "
                "nothing can be estimated."
            )
        )
    return found


def _of_three(found: ThreeRegisterEstimate) -> dict[str, Any]:
    chosen = found.chosen
    pairs = [PAIRS[pair] for pair in chosen.dependent_pairs]
    return {
        "held": found.held,
        "total": chosen.total,
        "lower": chosen.lower,
        "upper": chosen.upper,
        "dependent": pairs,
        "method": found.method,
    }


def _print(results: dict[str, Any], console: Console) -> None:
    figure = results.get("figure", results)
    if figure.get("withheld"):
        console.print(f"{_('total')}: {_withheld(figure['withheld'])}.")
    else:
        for sentence in _estimate(results, figure):
            console.print(sentence)
    if results.get("dependent"):
        console.print(
            _("Registers assumed to depend on each other: %(pairs)s.")
            % {"pairs": "; ".join(map(_, results["dependent"]))}
        )
    if "units" in results:
        figures = {name: AscertainedFigure(**each) for name, each in results["units"].items()}
        print_table(_unit_table(figures, results["registers"][0]), console)
        for name, each in figures.items():
            if each.withheld:
                console.print(f"{name or _('unknown')}: {_withheld(each.withheld)}.")
    console.print(
        _("Maximum days apart: %(days)s. Method: %(method)s.")
        % {"days": results["tolerance_days"], "method": results["method"]}
    )
    for caveat in CAVEATS:
        console.print(_("Note: %(caveat)s") % {"caveat": _(caveat)})


def _withheld(reason: str) -> str:
    return _(WITHHELD[reason]) % {"fewest_links": FEWEST_LINKS, "small_count": SMALL_COUNT}


def _estimate(results: dict[str, Any], figure: dict[str, Any]) -> Iterator[str]:
    total, lower, upper = (figure[name] for name in ("total", "lower", "upper"))
    yield _("Estimated number of cases: %(total)s (%(level)s limits %(lower)s to %(upper)s).") % {
        "total": localised_number(total, ",.0f"),
        "level": localised_number(results["confidence"], ".0%"),
        "lower": localised_number(lower, ",.0f"),
        "upper": localised_number(upper, ",.0f"),
    }
    for name, cases in zip(results["registers"], results["cases"], strict=True):
        share, low, high = (min(cases / each, 1.0) for each in (total, upper, lower))
        yield _(
            "Cases in the register %(register)s: %(cases)s, or %(share)s (%(lower)s to %(upper)s)."
        ) % {
            "register": name,
            "cases": localised_number(cases),
            "share": localised_number(share, ".0%"),
            "lower": localised_number(low, ".0%"),
            "upper": localised_number(high, ".0%"),
        }


def _unit_table(figures: dict[str, AscertainedFigure], name: str) -> Table:
    table = Table(_("unit"), box=None, pad_edge=False)
    headings = (_("in both"), _("estimated"), _("limits"), _("share in register"), _("its limits"))
    for heading in (name, *headings):
        table.add_column(heading, justify="right")
    for unit, figure in figures.items():
        if figure.withheld:
            table.add_row(unit or _("unknown"), *"–" * 6)
            continue
        table.add_row(
            unit or _("unknown"),
            localised_number(figure.first),
            localised_number(figure.both),
            localised_number(figure.total, ",.0f"),
            _limits(figure.lower, figure.upper, ",.0f"),
            localised_number(figure.first_share, ".0%"),
            _limits(figure.first_share_lower, figure.first_share_upper, ".0%"),
        )
    return table


def _limits(lower: float, upper: float, form: str) -> str:
    limits = {"lower": localised_number(lower, form), "upper": localised_number(upper, form)}
    return _("%(lower)s to %(upper)s") % limits
