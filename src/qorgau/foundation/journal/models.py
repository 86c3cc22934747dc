"""The append-only journal: every change, chained by digests so that tampering is detected."""

from __future__ import annotations

import secrets

from django.db import models
from django.utils.translation import gettext_lazy as _


class JournalEntry(models.Model):
    sequence = models.BigIntegerField(_("number"), primary_key=True)
    at = models.DateTimeField(_("time"))
    actor = models.CharField(_("who"), max_length=150)
    action = models.CharField(_("action"), max_length=80, db_index=True)
    subject_kind = models.CharField(_("kind of record"), max_length=40)
    subject_uuid = models.UUIDField(_("record"), db_index=True)
    # Text, not JSONField: the digest is over these very bytes, and PostgreSQL reorders jsonb.
    details = models.TextField(_("details"), default="{}")
    previous_digest = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("journal entry")
        verbose_name_plural = _("journal entries")
        ordering = ["sequence"]

    def __str__(self) -> str:
        return f"{self.sequence} {self.action}"


class JournalHead(models.Model):
    """The last number and digest: the lock of writers, and how a cut-off tail is noticed."""

    sequence = models.BigIntegerField()
    digest = models.CharField(max_length=64)
    # The hour of the oldest anonymous entry that is still to be written; None if none is.
    pending_since = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.sequence}"


def random_key() -> int:
    """A primary key that says nothing about when a row was made."""
    return secrets.randbits(63)


class AnonymousEntry(models.Model):
    """What an anonymous person did, until its hour is over and it goes into the journal.

    Written there at once, its number and the entries around it would say when it happened, to the
    second. The key is random because a running number would keep the order within the hour.
    """

    key = models.BigIntegerField(primary_key=True, default=random_key)
    hour = models.DateTimeField(db_index=True)
    action = models.CharField(max_length=80)
    subject_kind = models.CharField(max_length=40)
    subject_uuid = models.UUIDField()
    details = models.TextField(default="{}")

    def __str__(self) -> str:
        return f"{self.action} {self.hour:%Y-%m-%d %H}"
