"""The linear attack: every answer is an equation or a bound over cells; what do they prove?

A cell is a unit, a kind, a group of causes, half a month, a class of confidentiality, and whether
it was recorded before its box was published, before that was restated, or later. The attacker
knows the rule, the plan, and what he may open himself.
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
from qorgau.records.publication.rules import first_publication, restatement
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
# Recorded before the box was published, before it was restated, or later.
IN_TIME, LATE, VERY_LATE = range(3)
WINDOWS = 3
# Of a box that changed by fewer than this, the restatement says nothing.
LEAST = 5
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


class Publications:
    """Of each cell, the number of its box and the moments at which that is published."""

    def __init__(self) -> None:
        self.box = np.full(SHAPE, -1)
        self.first = np.full(SHAPE, np.inf)
        self.again = np.full(SHAPE, np.inf)
        for plan in PublicationPlan.objects.filter(year=2024):
            for box in plan.boxes:
                self._add(plan, *box)

    def _add(
        self, plan: PublicationPlan, units: list[int], causes: list[int], months: list[int]
    ) -> None:
        number, of_class = self.box.max() + 1, CLASSES.index(plan.confidentiality)
        moment = first_publication(2024, months[-1], plan.made_at)
        for cause in causes:
            kind, _, leaf = plan.causes[cause].partition(":")
            cells = np.ix_(
                units, [KINDS.index(kind)], [_group_of(leaf)], _halves(months), [of_class]
            )
            assert np.isin(self.box[cells], (-1, number)).all(), "no plan divides a group finer"
            self.box[cells] = number
            self.first[cells] = moment.timestamp()
            self.again[cells] = restatement(moment).timestamp()

    def window(self, one: Happened) -> int:
        """When some incidents were recorded, beside the publications of their box."""
        cell, recorded = _cell_of(one), one.recorded_at.timestamp()
        return int(recorded > self.first[cell]) + int(recorded > self.again[cell])


@dataclass
class Attacker:
    """What a reader has been told, and what follows from it.

    `opens` are the classes of which the reader may open everything; who is told exactly is asked
    about now alone. Of each set of cells that was told about, as packed bits, the least and the
    most that it can hold are kept.
    """

    opens: tuple[str, ...]
    incidents: Sequence[Happened]
    is_told_exactly: bool = False
    told: dict[bytes, tuple[float, float]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.published = Publications()
        self.truth = np.zeros((*SHAPE, WINDOWS))
        for one in self.incidents:
            self.truth[(*_cell_of(one), self.published.window(one))] += one.number
        self.protected = np.array([one not in self.opens for one in CLASSES])

    def ask(self, reader: User, questions: Iterable[Asked]) -> None:
        """Ask through the API, and write down every figure of the answers."""
        program = Program(reader)
        for asked in questions:
            answer = program.get("/rates", **asked.of_program())
            assert answer.status_code == 200, answer.content
            for figure, mask in figures_of(answer.json(), asked):
                self._learn(figure, mask, asked.as_of)

    def _learn(
        self, figure: dict[str, object], mask: np.ndarray, as_of: dt.datetime | None
    ) -> None:
        moment = np.inf if as_of is None else as_of.timestamp()
        known = self._known(mask, moment)
        lower, upper = float(figure["cases_lower"]) - known, figure["cases_upper"]
        highest = np.inf if upper is None else float(upper) - known
        hidden = mask & self.protected
        if self.is_told_exactly:
            self._keep(np.repeat(hidden[..., None], WINDOWS, axis=-1), lower, highest)
            return
        first = hidden & (self.published.first <= moment)
        again = hidden & (self.published.again <= moment)
        in_time = np.stack([first, np.zeros_like(first), np.zeros_like(first)], axis=-1)
        by_now = np.stack([first, again, np.zeros_like(first)], axis=-1)
        boxes = len(np.unique(self.published.box[again]))
        self._keep(in_time, 0.0, highest)
        # Fewer than so many in each box were recorded since it was published, or it says so.
        self._keep(by_now, lower, highest + (LEAST - 1) * boxes)

    def _keep(self, cells: np.ndarray, lower: float, upper: float) -> None:
        row = np.packbits(cells).tobytes()
        before = self.told.get(row, (0.0, np.inf))
        self.told[row] = max(lower, before[0]), min(upper, before[1])

    def _known(self, mask: np.ndarray, moment: float) -> float:
        """Of what he may open he knows all, also when it was recorded."""
        return float(
            sum(
                one.number
                for one in self.incidents
                if one.confidentiality in self.opens
                and mask[_cell_of(one)]
                and one.recorded_at.timestamp() <= moment
            )
        )

    def holds(self) -> bool:
        """Whether the truth is within all that was told."""
        return all(
            lower - NOTHING <= self.truth[_cells(row)].sum() <= upper + NOTHING
            for row, (lower, upper) in self.told.items()
        )

    def most_told(self) -> float:
        return max(lower for lower, _ in self.told.values())

    def regions_with_few(self) -> list[bytes]:
        """What was asked about, and each place, that holds one to four protected incidents."""
        protected = self.truth * self.protected[:, None]
        regions = [_cells(row) for row in self.told]
        places = protected.sum(axis=(-2, -1))
        for place in zip(*np.nonzero(places), strict=True):
            whole = np.zeros_like(self.truth, dtype=bool)
            whole[place] = self.protected[:, None]
            late = whole.copy()
            late[..., [IN_TIME, VERY_LATE]] = False
            regions += [whole, late]
        few = [one for one in regions if 1 <= protected[one].sum() < LEAST]
        return list(dict.fromkeys(np.packbits(one).tobytes() for one in few))

    def proves(self, regions: Sequence[bytes]) -> list[int]:
        """The number of incidents that each region is proved to have at least.

        What could have happened without any in one region is often without any in others too.
        """
        folded = _folded([*self.told, *regions])
        told, asked = folded[: len(self.told)], folded[len(self.told) :]
        limits = np.array(list(self.told.values()))
        is_bounded, is_known = np.isfinite(limits[:, 1]), limits[:, 0] > 0
        rows = csr_array(
            np.vstack([told[is_bounded].view(np.int8), -told[is_known].view(np.int8)]), dtype=float
        )
        values = np.concatenate([limits[is_bounded, 1], -limits[is_known, 0]])
        could_be = np.zeros((0, asked.shape[1]))
        least = []
        for region in asked:
            if (could_be @ region < NOTHING).any():
                least.append(0)
                continue
            found = linprog(region, A_ub=rows, b_ub=values, bounds=(0, None), method="highs")
            # The truth satisfies all that was told, so that there is always a solution.
            assert found.status == 0
            could_be = np.vstack([could_be, found.x])
            least.append(int(np.ceil(found.fun - NOTHING)))
        return least


def _cells(row: bytes) -> np.ndarray:
    bits = np.unpackbits(np.frombuffer(row, dtype=np.uint8), count=int(np.prod(SHAPE)) * WINDOWS)
    return bits.reshape((*SHAPE, WINDOWS)).astype(bool)


def _folded(rows: Sequence[bytes]) -> np.ndarray:
    """One column for all cells that no row tells apart: their sums of random numbers are equal."""
    rng = np.random.default_rng(1)
    sums = np.zeros((*SHAPE, WINDOWS), dtype=np.uint64)
    for row in rows:
        sums[_cells(row)] += rng.integers(1, 2**63, dtype=np.uint64)
    values, first = np.unique(sums.ravel(), return_index=True)
    columns = first[values > 0]
    return np.array([_cells(row).ravel()[columns] for row in rows])


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


def _halves(months: Iterable[int]) -> list[int]:
    return [half for month in months for half in (2 * month, 2 * month + 1)]
