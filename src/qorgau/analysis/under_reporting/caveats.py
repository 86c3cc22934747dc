"""What a reader must know before using a share reported, each as a key and a sentence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qorgau.analysis.answers import Caveat
from qorgau.analysis.figures.shared_caveats import (
    about_disclosure,
    about_open_period,
    about_synthetic_data,
)
from qorgau.analysis.under_reporting.words import percent

# How many of the codes that the register does not know are named.
NAMED_UNITS = 3


@dataclass(frozen=True)
class LinkageFacts:
    """What the figures themselves do not show.

    Attributes
    ----------
    is_cut : bool
        Whether the period of the question ends later than today.
    is_synthetic : bool
        Whether synthetic data are in the figures.
    without_code : int
        Injured people who have no code, and so cannot be linked.
    most_share : float or None
        The share if all of these were people with codes; None where withheld.
    left_out : int
        Cases of the medical register that are of other units.
    unknown_units : tuple of str
        Codes among these that the register does not know.
    has_units : bool
        Whether the medical register says units.
    is_nested : bool
        Whether one register holds no injury that the other does not.
    """

    is_cut: bool
    is_synthetic: bool
    without_code: int
    most_share: float | None
    left_out: int
    unknown_units: tuple[str, ...]
    has_units: bool
    is_nested: bool


def linkage_caveats(facts: LinkageFacts) -> tuple[Caveat, ...]:
    """The caveats of an estimate from two linked registers.

    Parameters
    ----------
    facts : LinkageFacts

    Returns
    -------
    tuple of Caveat
        Those about the data, then those of the method, which always apply.
    """
    return (
        *about_synthetic_data(facts.is_synthetic),
        *about_open_period(facts.is_cut),
        # Who may see medical detail may see exact counts.
        *about_disclosure(is_exact=True),
        *_about_data(facts),
        *_about_method(facts.is_nested),
    )


def _about_data(facts: LinkageFacts) -> Iterator[Caveat]:
    if facts.without_code:
        yield Caveat("without_code", _without_code(facts))
    if facts.left_out:
        yield Caveat("left_out", _left_out(facts))
    if not facts.has_units:
        yield Caveat(
            "no_units",
            _("The file names no units: all its rows in the period are assigned to this one."),
        )


def _without_code(facts: LinkageFacts) -> str:
    left: str = ngettext(
        "%(number)d injured person has no code in the register and cannot be linked; the "
        "share covers people with codes only.",
        "%(number)d injured people have no code in the register and cannot be linked; the "
        "share covers people with codes only.",
        facts.without_code,
    ) % {"number": facts.without_code}
    if facts.most_share is None:
        return left
    most: str = _("If all of them had codes, the share would be %(share)s%%.")
    return f"{left} {most % {'share': percent(facts.most_share)}}"


def _left_out(facts: LinkageFacts) -> str:
    left: str = ngettext(
        "%(number)d row of the file belongs to another unit and is left out.",
        "%(number)d rows of the file belong to other units and are left out.",
        facts.left_out,
    ) % {"number": facts.left_out}
    if not facts.unknown_units:
        return left
    named = ", ".join(code or "–" for code in facts.unknown_units[:NAMED_UNITS])
    unknown: str = _("None of your units has these codes: %(codes)s.")
    return f"{left} {unknown % {'codes': named}}"


def _about_method(is_nested: bool) -> Iterator[Caveat]:
    if is_nested:
        yield Caveat(
            "nested",
            _(
                "Every injury of one register is in the other: if one was made from the "
                "other, they say nothing about the injuries that are in neither."
            ),
        )
    yield Caveat(
        "independence",
        _(
            "The estimate assumes that treatment and reporting are independent. Severe "
            "injuries are usually both treated and reported: then more were missed than this "
            "says, and the share is even lower."
        ),
    )
    yield Caveat(
        "same_people",
        _(
            "Both registers must cover the same people and the same kind of case: an injury "
            "that the medical register counts, but the safety service does not ask for, "
            "looks unreported."
        ),
    )
    yield Caveat(
        "linkage",
        _(
            "A wrong code, or days further apart than allowed, is a missed link: it makes "
            "the estimate too high and the share too low."
        ),
    )
