"""The package's alarms are laid beside ours on the right weeks, and a difference is seen."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from simulations.scenarios.comparison import compare_with_package, pooled_comparison
from simulations.scenarios.methods import METHODS
from simulations.scenarios.package import alarms_file, write_series
from simulations.scenarios.trials import SEED, SHOWN_TESTED

METHOD = "ears-c1"


@pytest.mark.parametrize("only_outbreaks", [True, False])
def test_one_week_that_differs_is_counted(tmp_path: Path, only_outbreaks: bool) -> None:
    series = tmp_path / "series.csv"
    write_series(series, 1, only_outbreaks=only_outbreaks, seed=SEED)
    with series.open(encoding="utf-8") as file:
        rows = list(csv.reader(file))[1:]
    counts = np.array([row[3:] for row in rows], dtype=float).T
    alarm = METHODS[METHOD].run(counts, "reference").alarm.astype(int)
    alarm[10, 0] = 1 - alarm[10, 0]
    asked = 0
    with alarms_file(tmp_path, 1, METHOD).open("w", encoding="utf-8") as file:
        print("name,method,alarms", file=file)
        for place, (name, first, last, *_) in enumerate(rows):
            weeks = [int(week) - 1 - SHOWN_TESTED.start for week in (first, last)]
            letters = "".join(map(str, alarm[weeks[0] : weeks[1] + 1, place]))
            print(f"{name},{METHOD},{letters}", file=file)
            asked += len(letters)
    total = pooled_comparison(compare_with_package(tmp_path, seed=SEED))
    assert (total.replicates, total.compared, total.differing) == (1, asked, 1)
    assert abs(total.false_alarms - total.our_false_alarms) == 1
    assert total.found == total.our_found > 0


def test_an_error_of_the_package_is_not_taken_for_silence(tmp_path: Path) -> None:
    text = "name,method,alarms\n1-0,ears-c1,error: no such week\n"
    alarms_file(tmp_path, 1, METHOD).write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match="Scenario 1, replicate 1, size 0: error: no such week"):
        compare_with_package(tmp_path, seed=SEED)
