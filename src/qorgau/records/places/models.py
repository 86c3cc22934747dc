"""Areas as a tree with codes and names in three languages; their boundaries; sites."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from qorgau.foundation.identifiers import new_uuid
from qorgau.foundation.languages import NamedInThreeLanguages
from qorgau.records.places import rules
from qorgau.records.places.choices import AreaLevel, NameSource, SiteKind

_LATITUDE = [MinValueValidator(-90), MaxValueValidator(90)]
_LONGITUDE = [MinValueValidator(-180), MaxValueValidator(180)]


class Area(NamedInThreeLanguages):
    """One unit of the administrative division of a country."""

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    country = models.CharField(
        _("country"),
        max_length=2,
        default="KZ",
        validators=[RegexValidator(r"^[A-Z]{2}\Z", _("Give the two capital letters of ISO 3166."))],
    )
    code = models.CharField(_("code"), max_length=30)
    level = models.CharField(_("level"), max_length=12, choices=AreaLevel.choices)
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("part of"),
    )
    # The row's number and those of all areas above, written by the services; see rules.path_of.
    path = models.CharField(max_length=160, blank=True, editable=False)
    name_source = models.CharField(
        _("source of the names"),
        max_length=12,
        choices=NameSource.choices,
        default=NameSource.ENTERED,
        editable=False,
    )
    iso_3166_2 = models.CharField(_("ISO 3166-2 code"), max_length=6, blank=True)
    latitude = models.FloatField(
        _("latitude of a point inside"), null=True, blank=True, validators=_LATITUDE
    )
    longitude = models.FloatField(
        _("longitude of a point inside"), null=True, blank=True, validators=_LONGITUDE
    )
    valid_from = models.DateField(_("in force from"), null=True, blank=True)
    valid_until = models.DateField(_("in force until"), null=True, blank=True)

    class Meta:
        verbose_name = _("area")
        verbose_name_plural = _("areas")
        ordering = ["country", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["country", "code"],
                name="area_code_once_per_country",
                violation_error_message=_("This country already has an area with this code."),
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True)
                | Q(valid_from__isnull=True)
                | Q(valid_until__gte=F("valid_from")),
                name="area_valid_from_before_until",
                violation_error_message=_("An area cannot end before it begins."),
            ),
        ]
        indexes = [
            models.Index(fields=["path"], name="area_path"),
            models.Index(fields=["level", "country"], name="area_level_country"),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        parent = self.parent
        if parent is None:
            return
        if self.path and parent.path.startswith(self.path):
            problem = _("An area cannot be part of itself. Choose an area outside it.")
        elif parent.country != self.country:
            problem = _("Choose an area of the same country.")
        elif not rules.may_be_parent(parent.level, self.level):
            problem = _("Choose an area of a higher level: this one cannot contain it.")
        else:
            return
        raise ValidationError({"parent": problem})

    @property
    def name(self) -> str:
        """The name in the active language; without one, any name; without any, the code."""
        return super().name or self.code

    @property
    def short_name(self) -> str:
        """The name without the word for region, for maps and narrow columns."""
        return rules.short_name(self.name)


class AreaBoundary(models.Model):
    """The outline of an area, in a separate table so that lists of areas stay light."""

    area = models.OneToOneField(
        Area, on_delete=models.CASCADE, related_name="boundary", verbose_name=_("area")
    )
    geometry = models.TextField(_("geometry (GeoJSON)"))
    simplified_geometry = models.TextField(_("geometry for the national view (GeoJSON)"))
    west = models.FloatField(_("west"), validators=_LONGITUDE)
    south = models.FloatField(_("south"), validators=_LATITUDE)
    east = models.FloatField(_("east"), validators=_LONGITUDE)
    north = models.FloatField(_("north"), validators=_LATITUDE)
    credit = models.CharField(_("whose boundaries they are"), max_length=200, blank=True)
    # Of the geometry as read from the file: the same file is recognised before it is repaired.
    source_digest = models.CharField(max_length=64, editable=False)
    is_repaired = models.BooleanField(_("repaired on import"), default=False)

    class Meta:
        verbose_name = _("boundary of an area")
        verbose_name_plural = _("boundaries of areas")

    def __str__(self) -> str:
        return str(self.area)


class Site(models.Model):
    """A place with coordinates: a barracks, a range, a shelter."""

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=200)
    area = models.ForeignKey(
        Area, on_delete=models.PROTECT, related_name="sites", verbose_name=_("area")
    )
    kind = models.CharField(
        _("kind"), max_length=20, choices=SiteKind.choices, default=SiteKind.OTHER
    )
    latitude = models.FloatField(_("latitude"), null=True, blank=True, validators=_LATITUDE)
    longitude = models.FloatField(_("longitude"), null=True, blank=True, validators=_LONGITUDE)
    is_synthetic = models.BooleanField(_("synthetic"), default=False)

    class Meta:
        verbose_name = _("site")
        verbose_name_plural = _("sites")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__isnull=False, longitude__isnull=False),
                name="site_both_coordinates_or_none",
                violation_error_message=_("Give both the latitude and the longitude, or neither."),
            ),
        ]

    def __str__(self) -> str:
        return self.name
