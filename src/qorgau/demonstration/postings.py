"""The people of the synthetic brigade: 4,000 codes, their postings, and monthly strength."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from qorgau.demonstration.establishment import (
    CHANGES,
    ROOT_CODE,
    WEEKS,
    UnitRow,
    first_monday,
    recruits_on,
    units_at_the_start,
)

PEOPLE = 4_000
SERVICE_WEEKS_OF_CONSCRIPTS = 52
SHARE_WITH_IDENTITY = 0.25
SHARE_OF_WOMEN = 0.08

# Training companies report their strength every month, because recruits have no codes; in other
# units, people are counted from postings.
REPORTING_UNITS = tuple(f"{ROOT_CODE}-TRG-{number}" for number in (1, 2, 3))

_FAMILY_NAMES = (
    "Ахметов", "Оспанов", "Сериков", "Жумабеков", "Касымов", "Нурланов", "Абдрахманов", "Есенов",
    "Искаков", "Байжанов", "Тлеубаев", "Мухамеджанов", "Садыков", "Калиев", "Рахимов", "Иванов",
    "Ким", "Смирнов", "Петренко", "Ли", "Токтаров", "Сагынбаев", "Омаров", "Кузнецов", "Юсупов",
)  # fmt: skip
_MEN = (
    "Нұрлан", "Асхат", "Ерлан", "Данияр", "Бекзат", "Тимур", "Арман", "Олжас", "Руслан", "Диас",
    "Мирас", "Алихан", "Сергей", "Андрей", "Виталий", "Жандос", "Қайрат", "Айбек", "Санжар",
)  # fmt: skip
_WOMEN = (
    "Айгүл", "Динара", "Әсел", "Мадина", "Жанар", "Гүлнар", "Ольга", "Наталья", "Сәуле", "Айжан",
)  # fmt: skip

_OCCUPATIONS = {
    "headquarters": ("штаб маманы", "специалист штаба"),
    "rifle": ("атқыш", "стрелок"),
    "artillery": ("зеңбірекші", "артиллерист"),
    "engineer": ("сапёр", "сапёр"),
    "transport": ("жүргізуші", "водитель"),
    "logistics": ("қоймашы", "кладовщик"),
    "repair": ("механик", "механик"),
    "training": ("нұсқаушы", "инструктор"),
    "signals": ("байланысшы", "связист"),
    "medical": ("медбике", "санитар"),
}
_AGES = {
    "conscript": (19, 24),
    "contract": (20, 38),
    "sergeant": (23, 45),
    "officer": (22, 50),
    "civilian": (25, 62),
}


@dataclass(frozen=True)
class PostingRow:
    """Days from ``valid_from`` until, not including, ``valid_until``; None is open."""

    unit_code: str
    valid_from: dt.date
    valid_until: dt.date | None


@dataclass(frozen=True)
class PersonRow:
    code: str
    sex: str
    birth_year: int
    category: str
    occupation: str
    family_name: str
    given_name: str
    postings: tuple[PostingRow, ...]


@dataclass(frozen=True)
class StrengthRow:
    unit_code: str
    category: str
    valid_from: dt.date
    valid_until: dt.date
    strength: int


@dataclass(frozen=True)
class _Position:
    unit: UnitRow
    category: str
    changes: tuple[dt.date, ...]

    def terms(self, start: dt.date) -> Iterator[tuple[dt.date, dt.date | None]]:
        """From when until when (not including) each person is in the position."""
        yield from zip((start, *self.changes), (*self.changes, None), strict=True)


def make_people(rng: np.random.Generator, last_day: dt.date) -> list[PersonRow]:
    """Exactly ``PEOPLE`` people: those serving on the last day, and those who left before."""
    terms = [
        (position, since, until)
        for position in _positions(rng, first_monday(last_day))
        for since, until in position.terms(first_monday(last_day))
    ]
    numbers = rng.permutation(len(terms)) + 1
    return [
        _person(rng, f"{ROOT_CODE}-P{number:05d}", position, since, until)
        for number, (position, since, until) in zip(numbers, terms, strict=True)
    ]


def _positions(rng: np.random.Generator, start: dt.date) -> list[_Position]:
    """Every position with the days on which another person took it over."""
    frozen = {change.code for change in CHANGES if change.successors}
    slots = [
        (unit, category)
        for unit in units_at_the_start()
        for category, number in unit.positions.items()
        for _ in range(number)
    ]
    changes: list[list[int]] = [
        list(range(int(rng.integers(1, SERVICE_WEEKS_OF_CONSCRIPTS)), WEEKS, 52))
        if category == "conscript"
        else []
        for _, category in slots
    ]
    lasting = [
        index
        for index, (unit, category) in enumerate(slots)
        if category != "conscript" and unit.code not in frozen
    ]
    missing = PEOPLE - len(slots) - sum(map(len, changes))
    for index in rng.choice(lasting, size=missing, replace=False):
        changes[index] = [int(rng.integers(4, WEEKS - 2))]
    return [
        _Position(unit, category, tuple(start + dt.timedelta(weeks=week) for week in weeks))
        for (unit, category), weeks in zip(slots, changes, strict=True)
    ]


def _person(
    rng: np.random.Generator,
    code: str,
    position: _Position,
    since: dt.date,
    until: dt.date | None,
) -> PersonRow:
    youngest, oldest = _AGES[position.category]
    is_woman = rng.random() < SHARE_OF_WOMEN
    is_named = rng.random() < SHARE_WITH_IDENTITY
    family = str(rng.choice(_FAMILY_NAMES))
    given = str(rng.choice(_WOMEN if is_woman else _MEN))
    if is_woman and family.endswith("ов"):
        family += "а"
    return PersonRow(
        code=code,
        sex="female" if is_woman else "male",
        birth_year=since.year - int(rng.integers(youngest, oldest)),
        category=position.category,
        occupation=_OCCUPATIONS[position.unit.arm][int(rng.random() < 0.4)],
        family_name=family if is_named else "",
        given_name=given if is_named else "",
        postings=_postings(rng, position.unit.code, since, until),
    )


def _postings(
    rng: np.random.Generator, unit_code: str, since: dt.date, until: dt.date | None
) -> tuple[PostingRow, ...]:
    """One posting, or two if the unit was split; nobody leaves a unit that is going to be split."""
    for change in CHANGES:
        if change.successors and change.code == unit_code:
            split_on = since + dt.timedelta(weeks=change.week)
            successor = change.successors[int(rng.integers(len(change.successors)))]
            return (
                PostingRow(unit_code, since, split_on),
                PostingRow(successor.code, split_on, None),
            )
    return (PostingRow(unit_code, since, until),)


def monthly_strength(last_day: dt.date) -> list[StrengthRow]:
    """The mean strength of each month of the reporting units, by category."""
    units = {unit.code: unit for unit in units_at_the_start()}
    rows: list[StrengthRow] = []
    for month_start, month_end in _months(first_monday(last_day), last_day):
        days = [month_start + dt.timedelta(n) for n in range((month_end - month_start).days)]
        recruits = round(float(np.mean([recruits_on(day, last_day) for day in days])))
        for code in REPORTING_UNITS:
            strengths = {**units[code].positions, "conscript": recruits}
            rows.extend(
                StrengthRow(code, category, month_start, month_end, strength)
                for category, strength in strengths.items()
            )
    return rows


def _months(start: dt.date, last_day: dt.date) -> Iterator[tuple[dt.date, dt.date]]:
    """Calendar months within the period; the second date is the first day after the month."""
    end = last_day + dt.timedelta(days=1)
    while start < end:
        following = (start.replace(day=1) + dt.timedelta(days=32)).replace(day=1)
        yield start, min(following, end)
        start = min(following, end)


def weekly_strength(
    people: Sequence[PersonRow], codes: Sequence[str], last_day: dt.date
) -> np.ndarray:
    """People in each unit itself on the Mondays of the period, recruits included.

    Returns
    -------
    numpy.ndarray
        Shape ``(WEEKS, len(codes))``, people.
    """
    start = first_monday(last_day)
    column = {code: index for index, code in enumerate(codes)}
    strength = np.zeros((WEEKS, len(codes)))
    for person in people:
        for posting in person.postings:
            since = (posting.valid_from - start).days // 7
            until = (posting.valid_until - start).days // 7 if posting.valid_until else WEEKS
            strength[since:until, column[posting.unit_code]] += 1
    recruits = [recruits_on(start + dt.timedelta(weeks=week), last_day) for week in range(WEEKS)]
    for code in REPORTING_UNITS:
        strength[:, column[code]] += recruits
    return strength
