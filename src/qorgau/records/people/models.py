"""Organisations, units in a tree that changes over time, people, and strength."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from qorgau.foundation.clock import FOREVER
from qorgau.foundation.identifiers import new_uuid
from qorgau.foundation.identity.roles import Role
from qorgau.foundation.languages import NamedInThreeLanguages
from qorgau.records.people.choices import (
    Category,
    Echelon,
    OrganisationKind,
    RequestKind,
    RequestState,
    Sex,
)

_ENDS_AFTER_START = Q(valid_until__gt=F("valid_from"))


class Organisation(NamedInThreeLanguages):
    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    code = models.CharField(_("code"), max_length=40, unique=True)
    kind = models.CharField(_("kind"), max_length=12, choices=OrganisationKind)
    country = models.CharField(_("country"), max_length=2, default="KZ")

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")

    def __str__(self) -> str:
        return self.name or self.code


class Unit(models.Model):
    """What never changes when a unit moves or gets a new name: its code and its lifetime."""

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    code = models.CharField(_("code"), max_length=80, unique=True)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="units", verbose_name=_("organisation")
    )
    opened_on = models.DateField(_("opened"))
    closed_on = models.DateField(_("closed"), default=FOREVER)
    is_synthetic = models.BooleanField(_("synthetic"), default=False)

    class Meta:
        verbose_name = _("unit")
        verbose_name_plural = _("units")

    def __str__(self) -> str:
        return self.code


class UnitVersion(NamedInThreeLanguages):
    """The parent and the names of a unit, from a day until (not including) another."""

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="versions")
    parent = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="child_versions"
    )
    echelon = models.CharField(_("echelon"), max_length=12, choices=Echelon)
    area = models.ForeignKey(
        "places.Area", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    valid_from = models.DateField(_("from"))
    valid_until = models.DateField(_("until"), default=FOREVER)

    class Meta:
        verbose_name = _("unit version")
        verbose_name_plural = _("unit versions")
        constraints = [
            models.UniqueConstraint(fields=["unit", "valid_from"], name="unit_version_once"),
            models.CheckConstraint(condition=_ENDS_AFTER_START, name="unit_version_ends_later"),
        ]
        indexes = [models.Index(fields=["parent", "valid_from", "valid_until"])]

    def __str__(self) -> str:
        return self.name or str(self.unit_id)


class UnitAncestry(models.Model):
    """Which unit belonged to which, from when until when: a subtree on a day is one range read.

    Derived from the versions by ``services``; every unit is below itself at depth 0.
    ``is_latest`` marks the last known tree, closed units included; access depends on it.
    """

    ancestor = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="below")
    descendant = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="above")
    depth = models.PositiveSmallIntegerField()
    valid_from = models.DateField()
    valid_until = models.DateField(default=FOREVER)
    is_latest = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["ancestor", "descendant", "valid_from"], name="unit_ancestry_once"
            ),
            models.CheckConstraint(condition=_ENDS_AFTER_START, name="unit_ancestry_ends_later"),
        ]
        indexes = [
            models.Index(fields=["ancestor", "valid_from", "valid_until", "descendant"]),
            models.Index(fields=["ancestor", "is_latest", "descendant"]),
            models.Index(fields=["descendant", "valid_from", "valid_until"]),
        ]

    def __str__(self) -> str:
        return f"{self.descendant_id} under {self.ancestor_id}"


class UnitSuccession(models.Model):
    """A unit was split into, or merged into, others."""

    predecessor = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="successions")
    successor = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="origins")
    on = models.DateField(_("date"))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["predecessor", "successor"], name="succession_once")
        ]

    def __str__(self) -> str:
        return f"{self.predecessor_id} > {self.successor_id}"


class Person(models.Model):
    """A person under a pseudonymous code; only ``PersonIdentity`` says who it is."""

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    code = models.CharField(_("code"), max_length=40, unique=True)
    sex = models.CharField(_("sex"), max_length=8, choices=Sex, default=Sex.UNKNOWN)
    birth_year = models.PositiveSmallIntegerField(_("year of birth"), null=True, blank=True)
    occupation = models.CharField(_("occupation"), max_length=120, blank=True)
    is_synthetic = models.BooleanField(_("synthetic"), default=False)

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")

    def __str__(self) -> str:
        return self.code


class PersonIdentity(models.Model):
    """Who a person is. Read only through ``identities_visible_to``."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="identity")
    family_name = models.CharField(_("family name"), max_length=120)
    given_name = models.CharField(_("given name"), max_length=120)
    patronymic = models.CharField(_("patronymic"), max_length=120, blank=True)
    service_number = models.CharField(_("service number"), max_length=40, blank=True)

    class Meta:
        verbose_name = _("identity")
        verbose_name_plural = _("identities")

    def __str__(self) -> str:
        return f"identity of {self.person_id}"


class Posting(models.Model):
    """A person served in a unit, in a category, from a day until (not including) another."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="postings")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="postings")
    category = models.CharField(_("category"), max_length=12, choices=Category)
    valid_from = models.DateField(_("from"))
    valid_until = models.DateField(_("until"), default=FOREVER)

    class Meta:
        verbose_name = _("posting")
        verbose_name_plural = _("postings")
        constraints = [
            models.UniqueConstraint(fields=["person", "valid_from"], name="posting_once"),
            models.CheckConstraint(condition=_ENDS_AFTER_START, name="posting_ends_later"),
        ]
        indexes = [models.Index(fields=["unit", "valid_from", "valid_until"])]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.unit_id}"


class StrengthReport(models.Model):
    """How many served in a unit itself (its sub-units report their own) over a period."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="strength_reports")
    category = models.CharField(
        _("category"), max_length=12, choices=Category, default=Category.ALL
    )
    valid_from = models.DateField(_("from"))
    valid_until = models.DateField(_("until"))
    strength = models.PositiveIntegerField(_("strength"))
    is_synthetic = models.BooleanField(_("synthetic"), default=False)

    class Meta:
        verbose_name = _("strength report")
        verbose_name_plural = _("strength reports")
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "category", "valid_from"], name="strength_report_once"
            ),
            models.CheckConstraint(condition=_ENDS_AFTER_START, name="strength_ends_later"),
        ]
        indexes = [models.Index(fields=["unit", "valid_from", "valid_until"])]

    def __str__(self) -> str:
        return f"{self.unit_id}: {self.strength}"


class RoleGrant(models.Model):
    """A user holds a role over a unit and everything below it, from a day until another."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="role_grants"
    )
    role = models.CharField(_("role"), max_length=20, choices=Role)
    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="role_grants")
    valid_from = models.DateField(_("from"))
    valid_until = models.DateField(_("until"), default=FOREVER)

    class Meta:
        verbose_name = _("role grant")
        verbose_name_plural = _("role grants")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role", "unit", "valid_from"], name="role_grant_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.role} of {self.unit_id}"


class AccessRequest(models.Model):
    """What one administrator may not do alone: it waits until a second one approves it.

    A role over a unit, with its days; or for somebody who reads what is guarded a new password or
    the end of a second factor.
    """

    uuid = models.UUIDField(default=new_uuid, unique=True, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="access_requests"
    )
    kind = models.CharField(_("what is requested"), max_length=16, choices=RequestKind)
    role = models.CharField(_("role"), max_length=20, choices=Role, blank=True)
    unit = models.ForeignKey(
        Unit, on_delete=models.CASCADE, null=True, blank=True, related_name="access_requests"
    )
    valid_from = models.DateField(_("from"), null=True, blank=True)
    valid_until = models.DateField(_("until"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=400)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField(_("requested"))
    expires_at = models.DateTimeField(_("expires"))
    state = models.CharField(
        _("state"), max_length=12, choices=RequestState, default=RequestState.WAITING
    )
    # None of a request that was decided at the machine itself: the journal says by whom.
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)

    class Meta:
        verbose_name = _("access request")
        verbose_name_plural = _("access requests")
        indexes = [models.Index(fields=["state", "expires_at"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.user_id}"
