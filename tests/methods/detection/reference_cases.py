"""How results are compared with those of the R package."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np

REFERENCE = Path(__file__).resolve().parents[2] / "reference"

# A score within rounding of zero, and a muan bound that no count can reach, have no meaning.
SMALLEST_SCORE = 1e-3
LARGEST_BOUND = 1e9


def read_case(method: str, name: str) -> dict:
    return json.loads((REFERENCE / method / name).read_text(encoding="utf-8"))


def number_table(columns: list[list]) -> np.ndarray:
    """Columns with ``None`` where there is no number, as a ``(weeks, series)`` array."""
    return np.array(
        [[np.nan if value is None else value for value in column] for column in columns],
        dtype=float,
    ).T


def largest_difference(computed: np.ndarray, expected: np.ndarray, *, name: str) -> float:
    """Largest relative difference; infinite where only one side has a number."""
    has_number = np.isfinite(computed) & ~np.isnan(expected)
    if name == "trend":
        has_number = ~np.isnan(expected)
    elif (np.isfinite(computed) != ~np.isnan(expected)).any():
        return np.inf
    size = np.abs(expected)
    if name == "score":
        size = np.maximum(size, SMALLEST_SCORE)
    if name == "upper_bound":
        has_number &= ~(size > LARGEST_BOUND)
    size = np.where(size > 0, size, 1.0)
    difference = np.where(has_number, np.abs(computed - expected) / size, 0.0)
    return float(difference.max(initial=0.0))


def assert_same(result: object, expected: Mapping[str, np.ndarray]) -> None:
    """Alarms are identical and every other number agrees within 1e-6 relative."""
    for name, numbers in expected.items():
        computed = getattr(result, name).astype(float)
        if name == "alarm":
            assert np.array_equal(computed, np.nan_to_num(numbers))
        else:
            assert largest_difference(computed, numbers, name=name) < 1e-6, name
