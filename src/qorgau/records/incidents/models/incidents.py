"""Reports that people send, the incidents they become, who was involved, and the injuries."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import (
    BaseValidator,
    MaxLengthValidator,
    MaxValueValidator,
    MinValueValidator,
)
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from qorgau.foundation.identifiers import new_salt, new_uuid, random_row_key
from qorgau.records.incidents.choices import (
    BodyRegion,
    Cause,
    ClosingReason,
    Confidentiality,
    DutyStatus,
    IncidentState,
    Intent,
    InvolvedRole,
    Kind,
    Nature,
    Outcome,
    OveruseType,
    Precision,
    ReportState,
    SeverityClass,
    Side,
    Treatment,
)
from qorgau.records.people.choices import Category, Sex

# More people hurt than this in one report is a slip of the finger; each would get a row.
MOST_INJURED = 2000
LONGEST_ABSENCE_DAYS = 36_525  # A hundred years.


def _long_text(label: object, longest: int) -> models.TextField:
    """A long text; the model, not only a form, checks its length."""
    return models.TextField(
        label, blank=True, max_length=longest, validators=[MaxLengthValidator(longest)]
    )


def _between(least: int, most: int) -> list[BaseValidator]:
    return [MinValueValidator(least), MaxValueValidator(most)]


def _decimal(label: object, least: int, most: int) -> models.FloatField:
    return models.FloatField(label, null=True, blank=True, validators=_between(least, most))


class Event(models.Model):
    """What a report and an incident have in common: what happened, when and where."""

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    occurred_at = models.DateTimeField(_("when it happened"))
    precision = models.CharField(
        _("time known"), max_length=6, choices=Precision, default=Precision.MINUTE
    )
    area = models.ForeignKey(
        "places.Area",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("area"),
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
    latitude = _decimal(_("latitude"), -90, 90)
    longitude = _decimal(_("longitude"), -180, 180)
    narrative = _long_text(_("what happened"), 20000)
    immediate_action = _long_text(_("what was done at once"), 5000)
    is_synthetic = models.BooleanField(_("synthetic"), default=False)

    class Meta:
        abstract = True


class Report(Event):
    # Random: a running number would show the order in which reports arrived.
    id = models.BigIntegerField(primary_key=True, default=random_row_key, editable=False)
    unit = models.ForeignKey(
        "people.Unit",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="reports",
        verbose_name=_("unit"),
    )
    injured_count = models.PositiveSmallIntegerField(
        _("people hurt"), default=0, validators=[MaxValueValidator(MOST_INJURED)]
    )
    state = models.CharField(
        _("state"), max_length=10, choices=ReportState, default=ReportState.RECEIVED
    )
    reported_at = models.DateTimeField(_("reported"))
    reporter = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="reports",
    )
    # Digests, not the secrets: a copy of the database does not open an anonymous report.
    submission_digest = models.CharField(max_length=64, unique=True, editable=False)
    receipt_digest = models.CharField(max_length=64, unique=True, editable=False)
    incident = models.ForeignKey(
        "Incident", on_delete=models.PROTECT, null=True, blank=True, related_name="reports"
    )
    closing_reason = models.CharField(_("reason"), max_length=20, choices=ClosingReason, blank=True)
    closing_note = _long_text(_("note to the reporter"), 2000)

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        indexes = [
            models.Index(
                fields=["reported_at", "id"],
                name="report_waiting",
                condition=Q(state=ReportState.RECEIVED),
            ),
            models.Index(fields=["reporter", "reported_at"]),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.occurred_at:%Y-%m-%d}"

    @property
    def is_anonymous(self) -> bool:
        return self.reporter_id is None


class Incident(Event):
    number = models.CharField(_("number"), max_length=20, unique=True, editable=False)
    unit = models.ForeignKey(
        "people.Unit", on_delete=models.PROTECT, related_name="incidents", verbose_name=_("unit")
    )
    # The calendar day where the installation is: what weeks and rates are counted by.
    occurred_on = models.DateField(_("day"), editable=False)
    state = models.CharField(
        _("state"), max_length=24, choices=IncidentState, default=IncidentState.TRIAGED
    )
    cause = models.CharField(_("cause"), max_length=28, choices=Cause, default=Cause.UNKNOWN)
    intent = models.CharField(
        _("intent"), max_length=16, choices=Intent, default=Intent.UNINTENTIONAL
    )
    duty_status = models.CharField(
        _("duty"), max_length=8, choices=DutyStatus, default=DutyStatus.UNKNOWN
    )
    activity = models.CharField(_("activity"), max_length=200, blank=True)
    weather = models.CharField(_("weather"), max_length=120, blank=True)
    cost_amount = models.DecimalField(
        _("cost of damage"),
        max_digits=14,
        decimal_places=2,
        null=True,
        blank=True,
        validators=_between(0, 10**11),
    )
    cost_currency = models.CharField(_("currency"), max_length=3, default="USD")
    severity_class = models.CharField(
        _("severity class"), max_length=1, choices=SeverityClass, blank=True, editable=False
    )
    severity_basis = models.CharField(max_length=40, blank=True, editable=False)
    confidentiality = models.CharField(
        _("confidentiality"),
        max_length=8,
        choices=Confidentiality,
        default=Confidentiality.PLAIN,
    )
    finding = _long_text(_("finding"), 20000)
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="duplicates"
    )
    merged_at = models.DateTimeField(null=True, blank=True, editable=False)
    reported_at = models.DateTimeField(_("reported"))
    recorded_at = models.DateTimeField(_("recorded"))
    # Since when the register says what it says now; earlier states are revisions.
    revised_at = models.DateTimeField(editable=False)
    salt = models.BinaryField(default=new_salt, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    source = models.CharField(_("source"), max_length=60, blank=True)
    source_key = models.CharField(max_length=120, blank=True, editable=False)
    source_fingerprint = models.CharField(max_length=64, blank=True, editable=False)
    # The version that the source wrote last; a later one means that a person has changed it since.
    source_version = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("incident")
        verbose_name_plural = _("incidents")
        constraints = [
            models.UniqueConstraint(
                fields=["source", "source_key"],
                name="incident_source_once",
                condition=~Q(source_key=""),
            )
        ]
        indexes = [
            models.Index(fields=["-occurred_at", "-id"], name="incident_newest"),
            models.Index(fields=["unit", "-occurred_at"], name="incident_unit"),
            models.Index(fields=["occurred_on", "unit", "kind", "cause"], name="incident_count"),
            # Whole, not only of the open: SQLite cannot match a bound parameter to a condition.
            models.Index(fields=["state", "unit", "-occurred_at"], name="incident_open"),
        ]

    def __str__(self) -> str:
        return self.number


class InvolvedPerson(models.Model):
    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="involved")
    person = models.ForeignKey(
        "people.Person", on_delete=models.PROTECT, null=True, blank=True, related_name="involved"
    )
    role = models.CharField(
        _("role"), max_length=10, choices=InvolvedRole, default=InvolvedRole.INJURED
    )
    sex = models.CharField(_("sex"), max_length=8, choices=Sex, default=Sex.UNKNOWN)
    age_years = models.PositiveSmallIntegerField(
        _("age"), null=True, blank=True, validators=[MaxValueValidator(120)]
    )
    category = models.CharField(_("category"), max_length=12, choices=Category, blank=True)
    occupation = models.CharField(_("occupation"), max_length=120, blank=True)
    experience_years = _decimal(_("years in the job"), 0, 80)
    duty_status = models.CharField(
        _("duty"), max_length=8, choices=DutyStatus, default=DutyStatus.UNKNOWN
    )
    protective_equipment = models.CharField(
        _("protective equipment worn"), max_length=120, blank=True
    )
    hours_awake = _decimal(_("hours awake"), 0, 240)

    class Meta:
        verbose_name = _("person involved")
        verbose_name_plural = _("people involved")

    def __str__(self) -> str:
        return f"{self.role} in {self.incident_id}"


class Injury(models.Model):
    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    involved = models.ForeignKey(InvolvedPerson, on_delete=models.CASCADE, related_name="injuries")
    body_region = models.CharField(
        _("body region"), max_length=16, choices=BodyRegion, default=BodyRegion.UNSPECIFIED
    )
    nature = models.CharField(
        _("nature of the injury"), max_length=16, choices=Nature, default=Nature.UNSPECIFIED
    )
    overuse_type = models.CharField(
        _("overuse injury"), max_length=20, choices=OveruseType, blank=True
    )
    side = models.CharField(_("side"), max_length=14, choices=Side, default=Side.NOT_APPLICABLE)
    icd_code = models.CharField(_("ICD-10 code"), max_length=10, blank=True)
    mechanism = models.CharField(_("mechanism"), max_length=28, choices=Cause, blank=True)
    intent = models.CharField(
        _("intent"), max_length=16, choices=Intent, default=Intent.UNINTENTIONAL
    )
    outcome = models.CharField(
        _("outcome"), max_length=20, choices=Outcome, default=Outcome.UNKNOWN
    )
    treatment = models.CharField(
        _("treatment"), max_length=12, choices=Treatment, default=Treatment.UNKNOWN
    )
    days_away = models.PositiveIntegerField(
        _("days away"), default=0, validators=[MaxValueValidator(LONGEST_ABSENCE_DAYS)]
    )
    days_limited = models.PositiveIntegerField(
        _("days on limited duty"), default=0, validators=[MaxValueValidator(LONGEST_ABSENCE_DAYS)]
    )

    class Meta:
        verbose_name = _("injury")
        verbose_name_plural = _("injuries")

    def __str__(self) -> str:
        return f"{self.nature} of {self.body_region}"


class SeverityThreshold(models.Model):
    """From which cost a class applies, and from when until when that was the rule."""

    scheme = models.CharField(_("scheme"), max_length=20)
    severity_class = models.CharField(_("severity class"), max_length=1, choices=SeverityClass)
    cost_at_least = models.DecimalField(_("cost at least"), max_digits=14, decimal_places=2)
    currency = models.CharField(_("currency"), max_length=3)
    effective_from = models.DateField(_("from"))
    effective_until = models.DateField(_("until"))
    is_verified = models.BooleanField(_("checked against the original"), default=False)
    source = models.CharField(_("source"), max_length=200)

    class Meta:
        verbose_name = _("severity threshold")
        verbose_name_plural = _("severity thresholds")
        constraints = [
            models.UniqueConstraint(
                fields=["scheme", "severity_class", "currency", "effective_from"],
                name="severity_threshold_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.scheme} {self.severity_class}"
