"""Numbers as sentences give them, in the language of the reader and without false precision."""

from __future__ import annotations

from django.utils.formats import number_format
from django.utils.translation import gettext as _

# From so many on, a decimal says nothing.
WHOLE_FROM = 20
SMALLEST_COUNT = 0.1


def expected_in_words(count: float) -> str:
    """An expected count.

    Parameters
    ----------
    count : float
        Expected incidents.

    Returns
    -------
    str
        One decimal, none from 20 on, "fewer than 0.1" below that.
    """
    if count < SMALLEST_COUNT:
        least = number_format(SMALLEST_COUNT, decimal_pos=1)
        return str(_("fewer than %(least)s") % {"least": least})
    return rounded(count, 0 if count >= WHOLE_FROM else 1)


def count_in_words(lower: int, upper: int | None) -> str:
    """A count, or between which numbers it lies.

    Parameters
    ----------
    lower : int
    upper : int or None
        None where the range has no upper end.

    Returns
    -------
    str
        Such as "12", "0–4" or "≥ 12".
    """
    least = str(number_format(lower, force_grouping=True))
    if upper is None:
        # A space that does not break keeps the sign with its number.
        return f"≥\u00a0{least}"
    return least if upper == lower else f"{least}–{number_format(upper, force_grouping=True)}"


def rounded(number: float, decimals: int) -> str:
    """The number with so many decimals; Django would cut decimals off, not round."""
    return str(number_format(round(number, decimals), decimal_pos=decimals))


def percent(share: float) -> str:
    """A share as whole percent, without the sign."""
    return rounded(100 * share, 0)
