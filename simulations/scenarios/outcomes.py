"""What a method did in a scenario: alarms without an outbreak, outbreaks found, and how soon."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import numpy as np

from simulations.scenarios.methods import METHODS
from simulations.scenarios.series import SCENARIOS, SIZES
from simulations.scenarios.trials import Trials, draw_trials

# Weeks from the first case of an outbreak to its first alarm: 0, 1, 2, and more.
DELAYS = (0, 1, 2, 3)
SIZES_SHOWN = (1, 2, 3, 5, 10)


@dataclass(frozen=True)
class Outcome:
    """Counts of one method and mode in one scenario; every rate is made of these.

    Attributes
    ----------
    weeks, false_alarms, no_result
        Tested weeks of the series without a current outbreak; how many of them alarm; and in how
        many the method gives no result, which counts as no alarm.
    outbreaks, found
        Outbreaks by size, 1 to 10, that had a case in the tested weeks; how many of them had an
        alarm between their first and their last week with a case.
    found_after
        Found outbreaks by the weeks from their first case to the first alarm: 0, 1, 2, 3 and more.
    weeks_to_alarm
        Those weeks, summed over the found outbreaks.
    """

    scenario: int
    method: str
    mode: str
    weeks: int
    false_alarms: int
    no_result: int
    outbreaks: tuple[int, ...]
    found: tuple[int, ...]
    found_after: tuple[int, ...]
    weeks_to_alarm: int

    @property
    def false_positive_rate(self) -> float:
        return self.false_alarms / self.weeks

    @property
    def probability_of_detection(self) -> float:
        return sum(self.found) / sum(self.outbreaks)

    def probability_of_detecting(self, size: int) -> float:
        place = SIZES.index(size)
        return self.found[place] / self.outbreaks[place]

    @property
    def mean_weeks_to_alarm(self) -> float:
        return self.weeks_to_alarm / sum(self.found) if sum(self.found) else float("nan")


def outcomes_of(
    scenario: int, replicates: Iterable[int], *, seed: int, methods: Sequence[str] = tuple(METHODS)
) -> list[Outcome]:
    """Run the methods in all their modes over the replicates of one scenario."""
    trials = draw_trials(SCENARIOS[scenario - 1], replicates, seed=seed)
    found = []
    for name in methods:
        for mode in METHODS[name].modes:
            result = METHODS[name].run(trials.panel, mode)
            shape = (len(result.weeks), *trials.first.shape)
            alarm, is_tested = result.alarm.reshape(shape), result.is_tested.reshape(shape)
            found.append(outcome(scenario, name, mode, trials, alarm, ~is_tested))
    return found


def outcome(
    scenario: int, method: str, mode: str, trials: Trials, alarm: np.ndarray, no_result: np.ndarray
) -> Outcome:
    """Count what alarms of the shape ``(49, replicates, 11)`` amount to."""
    has_outbreak = trials.first[:, 1:] >= 0
    hits = (alarm & trials.is_outbreak)[:, :, 1:]
    is_found = hits.any(axis=0)
    delays = (hits.argmax(axis=0) - trials.first[:, 1:])[is_found]
    return Outcome(
        scenario,
        method,
        mode,
        weeks=alarm[:, :, 0].size,
        false_alarms=int(alarm[:, :, 0].sum()),
        no_result=int(no_result[:, :, 0].sum()),
        outbreaks=tuple(has_outbreak.sum(axis=0).tolist()),
        found=tuple(is_found.sum(axis=0).tolist()),
        found_after=tuple(
            np.bincount(np.minimum(delays, DELAYS[-1]), minlength=len(DELAYS)).tolist()
        ),
        weeks_to_alarm=int(delays.sum()),
    )


def pooled(outcomes: Iterable[Outcome]) -> Outcome:
    """All scenarios together; `scenario` is 0."""
    parts = list(outcomes)

    def total(name: str) -> int:
        return sum(getattr(part, name) for part in parts)

    def totals(name: str) -> tuple[int, ...]:
        return tuple(np.sum([getattr(part, name) for part in parts], axis=0).tolist())

    return Outcome(
        scenario=0,
        method=parts[0].method,
        mode=parts[0].mode,
        weeks=total("weeks"),
        false_alarms=total("false_alarms"),
        no_result=total("no_result"),
        outbreaks=totals("outbreaks"),
        found=totals("found"),
        found_after=totals("found_after"),
        weeks_to_alarm=total("weeks_to_alarm"),
    )


_LISTS = {
    "outbreaks": [f"outbreaks_{size}" for size in SIZES],
    "found": [f"found_{size}" for size in SIZES],
    "found_after": [f"found_after_{delay}" for delay in DELAYS],
}


def write_outcomes(path: Path, outcomes: Iterable[Outcome]) -> None:
    columns = [
        column for field in fields(Outcome) for column in _LISTS.get(field.name, [field.name])
    ]
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        for row in outcomes:
            cells = asdict(row).values()
            writer.writerow(
                [part for cell in cells for part in (cell if isinstance(cell, tuple) else [cell])]
            )


def read_outcomes(path: Path) -> list[Outcome]:
    if not path.exists():
        return []
    with path.open(encoding="utf-8") as file:
        return [_outcome_of_row(row) for row in csv.DictReader(file)]


def _outcome_of_row(row: dict[str, str]) -> Outcome:
    lists = {
        name: tuple(int(row[column]) for column in columns) for name, columns in _LISTS.items()
    }
    numbers = {
        name: int(row[name])
        for name in ("scenario", "weeks", "false_alarms", "no_result", "weeks_to_alarm")
    }
    return Outcome(method=row["method"], mode=row["mode"], **numbers, **lists)
