"""``qorgau methods ascertainment``: what two or three key files say of cases that none holds."""

from __future__ import annotations

import json
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import numpy.typing as npt
import typer
from rich.console import Console
from rich.table import Table

from qorgau.analysis.ascertained_cases import (
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
from qorgau.analysis.rate_figures import SMALL_COUNT
from qorgau.exchange.formats.format_errors import FormatError
from qorgau.exchange.formats.linkage_keys import KeyFile, read_keys
from qorgau.methods.ascertainment import (
    LinkedRegisters,
    ThreeRegisterEstimate,
    three_registers,
    two_registers,
)
from qorgau.methods.ascertainment.three_registers import CELLS

WITHHELD = {
    NO_CASES: "no cases",
    FEW_LINKS: f"withheld: fewer than {FEWEST_LINKS} cases in both",
    SAME_CASES: "withheld: both hold the same cases, so they are hardly independent",
    SMALL_CELL: f"withheld: it would tell of fewer than {SMALL_COUNT} people",
    PROTECTS_ANOTHER: "withheld: another unit could be found by subtraction",
}
CAVEATS = (
    "Where a case in one register is more probable in the other too, more were missed than said.",
    "All registers must be of the same people, period and kind of case; a wrong code is a missed "
    "link, and a missed link makes the estimate too high.",
)


class By(StrEnum):
    UNIT = "unit"


def ascertainment(
    first: Annotated[Path, typer.Argument(help="Key file of the register asked about.")],
    second: Annotated[Path, typer.Argument(help="Key file of another register.")],
    third: Annotated[Path | None, typer.Argument(help="Key file of a third, if any.")] = None,
    days: Annotated[
        int, typer.Option(min=0, max=365, help="How far apart the days of one case may lie.")
    ] = 3,
    by: Annotated[By | None, typer.Option(help="Also by the units of the files.")] = None,
    confidence: Annotated[float, typer.Option(help="Of the limits.")] = 0.95,
    as_json: Annotated[bool, typer.Option("--json", help="Print exact figures as JSON.")] = False,
) -> None:
    """Link key files and estimate how many cases there were, and what share each register holds."""
    paths = [path for path in (first, second, third) if path is not None]
    try:
        if third is not None and by is not None:
            raise ValueError("--by needs two registers. Leave out the third file, or --by.")
        files = [read_keys(path) for path in paths]
        if by is not None and not any(keys.has_units for keys in files):
            raise ValueError("--by unit needs a column “unit” in one of the files at least.")
        linked = _linked(files, days)
        told: dict[str, Any] = {
            "registers": [path.stem for path in paths],
            "cases": [len(keys.cases) for keys in files],
            "tolerance_days": days,
            "confidence": confidence,
        }
        if third is not None:
            told |= _of_three(_three(linked, confidence))
        else:
            told |= _of_two(linked, _units(linked, files) if by else None, confidence)
    except (FormatError, ValueError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None
    if as_json:
        typer.echo(json.dumps(told | {"linkage": linked.method, "caveats": CAVEATS}))
    else:
        _print(told, Console(highlight=False, markup=False, soft_wrap=True))


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
            "The files have no person in common, so nothing can be estimated. Were they made with "
            "the same secret, and from the same kind of person code?"
        )
    return linked


def _units(linked: LinkedRegisters, files: list[KeyFile]) -> npt.NDArray[np.object_]:
    """The unit of each case: of the first register that holds it and tells one."""
    units = np.full(len(linked.positions), "", dtype=object)
    for register, keys in enumerate(files):
        codes = np.array([case.unit for case in keys.cases], dtype=object)
        is_told_here = linked.held[:, register] & (units == "")
        units[is_told_here] = codes[linked.positions[is_told_here, register]]
    return units


def _of_two(
    linked: LinkedRegisters, units: npt.NDArray[np.object_] | None, confidence: float
) -> dict[str, Any]:
    figure = figure_of(cells_of(linked.held), confidence)
    told: dict[str, Any] = {"figure": asdict(figure), "method": two_registers(1, 1, 1).method}
    if units is not None:
        figures = figures_by_group(cells_by_group(linked.held, units), confidence)
        told["units"] = {name: asdict(each) for name, each in figures.items()}
    return told


def _three(linked: LinkedRegisters, confidence: float) -> ThreeRegisterEstimate:
    counts = [int((linked.held == (cell > 0)).all(axis=1).sum()) for cell in CELLS]
    if sum(counts[at] for at in (0, 1, 2, 4)) < FEWEST_LINKS:
        raise ValueError(
            f"Fewer than {FEWEST_LINKS} cases are in more than one register: too few to estimate. "
            "Take a longer period."
        )
    with np.errstate(over="ignore"):
        found = three_registers(counts, confidence=confidence)
    if not np.isfinite(found.chosen.upper):
        raise ValueError(
            "The registers hold the same cases, so they are hardly independent, and nothing can be "
            "estimated."
        )
    return found


def _of_three(found: ThreeRegisterEstimate) -> dict[str, Any]:
    chosen = found.chosen
    pairs = [f"{one + 1} and {other + 1}" for one, other in chosen.dependent_pairs]
    return {
        "held": found.held,
        "total": chosen.total,
        "lower": chosen.lower,
        "upper": chosen.upper,
        "dependent": pairs,
        "method": found.method,
    }


def _print(told: dict[str, Any], console: Console) -> None:
    figure = told.get("figure", told)
    level = f"{told['confidence']:.0%} limits"
    if figure.get("withheld"):
        console.print(f"The estimate is {WITHHELD[figure['withheld']]}.")
    else:
        total, lower, upper = (figure[name] for name in ("total", "lower", "upper"))
        console.print(f"An estimated {total:,.0f} cases ({level} {lower:,.0f} to {upper:,.0f}).")
        for name, cases in zip(told["registers"], told["cases"], strict=True):
            share, low, high = (min(cases / each, 1.0) for each in (total, upper, lower))
            console.print(f"{name} holds {cases:,}, or {share:.0%} ({low:.0%} to {high:.0%}).")
    if told.get("dependent"):
        console.print(f"Registers taken to depend on each other: {'; '.join(told['dependent'])}.")
    if "units" in told:
        figures = {name: AscertainedFigure(**each) for name, each in told["units"].items()}
        console.print(_unit_table(figures, told["registers"][0]))
        for name, each in figures.items():
            if each.withheld:
                console.print(f"{name or 'unknown'}: {WITHHELD[each.withheld]}.")
    console.print(f"Days up to {told['tolerance_days']} apart. Method: {told['method']}.")
    for caveat in CAVEATS:
        console.print(f"Note: {caveat}")


def _unit_table(figures: dict[str, AscertainedFigure], name: str) -> Table:
    table = Table("unit", box=None, pad_edge=False)
    for heading in (name, "in both", "estimated", "limits", "share held", "its limits"):
        table.add_column(heading, justify="right")
    for unit, figure in figures.items():
        if figure.withheld:
            table.add_row(unit or "unknown", *"–" * 6)
            continue
        table.add_row(
            unit or "unknown",
            f"{figure.first:,}",
            f"{figure.both:,}",
            f"{figure.total:,.0f}",
            f"{figure.lower:,.0f} to {figure.upper:,.0f}",
            f"{figure.first_share:.0%}",
            f"{figure.first_share_lower:.0%} to {figure.first_share_upper:.0%}",
        )
    return table
