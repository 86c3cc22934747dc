"""The append-only journal: every change, chained by digests so that tampering is detected."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from qorgau.foundation.identifiers import random_row_key
from qorgau.foundation.journal.actors import ActorKind


class JournalEntry(models.Model):
    sequence = models.BigIntegerField(_("number"), primary_key=True)
    at = models.DateTimeField(_("time"))
    # See `actors.py`; without a kind, in rows of before, the name of the account at that time.
    actor = models.CharField(_("who"), max_length=150)
    actor_kind = models.CharField(
        _("kind of actor"), max_length=9, choices=ActorKind, default="", blank=True
    )
    action = models.CharField(_("action"), max_length=80, db_index=True)
    subject_kind = models.CharField(_("kind of record"), max_length=40)
    subject_uuid = models.UUIDField(_("record"), db_index=True)
    # Text, not JSONField: the digest is over these very bytes, and PostgreSQL reorders jsonb.
    details = models.TextField(_("details"), default="{}")
    # Of what the records say that the row is about; empty where it says nothing of them.
    content = models.CharField(max_length=64, default="", blank=True)
    previous_digest = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("journal entry")
        verbose_name_plural = _("journal entries")
        ordering = ["sequence"]

    def __str__(self) -> str:
        return f"{self.sequence} {self.action}"


class JournalHead(models.Model):
    """The last number and digest: a lock for writers, and proof that no rows at the end are cut."""

    sequence = models.BigIntegerField()
    digest = models.CharField(max_length=64)
    # The complete nodes at the right edge of the tree over all entries, from the largest on.
    edge = models.BinaryField(default=b"")
    # The hour of the oldest anonymous entry that is not written yet; None if there is none.
    pending_since = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.sequence}"


class JournalNode(models.Model):
    """The hash of a complete node of the tree over all entries, so that proofs read few entries.

    Those of lower levels follow from the digests of at most 256 entries.
    """

    level = models.PositiveSmallIntegerField()
    index = models.BigIntegerField()
    hash = models.BinaryField(max_length=32)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["level", "index"], name="journal_node_once")]

    def __str__(self) -> str:
        return f"{self.level}, {self.index}"


class AnonymousEntry(models.Model):
    """An entry about an anonymous person, until its hour is over and it goes into the journal.

    If it were written at once, its number and its neighbours would show to the second when it
    happened. The key is random because a running number would show the order within the hour.
    """

    key = models.BigIntegerField(primary_key=True, default=random_row_key)
    hour = models.DateTimeField(db_index=True)
    action = models.CharField(max_length=80)
    subject_kind = models.CharField(max_length=40)
    subject_uuid = models.UUIDField()
    details = models.TextField(default="{}")

    def __str__(self) -> str:
        return f"{self.action} {self.hour:%Y-%m-%d %H}"
