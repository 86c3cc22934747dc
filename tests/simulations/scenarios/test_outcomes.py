"""Alarms and outbreaks are counted as the page says."""

from __future__ import annotations

import numpy as np

from simulations.scenarios.outcomes import outcome
from simulations.scenarios.series import TESTED
from simulations.scenarios.trials import Trials


def test_alarms_are_counted_as_stated() -> None:
    """One replicate with an outbreak of every size in weeks 10 to 12; size 1 had no case."""
    first, last = np.full((1, 11), 10), np.full((1, 11), 12)
    first[0, :2] = last[0, :2] = -1
    alarm = np.zeros((len(TESTED), 1, 11), dtype=bool)
    alarm[[3, 10], 0, 0] = True  # two false alarms
    alarm[9, 0, 2] = True  # before the outbreak: finds nothing
    alarm[11:13, 0, 3] = True  # one week after its first case
    alarm[10, 0, 4] = True  # at once
    found = outcome(1, "m", "corrected", Trials(np.zeros(0), first, last), alarm, ~alarm)
    assert (found.weeks, found.false_alarms, found.no_result) == (49, 2, 47)
    assert found.outbreaks == (0, *[1] * 9)
    assert found.found == (0, 0, 1, 1, *[0] * 6)
    assert (found.found_after, found.weeks_to_alarm) == ((1, 1, 0, 0), 1)
