"""Append to the journal; nothing here changes or removes a row."""

from __future__ import annotations

import datetime as dt
import secrets
import uuid
from collections.abc import Iterable
from typing import Any

from django.db import transaction

from qorgau.foundation import clock
from qorgau.foundation.bulk_writes import insert_many
from qorgau.foundation.commits import COMMIT_WITHOUT_WAITING, wait_after_commit
from qorgau.foundation.journal.actions import JournalAction
from qorgau.foundation.journal.actors import ANONYMOUS, actor_of
from qorgau.foundation.journal.chain import GENESIS, canonical_details, digest_of_entry
from qorgau.foundation.journal.models import (
    AnonymousEntry,
    JournalEntry,
    JournalHead,
    JournalNode,
)
from qorgau.foundation.journal.tree import grown_by
from qorgau.foundation.proofs.merkle_tree import GrowingTree
from qorgau.foundation.write_ahead_log import empty_write_ahead_log

# On SQLite the transaction has locked everything when it began.
_COLUMNS = ", ".join(field.column for field in JournalHead._meta.concrete_fields)
_HEAD = f"SELECT {_COLUMNS} FROM {JournalHead._meta.db_table} WHERE id = 1"
_LOCKED_IN_POSTGRES = f"""
    SELECT {_COLUMNS}, {COMMIT_WITHOUT_WAITING} AS waits
    FROM {JournalHead._meta.db_table} WHERE id = 1 FOR UPDATE
"""


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
    moment = at or clock.now()
    actor = actor_of(acting_user)
    head = _locked_head()
    entries = _finished_hours(head)
    written = [
        JournalEntry(
            at=moment,
            actor=actor.name,
            actor_kind=actor.kind,
            action=action.key,
            subject_kind=action.subject_kind,
            subject_uuid=subject,
            details=canonical_details(action.details()),
        )
        for action, subject in changes
    ]
    _append(head, [*entries, *written])
    return written


def append_anonymous_entry(action: JournalAction, *, subject: uuid.UUID) -> None:
    """Store an anonymous entry until its hour is over, within the caller's transaction.

    The first entry in a later hour writes the entries of all earlier hours, in random order
    (decision 0014).
    """
    hour = clock.hour_of(clock.now())
    head = _locked_head()
    if head.pending_since is None:
        head.pending_since = hour
        head.save(update_fields=["pending_since"])
    AnonymousEntry.objects.create(
        hour=hour,
        action=action.key,
        subject_kind=action.subject_kind,
        subject_uuid=subject,
        details=canonical_details(action.details()),
    )
    transaction.on_commit(empty_write_ahead_log, robust=True)


def write_finished_hours() -> int:
    """Write the anonymous entries of completed hours; return their number."""
    with transaction.atomic():
        head = _locked_head()
        entries = _finished_hours(head)
        _append(head, entries)
    return len(entries)


def _finished_hours(head: JournalHead) -> list[JournalEntry]:
    """The anonymous entries of completed hours, in random order and dated by the hour's end."""
    this_hour = clock.hour_of(clock.now())
    if head.pending_since is None or head.pending_since >= this_hour:
        return []
    waiting = list(AnonymousEntry.objects.filter(hour__lt=this_hour))
    secrets.SystemRandom().shuffle(waiting)
    waiting.sort(key=lambda entry: entry.hour)
    AnonymousEntry.objects.filter(hour__lt=this_hour).delete()
    transaction.on_commit(empty_write_ahead_log, robust=True)
    left = AnonymousEntry.objects.order_by("hour").values_list("hour", flat=True)
    head.pending_since = left.first()
    return [
        JournalEntry(
            at=entry.hour + clock.HOUR,
            actor=ANONYMOUS.name,
            actor_kind=ANONYMOUS.kind,
            action=entry.action,
            subject_kind=entry.subject_kind,
            subject_uuid=entry.subject_uuid,
            details=entry.details,
        )
        for entry in waiting
    ]


def _append(head: JournalHead, entries: list[JournalEntry]) -> None:
    """Number the entries, chain them, and write them with the head and what the tree grew by."""
    tree = GrowingTree(head.sequence, bytes(head.edge))
    nodes: list[JournalNode] = []
    for entry in entries:
        entry.sequence = head.sequence + 1
        entry.previous_digest = head.digest
        entry.digest = digest_of_entry(entry)
        head.sequence, head.digest = entry.sequence, entry.digest
        nodes += grown_by(tree, entry.digest)
    head.edge = tree.edge
    insert_many(entries)
    insert_many(nodes)
    head.save()


def _locked_head() -> JournalHead:
    """The head row, locked until the transaction ends, so that writers form one chain."""
    connection = transaction.get_connection()
    if not connection.in_atomic_block:
        raise RuntimeError("The journal is written in the transaction of the change itself.")
    is_postgres = connection.vendor == "postgresql"
    # Written out, because every write asks it: built anew it takes three times as long.
    query = _LOCKED_IN_POSTGRES if is_postgres else _HEAD
    head = next(iter(JournalHead.objects.raw(query)), None)
    if head is None:
        # Two first writers at once: one creates the head, then both queue for it.
        JournalHead.objects.get_or_create(pk=1, defaults={"sequence": 0, "digest": GENESIS})
        head = JournalHead.objects.raw(query)[0]
    if is_postgres:
        wait_after_commit(connection)
    return head
