"""Appending to the journal; nothing here changes or removes a row."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from typing import Any

from django.db import transaction

from qorgau.foundation import clock
from qorgau.foundation.bulk_writes import insert_many
from qorgau.foundation.journal.actions import JournalAction
from qorgau.foundation.journal.chain import GENESIS, canonical_details, digest_of_row
from qorgau.foundation.journal.models import JournalEntry, JournalHead

SYSTEM = "system"


def append_entry(
    action: JournalAction,
    *,
    subject: uuid.UUID,
    acting_user: Any | None,
    at: dt.datetime | None = None,
) -> JournalEntry:
    """Append one row within the caller's transaction; ``acting_user`` None is the system."""
    return append_entries([(action, subject)], acting_user=acting_user, at=at)[0]


def append_entries(
    changes: Iterable[tuple[JournalAction, uuid.UUID]],
    *,
    acting_user: Any | None,
    at: dt.datetime | None = None,
) -> list[JournalEntry]:
    """Append many rows at once, each an action on a record, within the caller's transaction."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("The journal is written in the transaction of the change itself.")
    moment = at or clock.now()
    actor = SYSTEM if acting_user is None else acting_user.get_username()
    head = _locked_head()
    rows = []
    for action, subject in changes:
        details = canonical_details(action.details())
        sequence = head.sequence + 1
        digest = digest_of_row(
            sequence=sequence,
            at=moment,
            actor=actor,
            action=action.key,
            subject_kind=action.subject_kind,
            subject_uuid=subject,
            details=details,
            previous_digest=head.digest,
        )
        rows.append(
            JournalEntry(
                sequence=sequence,
                at=moment,
                actor=actor,
                action=action.key,
                subject_kind=action.subject_kind,
                subject_uuid=subject,
                details=details,
                previous_digest=head.digest,
                digest=digest,
            )
        )
        head.sequence, head.digest = sequence, digest
    insert_many(rows)
    head.save()
    return rows


def _locked_head() -> JournalHead:
    """The head row, locked until the transaction ends: writers form one chain."""
    locked = JournalHead.objects.select_for_update()
    head = locked.filter(pk=1).first()
    if head is None:
        # Two first writers at once: one creates the head, then both queue for it.
        JournalHead.objects.get_or_create(pk=1, defaults={"sequence": 0, "digest": GENESIS})
        head = locked.get(pk=1)
    return head
