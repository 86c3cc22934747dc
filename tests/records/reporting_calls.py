"""One real call of every service of reporting points and released findings."""

from __future__ import annotations

from collections.abc import Callable

from qorgau.foundation.identity.models import User
from qorgau.records.reporting import services as reporting
from tests.world import World

Call = Callable[[], object]

TOLD = "The gate is gritted before dawn now."


def release_finding(world: World, who: User) -> Call:
    return lambda: reporting.release_finding_to_reporter(
        incident=world.incident, text=TOLD, acting_user=who
    )


def withdraw_finding(world: World, who: User) -> Call:
    reporting.release_finding_to_reporter(incident=world.incident, text=TOLD, acting_user=None)
    return lambda: reporting.withdraw_released_finding(
        incident=world.incident, reason="A second fall at the same gate.", acting_user=who
    )


def make_point(world: World, who: User) -> Call:
    return lambda: reporting.make_reporting_point(
        unit=world.company, place="Range", acting_user=who
    )


def withdraw_point(world: World, who: User) -> Call:
    point = reporting.make_reporting_point(unit=world.company, place="Range", acting_user=None)
    return lambda: reporting.withdraw_reporting_point(point=point, acting_user=who)


def restore_point(world: World, who: User) -> Call:
    made = reporting.make_reporting_point(unit=world.company, place="Range", acting_user=None)
    point = reporting.withdraw_reporting_point(point=made, acting_user=None)
    return lambda: reporting.restore_reporting_point(point=point, acting_user=who)


REPORTING_CALLS: dict[str, Callable[[World, User], Call]] = {
    "reporting.release_finding_to_reporter": release_finding,
    "reporting.withdraw_released_finding": withdraw_finding,
    "reporting.make_reporting_point": make_point,
    "reporting.withdraw_reporting_point": withdraw_point,
    "reporting.restore_reporting_point": restore_point,
}
