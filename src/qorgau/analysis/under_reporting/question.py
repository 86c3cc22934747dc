"""What is asked about under-reporting, and which questions have no answer."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext as _

from qorgau.analysis.answers import QuestionError
from qorgau.foundation.identity.models import User
from qorgau.foundation.identity.roles import Capability
from qorgau.records.people.models import Unit
from qorgau.records.people.queries import may

# By value: without Django's plugin the type checker takes a member for its (value, label) pair.
SEE_MEDICAL = Capability("see_medical")
USUAL_TOLERANCE_DAYS = 3
MOST_TOLERANCE_DAYS = 31


@dataclass(frozen=True)
class UnderReportingQuestion:
    """What is asked: of a unit with all below it, from the first day to the last.

    Attributes
    ----------
    unit : Unit
    first_day, last_day : date
        Both included.
    tolerance_days : int
        How far apart the days of one injury may be in the two registers.
    as_of : datetime or None
        The register as it was at a moment; now if None.
    """

    unit: Unit
    first_day: dt.date
    last_day: dt.date
    tolerance_days: int = USUAL_TOLERANCE_DAYS
    as_of: dt.datetime | None = None


def check_question(user: User, question: UnderReportingQuestion) -> None:
    """Refuse a question about a unit of which the user may not see medical detail.

    Raises
    ------
    QuestionError
        With the reason.
    """
    if not may(user, SEE_MEDICAL, question.unit):
        raise QuestionError(
            _(
                "This question needs medical details of the unit, and your role does not let you "
                "see them."
            )
        )
