"""Types of arrays, and input that has been checked: whole counts, positive exposure, levels."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]


class InputError(ValueError):
    """An input from which nothing can be computed.

    Parameters
    ----------
    field : str
        Name of the argument at fault.
    reason : str
        Stable key of the fault, for a caller that words it in another language.
    sentence : str
        What is wrong and what to do, in English.
    """

    def __init__(self, field: str, reason: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field
        self.reason = reason


def as_finite(values: npt.ArrayLike, field: str) -> FloatArray:
    """Return `values` as a float array; raise `InputError` unless all are finite."""
    try:
        array = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise InputError(field, "not_numeric", f"{field} must hold numbers only.") from error
    if not np.isfinite(array).all():
        raise InputError(
            field,
            "not_finite",
            f"{field} has a missing or infinite value; leave such rows out and say so.",
        )
    return array


def as_counts(values: npt.ArrayLike, field: str) -> FloatArray:
    """Return `values` as whole counts of zero or more; raise `InputError` otherwise."""
    array = as_finite(values, field)
    if (array < 0).any():
        raise InputError(field, "negative", f"{field} has a negative count.")
    if (array != np.floor(array)).any():
        raise InputError(
            field,
            "not_whole",
            f"{field} has a count that is not whole; exact limits need counts of events, "
            "not rates or weighted counts.",
        )
    return array


def as_positive(values: npt.ArrayLike, field: str) -> FloatArray:
    """Return `values` as positive floats; raise `InputError` otherwise."""
    array = as_finite(values, field)
    if (array <= 0).any():
        raise InputError(
            field,
            "not_positive",
            f"{field} must be greater than zero everywhere; leave out the rows without it.",
        )
    return array


def as_non_negative(values: npt.ArrayLike, field: str) -> FloatArray:
    """Return `values` as floats of zero or more; raise `InputError` otherwise."""
    array = as_finite(values, field)
    if (array < 0).any():
        raise InputError(field, "negative", f"{field} has a negative value.")
    return array


def as_confidence(confidence: float, field: str = "confidence") -> float:
    """Return the confidence level; raise `InputError` unless strictly between 0 and 1."""
    if not 0.0 < confidence < 1.0:
        raise InputError(
            field,
            "not_a_probability",
            f"{field} must be between 0 and 1, for example 0.95; {confidence} was given.",
        )
    return float(confidence)


def as_multiplier(per: float) -> float:
    """Return the multiplier of a rate; raise `InputError` unless positive and finite."""
    if not np.isfinite(per) or per <= 0:
        raise InputError(
            "per",
            "not_positive",
            f"per must be greater than zero, for example 1000; {per} was given.",
        )
    return float(per)


def broadcast(fields: Sequence[str], *arrays: FloatArray) -> tuple[FloatArray, ...]:
    """Broadcast arrays to one shape; raise `InputError` naming the fields if they differ."""
    try:
        return tuple(np.array(a) for a in np.broadcast_arrays(*arrays))
    except ValueError as error:
        shapes = ", ".join(f"{f} {a.shape}" for f, a in zip(fields, arrays, strict=True))
        raise InputError(
            fields[0],
            "shapes_differ",
            f"The arrays do not belong together: {shapes}. Give one value per group in each.",
        ) from error


def read_only(array: npt.ArrayLike) -> FloatArray:
    """Return a copy of `array` that cannot be changed, for a frozen result."""
    copy = np.array(array, dtype=np.float64)
    copy.setflags(write=False)
    return copy
