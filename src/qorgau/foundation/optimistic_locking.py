"""Two people changed one record: the second gets a message and keeps their input."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


class StaleRecordError(ValidationError):
    """The record has changed since the person began to edit it."""


def require_version(*, seen: int | None, current: int) -> None:
    """Refuse a change made on an older version of the record; None skips the check."""
    if seen is not None and seen != current:
        raise StaleRecordError(
            _(
                "Someone else changed this record while you were editing it. We kept what"
                " you entered: compare it with the current record, then save again."
            ),
            code="stale",
        )
