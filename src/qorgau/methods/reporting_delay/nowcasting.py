"""Delay between event and report, from reports that are themselves cut off by today.

Input: the week in which each case occurred and the week in which it was reported. Recent cases
with long delays have not been reported yet, so a plain table of delays is biased towards short
ones; going backwards in time removes that bias (Lawless 1994, Canadian Journal of Statistics
22:15-31).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from qorgau.methods.arrays import (
    FloatArray,
    InputError,
    IntArray,
    as_confidence,
    as_counts,
    as_finite,
)

METHOD = "reporting delay by reverse-time hazards (Lawless 1994), negative binomial prediction"


@dataclass(frozen=True, eq=False)
class DelayCorrection:
    """What is known about each week, and its final count; arrays of shape ``(weeks,)``.

    Attributes
    ----------
    weeks : ndarray
        Week numbers, oldest first; the last is the week of `as_of`.
    reported : ndarray
        Cases of the week reported by `as_of`.
    share_reported : ndarray
        Estimated share of the week's cases that this is.
    expected, lower, upper : ndarray
        Expected final number of cases, and prediction limits.
    delay_share : ndarray, shape (longest_delay + 1,)
        Estimated share of cases reported with a delay of 0, 1, ... weeks.
    cases : int
        Cases the delays were estimated from.
    left_out : int
        Cases with a delay longer than `longest_delay`, which are not counted here.
    longest_delay : int
        Weeks after which a week counts as complete; fewer than in the call where no week is old
        enough to show so long a delay.
    confidence : float
        Level of the prediction limits.
    method : str
        Name and source of the method.
    """

    weeks: IntArray
    reported: FloatArray
    share_reported: FloatArray
    expected: FloatArray
    lower: FloatArray
    upper: FloatArray
    delay_share: FloatArray
    cases: int
    left_out: int
    longest_delay: int
    confidence: float
    method: str = METHOD


def correct_for_delay(
    occurred: npt.ArrayLike,
    reported: npt.ArrayLike,
    *,
    as_of: int,
    cases: npt.ArrayLike | None = None,
    so_far: npt.ArrayLike | None = None,
    longest_delay: int = 12,
    history: int = 104,
    confidence: float = 0.95,
    seed: int = 0,
    draws: int = 4000,
) -> DelayCorrection:
    """Predict the final counts of the newest weeks, when all their cases are reported.

    Parameters
    ----------
    occurred, reported : array_like of int, shape (rows,)
        Week in which each case occurred and in which it was reported, on one scale of whole
        weeks. Cases reported after `as_of` are not known yet and are left out.
    as_of : int
        The last complete week of reports.
    cases : array_like of int, shape (rows,), optional
        Number of cases in each row; by default one.
    so_far : array_like of int, shape (longest_delay + 1,), optional
        Cases of the newest weeks reported so far, oldest first, of a series to be corrected by
        these delays; by default all the cases that the delays are estimated from.
    longest_delay : int
        Weeks after which a week counts as complete; fewer where the history is shorter.
    history : int
        Weeks back from `as_of` whose cases the delays are estimated from.
    confidence : float
        Level of the prediction limits.
    seed, draws : int
        Seed and number of the draws behind the limits.

    Returns
    -------
    DelayCorrection
        For the newest ``longest_delay + 1`` weeks.

    Raises
    ------
    InputError
        If a case was reported before it occurred, numbers are not whole, an option is out of
        range, or nothing is left to estimate the delays from.

    Notes
    -----
    With ``n(t, d)`` cases of week ``t`` reported after ``d`` weeks, the reverse-time hazard
    ``g(d)`` is the sum of ``n(t, d)`` over weeks old enough to show ``d``, over their cases with
    a delay up to ``d``; the share reported within ``d`` weeks is the product of ``1 - g`` over
    all longer delays, and the expected final count of a week is ``n`` over that share. The cases
    still to come of a week with ``n`` reported are negative binomial with size ``n + 1/2`` and that
    share as probability (Jeffreys' prior of the mean); the uncertainty of the hazards enters
    through draws from their beta posteriors.
    """
    level = as_confidence(confidence)
    if not 1 <= longest_delay < history:
        raise InputError(
            "longest_delay",
            "out_of_range",
            "The longest delay must be at least 1 week and shorter than the history.",
        )
    triangle, left_out = _triangle(occurred, reported, cases, (as_of, longest_delay, history))
    newest = _newest(triangle, so_far)
    with_delay, at_risk = _reverse_counts(triangle)
    longest = int(np.argmin(np.append(at_risk[1:] > 0, False)))
    if longest == 0:
        raise InputError(
            "occurred",
            "no_history",
            "No week is old enough to show a delay: give cases of more weeks.",
        )
    newest, with_delay, at_risk = (one[: longest + 1] for one in (newest, with_delay, at_risk))
    within = _share_within(with_delay / np.maximum(at_risk, 1.0))
    drawn = _draw_totals(newest, with_delay, at_risk, np.random.default_rng(seed), draws)
    tail = 100.0 * (1.0 - level) / 2.0
    lower, upper = np.percentile(drawn, [tail, 100.0 - tail], axis=0, method="nearest")
    expected = newest / within
    order = slice(None, None, -1)
    return DelayCorrection(
        weeks=as_of - np.arange(longest + 1)[order],
        reported=newest[order],
        share_reported=within[order],
        expected=expected[order],
        lower=np.maximum(lower, newest)[order],
        upper=upper[order],
        delay_share=np.diff(within, prepend=0.0),
        cases=int(triangle.sum()),
        left_out=left_out,
        longest_delay=longest,
        confidence=level,
    )


def _triangle(
    occurred: npt.ArrayLike,
    reported: npt.ArrayLike,
    cases: npt.ArrayLike | None,
    limits: tuple[int, int, int],
) -> tuple[FloatArray, int]:
    """Cases by age of their week and delay, and the number of cases with a longer delay.

    ``limits`` are the last week, the longest delay and the weeks of the history.
    """
    as_of, longest_delay, history = limits
    week, report_week = as_finite(occurred, "occurred"), as_finite(reported, "reported")
    if week.ndim != 1 or week.shape != report_week.shape:
        raise InputError(
            "reported", "shapes_differ", "Give one week of report for each week of occurrence."
        )
    number = np.ones(week.shape) if cases is None else as_counts(cases, "cases")
    if number.shape != week.shape:
        raise InputError("cases", "shapes_differ", "Give one number of cases for each row.")
    if (week != np.floor(week)).any() or (report_week != np.floor(report_week)).any():
        raise InputError("occurred", "not_whole", "Weeks must be whole numbers.")
    if (report_week < week).any():
        case = int(np.argmax(report_week < week))
        raise InputError(
            "reported",
            "before_occurrence",
            f"Case {case + 1} was reported in week {report_week[case]:.0f}, before it occurred in "
            f"week {week[case]:.0f}; correct its dates or leave it out.",
        )
    is_known = (report_week <= as_of) & (week > as_of - history)
    delay = (report_week - week)[is_known].astype(np.int64)
    age = (as_of - week)[is_known].astype(np.int64)
    number, is_counted = number[is_known], delay <= longest_delay
    triangle = np.zeros((history, longest_delay + 1))
    np.add.at(triangle, (age[is_counted], delay[is_counted]), number[is_counted])
    return triangle, int(number[~is_counted].sum())


def _newest(triangle: FloatArray, so_far: npt.ArrayLike | None) -> FloatArray:
    """Cases of the newest weeks reported so far, newest first."""
    length = triangle.shape[1]
    if so_far is None:
        own: FloatArray = triangle[:length].sum(axis=1)
        return own
    given = as_counts(so_far, "so_far")
    if given.shape != (length,):
        raise InputError(
            "so_far",
            "shapes_differ",
            f"so_far must hold the newest {length} weeks: the longest delay and one.",
        )
    return given[::-1]


def _reverse_counts(triangle: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Cases with a delay of exactly d, and up to d, in weeks old enough to show it.

    Rows of `triangle` are ages: row ``a`` can show delays up to ``a``.
    """
    length = triangle.shape[1]
    ages = np.arange(triangle.shape[0])[:, None]
    # A week of age a can have shown delays up to a: the risk sets of reverse time (Lawless 1994).
    is_shown = ages >= np.arange(length)
    with_delay = np.where(is_shown, triangle, 0.0).sum(axis=0)
    up_to = np.where(is_shown, triangle.cumsum(axis=1), 0.0).sum(axis=0)
    return with_delay, up_to


def _share_within(hazard: FloatArray) -> FloatArray:
    """Share reported within d weeks: product of ``1 - hazard`` over all longer delays."""
    # F(d) = product over e > d of (1 - g(e)).
    kept = 1.0 - hazard[..., 1:]
    longer = np.cumprod(kept[..., ::-1], axis=-1)[..., ::-1]
    share: FloatArray = np.concatenate([longer, np.ones_like(hazard[..., :1])], axis=-1)
    # Where every case came later the share is 0 and the total unbounded; keep it finite.
    return np.maximum(share, 1e-6)


def _draw_totals(
    newest: FloatArray,
    with_delay: FloatArray,
    at_risk: FloatArray,
    rng: np.random.Generator,
    draws: int,
) -> FloatArray:
    """Totals of the newest weeks with drawn hazards and drawn cases still to come."""
    # Half a case is spread over all delays: half a case for each would lengthen the delays of a
    # short history by as many.
    hazard = rng.beta(
        with_delay + 0.5 / (newest.size - 1),
        np.maximum(at_risk - with_delay, 0.0) + 0.5,
        (draws, newest.size),
    )
    within = np.minimum(_share_within(hazard), 1.0 - 1e-12)
    # Given n reported of a share F, and Jeffreys' prior of the mean, the rest is negative binomial.
    to_come = rng.negative_binomial(newest + 0.5, within)
    # The oldest of the newest weeks is complete by definition.
    to_come[:, -1] = 0
    total: FloatArray = newest + to_come
    return total
