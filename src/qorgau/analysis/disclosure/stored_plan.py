"""A plan read back with what was published of it, and what a reader is shown of its boxes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from qorgau.methods.arrays import BoolArray, IntArray
from qorgau.methods.disclosure import BoxPlan, ShownBoxes, restate_counts, show_boxes
from qorgau.records.publication.models import Publication, PublicationPlan
from qorgau.records.publication.queries import every_plan, plans_of_years, publications_of


@dataclass(frozen=True, eq=False)
class StoredPlan:
    """A plan and its publications.

    Attributes
    ----------
    row : PublicationPlan
    publications : sequence of Publication
        Those that are known to the reader's question.
    """

    row: PublicationPlan
    publications: Sequence[Publication]

    @cached_property
    def plan(self) -> BoxPlan:
        """The boxes as arrays."""
        row, boxes = self.row, self.row.boxes
        return BoxPlan.of_boxes(
            units=_masks([box[0] for box in boxes], len(row.units)),
            causes=_masks([box[1] for box in boxes], len(row.causes)),
            months=_masks([box[2] for box in boxes], 12),
            expected=np.array(row.expected, dtype=np.float64),
            has_population=np.array(row.has_population, dtype=np.bool_),
        )

    @cached_property
    def last_months(self) -> IntArray:
        """The last month of each box, 0 for January."""
        return np.array([box[2][-1] for box in self.row.boxes], dtype=np.int64)

    @cached_property
    def is_published(self) -> BoolArray:
        """Which boxes have been published."""
        first = {one.last_month for one in self.publications if not one.is_restatement}
        return np.isin(self.last_months, list(first))

    def shown(self, counted: Collection[int]) -> ShownBoxes:
        """What a reader is shown who counts the incidents of some units himself.

        Parameters
        ----------
        counted : collection of int
            Ids of these units; what is published of them is left out of the boxes.

        Returns
        -------
        ShownBoxes
        """
        first = self._totals(counted, is_restatement=False)
        later = self._totals(counted, is_restatement=True)
        again = {one.last_month for one in self.publications if one.is_restatement}
        is_restated = np.isin(self.last_months, list(again))
        least = self.row.least_count
        restated = restate_counts(first, later, least_count=least)
        return show_boxes(
            self.plan,
            np.where(is_restated, restated, first),
            is_published=self.is_published,
            least_count=least,
        )

    def _totals(self, counted: Collection[int], *, is_restatement: bool) -> IntArray:
        totals = np.zeros(len(self.row.boxes), dtype=np.int64)
        for one in self.publications:
            if one.is_restatement != is_restatement:
                continue
            for box, units in one.counts.items():
                totals[int(box)] += sum(n for unit, n in units.items() if int(unit) not in counted)
        return totals


def stored_plans(years: Iterable[int] | None, known_by: dt.datetime | None) -> list[StoredPlan]:
    """Plans with what was published of them.

    Parameters
    ----------
    years : iterable of int or None
        None for all.
    known_by : datetime or None
        Only what was published by then; everything if None.

    Returns
    -------
    list of StoredPlan
        By year and class.
    """
    rows = list(every_plan() if years is None else plans_of_years(years))
    published: Mapping[int, list[Publication]] = {row.pk: [] for row in rows}
    for one in publications_of(rows, known_by) if rows else ():
        published[one.plan_id].append(one)
    return [StoredPlan(row, published[row.pk]) for row in rows]


def _masks(members: Sequence[Sequence[int]], length: int) -> BoolArray:
    masks = np.zeros((len(members), length), dtype=np.bool_)
    for mask, each in zip(masks, members, strict=True):
        mask[list(each)] = True
    return masks
