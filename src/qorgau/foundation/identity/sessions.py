"""Sessions that are over do not stay in the register."""

from __future__ import annotations

from django.contrib.sessions.models import Session

from qorgau.foundation import clock


def sweep_expired_sessions() -> None:
    """Remove them; SQLite overwrites what it removes (`secure_delete`)."""
    Session.objects.filter(expire_date__lt=clock.now()).delete()
