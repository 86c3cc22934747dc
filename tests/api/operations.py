"""Who may call which operation: the declaration that the battery tries, role by role.

Every operation of the API must be listed here, otherwise the battery fails. Roles are written out,
not computed from capabilities, so that a capability given by mistake is noticed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from qorgau.foundation.identifiers import new_submission_key
from qorgau.foundation.identity.roles import Role
from qorgau.records.places.models import Area, AreaBoundary
from tests.world import World

R = Role
EVERYBODY = frozenset(Role)
READS_SAFETY = frozenset({R.SAFETY_OFFICER, R.MEDICAL_OFFICER, R.ANALYST, R.COMMANDER, R.AUDITOR})
READS_INCIDENTS = READS_SAFETY | {R.DUTY_OFFICER}
READS_RATES = READS_SAFETY | {R.PLANNER}
READS_UNITS = EVERYBODY - {R.REPORTER}
COUNTS_EXACTLY = frozenset({R.SAFETY_OFFICER, R.MEDICAL_OFFICER, R.ANALYST})
DECIDES_SIGNALS = frozenset({R.SAFETY_OFFICER, R.ANALYST})


@dataclass(frozen=True)
class Operation:
    """One operation, and what each person who tries it must get.

    ``address`` and ``body`` come from the small register. For users of another battalion
    ``elsewhere`` is the answer: 404 where the address names a record, 422 where a parameter does.
    Roles in ``untold`` get it in their own unit too: the operation tells what they may not count.
    """

    roles: frozenset[Role]
    address: Callable[[World], str]
    elsewhere: int = 200
    body: Callable[[World], dict[str, Any]] | None = None
    anonymous: int = 401
    untold: frozenset[Role] = frozenset()


def a_region(_world: World) -> Area:
    return Area.objects.get(country="KZ", code="110000000")


def an_outline(world: World) -> Area:
    AreaBoundary.objects.get_or_create(
        area=a_region(world),
        defaults={
            "geometry": '{"type": "Polygon", "coordinates": [[[69,51],[70,51],[70,52],[69,51]]]}',
            "simplified_geometry": "{}", "west": 69, "south": 51, "east": 70, "north": 52,
            "source_digest": "0" * 64,
        },
    )  # fmt: skip
    return a_region(world)


def a_report(world: World) -> dict[str, Any]:
    return {
        "submission_key": new_submission_key(),
        "kind": "hazard",
        "occurred_at": "2024-05-06T14:30:00+05:00",
        "narrative": "A rotten step.",
        "unit": world.company.code,
    }


def a_decision(_world: World) -> dict[str, Any]:
    return {"to": "explained", "reason": "The winter march."}


OPERATIONS: dict[str, Operation] = {
    "GET /areas": Operation(EVERYBODY, lambda world: "/areas?level=region"),
    "GET /areas/{uuid}": Operation(EVERYBODY, lambda world: f"/areas/{a_region(world).uuid}"),
    "GET /areas/{uuid}/outline": Operation(
        EVERYBODY, lambda world: f"/areas/{an_outline(world).uuid}/outline"
    ),
    "GET /units": Operation(READS_UNITS, lambda world: "/units"),
    "GET /units/{code}": Operation(
        READS_UNITS, lambda world: f"/units/{world.company.code}", elsewhere=404
    ),
    "POST /reports": Operation(EVERYBODY, lambda world: "/reports", body=a_report, elsewhere=422),
    "GET /receipt": Operation(EVERYBODY, lambda world: "/receipt", anonymous=200),
    "GET /incidents": Operation(READS_INCIDENTS, lambda world: "/incidents"),
    "GET /incidents/{number}": Operation(
        READS_INCIDENTS, lambda world: f"/incidents/{world.incident.number}", elsewhere=404
    ),
    "GET /incidents/{number}/versions": Operation(
        READS_INCIDENTS,
        lambda world: f"/incidents/{world.revised_incident().number}/versions",
        elsewhere=404,
    ),
    "GET /rates": Operation(
        READS_RATES,
        lambda world: f"/rates?unit={world.battalion.code}&since=2024-01-01&until=2024-12-31",
        elsewhere=422,
    ),
    "GET /reporting-delay": Operation(
        READS_SAFETY,
        lambda world: f"/reporting-delay?unit={world.battalion.code}",
        elsewhere=422,
    ),
    "GET /rises": Operation(
        DECIDES_SIGNALS,
        lambda world: f"/rises?unit={world.battalion.code}&week=2024-05-06",
        elsewhere=422,
    ),
    "GET /effects": Operation(
        READS_SAFETY,
        lambda world: f"/effects?unit={world.battalion.code}&since=2024-06-10&cause=fall",
        elsewhere=422,
        untold=frozenset({R.PLANNER}),
    ),
    "GET /signals": Operation(READS_SAFETY, lambda world: "/signals"),
    "GET /signals/{uuid}": Operation(
        COUNTS_EXACTLY,
        # The signal of the small register counts all incidents.
        lambda world: f"/signals/{world.signal.uuid}",
        elsewhere=404,
        untold=READS_SAFETY - COUNTS_EXACTLY,
    ),
    "POST /signals/{uuid}/decision": Operation(
        DECIDES_SIGNALS,
        lambda world: f"/signals/{world.signal.uuid}/decision",
        body=a_decision,
        elsewhere=404,
    ),
}
