"""The methods that are compared, each with the options that it is usually given.

The Farrington methods allow one false alarm in 100 weeks, one-sided, and judge a sparse series by
its p-value, without the rule of five cases in four weeks, which is shown apart. `flexible-*` has
the options of Noufaily et al. (2013); EARS and CUSUM have the package's defaults, but for CUSUM's
transform, which is that of Rossi et al. (1999).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from qorgau.methods.detection import (
    DetectionResult,
    cusum,
    ears,
    farrington,
    farrington_flexible,
    nb_glr,
)
from qorgau.methods.detection.panels.results import MODES
from simulations.scenarios.trials import SHOWN_TESTED


@dataclass(frozen=True)
class ComparedMethod:
    """A method with its options; `nominal` is the false-positive rate that it promises, if any."""

    title: str
    call: Callable[..., DetectionResult]
    options: dict[str, Any]
    nominal: float | None
    modes: tuple[str, ...] = MODES

    def run(self, panel: np.ndarray, mode: str) -> DetectionResult:
        return self.call(panel, mode=mode, weeks=SHOWN_TESTED, **self.options)


def _flexible(title: str, *, modes: tuple[str, ...] = MODES, **options: Any) -> ComparedMethod:
    return ComparedMethod(
        f"farrington_flexible, {title}", farrington_flexible, options, 0.01, modes
    )


# The names are those of surveillance.R, which runs the same options in the package.
METHODS = {
    "flexible-nb-plugin": _flexible("nb-plugin", threshold_method="nb-plugin"),
    "flexible-nb-plugin-5-in-4": _flexible("nb-plugin, limit54 5,4", limit54=(5, 4)),
    "flexible-nb-predictive": _flexible(
        "nb-predictive", threshold_method="nb-predictive", modes=("corrected",)
    ),
    "flexible-muan": _flexible("muan", threshold_method="muan"),
    "flexible-delta": _flexible("delta", threshold_method="delta"),
    "farrington-1996": ComparedMethod("farrington (1996)", farrington, {"alpha": 0.02}, 0.01),
    "ears-c1": ComparedMethod("ears C1", ears, {"variant": "C1"}, 0.001),
    "ears-c2": ComparedMethod("ears C2", ears, {"variant": "C2"}, 0.001),
    "ears-c3": ComparedMethod("ears C3", ears, {"variant": "C3"}, 0.025),
    "cusum-mean": ComparedMethod("cusum, mean", cusum, {"in_control": "mean"}, None),
    "cusum-glm": ComparedMethod("cusum, glm", cusum, {"in_control": "glm"}, None),
    "nb-glr": ComparedMethod("nb_glr", nb_glr, {}, None),
}
