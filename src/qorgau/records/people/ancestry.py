"""Keeping ``UnitAncestry`` true when units are made, moved or closed. Called by services alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from qorgau.foundation.clock import FOREVER
from qorgau.records.people.models import Unit, UnitAncestry, UnitVersion
from qorgau.records.people.rules import Span


def units_by_code(codes: Iterable[str]) -> dict[str, Unit]:
    return {unit.code: unit for unit in Unit.objects.filter(code__in=list(codes))}


def stands_under(unit: Unit, above: Unit, *, from_day: dt.date) -> bool:
    """Whether ``unit`` is ``above`` or stands under it on that day or at any time after it."""
    return UnitAncestry.objects.filter(
        ancestor=above, descendant=unit, valid_until__gt=from_day
    ).exists()


def first_below(unit: Unit, on: dt.date) -> Unit | None:
    row = UnitAncestry.objects.filter(ancestor=unit, depth__gt=0, valid_until__gt=on)
    first = row.select_related("descendant").first()
    return first.descendant if first else None


def add_new_units(versions: Sequence[UnitVersion]) -> None:
    """Rows of units just made: each under itself and under all that its parent stands under."""
    waiting = {version.unit_id: version for version in versions}
    made: dict[int, list[UnitAncestry]] = {}
    outside = {v.parent_id for v in versions if v.parent_id} - set(waiting)
    for row in UnitAncestry.objects.filter(descendant_id__in=outside):
        made.setdefault(row.descendant_id, []).append(row)
    new: list[UnitAncestry] = []
    for version in _parents_first(waiting):
        life = Span(version.valid_from, version.valid_until)
        rows = [_row(version.unit_id, version.unit_id, 0, life)]
        for above in made.get(version.parent_id or 0, []):
            shared = Span(above.valid_from, above.valid_until).meet(life)
            if shared:
                rows.append(_row(above.ancestor_id, version.unit_id, above.depth + 1, shared))
        made[version.unit_id] = rows
        new.extend(rows)
    UnitAncestry.objects.bulk_create(new, batch_size=2000)


def _parents_first(waiting: dict[int, UnitVersion]) -> Iterable[UnitVersion]:
    done: set[int] = set()
    for version in waiting.values():
        chain = []
        at: UnitVersion | None = version
        while at is not None and at.unit_id not in done:
            done.add(at.unit_id)
            chain.append(at)
            at = waiting.get(at.parent_id or 0)
        yield from reversed(chain)


def move_unit(unit: Unit, parent: Unit | None, on: dt.date) -> None:
    """From ``on`` the unit, with all below it, stands under ``parent`` and what that is under."""
    below = list(
        UnitAncestry.objects.filter(ancestor=unit, valid_until__gt=on).select_related("descendant")
    )
    inside = {row.descendant_id for row in below}
    stays = UnitAncestry.objects.filter(descendant_id__in=inside, valid_until__gt=on).exclude(
        ancestor_id__in=inside
    )
    stays.filter(valid_from__gte=on).delete()
    stays.update(valid_until=on, is_latest=False)
    if parent is None:
        return
    above = UnitAncestry.objects.filter(descendant=parent, valid_until__gt=on)
    from_then_on = Span(on, FOREVER)
    new = []
    for high in above:
        for low in below:
            high_span = Span(high.valid_from, high.valid_until).meet(from_then_on)
            shared = high_span and Span(low.valid_from, low.valid_until).meet(high_span)
            if shared:
                depth = high.depth + low.depth + 1
                row = _row(high.ancestor_id, low.descendant_id, depth, shared)
                row.is_latest = shared.end == low.descendant.closed_on
                new.append(row)
    UnitAncestry.objects.bulk_create(new, batch_size=2000)


def end_unit(unit: Unit, on: dt.date) -> None:
    """A closed unit's rows end with it, and stay its last known place."""
    rows = UnitAncestry.objects.filter(descendant=unit, valid_until__gt=on)
    rows.filter(valid_from__gte=on).delete()
    rows.update(valid_until=on)


def _row(ancestor_id: int, descendant_id: int, depth: int, span: Span) -> UnitAncestry:
    return UnitAncestry(
        ancestor_id=ancestor_id,
        descendant_id=descendant_id,
        depth=depth,
        valid_from=span.start,
        valid_until=span.end,
        is_latest=span.end == FOREVER,
    )
