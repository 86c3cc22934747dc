"""The question of a unit's reporting delays, and when it has no answer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from qorgau.analysis.answers import QuestionError
from qorgau.foundation.identity.models import User
from qorgau.foundation.identity.roles import Capability
from qorgau.records.people.models import Unit
from qorgau.records.people.queries import may

# By value: without Django's plugin the type checker takes a member for its (value, label) pair.
SEE_SIGNALS = Capability("see_signals")


@dataclass(frozen=True)
class DelayQuestion:
    """What is asked of the register.

    Attributes
    ----------
    unit : Unit
        The unit with all below it.
    as_of : datetime or None
        The register as it was at a moment; now if None.
    so_far : mapping of date to float, or None
        Incidents of a smaller series reported so far, by the Monday of their week, to be corrected
        by these delays; all incidents of the unit if None.
    counted : str
        "all", or "plain" without confidential incidents; as much as the reader may know if empty.
    """

    unit: Unit
    as_of: dt.datetime | None = None
    so_far: Mapping[dt.date, float] | None = None
    counted: str = ""


def check_question(user: User, question: DelayQuestion) -> None:
    """Refuse a question about a unit of which the user may not see signals.

    Raises
    ------
    QuestionError
        With the reason.
    """
    if not may(user, SEE_SIGNALS, question.unit):
        raise QuestionError(_("Your role does not let you see signals for this unit."))
