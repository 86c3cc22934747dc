"""Reference mode on real series: needs the files beside the checkout, which are not part of it."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import numpy as np
import pytest

from qorgau.methods.detection import ears, farrington_flexible
from tests.methods.detection.reference_cases import assert_same, number_table

SERIES = ["campyDE", "momo", "salmNewport", "salmonella_agona", "shadar", "stsNewport"]
EVERY = 6
NAMES = {
    "alarm": "alarm",
    "upperbound": "upper_bound",
    "expected": "expected",
    "score": "score",
    "pvalue": "p_value",
    "mu0Vector": "threshold_mean",
    "phi": "dispersion",
    "trend": "trend",
    "trendCoef": "trend_per_week",
}
THRESHOLDS = {"nbPlugin": "nb-plugin", "muan": "muan", "delta": "delta"}


def read(shared_data: Path, name: str) -> dict:
    path = shared_data / "surveillance_reference" / f"{name}_reference.json.gz"
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return json.load(file)


def panel(data: dict) -> tuple[np.ndarray, list[int]]:
    first, last = data["series"][0]["range"]
    return number_table([s["y"] for s in data["series"]]), list(range(first - 1, last, EVERY))


def expected(data: dict, run: str, names: dict[str, str]) -> dict[str, np.ndarray]:
    return {
        ours: number_table([s["out"][run][theirs][::EVERY] for s in data["series"]])
        for theirs, ours in names.items()
    }


@pytest.mark.parametrize("name", SERIES)
def test_farrington_flexible(shared_data, name):
    data = read(shared_data, name)
    counts, weeks = panel(data)
    length = counts.shape[0]
    for run, given in data["meta"]["configs"]["farringtonFlexible"].items():
        if run not in data["series"][0]["out"]:
            continue
        population = None
        if given["populationOffset"][0]:
            columns = [s["population"] for s in data["series"]]
            population = number_table([c if len(c) > 1 else c * length for c in columns])
        result = farrington_flexible(
            counts,
            mode="reference",
            weeks=weeks,
            dates=data["epoch"] if data["epochAsDate"] else None,
            population=population,
            alpha=given["alpha"][0],
            years=given["b"][0],
            half_window=given["w"][0],
            periods=given["noPeriods"][0],
            past_weeks_not_included=given["pastWeeksNotIncluded"][0],
            reweight=given["reweight"][0],
            weights_threshold=given["weightsThreshold"][0],
            trend=given["trend"][0],
            p_threshold_trend=given["pThresholdTrend"][0],
            threshold_method=THRESHOLDS[given["thresholdMethod"][0]],
            power_transform=given["powertrans"][0],
            limit54=tuple(given["limit54"]),
        )
        assert_same(result, expected(data, run, NAMES))


@pytest.mark.parametrize("name", SERIES)
def test_ears(shared_data, name):
    data = read(shared_data, name)
    counts, weeks = panel(data)
    for run, given in data["meta"]["configs"]["earsC"].items():
        result = ears(
            counts,
            mode="reference",
            variant=given["method"][0],
            weeks=weeks,
            alpha=given["alpha"][0],
            baseline=given["baseline"][0],
            min_sigma=given["minSigma"][0],
        )
        assert_same(result, expected(data, run, {"alarm": "alarm", "upperbound": "upper_bound"}))
