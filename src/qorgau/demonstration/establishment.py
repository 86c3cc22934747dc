"""The units of the synthetic brigade: their parents, their strength, and the changes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

WEEKS = 156
ROOT_CODE = "SYN"

# How many recruits a training company takes, and for how many weeks.
RECRUITS_PER_INTAKE = 276
INTAKE_WEEKS = 12
# Recruits arrive on the first Monday on or after these days of a year.
INTAKE_DAYS = ((4, 6), (10, 5))


@dataclass(frozen=True)
class UnitRow:
    """A unit: its parent, its names, and the filled positions in the unit itself."""

    code: str
    parent_code: str | None
    echelon: str
    arm: str
    names: Mapping[str, str]
    positions: Mapping[str, int] = field(default_factory=dict)

    @property
    def strength(self) -> int:
        return sum(self.positions.values())


@dataclass(frozen=True)
class UnitChange:
    """From a Monday on, a unit has another parent or another name, or is split.

    ``week`` counts from the first week of the period, which is 0.
    """

    code: str
    week: int
    parent_code: str | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    successors: Sequence[UnitRow] = ()


def first_monday(last_day: dt.date) -> dt.date:
    """The first day of the three years that end on ``last_day``, a Sunday."""
    return last_day + dt.timedelta(days=1) - dt.timedelta(weeks=WEEKS)


def monday_on_or_after(day: dt.date) -> dt.date:
    return day + dt.timedelta(days=-day.weekday() % 7)


def intakes(last_day: dt.date) -> list[dt.date]:
    """The Mondays on which recruits arrive; the first may be before the period."""
    start = first_monday(last_day)
    days = (
        monday_on_or_after(dt.date(year, month, day))
        for year in range(start.year - 1, last_day.year + 1)
        for month, day in INTAKE_DAYS
    )
    return sorted(d for d in days if start - dt.timedelta(weeks=INTAKE_WEEKS) < d <= last_day)


def recruits_on(day: dt.date, last_day: dt.date) -> int:
    """Recruits in one training company on a day; a few leave before the end."""
    for arrival in intakes(last_day):
        week = (day - arrival).days // 7
        if 0 <= week < INTAKE_WEEKS:
            return RECRUITS_PER_INTAKE - week // 2
    return 0


def _names(kk: str, ru: str, en: str) -> dict[str, str]:
    return {"kk": kk, "ru": ru, "en": en}


def _ordinal(number: int) -> str:
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(number, 'th') }"


def _staff(officer: int, sergeant: int, contract: int, conscript: int = 0) -> dict[str, int]:
    positions = {
        "officer": officer,
        "sergeant": sergeant,
        "contract": contract,
        "conscript": conscript,
    }
    return {category: number for category, number in positions.items() if number}


def platoon(code: str, parent: str, company: int, number: int, men: int = 36) -> UnitRow:
    """A rifle platoon; the split platoon and its successors have no conscripts."""
    conscripts = 3 if men == 36 and code != SPLIT_CODE else 0
    return UnitRow(
        code,
        parent,
        "platoon",
        "rifle",
        _names(
            f"{company}-рота, {number}-взвод",
            f"{number}-й взвод {company}-й роты",
            f"{_ordinal(number)} Platoon, {_ordinal(company)} Company",
        ),
        _staff(1, 3, men - 4 - conscripts, conscripts),
    )


def _rifle_battalions() -> Iterator[UnitRow]:
    for battalion in (1, 2, 3):
        code = f"{ROOT_CODE}-R{battalion}"
        yield UnitRow(
            code,
            ROOT_CODE,
            "battalion",
            "headquarters",
            _names(
                f"{battalion}-атқыштар батальоны",
                f"{battalion}-й стрелковый батальон",
                f"{_ordinal(battalion)} Rifle Battalion",
            ),
            _staff(16, 16, 32),
        )
        for company in range(3 * battalion - 2, 3 * battalion + 1):
            company_code = f"{code}-{company}"
            yield UnitRow(
                company_code,
                code,
                "company",
                "rifle",
                _names(
                    f"{company}-атқыштар ротасы",
                    f"{company}-я стрелковая рота",
                    f"{_ordinal(company)} Rifle Company",
                ),
                _staff(4, 6, 6),
            )
            for number in (1, 2, 3):
                yield platoon(f"{company_code}-{number}", company_code, company, number)


# (code below the root, parent, echelon, arm, names, positions)
_OTHERS: tuple[tuple[str, str, str, str, dict[str, str], dict[str, int]], ...] = (
    ("ART", "", "battalion", "headquarters",
     _names("Артиллерия дивизионы", "Артиллерийский дивизион", "Artillery Battalion"),
     _staff(12, 14, 24)),
    *(
        (f"ART-{n}", "ART", "company", "artillery",
         _names(f"{n}-батарея", f"{n}-я батарея", f"{_ordinal(n)} Battery"),
         _staff(6, 16, 80, 10))
        for n in (1, 2, 3)
    ),
    ("ENG", "", "battalion", "headquarters",
     _names("Инженерлік батальон", "Инженерный батальон", "Engineer Battalion"),
     _staff(10, 10, 16)),
    *(
        (f"ENG-{n}", "ENG", "company", "engineer",
         _names(f"{n}-инженерлік рота", f"{n}-я инженерная рота",
                f"{_ordinal(n)} Engineer Company"),
         _staff(5, 15, 96, 8))
        for n in (1, 2)
    ),
    ("LOG", "", "battalion", "headquarters",
     _names("Материалдық қамтамасыз ету батальоны", "Батальон материального обеспечения",
            "Logistics Battalion"),
     _staff(12, 12, 16)),
    ("LOG-TR", "LOG", "company", "transport",
     _names("Автокөлік ротасы", "Автомобильная рота", "Transport Company"),
     _staff(4, 16, 138, 10)),
    ("LOG-SU", "LOG", "company", "logistics",
     _names("Қамтамасыз ету ротасы", "Рота обеспечения", "Supply Company"),
     _staff(4, 14, 112, 10)),
    ("LOG-RE", "LOG", "company", "repair",
     _names("Жөндеу ротасы", "Ремонтная рота", "Repair Company"),
     _staff(4, 20, 116, 10)),
    ("TRG", "", "battalion", "headquarters",
     _names("Оқу батальоны", "Учебный батальон", "Training Battalion"),
     _staff(14, 18, 16)),
    *(
        (f"TRG-{n}", "TRG", "company", "training",
         _names(f"{n}-оқу ротасы", f"{n}-я учебная рота", f"{_ordinal(n)} Training Company"),
         _staff(8, 36, 0))
        for n in (1, 2, 3)
    ),
    ("SIG", "", "battalion", "headquarters",
     _names("Байланыс батальоны", "Батальон связи", "Signals Battalion"),
     _staff(8, 10, 14)),
    *(
        (f"SIG-{n}", "SIG", "company", "signals",
         _names(f"{n}-байланыс ротасы", f"{n}-я рота связи", f"{_ordinal(n)} Signals Company"),
         _staff(5, 21, 80, 6))
        for n in (1, 2)
    ),
    ("MED", "", "company", "medical",
     _names("Медициналық рота", "Медицинская рота", "Medical Company"),
     {"officer": 18, "sergeant": 24, "contract": 30, "civilian": 18}),
)  # fmt: skip


def units_at_the_start() -> list[UnitRow]:
    """Every unit of the first day, parents before their children."""
    root = UnitRow(
        ROOT_CODE,
        None,
        "brigade",
        "headquarters",
        _names("Жасанды бригада", "Синтетическая бригада", "Synthetic Brigade"),
        {"officer": 60, "sergeant": 40, "contract": 40, "civilian": 30},
    )
    others = [
        UnitRow(
            f"{ROOT_CODE}-{code}",
            f"{ROOT_CODE}-{parent}" if parent else ROOT_CODE,
            echelon,
            arm,
            names,
            positions,
        )
        for code, parent, echelon, arm, names, positions in _OTHERS
    ]
    return [root, *_rifle_battalions(), *others]


SPLIT_CODE = f"{ROOT_CODE}-R2-5-3"

CHANGES = (
    # The 9th company moves from the third battalion to the first, with its platoons.
    UnitChange(f"{ROOT_CODE}-R3-9", 60, parent_code=f"{ROOT_CODE}-R1"),
    UnitChange(
        SPLIT_CODE,
        95,
        successors=(
            platoon(f"{SPLIT_CODE}A", f"{ROOT_CODE}-R2-5", 5, 3, 18),
            platoon(f"{SPLIT_CODE}B", f"{ROOT_CODE}-R2-5", 5, 4, 18),
        ),
    ),
    UnitChange(
        f"{ROOT_CODE}-SIG-1",
        120,
        names=_names(
            "Байланыс және ақпараттандыру ротасы",
            "Рота связи и информатизации",
            "Communications and Information Company",
        ),
    ),
)


def parents_in_week(week: int) -> dict[str, str | None]:
    """The parent of every unit that exists in a week."""
    parent_of = {unit.code: unit.parent_code for unit in units_at_the_start()}
    for change in CHANGES:
        if week < change.week:
            continue
        if change.parent_code:
            parent_of[change.code] = change.parent_code
        for successor in change.successors:
            parent_of[successor.code] = successor.parent_code
        if change.successors:
            del parent_of[change.code]
    return parent_of


def units_above(code: str) -> list[str]:
    """The units above this one in the last known tree, the nearest first."""
    parent_of = {SPLIT_CODE: f"{ROOT_CODE}-R2-5"} | parents_in_week(WEEKS - 1)
    found = []
    at = parent_of.get(code)
    while at is not None:
        found.append(at)
        at = parent_of[at]
    return found


def subtree_in_week(code: str, week: int) -> list[str]:
    """The codes of the unit and of everything below it in a week."""
    parent_of = parents_in_week(week)
    found = [code] if code in parent_of else []
    waiting = list(found)
    while waiting:
        at = waiting.pop()
        below = [child for child, parent in parent_of.items() if parent == at]
        found += below
        waiting += below
    return found
