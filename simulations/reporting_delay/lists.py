"""Line lists whose delays are known: what was reported by a day, and what all came to.

The first is like the outbreak of 2011 of which `husO104Hosp` in the R package surveillance tells:
one wave of some 600 cases over two months, reported a week late on average. The others are like a
register: three years with a season, most reports within the week and some much later.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

WEEK = 7
# A Monday; day 0 of every list.
FIRST_DAY = np.datetime64("2010-01-04")


@dataclass(frozen=True, eq=False)
class DelayedList:
    """One list seen at the end of one Sunday.

    `occurred` and `reported` hold the weeks, or days, of all cases, from 0, also of those not
    reported yet; the last that is known is `last`.
    `is_of_series` tells those of the series that is corrected; the delays come from all.
    """

    occurred: np.ndarray
    reported: np.ndarray
    is_of_series: np.ndarray
    last: int


@dataclass(frozen=True)
class Setting:
    """How lists of a kind are drawn, in steps of so many days, and how long delays may be.

    `shown` are the steps that are looked at, counted back from the newest.
    """

    name: str
    longest_delay: int
    draw: Callable[[np.random.Generator], DelayedList]
    step_days: int = WEEK
    shown: tuple[int, ...] = (0, 1, 2, 3)


def outbreak(rng: np.random.Generator, step_days: int = WEEK) -> DelayedList:
    """One wave, seen on one of the Sundays from its rise to its end."""
    days = rng.gamma(4.0, 5.5, size=rng.poisson(600)).astype(np.int64)
    delays = np.minimum(rng.gamma(2.6, 2.7, size=days.size), 5 * WEEK).astype(np.int64)
    last_day = WEEK * int(rng.integers(4, 9)) + WEEK - 1
    return _in_steps(days, days + delays, last_day, step_days)


def register(rng: np.random.Generator, weekly: float, share: float = 1.0) -> DelayedList:
    """Three years of a unit with so many cases a week, of which a smaller one has a share."""
    weeks = 156
    season = np.exp(0.3 * np.cos(2 * np.pi * np.arange(weeks) / 52))
    counts = rng.poisson(weekly * season * rng.gamma(20.0, 1 / 20.0, size=weeks))
    days = np.repeat(np.arange(weeks) * WEEK, counts) + rng.integers(0, WEEK, counts.sum())
    found = _in_steps(days, days + _register_delays(rng, days.size), 141 * WEEK - 1)
    return replace(found, is_of_series=rng.random(days.size) < share)


def slower(rng: np.random.Generator) -> DelayedList:
    """A register in which delays have doubled eight weeks ago, which the method takes for granted
    has not happened."""
    found = register(rng, 50.0)
    is_slow = found.occurred > found.last - 8
    late = found.occurred + 2 * (found.reported - found.occurred) + (rng.random(is_slow.size) < 0.2)
    reported = np.where(is_slow, np.minimum(late, found.occurred + 12), found.reported)
    return replace(found, reported=reported)


def _register_delays(rng: np.random.Generator, size: int) -> np.ndarray:
    """Days: within hours as a rule, one in ten between one and six weeks."""
    quick = rng.exponential(1.5, size)
    late = rng.uniform(WEEK, 6 * WEEK, size)
    return np.where(rng.random(size) < 0.1, late, np.minimum(quick, WEEK)).astype(np.int64)


def _in_steps(
    days: np.ndarray, reported: np.ndarray, last_day: int, step_days: int = WEEK
) -> DelayedList:
    every = np.ones(days.size, dtype=bool)
    return DelayedList(days // step_days, reported // step_days, every, last_day // step_days)


SETTINGS = (
    Setting("outbreak of 600", 6, outbreak),
    Setting(
        "outbreak, day by day",
        36,
        lambda rng: outbreak(rng, step_days=1),
        step_days=1,
        shown=(4, 6, 9, 13),
    ),
    Setting("register, 5 a week", 12, lambda rng: register(rng, 5.0)),
    Setting("register, 50 a week", 12, lambda rng: register(rng, 50.0)),
    Setting("unit with 1 of 50 a week", 12, lambda rng: register(rng, 50.0, share=0.02)),
    Setting("register, delays doubled", 12, slower),
)


def draw_list(setting: Setting, replicate: int, *, seed: int) -> DelayedList:
    """Draw a replicate, numbered from 0; it does not depend on how many are drawn."""
    place = SETTINGS.index(setting)
    return setting.draw(np.random.default_rng([seed, place, replicate]))
