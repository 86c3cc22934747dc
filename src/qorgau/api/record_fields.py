"""Answers made from the register's own lists of fields."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from decimal import Decimal
from typing import Annotated, Any

from django.db import models
from ninja import Schema
from pydantic import BeforeValidator, create_model

from qorgau.records.incidents.fields import FieldList, RecordField, Use

_TYPES: tuple[tuple[type[models.Field], type], ...] = (
    (models.BooleanField, bool),
    (models.IntegerField, int),
    (models.FloatField, float),
    (models.DecimalField, Decimal),
    (models.DateTimeField, dt.datetime),
    (models.CharField, str),
    (models.TextField, str),
)


def answer_with(
    base: type[Schema], listed: FieldList, *, without: Collection[str] = ()
) -> type[Schema]:
    """A base for an answer: ``base`` with every exported field of a record that it lacks.

    References are left to the answer, which says what it gives of the other record.
    """
    given = {
        field.name: (_type_of(field), ...)
        for field in listed.used_for(Use.EXPORT)
        if not field.column.is_relation and field.name not in (*base.model_fields, *without)
    }
    made: type[Schema] = create_model(f"{listed.model.__name__}Fields", __base__=base, **given)
    return made


def _type_of(field: RecordField) -> Any:
    if field.choices and "" not in field.choices.values and field.column.blank:
        # The register keeps an empty text where nothing was chosen.
        return Annotated[field.choices | None, BeforeValidator(_none_if_empty)]
    plain: Any = field.choices or next(
        t for column, t in _TYPES if isinstance(field.column, column)
    )
    return plain | None if field.column.null else plain


def _none_if_empty(value: object) -> object:
    return value or None
