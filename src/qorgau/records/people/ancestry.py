"""Keep ``UnitAncestry`` correct when units are created, moved or closed; for services only."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from qorgau.foundation.bulk_writes import insert_many
from qorgau.foundation.clock import FOREVER
from qorgau.records.people.models import Unit, UnitAncestry, UnitVersion
from qorgau.records.people.rules import Span


def units_by_code(codes: Iterable[str]) -> dict[str, Unit]:
    return {unit.code: unit for unit in Unit.objects.filter(code__in=list(codes))}


def is_at_or_below(unit: Unit, above: Unit, *, from_day: dt.date) -> bool:
    """Whether ``unit`` is ``above`` or belongs to it on that day or at any later time."""
    return UnitAncestry.objects.filter(
        ancestor=above, descendant=unit, valid_until__gt=from_day
    ).exists()


def first_below(unit: Unit, on: dt.date) -> Unit | None:
    row = UnitAncestry.objects.filter(ancestor=unit, depth__gt=0, valid_until__gt=on)
    first = row.select_related("descendant").first()
    return first.descendant if first else None


def add_new_units(versions: Sequence[UnitVersion]) -> None:
    """Add rows for new units: each below itself and below everything above its parent."""
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
    insert_many(new)


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


def lock_above(*units: Unit) -> None:
    """Make changes to one part of the tree queue: two at once could close a circle unnoticed."""
    above = UnitAncestry.objects.filter(descendant__in=units).values("ancestor_id")
    list(Unit.objects.select_for_update(no_key=True).filter(pk__in=above).order_by("pk"))


def move_unit(unit: Unit, parent: Unit | None, on: dt.date) -> None:
    """From ``on``, put the unit and all units below it under ``parent`` and those above it."""
    rows = UnitAncestry.objects.filter(ancestor=unit, valid_until__gt=on)
    below = list(rows.select_related("descendant"))
    _leave(below, on)
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
                new.append(_row_of(high.ancestor_id, low.descendant, depth, shared))
    UnitAncestry.objects.bulk_create(new, batch_size=2000)


def _leave(below: Sequence[UnitAncestry], on: dt.date) -> None:
    """Separate units below a moved one from those above it, while they are below it, from ``on``.

    On its other days, a unit that came later or leaves again keeps the units above it.
    """
    low_rows: dict[int, list[UnitAncestry]] = {}
    for low in below:
        low_rows.setdefault(low.descendant_id, []).append(low)
    left, kept = [], []
    stays = UnitAncestry.objects.filter(descendant_id__in=low_rows, valid_until__gt=on)
    for stay in stays.select_related("descendant"):
        # A unit further above than the moved unit is above only through the moved unit.
        through_it = [
            Span(max(low.valid_from, on), low.valid_until)
            for low in low_rows[stay.descendant_id]
            if stay.depth > low.depth
        ]
        whole = Span(stay.valid_from, stay.valid_until)
        pieces = whole.without(through_it)
        if pieces == [whole]:
            continue
        left.append(stay.pk)
        kept.extend(_row_of(stay.ancestor_id, stay.descendant, stay.depth, p) for p in pieces)
    UnitAncestry.objects.filter(pk__in=left).delete()
    UnitAncestry.objects.bulk_create(kept, batch_size=2000)


def end_unit(unit: Unit, on: dt.date) -> None:
    """End the rows of a closed unit; they remain its last known place."""
    rows = UnitAncestry.objects.filter(descendant=unit)
    rows.filter(valid_from__gte=on).delete()
    rows.filter(valid_until__gt=on).update(valid_until=on)
    rows.filter(valid_until=on).update(is_latest=True)


def _row(ancestor_id: int, descendant_id: int, depth: int, span: Span) -> UnitAncestry:
    return UnitAncestry(
        ancestor_id=ancestor_id,
        descendant_id=descendant_id,
        depth=depth,
        valid_from=span.start,
        valid_until=span.end,
        is_latest=span.end == FOREVER,
    )


def _row_of(ancestor_id: int, unit: Unit, depth: int, span: Span) -> UnitAncestry:
    """A row of a unit that may be closed: its latest place is the last one it had."""
    row = _row(ancestor_id, unit.pk, depth, span)
    row.is_latest = span.end == unit.closed_on
    return row
