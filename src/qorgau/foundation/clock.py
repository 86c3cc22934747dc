"""The one place that asks the machine what time it is; everything else is told."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

# Open-ended validity as a date, so that "in force on that day" is two indexed comparisons.
FOREVER = dt.date(9999, 12, 31)


def now() -> dt.datetime:
    return timezone.now()


def known_by(asked: dt.datetime | None) -> dt.datetime:
    """The moment that was asked for, and now if none was; what is to come is not known yet."""
    return min(asked or now(), now())


def today() -> dt.date:
    return timezone.localdate()


def local_date(moment: dt.datetime) -> dt.date:
    """The calendar day of a moment where the installation is."""
    return timezone.localdate(moment)
