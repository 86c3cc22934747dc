"""Level, yearly waves and trend of a mean that is linear on the log scale."""

import numpy as np

from qorgau.methods.arrays import FloatArray
from qorgau.methods.detection.baselines.baseline_weeks import WEEKS_PER_YEAR


def wave_design(length: int, history: int, *, harmonics: int, has_trend: bool) -> FloatArray:
    """Design of every week of a panel.

    Parameters
    ----------
    length : int
        Weeks of the panel.
    history : int
        Weeks over which the trend runs from -1 to 1.
    harmonics : int
        Waves a year, half-waves and so on.
    has_trend : bool
        Whether the last column is time.

    Returns
    -------
    numpy.ndarray, shape (length, coefficients)
        Ones; a cosine and a sine of each harmonic; the scaled time.
    """
    week = np.arange(1, length + 1)
    columns = [np.ones(length)]
    for harmonic in range(1, harmonics + 1):
        # Serfling's (1963) harmonics of the year.
        angle = 2.0 * np.pi * harmonic * week / WEEKS_PER_YEAR
        columns += [np.cos(angle), np.sin(angle)]
    if has_trend:
        columns.append(2.0 * (week - 1) / max(history - 1, 1) - 1.0)
    return np.stack(columns, axis=1)
