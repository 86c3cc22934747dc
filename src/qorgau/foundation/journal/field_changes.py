"""Fields of a record and their values in the journal, as text for people."""

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


def stored_value(value: object) -> object:
    """A value to store in the journal: for a record with names in three languages, all names."""
    return value.names if isinstance(value, NamedInThreeLanguages) else value


def fields_text(model: type[Model], names: Iterable[str]) -> str:
    """The labels of fields on one line."""
    return ", ".join(_label(model, name) for name in names)


def changes_text(model: type[Model], changes: Mapping[str, tuple[object, object]]) -> str:
    """The values before and after on one line; `changes` has both by field."""
    return "; ".join(
        f"{value_text(model, name, before)} → {value_text(model, name, after)}"
        for name, (before, after) in changes.items()
    )


def value_text(model: type[Model], name: str, stored: object) -> str:
    """A value for people: the label of a choice, a day or a number in local form."""
    if stored in (None, "", "None"):
        return _NOTHING
    if isinstance(stored, Mapping):
        return _cut(name_in_active_language(stored) or _NOTHING)
    try:
        field = model._meta.get_field(name)
    except FieldDoesNotExist:
        return _cut(stored)
    return _cut(_local_text(field, stored))


def _label(model: type[Model], name: str) -> str:
    try:
        field = model._meta.get_field(name)
    except FieldDoesNotExist:
        return _("a field of an earlier version")
    if isinstance(field, Field):
        return str(field.verbose_name)
    # The records on the other end of a reference.
    return str(field.related_model._meta.verbose_name_plural)


def _local_text(field: object, stored: object) -> object:
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
