"""Reads of the journal."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from django.db.models import QuerySet

from qorgau.foundation.journal.models import JournalEntry


def entries_about(subjects: Iterable[uuid.UUID]) -> QuerySet[JournalEntry]:
    """What happened to these records, oldest first. The caller has shown that they are visible."""
    return JournalEntry.objects.filter(subject_uuid__in=list(subjects)).order_by("sequence")


def latest_entries() -> QuerySet[JournalEntry]:
    """Every entry, newest first; for those who may see the journal."""
    return JournalEntry.objects.order_by("-sequence")
