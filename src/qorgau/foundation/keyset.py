"""Pages by key: the next page begins after the last row seen, however many rows come before it.

A page costs the same at the millionth row as at the first, and a row added meanwhile shifts
nothing. Cursors are signed: what did not come from a page of the same kind of list is refused
before it is read.
"""

from __future__ import annotations

import base64
import datetime as dt
import json
import uuid
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.core.signing import BadSignature, Signer
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Page:
    """Rows in order; a cursor is empty when there are no more rows."""

    rows: list[Any]
    next_cursor: str
    previous_cursor: str


def page_of(
    rows: QuerySet[Any],
    *,
    key: tuple[str, ...],
    size: int,
    after: str = "",
    before: str = "",
) -> Page:
    """One page of ``rows`` ordered by ``key``, e.g. ``("-occurred_at", "-id")``.

    All parts of the key have the same direction, and together they are unique.
    """
    backwards = bool(before) and not after
    order = tuple(_reversed(part) for part in key) if backwards else key
    cursor = before if backwards else after
    wanted = rows.order_by(*order)
    if cursor:
        names = [part.removeprefix("-") for part in key]
        wanted = wanted.filter(_beyond(order, _values_of(cursor, rows.model, names)))
    found = list(wanted[: size + 1])
    further, found = len(found) > size, found[:size]
    if backwards:
        found.reverse()
    has_next = further or bool(found) if backwards else further
    has_previous = further if backwards else bool(after) and bool(found)
    return Page(
        rows=found,
        next_cursor=_cursor_of(found[-1], key) if found and has_next else "",
        previous_cursor=_cursor_of(found[0], key) if found and has_previous else "",
    )


def _reversed(part: str) -> str:
    return part[1:] if part.startswith("-") else f"-{part}"


def _beyond(order: tuple[str, ...], values: list[object]) -> Q:
    """Rows after ``values``: greater in the first part, or equal there and greater in the next."""
    way = "lt" if order[0].startswith("-") else "gt"
    names = [part.removeprefix("-") for part in order]
    beyond, equal = Q(), Q()
    for name, value in zip(names, values, strict=True):
        beyond |= equal & Q(**{f"{name}__{way}": value})
        equal &= Q(**{name: value})
    # Repeated on its own, so that the database starts there in the index on the first part.
    return Q(**{f"{names[0]}__{way}e": values[0]}) & beyond


def _cursor_of(row: Any, key: tuple[str, ...]) -> str:
    names = [part.removeprefix("-") for part in key]
    plain = [_plain(getattr(row, _shown(type(row), name))) for name in names]
    text = json.dumps(plain, ensure_ascii=False, separators=(",", ":"))
    encoded = base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")
    return _signer(type(row), names).sign(encoded)


def _signer(model: Any, names: list[str]) -> Signer:
    """A cursor of another list has values of other fields."""
    return Signer(sep=".", salt=f"cursor {model._meta.label_lower} {' '.join(names)}")


def _plain(value: object) -> object:
    if isinstance(value, uuid.UUID):
        return str(value)
    return value.isoformat() if isinstance(value, dt.datetime | dt.date) else value


def _shown(model: Any, name: str) -> str:
    """The field in a cursor: of a running number the uuid, as differences would count rows."""
    has_uuid = any(field.name == "uuid" for field in model._meta.concrete_fields)
    return "uuid" if name == "id" and has_uuid else name


def _values_of(cursor: str, model: Any, names: list[str]) -> list[object]:
    """The cursor as values of the key's fields; it comes from outside, and may be forged or old."""
    shown = [_shown(model, name) for name in names]
    fields = [model._meta.get_field(name) for name in shown]
    try:
        encoded = _signer(model, names).unsign(cursor)
        values = json.loads(base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)))
        found = [field.to_python(value) for field, value in zip(fields, values, strict=True)]
        for place, (name, one) in enumerate(zip(names, shown, strict=True)):
            if name != one:
                row = model._default_manager.filter(uuid=found[place]).values_list(name, flat=True)
                found[place] = row.get()
        return found
    except (BadSignature, ObjectDoesNotExist, UnicodeError) as error:
        message = _("This page address is damaged. Start again from the first page.")
        raise ValidationError(message, code="cursor") from error
