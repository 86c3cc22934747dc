"""Enumerations of people and units."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class OrganisationKind(models.TextChoices):
    MILITARY = "military", _("Armed forces")
    RESCUE = "rescue", _("Rescue service")
    POLICE = "police", _("Police")
    HEALTH = "health", _("Health service")
    CIVIL = "civil", _("Civil authority")
    INDUSTRY = "industry", _("Enterprise")
    OTHER = "other", _("Other")


class Echelon(models.TextChoices):
    BRIGADE = "brigade", _("Brigade")
    BATTALION = "battalion", _("Battalion")
    COMPANY = "company", _("Company")
    PLATOON = "platoon", _("Platoon")
    DEPARTMENT = "department", _("Department")
    STATION = "station", _("Station")
    SITE = "site", _("Site")
    OTHER = "other", _("Other")


class Sex(models.TextChoices):
    FEMALE = "female", _("Female")
    MALE = "male", _("Male")
    UNKNOWN = "unknown", _("Not known")


class Category(models.TextChoices):
    """The category by which strength is reported."""

    CONSCRIPT = "conscript", _("Conscripts")
    CONTRACT = "contract", _("Contract soldiers")
    SERGEANT = "sergeant", _("Sergeants")
    OFFICER = "officer", _("Officers")
    CIVILIAN = "civilian", _("Civilian staff")
    RESCUER = "rescuer", _("Rescuers")
    ALL = "all", _("All categories together")


class RequestKind(models.TextChoices):
    """What a second administrator has to approve."""

    ROLE = "role", _("Role")
    PASSWORD = "password", _("New password")
    SECOND_FACTOR = "second_factor", _("Second step turned off")


class RequestState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    APPROVED = "approved", _("Approved")
    REJECTED = "rejected", _("Rejected")
    WITHDRAWN = "withdrawn", _("Taken back")
