"""Units some levels below one: which they are, and which units belonged to each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from qorgau.foundation.identity.models import User
from qorgau.foundation.identity.roles import Capability
from qorgau.records.people.models import Unit
from qorgau.records.people.queries import (
    latest_versions,
    stays_below,
    subtree_on,
    unit_ids_visible_to,
    versions_on,
)
from qorgau.records.people.rules import Span

Stays = dict[int, list[Span]]


@dataclass(frozen=True)
class SubUnits:
    """Sub-units of the last day of a span.

    Attributes
    ----------
    units : dict of int to Unit
        By id, in the order of their codes.
    stays : dict of int to dict of int to list of Span
        By sub-unit: when each unit belonged to it (itself included) within the span.
    """

    units: dict[int, Unit]
    stays: dict[int, Stays]


def sub_units_below(
    user: User, unit: Unit, span: Span, *, capability: Capability, depth: int = 1
) -> SubUnits:
    """Sub-units over which the user holds the capability.

    Parameters
    ----------
    user : User
    unit : Unit
        The unit above them.
    span : Span
        Its last day says which sub-units there are.
    capability : Capability
    depth : int
        How many levels below the unit they are.

    Returns
    -------
    SubUnits
    """
    compared = (
        subtree_on(unit, span.end - dt.timedelta(days=1))
        .filter(depth=depth, descendant_id__in=unit_ids_visible_to(user, capability))
        .select_related("descendant")
        .order_by("descendant__code")
    )
    units = {row.descendant_id: row.descendant for row in compared}
    return SubUnits(units, stays_during(list(units), span))


def stays_during(unit_ids: Sequence[int], span: Span) -> dict[int, Stays]:
    """When each unit belonged to each of these, within the span."""
    stays: dict[int, Stays] = {key: {} for key in unit_ids}
    for row in stays_below(unit_ids, span):
        stay = Span(row.valid_from, row.valid_until).meet(span)
        if stay:
            stays[row.ancestor_id].setdefault(row.descendant_id, []).append(stay)
    return stays


def names_during(unit_ids: Sequence[int], span: Span) -> dict[int, str]:
    """What units were called on the last day; the last name known of those closed by then."""
    last_day = span.end - dt.timedelta(days=1)
    known = {version.unit_id: version for version in latest_versions(unit_ids)}
    known |= {version.unit_id: version for version in versions_on(unit_ids, last_day)}
    return {key: version.name or version.unit.code for key, version in known.items()}
