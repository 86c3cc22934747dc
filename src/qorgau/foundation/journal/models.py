"""The append-only journal: every change, chained by digests so that tampering is detected."""

from __future__ import annotations

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

    def __str__(self) -> str:
        return f"{self.sequence}"
