"""Plans of boxes, made before their counts are known, and what was published of them."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from qorgau.foundation.identifiers import new_uuid
from qorgau.records.incidents.choices import Confidentiality


class PublicationPlan(models.Model):
    """Boxes of units, causes and months of one year, for one class of confidentiality.

    One plan for each class: readers of different classes learn nothing more by putting together
    what each of them is shown.
    """

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    year = models.PositiveSmallIntegerField(
        _("year"), validators=[MinValueValidator(1900), MaxValueValidator(9998)]
    )
    confidentiality = models.CharField(_("confidentiality"), max_length=8, choices=Confidentiality)
    made_at = models.DateTimeField(_("made"))
    # Ids of the units and names of the causes, in the order in which the boxes number them.
    units = models.JSONField()
    causes = models.JSONField()
    # Of each box its units, causes and months, by number.
    boxes = models.JSONField()
    expected = models.JSONField()
    has_population = models.JSONField()
    target_expected = models.FloatField(_("expected incidents of a box"))
    least_population = models.FloatField(_("people of a box"))
    least_count = models.PositiveSmallIntegerField(_("least count shown"))

    class Meta:
        verbose_name = _("publication plan")
        verbose_name_plural = _("publication plans")
        constraints = [
            models.UniqueConstraint(
                fields=["year", "confidentiality"], name="publication_plan_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.confidentiality}"


class Publication(models.Model):
    """What the boxes that end with a month held when they were published, or restated."""

    plan = models.ForeignKey(PublicationPlan, on_delete=models.CASCADE, related_name="publications")
    last_month = models.PositiveSmallIntegerField()
    is_restatement = models.BooleanField(default=False)
    # The counts are those that the register knew at this moment, whenever they were written.
    known_by = models.DateTimeField(_("as of"))
    # By box and unit: which of them a reader may count himself differs from reader to reader.
    counts = models.JSONField(default=dict, blank=True)

    class Meta:
        verbose_name = _("publication")
        verbose_name_plural = _("publications")
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "last_month", "is_restatement"], name="publication_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.plan_id}, {self.last_month + 1}"
