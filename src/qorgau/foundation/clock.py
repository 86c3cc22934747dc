"""The only place that reads the machine's clock; all other code receives the time."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

# Open-ended validity as a date, so that "in force on that day" is two indexed comparisons.
FOREVER = dt.date(9999, 12, 31)
HOUR = dt.timedelta(hours=1)


def now() -> dt.datetime:
    return timezone.now()


def known_by(moment: dt.datetime | None) -> dt.datetime:
    """The requested moment, or now when it is None or in the future."""
    return min(moment or now(), now())


def hour_of(moment: dt.datetime) -> dt.datetime:
    """When the hour of a moment began, in UTC."""
    return moment.astimezone(dt.UTC).replace(minute=0, second=0, microsecond=0)


def today() -> dt.date:
    return timezone.localdate()


def local_date(moment: dt.datetime) -> dt.date:
    """The calendar day of a moment in the time zone of the installation."""
    return timezone.localdate(moment)
