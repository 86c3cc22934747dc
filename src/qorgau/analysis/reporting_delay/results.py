"""How late incidents are recorded, and what the newest weeks will come to, in plain numbers."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from qorgau.analysis.answers import Caveat, Provenance
from qorgau.analysis.flat_answers import spread_out

LONGEST_DELAY_WEEKS = 12
# From here on a week is as good as complete.
AS_GOOD_AS_ALL = 0.995
CONFIDENCE = 0.95


@dataclass(frozen=True)
class DelayedWeek:
    """A week of which reports may still come.

    Attributes
    ----------
    week : date
        Its Monday.
    reported : float
        Incidents reported so far.
    share_reported : float
        Estimated share of the week's incidents that this is.
    corrected, lower, upper : float
        Incidents the week will come to once all are reported, and limits.
    """

    week: dt.date
    reported: float
    share_reported: float
    corrected: float
    lower: float
    upper: float

    @property
    def is_complete(self) -> bool:
        """Whether hardly anything is still to come."""
        return self.share_reported >= AS_GOOD_AS_ALL or self.upper <= self.reported


@dataclass(frozen=True)
class ReportingDelay:
    """How late incidents of a unit are recorded.

    Attributes
    ----------
    unit_code : str
        The unit that the delays are of.
    weeks : tuple of DelayedWeek
        The newest whole weeks, oldest first; empty where the delay is not known.
    delay_share : tuple of float
        Estimated share of incidents recorded with a delay of 0, 1, ... weeks, as of the
        weekday and hour of `as_of`.
    cases : int
        Incidents that the delays come from.
    recorded_later : int
        Incidents recorded with a longer delay than the estimate allows for.
    without_delay : int
        Incidents that were there when recording from their source began.
    provenance : Provenance
        The question, the period in which these incidents occurred, and the method.
    caveats : tuple of Caveat
        What a reader must know before using the figures.
    confidence : float
        Level of the limits.
    """

    unit_code: str
    weeks: tuple[DelayedWeek, ...]
    delay_share: tuple[float, ...]
    cases: int
    recorded_later: int
    without_delay: int
    caveats: tuple[Caveat, ...]
    provenance: Provenance = field(metadata=spread_out())
    confidence: float = CONFIDENCE

    def share_on(self, monday: dt.date) -> float | None:
        """Share of a week's incidents reported; None where it is not known or the week not over."""
        if not self.weeks or monday > self.weeks[-1].week:
            return None
        shares = {week.week: week.share_reported for week in self.weeks}
        older = 1.0 if len(self.delay_share) > LONGEST_DELAY_WEEKS else None
        return shares.get(monday, older)
