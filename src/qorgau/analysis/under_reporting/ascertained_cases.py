"""What share of the cases does each of two linked registers hold, in all and by group?

Counts in, figures out; a figure that would rest on too few links, or identify people, is withheld
with its reason. Nothing here needs a register: the command on plain files uses the same functions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from qorgau.analysis.answers import may_identify
from qorgau.methods.ascertainment import LinkedRegisters, link_registers, two_registers

# With fewer links Chapman's estimate may be far too low (Robson, Regier 1964, Transactions of the
# American Fisheries Society 93:215-226).
FEWEST_LINKS = 7
CONFIDENCE = 0.95

SHOWN = ""
NO_CASES = "no_cases"
FEW_LINKS = "few_links"
SAME_CASES = "same_cases"
SMALL_CELL = "small_cell"
PROTECTS_ANOTHER = "protects_another"


@dataclass(frozen=True)
class CaseCells:
    """Cases by which of two registers hold them."""

    both: int = 0
    first_alone: int = 0
    second_alone: int = 0

    def __add__(self, other: CaseCells) -> CaseCells:
        return CaseCells(
            self.both + other.both,
            self.first_alone + other.first_alone,
            self.second_alone + other.second_alone,
        )

    @property
    def counts(self) -> tuple[int, int, int]:
        return self.both, self.first_alone, self.second_alone


@dataclass(frozen=True)
class AscertainedFigure:
    """How many cases there were, and what share each register holds; None where withheld.

    Attributes
    ----------
    withheld : str
        Empty where the figure is shown; else "no_cases", "few_links" (too few in both for the
        estimate), "same_cases" (neither register has a case of its own), "small_cell" (it might
        identify people) or "protects_another" (another's could be found by subtraction).
    first, second, both : int or None
        Cases that each register holds, and both.
    total, lower, upper : float or None
        Estimated number of cases with limits.
    first_share, first_share_lower, first_share_upper : float or None
        Share of them that the first register holds, with limits.
    second_share, second_share_lower, second_share_upper : float or None
        The same of the second.
    """

    withheld: str
    first: int | None = None
    second: int | None = None
    both: int | None = None
    total: float | None = None
    lower: float | None = None
    upper: float | None = None
    first_share: float | None = None
    first_share_lower: float | None = None
    first_share_upper: float | None = None
    second_share: float | None = None
    second_share_lower: float | None = None
    second_share_upper: float | None = None


@dataclass(frozen=True, eq=False)
class RegisterCases:
    """The cases of one register: a token of the person and a day number for each."""

    tokens: Sequence[str]
    days: npt.NDArray[np.int64]


def linked_cases(registers: Sequence[RegisterCases], *, tolerance_days: int) -> LinkedRegisters:
    """Link registers whose people are known by tokens.

    Parameters
    ----------
    registers : sequence of RegisterCases
        Two or three.
    tolerance_days : int
        How far apart the days of one case may be.

    Returns
    -------
    LinkedRegisters

    Raises
    ------
    InputError
        See `link_registers`.
    """
    numbers: dict[str, int] = {}
    people = [
        np.array([numbers.setdefault(t, len(numbers)) for t in each.tokens], dtype=np.int64)
        for each in registers
    ]
    return link_registers(people, [each.days for each in registers], tolerance_days=tolerance_days)


def cells_of(held: npt.NDArray[np.bool_]) -> CaseCells:
    """Count cases by which of two registers hold them; ``held`` has shape (cases, 2)."""
    first, second = held[:, 0], held[:, 1]
    return CaseCells(
        int((first & second).sum()), int((first & ~second).sum()), int((~first & second).sum())
    )


def cells_by_group(
    held: npt.NDArray[np.bool_], groups: npt.NDArray[np.object_]
) -> dict[str, CaseCells]:
    """The same for the cases of each group, by name."""
    return {str(name): cells_of(held[groups == name]) for name in sorted(set(groups.tolist()))}


def figure_of(cells: CaseCells, confidence: float = CONFIDENCE) -> AscertainedFigure:
    """Estimate from the cells, or the reason for withholding it.

    Parameters
    ----------
    cells : CaseCells
    confidence : float
        Level of the limits.

    Returns
    -------
    AscertainedFigure
    """
    reason = _reason(cells)
    return AscertainedFigure(reason) if reason else _estimated(cells, confidence)


def figures_by_group(
    cells: Mapping[str, CaseCells], confidence: float = CONFIDENCE
) -> dict[str, AscertainedFigure]:
    """Figures of groups beside their sum: what is withheld cannot be had by subtraction either.

    Parameters
    ----------
    cells : mapping of str to CaseCells
        All groups; their sum is taken to be known.
    confidence : float
        Level of the limits.

    Returns
    -------
    dict of str to AscertainedFigure
    """
    reasons = {name: _reason(each) for name, each in cells.items()}
    shown = sorted(
        (name for name, reason in reasons.items() if reason == SHOWN),
        key=lambda name: (sum(cells[name].counts), name),
    )
    while shown and not _is_hidden(
        [cells[name] for name, reason in reasons.items() if reason not in (SHOWN, NO_CASES)]
    ):
        reasons[shown.pop(0)] = PROTECTS_ANOTHER
    return {
        name: AscertainedFigure(reason) if reason else _estimated(cells[name], confidence)
        for name, reason in reasons.items()
    }


def _is_hidden(withheld: Sequence[CaseCells]) -> bool:
    """Whether the sum of what is withheld, which anybody can find, identifies nobody."""
    if not withheld:
        return True
    left = sum(withheld, CaseCells())
    return len(withheld) > 1 and not any(map(may_identify, left.counts))


def _reason(cells: CaseCells) -> str:
    if not any(cells.counts):
        return NO_CASES
    if cells.both < FEWEST_LINKS:
        return FEW_LINKS
    if cells.both == sum(cells.counts):
        return SAME_CASES
    return SMALL_CELL if any(map(may_identify, cells.counts)) else SHOWN


def _estimated(cells: CaseCells, confidence: float) -> AscertainedFigure:
    both, first, second = cells.counts
    found = two_registers(first + both, second + both, both, confidence=confidence)
    return AscertainedFigure(
        withheld=SHOWN,
        first=first + both,
        second=second + both,
        both=both,
        total=float(found.total),
        lower=float(found.lower),
        upper=float(found.upper),
        first_share=float(found.first_share),
        first_share_lower=float(found.first_share_lower),
        first_share_upper=float(found.first_share_upper),
        second_share=float(found.second_share),
        second_share_lower=float(found.second_share_lower),
        second_share_upper=float(found.second_share_upper),
    )
