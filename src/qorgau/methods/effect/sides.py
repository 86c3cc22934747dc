"""What a series needs on both sides of an action before an effect can be estimated."""

from __future__ import annotations

from qorgau.methods.arrays import FloatArray, InputError

FEWEST_PERIODS = 4


def check_sides(*series: FloatArray, start: int) -> None:
    """Refuse series that are too short, or have no case, before an action or after it.

    Parameters
    ----------
    *series : numpy.ndarray, shape (times,)
        Cases per period.
    start : int
        0-based first period in which the action held.

    Raises
    ------
    InputError
        With the reason.
    """
    for cases in series:
        if cases.ndim != 1:
            raise InputError("counts", "not_a_series", "counts must be one series of periods.")
        if not FEWEST_PERIODS <= start <= cases.size - FEWEST_PERIODS:
            raise InputError(
                "start",
                "too_few_periods",
                f"There must be at least {FEWEST_PERIODS} periods before the action and after it.",
            )
        if cases[:start].sum() == 0 or cases[start:].sum() == 0:
            raise InputError(
                "counts",
                "no_cases",
                "A series has no case before or after the action; compare the two rates exactly "
                "instead.",
            )
