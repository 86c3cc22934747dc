"""Draw one of several things with weights."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import numpy as np

T = TypeVar("T")


def pick(rng: np.random.Generator, among: Sequence[T], weights: Sequence[float] = ()) -> T:
    """Draw with a single uniform number, so that equal seeds give equal draws everywhere."""
    at = rng.random()
    if not weights:
        return among[int(at * len(among))]
    bounds = np.cumsum(weights)
    return among[int(np.searchsorted(bounds, at * bounds[-1], side="right"))]
