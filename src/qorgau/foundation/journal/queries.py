"""Reads of the journal."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from django.db.models import Q, QuerySet

from qorgau.foundation.journal.actors import WITH_ACCOUNT, ActorKind
from qorgau.foundation.journal.models import JournalEntry


def entries_about(subjects: Iterable[uuid.UUID]) -> QuerySet[JournalEntry]:
    """What happened to these records, oldest first. The caller has shown that they are visible."""
    return JournalEntry.objects.filter(subject_uuid__in=list(subjects)).order_by("sequence")


def latest_entries() -> QuerySet[JournalEntry]:
    """Every entry, newest first; for those who may see the journal."""
    return JournalEntry.objects.order_by("-sequence")


def written_by(name: str, accounts: Iterable[str]) -> Q:
    """The condition on entries of these accounts, or of whom the name is in entries of before.

    The names of the kinds without an account, ``system`` and ``anonymous``, are taken too.
    """
    named = Q(actor_kind="", actor=name) | Q(actor_kind=ActorKind.SYSTEM, actor=name)
    if name in (ActorKind.SYSTEM, ActorKind.ANONYMOUS):
        named |= Q(actor_kind=name)
    return named | Q(actor_kind__in=WITH_ACCOUNT, actor__in=list(accounts))
