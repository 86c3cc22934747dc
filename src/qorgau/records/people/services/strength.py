"""Strength: how many served in a unit."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from qorgau.foundation.identity.models import User
from qorgau.foundation.identity.roles import Capability
from qorgau.foundation.journal.services import append_entry
from qorgau.foundation.transactions import one_transaction
from qorgau.records.people.authority import require
from qorgau.records.people.choices import Category
from qorgau.records.people.history import StrengthReported
from qorgau.records.people.models import StrengthReport, Unit


@one_transaction
def report_strength(
    *,
    unit: Unit,
    category: str,
    valid_from: dt.date,
    valid_until: dt.date,
    strength: int,
    is_synthetic: bool = False,
    acting_user: User | None,
) -> StrengthReport:
    """Record how many served in a unit itself over a period; a second report replaces the first."""
    require(acting_user, Capability.MANAGE_UNITS, unit.pk)
    if strength < 0:
        raise ValidationError(
            {"strength": _("Strength is a number of people: it cannot be below zero.")}
        )
    if valid_until <= valid_from:
        raise ValidationError({"valid_until": _("The period must end after it begins.")})
    reports = StrengthReport.objects.filter(unit=unit)
    report = reports.filter(category=category, valid_from=valid_from).first() or StrengthReport(
        unit=unit, category=category, valid_from=valid_from
    )
    overlapping = reports.filter(valid_from__lt=valid_until, valid_until__gt=valid_from)
    if category != Category.ALL:
        # "All together" plus a category would count the people of that category twice.
        overlapping = overlapping.filter(category__in=[category, Category.ALL])
    if overlapping.exclude(pk=report.pk).exists():
        raise ValidationError(
            _("The period overlaps another strength report of %(unit)s. Change that one instead."),
            params={"unit": unit.code},
        )
    report.valid_until, report.strength, report.is_synthetic = valid_until, strength, is_synthetic
    report.full_clean()
    report.save()
    append_entry(
        StrengthReported(category, valid_from, valid_until, strength),
        subject=unit.uuid,
        acting_user=acting_user,
    )
    return report
