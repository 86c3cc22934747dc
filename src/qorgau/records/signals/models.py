"""Detection runs and the signals they raised."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from qorgau.foundation.identifiers import new_uuid
from qorgau.records.signals.choices import CountedIncidents, SignalState


class DetectionRun(models.Model):
    """One look at the newest week (or a past one) of a unit's subtree, and how it was done."""

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    unit = models.ForeignKey("people.Unit", on_delete=models.PROTECT, related_name="+")
    week_start = models.DateField(_("week from"))
    as_of = models.DateTimeField(_("as of"))
    method = models.CharField(_("method"), max_length=60)
    method_version = models.CharField(_("version"), max_length=20)
    parameters = models.JSONField(_("parameters"), default=dict)
    caveats = models.JSONField(_("caveats"), default=list)
    counted = models.CharField(
        _("counted"), max_length=5, choices=CountedIncidents, default=CountedIncidents.ALL
    )
    series_tested = models.PositiveIntegerField(_("series tested"))
    series_untested = models.PositiveIntegerField(_("series without a result"), default=0)
    run_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    finished_at = models.DateTimeField(_("finished"))

    class Meta:
        verbose_name = _("detection run")
        verbose_name_plural = _("detection runs")
        indexes = [models.Index(fields=["-week_start", "-id"])]

    def __str__(self) -> str:
        return f"{self.method} {self.week_start}"


class Signal(models.Model):
    """A count that is higher than expected, until a person says what it is.

    The same rise in the next week updates the signal (``last_week``) and does not make another.
    """

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    unit = models.ForeignKey("people.Unit", on_delete=models.PROTECT, related_name="signals")
    # A kind of incident, or a node of the cause tree.
    measure = models.CharField(_("what is counted"), max_length=60)
    counted = models.CharField(
        _("counted"), max_length=5, choices=CountedIncidents, default=CountedIncidents.ALL
    )
    first_week = models.DateField(_("first week"))
    last_week = models.DateField(_("last week"))
    observed = models.FloatField(_("observed"))
    expected = models.FloatField(_("expected"))
    upper_bound = models.FloatField(_("bound"))
    p_value = models.FloatField(_("p-value"), null=True, blank=True)
    score = models.FloatField(_("score"), null=True, blank=True)
    run = models.ForeignKey(DetectionRun, on_delete=models.PROTECT, related_name="signals")
    state = models.CharField(
        _("state"), max_length=20, choices=SignalState, default=SignalState.NEW
    )
    reason = models.TextField(_("reason"), blank=True, max_length=5000)
    triaged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    triaged_at = models.DateTimeField(_("decided"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    is_synthetic = models.BooleanField(_("synthetic"), default=False)

    class Meta:
        verbose_name = _("signal")
        verbose_name_plural = _("signals")
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "measure", "counted", "first_week"], name="signal_once"
            )
        ]
        indexes = [models.Index(fields=["-last_week", "-id"]), models.Index(fields=["state"])]

    def __str__(self) -> str:
        return f"{self.measure} in {self.unit_id}, {self.first_week}"
