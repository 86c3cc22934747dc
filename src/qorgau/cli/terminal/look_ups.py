"""Look-ups for options: a unit, an account, the end of a day, and the account to read as."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext as _

from qorgau.analysis.answers import QuestionError
from qorgau.foundation.identity.models import User
from qorgau.foundation.identity.queries import user_of_name
from qorgau.foundation.identity.roles import Capability
from qorgau.records.people.models import Unit
from qorgau.records.people.queries import newest_versions_by_code, users_who_may


def unit_of_code(code: str) -> Unit:
    version = newest_versions_by_code([code]).get(code)
    if version is None:
        raise QuestionError(_("There is no unit with the code %(code)s.") % {"code": code})
    return version.unit


def account_named(username: str) -> User:
    user = user_of_name(username)
    if user is None:
        raise QuestionError(_("There is no user called %(name)s.") % {"name": username})
    return user


def reader_of_rates(username: str, *units: Unit) -> User:
    """The named account, or the first one that may see the rates of every unit."""
    if username:
        return account_named(username)
    first, *others = (users_who_may(Capability.SEE_RATES, unit) for unit in units)
    for readers in others:
        first = first.filter(pk__in=readers.values("pk"))
    reader = first.first()
    if reader is None:
        raise QuestionError(
            _(
                "No user may see rates of this unit yet. Give someone a role with: qorgau users "
                "grant"
            )
        )
    return reader


def end_of(day: dt.date | None) -> dt.datetime | None:
    return timezone.make_aware(dt.datetime.combine(day, dt.time.max)) if day else None
