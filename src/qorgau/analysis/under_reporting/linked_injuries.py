"""The register's injuries linked with those of a medical register, and counted by unit.

A case is a person on a day. Its unit is that of the safety register where that holds the case,
else the one that the medical register says, as the tree was on the day.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt
from django.utils.translation import gettext as _

from qorgau.analysis.answers import QuestionError
from qorgau.analysis.figures.sub_units import Stays, names_during, stays_during, sub_units_below
from qorgau.analysis.under_reporting.ascertained_cases import (
    CaseCells,
    RegisterCases,
    cells_by_group,
    cells_of,
    linked_cases,
)
from qorgau.analysis.under_reporting.question import SEE_MEDICAL
from qorgau.foundation.identity.models import User
from qorgau.methods.arrays import InputError
from qorgau.methods.ascertainment import LinkedRegisters
from qorgau.records.incidents.counted import injured_people
from qorgau.records.people.models import Unit
from qorgau.records.people.queries import units_visible_to
from qorgau.records.people.rules import Span

# Groups beside the codes of sub-units: of the question's unit and of no sub-unit; of another unit.
ELSEWHERE, OUTSIDE = "", "\0outside"


class MedicalCase(Protocol):
    """An injury in the medical register: a token of the person, the day, the code of the unit."""

    @property
    def token(self) -> str: ...

    @property
    def day(self) -> dt.date: ...

    @property
    def unit(self) -> str: ...


@dataclass(frozen=True)
class MedicalRegister:
    """What came from the medical register.

    Attributes
    ----------
    cases : sequence of MedicalCase
        Each person and day once.
    token_of : callable
        From a person's code to the token under the secret of both registers.
    has_units : bool
        Whether the cases say their units.
    """

    cases: Sequence[MedicalCase]
    token_of: Callable[[str], str]
    has_units: bool


@dataclass(frozen=True)
class LinkedInjuries:
    """Cases of both registers within the period, counted.

    Attributes
    ----------
    cells : CaseCells
        All of the unit; "first" is the safety register.
    by_unit : dict of str to CaseCells
        By code of the sub-unit, and `ELSEWHERE`.
    unit_names : dict of str to str
        What the sub-units are called.
    without_code : int
        Injured people of the safety register who cannot be linked, for they have no code.
    left_out : int
        Cases of the medical register alone that are of other units.
    unknown_units : tuple of str
        Codes among these that no unit has of which the user may see medical detail.
    is_synthetic : bool
        Whether synthetic data are among them.
    method : str
        How they were linked.
    """

    cells: CaseCells
    by_unit: dict[str, CaseCells]
    unit_names: dict[str, str]
    without_code: int
    left_out: int
    unknown_units: tuple[str, ...]
    is_synthetic: bool
    method: str


@dataclass(frozen=True)
class _SafetyRegister:
    """The register's own cases, each person and day once, and what cannot be linked."""

    codes: list[str]
    days: list[dt.date]
    unit_ids: list[int]
    without_code: int
    is_synthetic: bool


def link_injuries(
    user: User,
    unit: Unit,
    span: Span,
    medical: MedicalRegister,
    *,
    tolerance_days: int,
    as_of: dt.datetime | None = None,
) -> LinkedInjuries:
    """Link and count the injuries of a unit with all below it during a span.

    Parameters
    ----------
    user : User
        Only units of which this user may see medical detail are read.
    unit : Unit
    span : Span
    medical : MedicalRegister
    tolerance_days : int
        How far apart the days of one injury may be.
    as_of : datetime or None
        The register as it was at a moment; now if None.

    Returns
    -------
    LinkedInjuries

    Raises
    ------
    QuestionError
        If a register has no case here, or the two have no person in common.
    """
    # A case may be on the edge of the period in one register, and beyond it in the other.
    margin = dt.timedelta(days=tolerance_days)
    wide = Span(max(span.start, dt.date.min + margin) - margin, span.end + margin)
    safety = _safety_register(user, unit, wide, span, as_of)
    nearby = [case for case in medical.cases if wide.start <= case.day < wide.end]
    linked = _linked(safety, nearby, medical.token_of, tolerance_days)
    grouping = _Grouping(user, unit, span, has_units=medical.has_units)
    return _counted(grouping, span, safety, nearby, linked)


def _safety_register(
    user: User, unit: Unit, wide: Span, span: Span, as_of: dt.datetime | None
) -> _SafetyRegister:
    found: dict[tuple[str, dt.date], int] = {}
    without_code, is_synthetic = 0, bool(unit.is_synthetic)
    for one in injured_people(user, unit, wide, as_of=as_of):
        is_synthetic |= one.is_synthetic
        if one.code is not None:
            found.setdefault((one.code, one.day), one.unit_id)
        elif span.start <= one.day < span.end:
            without_code += 1
    return _SafetyRegister(
        codes=[code for code, _day in found],
        days=[day for _code, day in found],
        unit_ids=list(found.values()),
        without_code=without_code,
        is_synthetic=is_synthetic,
    )


def _linked(
    safety: _SafetyRegister,
    nearby: Sequence[MedicalCase],
    token_of: Callable[[str], str],
    tolerance_days: int,
) -> LinkedRegisters:
    if not safety.codes:
        raise QuestionError(
            _(
                "In this period the register has no injured person with a code. Choose a longer "
                "period."
            )
        )
    if not nearby:
        raise QuestionError(
            _("No row of the file is from this period. Choose the period that the file covers.")
        )
    registers = [
        RegisterCases([token_of(code) for code in safety.codes], _numbers(safety.days)),
        RegisterCases([case.token for case in nearby], _numbers([case.day for case in nearby])),
    ]
    try:
        linked = linked_cases(registers, tolerance_days=tolerance_days)
    except InputError as error:
        raise QuestionError(
            _(
                "One person has hundreds of injuries within a few days. Each row of the file "
                "must be one injury, and each code one person."
            )
        ) from error
    if not linked.shared_people:
        raise QuestionError(
            _(
                "The file and the register have no person in common. Was the file created "
                "with this secret, and from the person codes that the register uses?"
            )
        )
    return linked


def _numbers(days: Sequence[dt.date]) -> npt.NDArray[np.int64]:
    return np.array([day.toordinal() for day in days], dtype=np.int64)


class _Grouping:
    """Which sub-unit a case is of: its code, `ELSEWHERE` in the unit, or `OUTSIDE` of it."""

    def __init__(self, user: User, unit: Unit, span: Span, *, has_units: bool) -> None:
        below = sub_units_below(user, unit, span, capability=SEE_MEDICAL)
        self.codes: dict[str, int] = {each.code: key for key, each in below.units.items()}
        self.known = dict(units_visible_to(user, SEE_MEDICAL).values_list("code", "pk"))
        self._stays = below.stays
        self._whole = stays_during([unit.pk], span)[unit.pk]
        self._span, self._has_units = span, has_units
        self._found: dict[tuple[int, dt.date], str] = {}

    def of_unit(self, unit_id: int, day: dt.date) -> str:
        key = unit_id, day
        if key not in self._found:
            self._found[key] = self._look_up(unit_id, day)
        return self._found[key]

    def _look_up(self, unit_id: int, day: dt.date) -> str:
        if not _belonged(self._whole, unit_id, day):
            return OUTSIDE
        for code, key in self.codes.items():
            if _belonged(self._stays[key], unit_id, day):
                return code
        return ELSEWHERE

    def of_medical(self, case: MedicalCase) -> str:
        if not self._has_units:
            return ELSEWHERE if self._span.start <= case.day < self._span.end else OUTSIDE
        unit_id = self.known.get(case.unit)
        return OUTSIDE if unit_id is None else self.of_unit(unit_id, case.day)


def _belonged(stays: Stays, unit_id: int, day: dt.date) -> bool:
    return any(stay.start <= day < stay.end for stay in stays.get(unit_id, ()))


def _counted(
    grouping: _Grouping,
    span: Span,
    safety: _SafetyRegister,
    nearby: Sequence[MedicalCase],
    linked: LinkedRegisters,
) -> LinkedInjuries:
    groups = np.array(
        [
            grouping.of_unit(safety.unit_ids[own], safety.days[own])
            if own >= 0
            else grouping.of_medical(nearby[other])
            for own, other in linked.positions.tolist()
        ],
        dtype=object,
    )
    is_here = groups != OUTSIDE
    foreign = [
        nearby[other].unit
        for own, other in linked.positions[~is_here].tolist()
        if own < 0 and span.start <= nearby[other].day < span.end
    ]
    none = dict.fromkeys(grouping.codes, CaseCells())
    return LinkedInjuries(
        cells=cells_of(linked.held[is_here]),
        by_unit=none | cells_by_group(linked.held[is_here], groups[is_here]),
        unit_names=_names(grouping.codes, span),
        without_code=safety.without_code,
        left_out=len(foreign),
        unknown_units=tuple(sorted(set(foreign) - set(grouping.known))),
        is_synthetic=safety.is_synthetic,
        method=linked.method,
    )


def _names(codes: dict[str, int], span: Span) -> dict[str, str]:
    names = names_during(list(codes.values()), span)
    return {code: names[key] for code, key in codes.items()}
