"""What is injected into the synthetic brigade: clusters, and an action that worked."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from qorgau.demonstration.establishment import (
    ROOT_CODE,
    WEEKS,
    first_monday,
    monday_on_or_after,
)


@dataclass(frozen=True)
class InjectedCluster:
    """Events in addition to those by chance.

    Attributes
    ----------
    per_week : tuple of int
        How many are added in each of consecutive weeks.
    weeks_ago : int or None
        How many weeks the first week is before the newest week; 0 is the newest.
    from_days : tuple of (month, day)
        If the season matters: the first week is the latest one that begins on or right after one
        of these days and leaves ``settled_weeks`` after the end of the cluster.
    site : str
        Where all events happen, if the place is what they have in common.
    """

    key: str
    unit_code: str
    kind: str
    cause: str
    per_week: tuple[int, ...]
    activity: str
    story: str
    weeks_ago: int | None = None
    from_days: tuple[tuple[int, int], ...] = ()
    settled_weeks: int = 4
    site: str = ""
    course: str = "light"

    @property
    def injected(self) -> int:
        return sum(self.per_week)

    def first_week(self, last_day: dt.date) -> int:
        """The first week; the first week of the period is 0."""
        if self.weeks_ago is not None:
            return WEEKS - 1 - self.weeks_ago
        latest = last_day - dt.timedelta(weeks=len(self.per_week) + self.settled_weeks)
        starts = (
            monday_on_or_after(dt.date(year, month, day))
            for year in (last_day.year - 1, last_day.year)
            for month, day in self.from_days
        )
        newest = max(start for start in starts if start <= latest)
        return (newest - first_monday(last_day)).days // 7

    def weeks(self, last_day: dt.date) -> list[dt.date]:
        """The Mondays of its weeks."""
        start = first_monday(last_day) + dt.timedelta(weeks=self.first_week(last_day))
        return [start + dt.timedelta(weeks=week) for week in range(len(self.per_week))]


@dataclass(frozen=True)
class InjectedAction:
    """From a Monday on, a share of the events by chance does not happen.

    ``cause`` is a branch or a leaf of the cause tree; ``weeks_since`` is the number of whole weeks
    until the end of the period.
    """

    key: str
    unit_code: str
    kind: str
    cause: str
    share_averted: float
    weeks_since: int
    story: str

    def held_from(self, last_day: dt.date) -> dt.date:
        return last_day + dt.timedelta(days=1) - dt.timedelta(weeks=self.weeks_since)


ACTION = InjectedAction(
    key="grouped training",
    unit_code=f"{ROOT_CODE}-ART",
    kind="injury",
    cause="exertion",
    share_averted=0.7,
    weeks_since=52,
    story="Runs in groups by fitness, one running day less a week, shells lifted in pairs",
)

CLUSTERS: tuple[InjectedCluster, ...] = (
    InjectedCluster(
        key="boots",
        unit_code=f"{ROOT_CODE}-TRG-2",
        kind="injury",
        cause="exertion.load_carriage",
        per_week=(2, 3, 5, 6, 4, 2),
        activity="march",
        story="Stress fractures after new boots and longer marches, from the fifth week of "
        "training on",
        from_days=((5, 4), (11, 2)),
        course="stress_fracture",
    ),
    InjectedCluster(
        key="rollovers",
        unit_code=f"{ROOT_CODE}-R2",
        kind="injury",
        cause="transport.off_road",
        per_week=(4, 5),
        activity="exercise",
        story="Vehicles roll over on night marches of a battalion exercise outside of the plan",
        weeks_ago=30,
        site="ground",
        course="heavy",
    ),
    InjectedCluster(
        key="lifting",
        unit_code=f"{ROOT_CODE}-LOG-TR",
        kind="injury",
        cause="exertion.lifting",
        per_week=(1, 1, 1, 1, 1, 1, 1, 1),
        activity="loading",
        story="The forklift is under repair: one strained back a week, for eight weeks",
        weeks_ago=24,
        site="store3",
        course="moderate",
    ),
    InjectedCluster(
        key="slips",
        unit_code=f"{ROOT_CODE}-LOG",
        kind="injury",
        cause="fall.same_level",
        per_week=(3, 4, 3),
        activity="loading",
        story="Slips on one ramp, people of several companies",
        weeks_ago=14,
        site="store3",
    ),
    InjectedCluster(
        key="cold",
        unit_code=f"{ROOT_CODE}-R1-2-1",
        kind="injury",
        cause="environment.cold",
        per_week=(6,),
        activity="field_camp",
        story="Wet feet after a night of rain at +6 °C, before the frosts",
        from_days=((10, 12),),
        settled_weeks=3,
        site="ground",
    ),
    InjectedCluster(
        key="weapons",
        unit_code=f"{ROOT_CODE}-R3-7",
        kind="near_miss",
        cause="force.firearm",
        per_week=(2, 3, 4),
        activity="range",
        story="Near misses in handling a new weapon, growing into the newest week",
        weeks_ago=2,
        site="range",
    ),
    InjectedCluster(
        key="garage",
        unit_code=f"{ROOT_CODE}-LOG-RE",
        kind="illness",
        cause="chemical.gas",
        per_week=(3, 5),
        activity="repair",
        story="Exhaust gas in a garage with its doors shut, in the two newest weeks",
        weeks_ago=1,
        site="garage2",
        course="illness",
    ),
)
