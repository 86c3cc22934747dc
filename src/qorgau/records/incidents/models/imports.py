"""Files of other systems that were taken into the register, and their rows that were not."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from qorgau.foundation.identifiers import new_uuid


class ImportRun(models.Model):
    """One file taken into the register; its figures are written together with its rows."""

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    source = models.CharField(_("source"), max_length=60)
    file_name = models.CharField(_("file"), max_length=200)
    file_digest = models.CharField(max_length=64, editable=False)
    mapping_digest = models.CharField(max_length=64, editable=False)
    mapping_text = models.TextField(_("mapping"))
    columns = models.JSONField(_("columns"), default=list)
    started_at = models.DateTimeField(_("started"))
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="import_runs",
    )
    row_count = models.PositiveIntegerField(_("rows in the file"))
    last_row_number = models.PositiveIntegerField(default=0, editable=False)
    imported_count = models.PositiveIntegerField(_("imported"), default=0)
    updated_count = models.PositiveIntegerField(_("updated"), default=0)
    unchanged_count = models.PositiveIntegerField(_("unchanged"), default=0)
    duplicate_count = models.PositiveIntegerField(_("duplicate"), default=0)
    rejected_count = models.PositiveIntegerField(_("rejected"), default=0)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        constraints = [
            # Begun again after an interruption, a file goes on where it stopped.
            models.UniqueConstraint(
                fields=["source", "file_digest", "mapping_digest"],
                name="import_run_once_at_a_time",
                condition=Q(finished_at__isnull=True),
            )
        ]
        indexes = [models.Index(fields=["started_by", "-started_at"])]

    def __str__(self) -> str:
        return f"{self.source}: {self.file_name}"

    @property
    def settled_count(self) -> int:
        """Rows that are settled; all of them once the import has finished."""
        return (
            self.imported_count
            + self.updated_count
            + self.unchanged_count
            + self.duplicate_count
            + self.rejected_count
        )


class RejectedRow(models.Model):
    """A row that was not taken, as it came, and why: kept until it comes back corrected."""

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="rejected_rows")
    row_number = models.PositiveIntegerField(_("row"))
    cells = models.JSONField(_("cells"))
    reason = models.TextField(_("reason"))

    class Meta:
        verbose_name = _("rejected row")
        verbose_name_plural = _("rejected rows")
        constraints = [
            models.UniqueConstraint(fields=["run", "row_number"], name="rejected_row_once")
        ]

    def __str__(self) -> str:
        return f"{self.run_id}, row {self.row_number}"
