"""Reporting points: who makes and withdraws them, and what is found at their address."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from qorgau.foundation.identity.roles import CAPABILITIES, Capability, Role
from qorgau.foundation.journal.models import JournalEntry
from qorgau.records.reporting.queries import reporting_point_of, reporting_points_managed_by
from qorgau.records.reporting.services import make_reporting_point, withdraw_reporting_point
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", Role.values)
def test_only_who_looks_after_the_unit_makes_and_withdraws_its_points(
    world: World, role: str
) -> None:
    point = make_reporting_point(unit=world.company, place="Gate 2", acting_user=None)
    inside, outside = world.inside[role], world.outside[role]
    with pytest.raises(PermissionDenied):
        make_reporting_point(unit=world.company, acting_user=outside)
    with pytest.raises(PermissionDenied):
        withdraw_reporting_point(point=point, acting_user=outside)
    assert not reporting_points_managed_by(outside)
    if Capability.MANAGE_REPORTING_POINTS in CAPABILITIES[role]:
        assert list(reporting_points_managed_by(inside)) == [point]
        withdraw_reporting_point(point=point, acting_user=inside)
        assert not reporting_points_managed_by(inside)
    else:
        assert not reporting_points_managed_by(inside)
        with pytest.raises(PermissionDenied):
            withdraw_reporting_point(point=point, acting_user=inside)


def test_a_point_is_found_as_it_is_copied_from_the_poster_until_it_is_withdrawn(
    world: World,
) -> None:
    point = make_reporting_point(unit=world.company, acting_user=None)
    typed = f" {point.code[:4]}-{point.code[4:]} ".lower().replace("0", "o").replace("1", "l")
    assert reporting_point_of(typed) == point
    withdraw_reporting_point(point=point, acting_user=None)
    assert reporting_point_of(point.code) is None
    with pytest.raises(ValidationError, match="withdrawn already"):
        withdraw_reporting_point(point=point, acting_user=None)


def test_the_journal_holds_neither_code_nor_place(world: World) -> None:
    point = make_reporting_point(unit=world.company, place="Behind the stove", acting_user=None)
    entry = JournalEntry.objects.order_by("-sequence")[0]
    assert (entry.action, entry.subject_uuid) == ("reporting.point_made", world.company.uuid)
    assert "stove" not in str(entry.details)
    assert point.code not in str(entry.details)
