"""Where people report without an account, and what those who reported are shown."""

from __future__ import annotations

from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from qorgau.foundation.identifiers import new_point_code, new_uuid

LONGEST_RELEASE = 4000
LONGEST_REASON = 2000


def _bounded_text(label: object, longest: int, *, blank: bool = False) -> models.TextField:
    return models.TextField(
        label, blank=blank, max_length=longest, validators=[MaxLengthValidator(longest)]
    )


class ReleasedFinding(models.Model):
    """What the reporters of an incident are shown, from a moment until it is replaced or withdrawn.

    A correction is a row of its own: what somebody may have read is still known afterwards.
    """

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    incident = models.ForeignKey(
        "incidents.Incident", on_delete=models.PROTECT, related_name="released_findings"
    )
    text = _bounded_text(_("text for the reporter"), LONGEST_RELEASE)
    released_at = models.DateTimeField(_("released"))
    ended_at = models.DateTimeField(_("until"), null=True, blank=True)
    withdrawal_reason = _bounded_text(_("reason"), LONGEST_REASON, blank=True)

    class Meta:
        verbose_name = _("released finding")
        verbose_name_plural = _("released findings")
        constraints = [
            models.UniqueConstraint(
                fields=["incident"],
                name="one_released_finding_at_a_time",
                condition=Q(ended_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.incident_id}, {self.released_at:%Y-%m-%d}"


class ReportingPoint(models.Model):
    """An address on a poster, with the unit and the place that a report sent there begins with.

    A report keeps the unit and the place, and never the point: the poster that somebody stood
    before, of the several of a place, says more than what was reported.
    """

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    code = models.CharField(
        _("code in the address"),
        max_length=8,
        unique=True,
        default=new_point_code,
        editable=False,
    )
    unit = models.ForeignKey(
        "people.Unit", on_delete=models.PROTECT, related_name="+", verbose_name=_("unit")
    )
    site = models.ForeignKey(
        "places.Site",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("site"),
    )
    place = models.CharField(_("where it happened"), max_length=200, blank=True)
    made_at = models.DateTimeField(_("made"))
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)

    class Meta:
        verbose_name = _("reporting point")
        verbose_name_plural = _("reporting points")

    def __str__(self) -> str:
        return self.code

    @property
    def place_in_words(self) -> str:
        """What the form begins with."""
        return self.place or (self.site.name if self.site else "")
