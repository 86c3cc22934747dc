"""What happens in the synthetic brigade, how often, to whom, and in which season.

The rates are of the size that armies publish (hundreds of injuries treated per 1,000
person-years, most of them from exertion and falls) and do not come from any real unit. Self-harm
is left out: nobody needs it to try the system.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from qorgau.demonstration.establishment import (
    INTAKE_WEEKS,
    WEEKS,
    first_monday,
    intakes,
)

FIELD_ARMS = ("rifle", "artillery", "engineer")
# First day and weeks of the yearly exercises.
EXERCISES = ((5, 11, 2), (9, 7, 3))


@dataclass(frozen=True)
class Hazard:
    """One kind of event by one cause.

    ``per_1000_person_years`` applies to arms that are not in ``arms``. ``hours`` are the mean
    and the spread of the time of day. At most ``most_injured`` people are hurt in one event.
    """

    cause: str
    kind: str
    per_1000_person_years: float
    activities: Sequence[str]
    season: str = "even"
    arms: Mapping[str, float] = field(default_factory=dict)
    hours: tuple[float, float] = (12.0, 3.5)
    course: str = "light"
    most_injured: int = 1
    share_with_cost: float = 0.0
    median_cost_usd: float = 0.0


_FIELD = {"rifle": 1.6, "artillery": 1.3, "engineer": 1.3, "training": 1.5, "headquarters": 0.4}
_WORKSHOP = {"repair": 3.5, "transport": 2.0, "logistics": 1.6, "engineer": 1.6, "training": 0.6}
_DRIVERS = {"transport": 4.0, "rifle": 1.2, "artillery": 1.3, "training": 0.2}

HAZARDS: tuple[Hazard, ...] = (
    Hazard("exertion.running", "injury", 24, ("morning_run", "physical_training"), "intake",
           {"training": 2.2, "rifle": 1.2, "headquarters": 0.6}, (7.5, 1.5), "overuse"),
    Hazard("exertion.sport", "injury", 22, ("sport", "physical_training"), "even",
           {"training": 1.2, "headquarters": 0.8}, (16.5, 1.5), "moderate"),
    Hazard("exertion.load_carriage", "injury", 11, ("march",), "intake", _FIELD, (11, 3),
           "overuse"),
    Hazard("exertion.lifting", "injury", 14, ("loading", "maintenance"), "even",
           {"logistics": 2.4, "transport": 2.0, "artillery": 1.7, "repair": 1.6}, (13, 3),
           "moderate"),
    Hazard("fall.same_level", "injury", 22, ("walking", "daily_duty", "drill", "guard"), "ice",
           {}, (12, 4.5), "light"),
    Hazard("fall.same_level", "near_miss", 6, ("walking", "daily_duty"), "ice"),
    Hazard("fall.same_level", "hazard", 8, ("walking", "barracks"), "ice"),
    Hazard("fall.height", "injury", 6, ("obstacle_course", "loading", "construction"), "even",
           {"engineer": 1.8}, (12, 3), "heavy"),
    Hazard("fall.height", "near_miss", 6, ("construction", "loading", "maintenance")),
    Hazard("force.struck", "injury", 14, ("loading", "maintenance", "exercise", "repair"), "even",
           _FIELD, (13, 3.5), "light"),
    Hazard("force.struck", "near_miss", 7, ("loading", "maintenance", "walking"), "even",
           _WORKSHOP),
    Hazard("force.caught", "injury", 7, ("maintenance", "loading", "repair"), "even", _WORKSHOP,
           (13, 3), "moderate"),
    Hazard("force.caught", "near_miss", 4, ("maintenance", "repair"), "even", _WORKSHOP),
    Hazard("force.machinery", "injury", 2.5, ("repair", "construction"), "even", _WORKSHOP,
           (13, 3), "heavy"),
    Hazard("force.machinery", "near_miss", 4, ("repair",), "even", _WORKSHOP),
    Hazard("force.hand_tool", "injury", 9, ("repair", "kitchen", "maintenance"), "even",
           _WORKSHOP),
    Hazard("force.firearm", "near_miss", 5, ("range", "weapon_cleaning", "guard"), "even", _FIELD,
           (12, 4)),
    Hazard("force.firearm", "injury", 0.1, ("weapon_cleaning",), "even", _FIELD, (12, 4),
           "heavy"),
    Hazard("force.explosion", "dangerous_occurrence", 0.9, ("exercise", "repair"), "even",
           {"artillery": 2.5, "engineer": 2.5}, share_with_cost=0.5, median_cost_usd=600),
    Hazard("force.animal", "injury", 1, ("guard", "field_camp"), "summer"),
    Hazard("force.collapse", "hazard", 2.5, ("construction", "field_camp"), "even",
           {"engineer": 2.5}),
    Hazard("transport.road", "injury", 3.5, ("driving", "convoy"), "ice", _DRIVERS, (14, 4.5),
           "heavy", 3, 0.8, 2500),
    Hazard("transport.road", "near_miss", 6, ("driving", "convoy"), "ice", _DRIVERS, (14, 5)),
    Hazard("transport.off_road", "injury", 3, ("exercise", "convoy"), "exercise", _FIELD,
           (14, 5), "heavy", 3, 0.7, 4000),
    Hazard("transport.off_road", "near_miss", 5, ("exercise", "convoy"), "exercise", _FIELD),
    Hazard("transport.pedestrian", "injury", 0.4, ("maintenance",), "ice", {}, (9, 4), "heavy"),
    Hazard("transport.pedestrian", "near_miss", 2, ("maintenance", "walking"), "ice"),
    Hazard("environment.cold", "injury", 6, ("guard", "field_camp", "snow_clearing"), "frost",
           _FIELD, (9, 6), "light"),
    Hazard("environment.heat", "illness", 5, ("march", "drill", "construction"), "summer", _FIELD,
           (14.5, 2), "illness"),
    Hazard("environment.noise", "injury", 1.5, ("range",), "even", {"artillery": 4}, (13, 3),
           "light"),
    Hazard("fire.hot_substance", "injury", 4, ("kitchen", "repair"), "even",
           {"logistics": 2.5, "repair": 1.5}, (11, 4), "moderate"),
    Hazard("fire.flame", "hazard", 4, ("barracks", "field_camp"), "frost"),
    Hazard("fire.flame", "dangerous_occurrence", 0.8, ("field_camp", "barracks"), "frost",
           {}, (2, 4), share_with_cost=0.8, median_cost_usd=1500),
    Hazard("electricity", "injury", 0.7, ("repair", "maintenance"), "even",
           {"signals": 4, "repair": 2}, (13, 3), "moderate"),
    Hazard("electricity", "hazard", 6, ("barracks", "maintenance"), "even", {"signals": 2}),
    Hazard("chemical.substance", "injury", 1.2, ("maintenance", "repair"), "even", _WORKSHOP,
           (13, 3), "moderate"),
    Hazard("chemical.substance", "near_miss", 2, ("maintenance", "loading"), "even", _WORKSHOP),
    Hazard("chemical.gas", "near_miss", 1.2, ("repair", "field_camp"), "frost", _WORKSHOP),
    Hazard("chemical.gas", "illness", 0.6, ("repair", "field_camp"), "frost", _WORKSHOP,
           (13, 3), "illness", 2),
    Hazard("biological.infection", "illness", 13, ("barracks", "field_camp"), "flu",
           {"training": 1.8, "headquarters": 0.6}, (9, 2), "illness"),
    Hazard("biological.heart", "illness", 0.4, ("physical_training", "daily_duty"), "even",
           {"headquarters": 3}, (10, 4), "heart"),
    Hazard("violence.other", "injury", 1.6, ("barracks",), "even", {"training": 1.5}, (20, 3),
           "light"),
    Hazard("drowning", "near_miss", 0.5, ("swimming",), "summer", _FIELD),
    Hazard("other", "near_miss", 3.5, ("barracks", "walking")),
)  # fmt: skip


def seasons(last_day: dt.date) -> dict[str, np.ndarray]:
    """Seasonal factors by name: the rate of a hazard in each week, relative to its mean.

    Returns
    -------
    dict of numpy.ndarray
        Shape ``(WEEKS,)`` each, mean about 1 over a year.
    """
    start = first_monday(last_day)
    days = [start + dt.timedelta(weeks=week, days=3) for week in range(WEEKS)]
    # 1 in the middle of January, -1 in the middle of July.
    cold = np.array([math.cos(2 * math.pi * (d.timetuple().tm_yday - 15) / 365.25) for d in days])
    return {
        "even": np.ones(WEEKS),
        "ice": 0.4 + 1.26 * np.maximum(cold, 0) ** 0.75,
        "frost": 0.02 + 3.8 * np.maximum(cold, 0) ** 2,
        "summer": 0.02 + 3.8 * np.maximum(-cold, 0) ** 2,
        "flu": 0.6 + 1.6 * np.maximum(cold, 0) ** 2,
        "exercise": np.array([_exercise_factor(day) for day in days]),
        "intake": np.array([_intake_factor(day, last_day) for day in days]),
    }


def _exercise_factor(day: dt.date) -> float:
    for month, first, weeks in EXERCISES:
        if 0 <= (day - dt.date(day.year, month, first)).days < 7 * weeks:
            return 6.0
    return 0.5


def _intake_factor(day: dt.date, last_day: dt.date) -> float:
    """More overuse injuries during the training of recruits, most of them in the first half."""
    for arrival in intakes(last_day):
        week = (day - arrival).days // 7
        if 0 <= week < INTAKE_WEEKS:
            return 1.5 if week < INTAKE_WEEKS // 2 else 1.2
    return 0.7


def weekly_means(
    strength: np.ndarray, arms: Sequence[str], last_day: dt.date, *, total: float
) -> np.ndarray:
    """Expected events by hazard, week and unit, without differences between units.

    Parameters
    ----------
    strength : numpy.ndarray
        Shape ``(WEEKS, units)``, people.
    arms : sequence of str
        The arm of each unit.
    last_day : datetime.date
        The Sunday on which the period ends.
    total : float
        Events in the whole period and brigade; all rates are scaled to give this total.

    Returns
    -------
    numpy.ndarray
        Shape ``(len(HAZARDS), WEEKS, units)``, events.
    """
    season = seasons(last_day)
    # Near misses are reported more often every year.
    readiness = 1 + 0.08 * np.arange(WEEKS) / 52
    means = np.empty((len(HAZARDS), *strength.shape))
    for index, hazard in enumerate(HAZARDS):
        factor = np.array([hazard.arms.get(arm, 1.0) for arm in arms])
        shape = season[hazard.season]
        if hazard.kind in ("near_miss", "hazard"):
            shape = shape * readiness
        means[index] = hazard.per_1000_person_years * shape[:, None] * strength * factor
    scaled: np.ndarray = means * (total / means.sum())
    return scaled
