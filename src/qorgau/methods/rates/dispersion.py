"""Index of dispersion: do counts vary more (or less) than chance around one common rate?

Input: counts, and the exposure behind each where it differs. The sum of (observed -
expected)^2 / expected follows a chi-square distribution with one degree of freedom fewer than
counts when all share one Poisson rate (Fisher, Thornton and Mackenzie 1922, Annals of Applied
Biology 9:325-359). With equal exposure it is the variance-to-mean ratio times its degrees of
freedom.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

from qorgau.methods.arrays import (
    FloatArray,
    InputError,
    as_counts,
    as_positive,
    broadcast,
    read_only,
)

METHOD = "index of dispersion, chi-square (Fisher, Thornton and Mackenzie 1922)"


@dataclass(frozen=True, eq=False)
class DispersionTest:
    """Index-of-dispersion tests; arrays have the input's shape without its last axis.

    Attributes
    ----------
    mean : ndarray
        Mean count.
    variance : ndarray
        Variance of the counts, with one degree of freedom taken off.
    statistic : ndarray
        Sum of squared differences from expectation over expectation.
    degrees_of_freedom : int
        Number of counts less one.
    index : ndarray
        Statistic over degrees of freedom: 1 for pure chance, more when counts bunch.
    p_value_over, p_value_under : ndarray
        Probability of so large (so small) a statistic by chance alone.
    method : str
        Name and source of the method.
    """

    mean: FloatArray
    variance: FloatArray
    statistic: FloatArray
    degrees_of_freedom: int
    index: FloatArray
    p_value_over: FloatArray
    p_value_under: FloatArray
    method: str = METHOD


def dispersion_test(
    counts: npt.ArrayLike, *, exposure: npt.ArrayLike | None = None
) -> DispersionTest:
    """Test whether counts share one Poisson rate.

    Parameters
    ----------
    counts : array_like, shape (..., n)
        Counts of events, whole and zero or more; at least two along the last axis.
    exposure : array_like, shape broadcastable to `counts`, optional
        Exposure behind each count; equal if not given.

    Returns
    -------
    DispersionTest
        One test for each series along the last axis.

    Raises
    ------
    InputError
        If there are fewer than two counts or none but zeros, a count is negative or not whole,
        or an exposure is not positive.

    Notes
    -----
    Fisher RA, Thornton HG, Mackenzie WA (1922). The accuracy of the plating method of
    estimating the density of bacterial populations. Annals of Applied Biology 9:325-359. The
    chi-square approximation is good when expected counts are five or more, and with many
    counts (n of 30 or more) already at expected counts near one half.
    """
    observed = as_counts(counts, "counts")
    if observed.ndim == 0 or observed.shape[-1] < 2:
        raise InputError(
            "counts", "too_few_counts", "Dispersion needs at least two counts to compare."
        )
    if exposure is None:
        time = np.ones_like(observed)
    else:
        observed, time = broadcast(
            ("counts", "exposure"), observed, as_positive(exposure, "exposure")
        )
    total = observed.sum(axis=-1, keepdims=True)
    if (total == 0).any():
        raise InputError(
            "counts", "all_zero", "All counts are zero, so there is no variation to test."
        )
    # Pearson's chi-square against one common rate (Fisher, Thornton and Mackenzie 1922).
    expected = time * total / time.sum(axis=-1, keepdims=True)
    statistic = ((observed - expected) ** 2 / expected).sum(axis=-1)
    freedom = observed.shape[-1] - 1
    return DispersionTest(
        mean=read_only(observed.mean(axis=-1)),
        variance=read_only(observed.var(axis=-1, ddof=1)),
        statistic=read_only(statistic),
        degrees_of_freedom=freedom,
        index=read_only(statistic / freedom),
        p_value_over=read_only(special.chdtrc(freedom, statistic)),
        p_value_under=read_only(special.chdtr(freedom, statistic)),
    )
