"""The linear attack: every answer is an equation or a bound over cells; what do they prove?

A cell is a unit, a kind, a group of causes, half a month and a class of confidentiality. The
attacker knows the rule, the plan, and what he may open himself.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array

from qorgau.foundation.identity.models import User
from qorgau.records.incidents.choices import Kind
from qorgau.records.publication.models import PublicationPlan
from qorgau.records.publication.rules import first_publication
from tests.analysis.disclosure.conftest import TREE
from tests.api.calling import Program
from tests.security.attacked_register import Happened

UNITS = tuple(code for code, _ in TREE)
KINDS = tuple(Kind.values)
GROUPS = ("fall", "transport", "exertion.running", "exertion.lifting", "")
CLASSES = ("plain", "identity", "medical")
# The first half of each month ends with its 15th day.
HALVES = 24
SHAPE = (len(UNITS), len(KINDS), len(GROUPS), HALVES, len(CLASSES))
# Answers are whole numbers: below this, nothing is proved.
NOTHING = 1e-6


@dataclass(frozen=True)
class Asked:
    """One question to the API; halves are numbered from 0 to 23."""

    unit: str
    first: int
    last: int
    kinds: tuple[str, ...]
    cause: str = ""
    as_of: dt.datetime | None = None

    @property
    def is_possible(self) -> bool:
        """Whether the period has begun at the moment that is asked about."""
        return self.as_of is None or _first_day(self.first) < self.as_of.date()

    def of_program(self) -> dict[str, object]:
        query: dict[str, object] = {
            "unit": self.unit,
            "since": _first_day(self.first).isoformat(),
            "until": (_first_day(self.last + 1) - dt.timedelta(days=1)).isoformat(),
            "kind": list(self.kinds),
        }
        if self.cause:
            query["cause"] = self.cause
        if self.as_of is not None:
            query["as_of"] = self.as_of.isoformat()
        return query


@dataclass
class Attacker:
    """What a reader has been told, and what follows from it.

    `opens` are the classes of which the reader may open everything.
    """

    opens: tuple[str, ...]
    incidents: Sequence[Happened]
    rows: list[np.ndarray] = field(default_factory=list)
    lower: list[float] = field(default_factory=list)
    upper: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.published = _publications()
        self.truth = np.zeros(SHAPE)
        for one in self.incidents:
            self.truth[_cell_of(one)] += one.number
        self.protected = np.array([one not in self.opens for one in CLASSES])

    def ask(self, reader: User, questions: Iterable[Asked]) -> None:
        """Ask through the API, and write down every figure of the answers."""
        program = Program(reader)
        for asked in questions:
            answer = program.get("/rates", **asked.of_program())
            assert answer.status_code == 200, answer.content
            for figure, mask in figures_of(answer.json(), asked):
                self._learn(figure, mask, asked)

    def _learn(self, figure: dict[str, object], mask: np.ndarray, asked: Asked) -> None:
        known = float((self.truth * mask * ~self.protected * self._recorded(asked)).sum())
        hidden = mask & self.protected
        if asked.as_of is not None:
            hidden = hidden & (self.published <= asked.as_of.timestamp())
        upper = figure["cases_upper"]
        self.rows.append(hidden.ravel())
        self.lower.append(float(figure["cases_lower"]) - known)
        self.upper.append(np.inf if upper is None else float(upper) - known)

    def _recorded(self, asked: Asked) -> np.ndarray:
        """Of what he opens he knows the time at which it was recorded: noon of the next day."""
        if asked.as_of is None:
            return np.ones(SHAPE, dtype=bool)
        recorded = np.zeros(SHAPE, dtype=bool)
        for one in self.incidents:
            recorded[_cell_of(one)] = one.day + dt.timedelta(days=2) <= asked.as_of.date()
        return recorded

    def holds(self) -> bool:
        """Whether the truth is within all that was told."""
        told = np.array(self.rows, dtype=float) @ self.truth.ravel()
        return bool(
            (told >= np.array(self.lower) - NOTHING).all()
            and (told <= np.array(self.upper) + NOTHING).all()
        )

    def regions_with_few(self) -> list[np.ndarray]:
        """What was asked about, and each cell, that holds one to four protected incidents."""
        protected = self.truth * self.protected
        asked = {row.tobytes(): row for row in self.rows if 1 <= protected.ravel()[row].sum() <= 4}
        cells = protected.sum(axis=-1)
        single = []
        for place in zip(*np.nonzero((cells >= 1) & (cells <= 4)), strict=True):
            one = np.zeros(SHAPE, dtype=bool)
            one[place] = self.protected
            single.append(one.ravel())
        return [*asked.values(), *single]

    def proves(self, regions: Sequence[np.ndarray]) -> list[int]:
        """The number of incidents that each region is proved to have at least."""
        folded = _folded(np.vstack([*self.rows, *regions]))
        told, asked = folded[: len(self.rows)], folded[len(self.rows) :]
        lower, upper = np.array(self.lower), np.array(self.upper)
        is_bounded = np.isfinite(upper)
        limits = csr_array(np.vstack([told[is_bounded], -told]))
        values = np.concatenate([upper[is_bounded], -lower])
        found = [
            linprog(region, A_ub=limits, b_ub=values, bounds=(0, None), method="highs")
            for region in asked
        ]
        # The truth satisfies all that was told, so that there is always a solution.
        assert all(one.status == 0 for one in found)
        return [int(np.ceil(one.fun - NOTHING)) for one in found]


def _folded(rows: np.ndarray) -> np.ndarray:
    """One column for all cells that no row tells apart."""
    columns = rows[:, rows.any(axis=0)]
    _, first = np.unique(np.packbits(columns.T, axis=1), axis=0, return_index=True)
    return columns[:, first].astype(float)


def figures_of(
    answer: dict[str, object], asked: Asked
) -> Iterable[tuple[dict[str, object], np.ndarray]]:
    """Every figure of an answer, with the cells that it is about."""
    below = _below(asked.unit)
    halves = range(asked.first, asked.last + 1)
    whole = {"units": below, "kinds": asked.kinds, "cause": asked.cause, "halves": halves}
    yield answer["overall"], mask_of(**whole)
    for one in answer["by_kind"]:
        yield one["figure"], mask_of(**whole | {"kinds": (one["kind"],)})
    for one in answer["months"]:
        month = int(one["starts_on"][5:7]) - 1
        within = [half for half in halves if half // 2 == month]
        yield one["figure"], mask_of(**whole | {"halves": within})
    left = set(below)
    for one in answer["comparison"]["units"]:
        of_one = _below(one["code"])
        left -= set(of_one)
        yield one["figure"], mask_of(**whole | {"units": of_one})
    yield answer["elsewhere"], mask_of(**whole | {"units": left})


def mask_of(
    *, units: Iterable[str], kinds: Iterable[str], cause: str, halves: Iterable[int]
) -> np.ndarray:
    groups = [one for one in GROUPS if not cause or one == cause or one.startswith(f"{cause}.")]
    sets = [
        np.isin(UNITS, list(units)),
        np.isin(KINDS, list(kinds)),
        np.isin(GROUPS, groups),
        np.isin(range(HALVES), list(halves)),
        np.ones(len(CLASSES), dtype=bool),
    ]
    mask = np.ones(SHAPE, dtype=bool)
    for axis, members in enumerate(sets):
        mask &= members.reshape([-1 if axis == each else 1 for each in range(len(SHAPE))])
    return mask


def _below(unit: str) -> list[str]:
    return [code for code in UNITS if code == unit or code.startswith(f"{unit}-")]


def _first_day(half: int) -> dt.date:
    return dt.date(2024 + half // HALVES, half // 2 % 12 + 1, 16 if half % 2 else 1)


def _group_of(cause: str) -> int:
    named = [n for n, one in enumerate(GROUPS) if one and cause.startswith(one)]
    return named[0] if named else len(GROUPS) - 1


def _cell_of(one: Happened) -> tuple[int, ...]:
    return (
        UNITS.index(one.unit),
        KINDS.index(one.kind),
        _group_of(one.cause),
        (one.day.month - 1) * 2 + (one.day.day > 15),
        CLASSES.index(one.confidentiality),
    )


def _publications() -> np.ndarray:
    """When the box of each cell is published; plans do not divide a group of causes finer."""
    moments = np.full(SHAPE, np.inf)
    for plan in PublicationPlan.objects.filter(year=2024):
        of_class = CLASSES.index(plan.confidentiality)
        for units, causes, months in plan.boxes:
            moment = first_publication(2024, months[-1], plan.made_at).timestamp()
            for cause in causes:
                kind, _, leaf = plan.causes[cause].partition(":")
                cells = np.ix_(
                    units, [KINDS.index(kind)], [_group_of(leaf)], _halves(months), [of_class]
                )
                assert (np.isinf(moments[cells]) | (moments[cells] == moment)).all()
                moments[cells] = moment
    return moments


def _halves(months: Iterable[int]) -> list[int]:
    return [half for month in months for half in (2 * month, 2 * month + 1)]
