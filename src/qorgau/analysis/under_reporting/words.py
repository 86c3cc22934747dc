"""Under-reporting in words: the headline, and why a figure is withheld."""

from __future__ import annotations

from django.template.defaultfilters import floatformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qorgau.analysis.under_reporting.ascertained_cases import (
    FEW_LINKS,
    NO_CASES,
    PROTECTS_ANOTHER,
    SAME_CASES,
    SMALL_CELL,
    AscertainedFigure,
)

WITHHELD_REASONS = {
    NO_CASES: gettext_lazy("There are no injuries in either register."),
    FEW_LINKS: gettext_lazy("Not shown: fewer than 7 injuries are in both registers."),
    SAME_CASES: gettext_lazy(
        "Not shown: both registers have the same injuries, so they are hardly independent."
    ),
    SMALL_CELL: gettext_lazy("Not shown: fewer than 5 people."),
    PROTECTS_ANOTHER: gettext_lazy("Not shown: it would reveal another unit's figure."),
}


def headline(figure: AscertainedFigure) -> str:
    """The estimate in one sentence, or why there is none.

    Parameters
    ----------
    figure : AscertainedFigure

    Returns
    -------
    str
    """
    if figure.withheld:
        return str(WITHHELD_REASONS[figure.withheld])
    said: str = _(
        "Estimated number of injuries: %(total)s (95%% confidence interval %(lower)s to "
        "%(upper)s). The safety register has %(share)s%% of them (%(share_lower)s%% to "
        "%(share_upper)s%%)."
    ) % {
        "total": whole(figure.total),
        "lower": whole(figure.lower),
        "upper": whole(figure.upper),
        "share": percent(figure.first_share),
        "share_lower": percent(figure.first_share_lower),
        "share_upper": percent(figure.first_share_upper),
    }
    return said


def whole(value: float | None) -> str:
    """A number of cases as it is written in the language of the reader."""
    return str(floatformat(value, "0g"))


def percent(share: float | None) -> str:
    """A share as a whole number of hundredths, without the sign."""
    return "" if share is None else str(floatformat(100 * share, 0))
