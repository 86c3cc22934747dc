"""What a question on the command line names: a unit, a sign-in, the end of a day."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext as _

from qorgau.analysis.rate_question import RateQuestionError
from qorgau.foundation.identity.models import User
from qorgau.foundation.identity.queries import user_of_name
from qorgau.records.people.models import Unit
from qorgau.records.people.queries import newest_versions_by_code


def unit_of_code(code: str) -> Unit:
    version = newest_versions_by_code([code]).get(code)
    if version is None:
        raise RateQuestionError(_("There is no unit with the code %(code)s.") % {"code": code})
    return version.unit


def sign_in_named(username: str) -> User:
    user = user_of_name(username)
    if user is None:
        raise RateQuestionError(_("Nobody signs in as %(name)s.") % {"name": username})
    return user


def end_of(day: dt.date | None) -> dt.datetime | None:
    return timezone.make_aware(dt.datetime.combine(day, dt.time.max)) if day else None
