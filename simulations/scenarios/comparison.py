"""Alarms of the R package beside those of the reference mode, week by week of the same series."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import numpy as np

from simulations.scenarios.methods import METHODS
from simulations.scenarios.outcomes import outcome
from simulations.scenarios.package import read_alarms
from simulations.scenarios.series import SCENARIOS
from simulations.scenarios.trials import CURRENT_SIZES, SHOWN_TESTED, Trials, draw_trials

NOT_ASKED = "-"
NO_RESULT = "N"


@dataclass(frozen=True)
class Comparison:
    """One method in one scenario, over the replicates that the package was run on.

    Attributes
    ----------
    compared, differing
        Series-weeks that both looked at, and in how many of them one alarms and the other not.
    no_result
        Weeks without a current outbreak in which the package gave NA.
    weeks, false_alarms, our_false_alarms
        Weeks without a current outbreak, and in how many of them each of the two alarms.
    outbreaks, found, our_found
        Outbreaks, and how many of them each of the two finds.
    """

    scenario: int
    method: str
    replicates: int
    compared: int
    differing: int
    no_result: int
    weeks: int
    false_alarms: int
    our_false_alarms: int
    outbreaks: int
    found: int
    our_found: int


def compare_with_package(folder: Path, *, seed: int) -> list[Comparison]:
    """Compare every method and scenario on the replicates whose alarms lie in `folder`."""
    found = []
    for method in METHODS:
        replicates: list[dict[str, str]] = []
        while alarms := read_alarms(folder, len(replicates) + 1, method):
            replicates.append(alarms)
        if replicates:
            found += [
                _compare(scenario.number, method, replicates, seed=seed) for scenario in SCENARIOS
            ]
    return found


def _compare(
    scenario: int, method: str, replicates: list[dict[str, str]], *, seed: int
) -> Comparison:
    trials = draw_trials(SCENARIOS[scenario - 1], range(1, len(replicates) + 1), seed=seed)
    letters = np.stack(
        [_letters(scenario, trials, row, alarms) for row, alarms in enumerate(replicates)], axis=1
    )
    is_asked = letters != NOT_ASKED
    result = METHODS[method].run(trials.panel, "reference")
    ours = result.alarm.reshape(letters.shape) & is_asked
    theirs = letters == "1"
    package = outcome(scenario, method, "package", trials, theirs, letters == NO_RESULT)
    reference = outcome(scenario, method, "reference", trials, ours, ~is_asked)
    return Comparison(
        scenario,
        method,
        len(replicates),
        compared=int(is_asked.sum()),
        differing=int((theirs != ours).sum()),
        no_result=package.no_result,
        weeks=package.weeks,
        false_alarms=package.false_alarms,
        our_false_alarms=reference.false_alarms,
        outbreaks=sum(package.outbreaks),
        found=sum(package.found),
        our_found=sum(reference.found),
    )


def _letters(scenario: int, trials: Trials, row: int, alarms: dict[str, str]) -> np.ndarray:
    """What the package said of one replicate, week by week, shape ``(49, 11)``."""
    letters = np.full((len(SHOWN_TESTED), len(CURRENT_SIZES)), NOT_ASKED)
    for place, size in enumerate(CURRENT_SIZES):
        said = alarms.get(f"{scenario}-{size}", "")
        if said.startswith("error"):
            raise ValueError(f"Scenario {scenario}, replicate {row + 1}, size {size}: {said}")
        start = 0 if len(said) == letters.shape[0] else int(trials.first[row, place])
        letters[start : start + len(said), place] = list(said)
    return letters


def pooled_comparison(comparisons: Iterable[Comparison]) -> Comparison:
    """All scenarios of one method together; `scenario` is 0."""
    parts = list(comparisons)
    kept = ("scenario", "method", "replicates")
    sums = {
        field.name: sum(getattr(part, field.name) for part in parts)
        for field in fields(Comparison)
        if field.name not in kept
    }
    return Comparison(0, parts[0].method, parts[0].replicates, **sums)


def write_comparisons(path: Path, comparisons: Iterable[Comparison]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        names = [field.name for field in fields(Comparison)]
        writer = csv.DictWriter(file, names, lineterminator="\n")
        writer.writeheader()
        writer.writerows(asdict(row) for row in comparisons)


def read_comparisons(path: Path) -> list[Comparison]:
    with path.open(encoding="utf-8") as file:
        return [
            Comparison(
                int(row.pop("scenario")),
                row.pop("method"),
                **{name: int(value) for name, value in row.items()},
            )
            for row in csv.DictReader(file)
        ]
