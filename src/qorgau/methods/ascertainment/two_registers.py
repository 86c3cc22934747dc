"""Two registers of one population: how many cases does neither hold?

Input: how many cases the first register holds, how many the second, and how many both (Chapman
1951, University of California Publications in Statistics 1:131-160).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

from qorgau.methods.arrays import (
    FloatArray,
    InputError,
    as_confidence,
    as_counts,
    broadcast,
    read_only,
)

METHOD = "two-register capture-recapture (Chapman 1951, limits of Sadinle 2009)"


@dataclass(frozen=True, eq=False)
class TwoRegisterEstimate:
    """Estimated number of cases and the share each register holds; arrays of one shape.

    Attributes
    ----------
    first, second, both : ndarray
        Cases of each register, and those found in both.
    confidence : float
        Two-sided confidence level of the limits.
    total, lower, upper : ndarray
        Estimated number of cases and its limits; never below what the registers hold.
    standard_error : ndarray
        Of `total`.
    first_share, first_share_lower, first_share_upper : ndarray
        Share of all cases that the first register holds.
    second_share, second_share_lower, second_share_upper : ndarray
        The same of the second.
    method : str
        Name and source of the method.
    """

    first: FloatArray
    second: FloatArray
    both: FloatArray
    confidence: float
    total: FloatArray
    lower: FloatArray
    upper: FloatArray
    standard_error: FloatArray
    first_share: FloatArray
    first_share_lower: FloatArray
    first_share_upper: FloatArray
    second_share: FloatArray
    second_share_lower: FloatArray
    second_share_upper: FloatArray
    method: str = METHOD


def two_registers(
    first: npt.ArrayLike,
    second: npt.ArrayLike,
    both: npt.ArrayLike,
    *,
    confidence: float = 0.95,
) -> TwoRegisterEstimate:
    """Estimate how many cases there were from two registers that overlap.

    Parameters
    ----------
    first, second : array_like, shape S
        Cases that each register holds.
    both : array_like, shape S
        Cases found in both after linkage; not more than either register holds.
    confidence : float
        Two-sided confidence level of the limits.

    Returns
    -------
    TwoRegisterEstimate
        Arrays of shape S.

    Raises
    ------
    InputError
        If a count is negative or not whole, `both` exceeds a register, or shapes differ.

    Notes
    -----
    Chapman DG (1951), University of California Publications in Statistics 1:131-160. Variance:
    Seber GAF (1970), Biometrika 57:485-489. Limits by a transformed logit with 0.5 added to each
    cell, which keeps their coverage where few cases are in both: Sadinle M (2009),
    Communications in Statistics - Simulation and Computation 38:1909-1924.
    """
    n1, n2, m = broadcast(
        ("first", "second", "both"),
        as_counts(first, "first"),
        as_counts(second, "second"),
        as_counts(both, "both"),
    )
    if (m > np.minimum(n1, n2)).any():
        raise InputError(
            "both",
            "more_than_register",
            "both has more cases than a register holds; count linked cases once.",
        )
    # Chapman (1951), and the variance of Seber (1970).
    total = (n1 + 1.0) * (n2 + 1.0) / (m + 1.0) - 1.0
    variance = (n1 + 1) * (n2 + 1) * (n1 - m) * (n2 - m) / ((m + 1) ** 2 * (m + 2))
    lower, upper = _limits(n1, n2, m, as_confidence(confidence))
    return TwoRegisterEstimate(
        first=read_only(n1),
        second=read_only(n2),
        both=read_only(m),
        confidence=confidence,
        total=read_only(total),
        lower=read_only(lower),
        upper=read_only(upper),
        standard_error=read_only(np.sqrt(variance)),
        first_share=_share(n1, total),
        first_share_lower=_share(n1, upper),
        first_share_upper=_share(n1, lower),
        second_share=_share(n2, total),
        second_share_lower=_share(n2, upper),
        second_share_upper=_share(n2, lower),
    )


def _limits(
    n1: FloatArray, n2: FloatArray, m: FloatArray, confidence: float
) -> tuple[FloatArray, FloatArray]:
    """Sadinle's limits: cells are both, first alone, second alone, each with 0.5 added."""
    z = special.ndtri((1.0 + confidence) / 2.0)
    both, alone1, alone2 = m + 0.5, n1 - m + 0.5, n2 - m + 0.5
    held = n1 + n2 - m
    # Standard error of the log of the missed cell, from three Poisson cells and their product.
    spread = np.sqrt(1 / both + 1 / alone1 + 1 / alone2 + both / (alone1 * alone2))
    missed = alone1 * alone2 / both
    lower = held - 0.5 + missed * np.exp(-z * spread)
    upper = held - 0.5 + missed * np.exp(z * spread)
    return np.maximum(lower, held), np.maximum(upper, held)


def _share(held: FloatArray, total: FloatArray) -> FloatArray:
    """Share of a total that a register holds; NaN where there are no cases."""
    return read_only(np.where(total > 0, held / np.where(total > 0, total, 1.0), np.nan))
