"""What the register said of an incident before: kept when it is changed, and never changed."""

from __future__ import annotations

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _

from qorgau.foundation.identifiers import new_salt
from qorgau.records.incidents.choices import (
    Cause,
    Confidentiality,
    IncidentState,
    Kind,
    SeverityClass,
)
from qorgau.records.incidents.models.incidents import Incident


class IncidentRevision(models.Model):
    """A past state of an incident: what the register said from a moment until another.

    The present state is the incident itself, so that a new incident costs nothing more. The columns
    have the names that they have there: what counts is asked of both in the same words.
    """

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="revisions")
    version = models.PositiveIntegerField(_("version"))
    valid_from = models.DateTimeField(_("from"))
    valid_until = models.DateTimeField(_("until"))
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    unit = models.ForeignKey("people.Unit", on_delete=models.PROTECT, related_name="+")
    occurred_on = models.DateField(_("day"))
    cause = models.CharField(_("cause"), max_length=28, choices=Cause)
    severity_class = models.CharField(
        _("severity class"), max_length=1, choices=SeverityClass, blank=True
    )
    state = models.CharField(_("state"), max_length=24, choices=IncidentState)
    confidentiality = models.CharField(_("confidentiality"), max_length=8, choices=Confidentiality)
    merged_into = models.ForeignKey(
        Incident, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    merged_at = models.DateTimeField(null=True, blank=True)
    is_synthetic = models.BooleanField(default=False)
    source = models.CharField(max_length=60, blank=True)
    recorded_at = models.DateTimeField()
    # "|conscript|officer|": the categories of those hurt, so that they can be asked for.
    injured_categories = models.TextField(blank=True)
    # Every other field, and those involved with their injuries.
    fields = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    involved = models.JSONField(default=list, blank=True, encoder=DjangoJSONEncoder)
    # Makes a digest of the values worthless to who guesses them.
    salt = models.BinaryField(default=new_salt, editable=False)

    class Meta:
        verbose_name = _("earlier version")
        verbose_name_plural = _("earlier versions")
        constraints = [
            models.UniqueConstraint(fields=["incident", "version"], name="incident_revision_once")
        ]
        indexes = [
            models.Index(fields=["occurred_on", "unit", "kind", "cause"], name="revision_count"),
        ]

    def __str__(self) -> str:
        return f"{self.incident_id}, {self.version}"
