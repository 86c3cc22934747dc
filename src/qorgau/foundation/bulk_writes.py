"""Check and write thousands of rows of one table at the cost of hundreds.

Django checks each value of each row and compiles an INSERT for every few rows. Here each different
value is checked once, and one statement writes all rows. The same values are accepted and stored.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Sequence
from operator import attrgetter
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connections, router
from django.db.models import AutoField, Field, Model

# Types that are stored unchanged once they have been cleaned.
_PLAIN = frozenset(
    (
        "BooleanField",
        "CharField",
        "FloatField",
        "IntegerField",
        "PositiveIntegerField",
        "PositiveSmallIntegerField",
        "TextField",
    )
)
# A statement has room for a limited number of parameters.
_LOOKED_UP_AT_ONCE = 500


def clean_many(rows: Sequence[Model], *, exclude: Collection[str] = ()) -> None:
    """Call ``clean_fields`` for every row; the first bad value raises the error of its row."""
    if not rows:
        return
    for field in rows[0]._meta.concrete_fields:
        if field.name in exclude or isinstance(field, AutoField):
            continue
        known: dict[Hashable, Any] = {}
        name = field.attname
        for row in rows:
            value = getattr(row, name)
            if field.blank and value in field.empty_values:
                continue
            try:
                cleaned = known[value]
            except (KeyError, TypeError):
                cleaned = _cleaned(field, value, row)
                if isinstance(value, Hashable):
                    known[value] = cleaned
            if cleaned is not value:
                setattr(row, name, cleaned)


def _cleaned(field: Field, value: Any, row: Model) -> Any:
    try:
        return field.clean(value, row)
    except ValidationError as error:
        raise ValidationError({field.name: error.error_list}) from None


def insert_many(rows: Sequence[Model], *, key_field: str | None = None) -> None:
    """Insert cleaned rows within the caller's transaction; no field may set its own value.

    With ``key_field``, a unique field, each row receives its new primary key.
    """
    if not rows:
        return
    connection = connections[router.db_for_write(type(rows[0]))]
    statement, fields = _insertion(type(rows[0]), connection)
    with connection.cursor() as cursor:
        stored = _stored_values(rows, fields, connection)
        if len(stored) == 1:
            # PostgreSQL answers this once, and three times where there may be more.
            cursor.execute(statement, stored[0])
        else:
            cursor.executemany(statement, stored)
    if key_field is not None:
        for start in range(0, len(rows), _LOOKED_UP_AT_ONCE):
            _give_primary_keys(rows[start : start + _LOOKED_UP_AT_ONCE], key_field)
    _mark_stored(rows, connection)


def insert_if_new(row: Model) -> bool:
    """Insert one cleaned row, unless a value of it that is unique is stored already.

    That is one statement, and what it refuses does not end the transaction. The row has its
    primary key; no field may set its own value.
    """
    connection = connections[router.db_for_write(type(row))]
    statement, fields = _insertion(type(row), connection)
    with connection.cursor() as cursor:
        values = _stored_values([row], fields, connection)[0]
        cursor.execute(f"{statement} ON CONFLICT DO NOTHING", values)
        is_new = cursor.rowcount == 1
    if is_new:
        _mark_stored([row], connection)
    return is_new


def _insertion(model: type[Model], connection: Any) -> tuple[str, list[Field]]:
    """The statement that inserts a row, and the fields whose values it takes."""
    fields = [f for f in model._meta.concrete_fields if not isinstance(f, AutoField)]
    quote = connection.ops.quote_name
    columns = ", ".join(quote(field.column) for field in fields)
    places = ", ".join(["%s"] * len(fields))
    return f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES ({places})", fields


def _mark_stored(rows: Sequence[Model], connection: Any) -> None:
    for row in rows:
        row._state.adding = False
        row._state.db = connection.alias


def _give_primary_keys(rows: Sequence[Model], key_field: str) -> None:
    keys = [getattr(row, key_field) for row in rows]
    found = type(rows[0])._default_manager.filter(**{f"{key_field}__in": keys})
    primary = dict(found.values_list(key_field, "pk"))
    for row, key in zip(rows, keys, strict=True):
        row.pk = primary[key]


def _stored_values(rows: Sequence[Model], fields: Sequence[Field], connection: Any) -> list[Any]:
    """The values of each row as the database stores them; most are stored unchanged."""
    read = attrgetter(*(field.attname for field in fields))
    converted = [
        (place, field.get_db_prep_save)
        for place, field in enumerate(fields)
        if not _is_stored_unchanged(field)
    ]
    stored = []
    for row in rows:
        values = list(read(row))
        for place, convert in converted:
            values[place] = convert(values[place], connection)
        stored.append(values)
    return stored


def _is_stored_unchanged(field: Field) -> bool:
    if field.is_relation:
        return isinstance(field.target_field, AutoField)
    return field.get_internal_type() in _PLAIN
