"""Fields of a record and their values, as the journal stores them, said to a person."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal

from django.core.exceptions import FieldDoesNotExist
from django.db.models import DateField, DateTimeField, DecimalField, Field, FloatField, Model
from django.utils import formats, timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from qorgau.foundation.languages import (
    NamedInThreeLanguages,
    name_in_active_language,
    short_day,
)

LETTERS_OF_A_VALUE = 60
_NOTHING = "–"


def value_held(value: object) -> object:
    """A value as the journal holds it: of what has names in three languages, all of them."""
    return value.names if isinstance(value, NamedInThreeLanguages) else value


def fields_said(model: type[Model], names: Iterable[str]) -> str:
    """The labels of fields, in one line."""
    return ", ".join(_label(model, name) for name in names)


def changes_said(model: type[Model], changes: Mapping[str, tuple[object, object]]) -> str:
    """Each value before and after, in one line; `changes` has the two by field."""
    return "; ".join(
        f"{value_said(model, name, before)} → {value_said(model, name, after)}"
        for name, (before, after) in changes.items()
    )


def value_said(model: type[Model], name: str, stored: object) -> str:
    """A value as a person reads it: the label of a choice, a day or a number in local form."""
    if stored in (None, "", "None"):
        return _NOTHING
    if isinstance(stored, Mapping):
        return _cut(name_in_active_language(stored) or _NOTHING)
    try:
        field = model._meta.get_field(name)
    except FieldDoesNotExist:
        return _cut(stored)
    return _cut(_said(field, stored))


def _label(model: type[Model], name: str) -> str:
    try:
        field = model._meta.get_field(name)
    except FieldDoesNotExist:
        return _("a field of an earlier version")
    if isinstance(field, Field):
        return str(field.verbose_name)
    # The records on the other end of a reference.
    return str(field.related_model._meta.verbose_name_plural)


def _said(field: object, stored: object) -> object:
    labels = dict(getattr(field, "flatchoices", ()) or ())
    if labels:
        return labels.get(stored, stored)
    if isinstance(field, DateTimeField):
        moment = timezone.localtime(dt.datetime.fromisoformat(str(stored)))
        return formats.date_format(moment, "SHORT_DATETIME_FORMAT")
    if isinstance(field, DateField):
        return short_day(dt.date.fromisoformat(str(stored)))
    if isinstance(field, DecimalField | FloatField):
        return formats.number_format(Decimal(str(stored)), use_l10n=True)
    return stored


def _cut(value: object) -> str:
    return Truncator(str(value)).chars(LETTERS_OF_A_VALUE)
