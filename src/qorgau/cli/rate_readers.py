"""With whose eyes a command reads rates."""

from __future__ import annotations

from django.utils.translation import gettext as _

from qorgau.analysis.rate_question import RateQuestionError
from qorgau.cli.asked import sign_in_named
from qorgau.foundation.identity.models import User
from qorgau.foundation.identity.roles import Capability
from qorgau.records.people.models import Unit
from qorgau.records.people.queries import users_who_may


def reader_of_rates(username: str, *units: Unit) -> User:
    """The sign-in named, else the first that may see rates of every unit."""
    if username:
        return sign_in_named(username)
    first, *others = (users_who_may(Capability.SEE_RATES, unit) for unit in units)
    for readers in others:
        first = first.filter(pk__in=readers.values("pk"))
    reader = first.first()
    if reader is None:
        raise RateQuestionError(
            _("Nobody may see rates of this unit yet. Give a role with: qorgau users grant")
        )
    return reader
