"""Enumerations of places."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class AreaLevel(models.TextChoices):
    """From the country down. A rural district and the villages in it are both settlements."""

    REPUBLIC = "republic", _("republic")
    REGION = "region", _("region")
    DISTRICT = "district", _("district")
    SETTLEMENT = "settlement", _("settlement or rural district")


class NameSource(models.TextChoices):
    """Where the names of an area come from; a weaker source never replaces a stronger one."""

    CODE_LIST = "code_list", _("code list")
    BOUNDARIES = "boundaries", _("boundary file")
    SHIPPED = "shipped", _("shipped with Qorgau")
    ENTERED = "entered", _("entered by hand")


class SiteKind(models.TextChoices):
    STATION = "station", _("station or barracks")
    TRAINING_GROUND = "training_ground", _("training ground or range")
    WORKSHOP = "workshop", _("workshop or vehicle park")
    DEPOT = "depot", _("depot or warehouse")
    MEDICAL = "medical", _("medical post or hospital")
    SHELTER = "shelter", _("shelter or reception centre")
    OFFICE = "office", _("office or command post")
    LANDING_SITE = "landing_site", _("airfield or landing site")
    OTHER = "other", _("other")
