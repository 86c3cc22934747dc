"""Convert a text to the value of a field: dates, times, numbers, choices, within limits."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal, InvalidOperation

from qorgau.exchange.formats.clock_times import TimeReader
from qorgau.exchange.formats.dates import DateReader
from qorgau.exchange.formats.format_errors import FormatError, gettext_noop, nearest, shortened
from qorgau.exchange.formats.mapping.schema import TargetField
from qorgau.exchange.formats.mapping.spec import ValueRule

FieldValue = str | int | Decimal | bool | date | None
Converter = Callable[[str], FieldValue]

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_GROUPED = {
    ".": re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?\Z"),
    ",": re.compile(r"[+-]?\d{1,3}(?:\.\d{3})+(?:,\d+)?\Z"),
}
_TOO_LARGE = 10**15
_TRUE = frozenset(["true", "yes", "y", "1", "да", "иә", "ия", "t", "x", "+"])
_FALSE = frozenset(["false", "no", "n", "0", "нет", "жоқ", "f", "-"])


def converter(field: TargetField, rule: ValueRule, today: date) -> Converter:
    """Return the function that converts a text that is not empty into the field's value.

    Parameters
    ----------
    field : TargetField
    rule : ValueRule
        Contains the forms of dates and times and the decimal mark.
    today : date
        The last permitted day for a date that cannot be in the future.

    Returns
    -------
    callable
        Raises `FormatError` with a sentence about the text.
    """
    if field.kind == "date":
        return _date_converter(field, rule, today)
    if field.kind == "time":
        return TimeReader(rule.forms).read
    if field.kind in ("integer", "decimal"):
        return _number_converter(field, rule.decimal_mark)
    if field.kind == "boolean":
        return _truth
    if field.kind == "choice":
        return _choice_converter(field)
    return _text_converter(field)


def _date_converter(field: TargetField, rule: ValueRule, today: date) -> Converter:
    reader = DateReader(rule.forms)
    if field.may_be_future:
        return reader.read

    def read(text: str) -> FieldValue:
        found = reader.read(text)
        if found > today:
            raise FormatError(
                gettext_noop(
                    '%(label)s "%(text)s" is %(found)s, which is later than today '
                    "(%(today)s). Correct the date."
                ),
                label=field.label,
                text=shortened(text),
                found=found.isoformat(),
                today=today.isoformat(),
            )
        return found

    return read


def _number_converter(field: TargetField, decimal_mark: str) -> Converter:
    grouped = _GROUPED[decimal_mark]
    group_mark = "," if decimal_mark == "." else "."

    def read(text: str) -> FieldValue:
        plain = "".join(text.split())
        if grouped.match(plain):
            plain = plain.replace(group_mark, "")
        try:
            number = Decimal(plain.replace(decimal_mark, "."))
        except InvalidOperation:
            number = Decimal("NaN")
        if not number.is_finite() or abs(number) >= _TOO_LARGE:
            raise _no_number(field, text)
        if field.kind == "integer" and number != number.to_integral_value():
            raise _no_number(field, text)
        _check_limits(field, number, text)
        return int(number) if field.kind == "integer" else number

    return read


def _no_number(field: TargetField, text: str) -> FormatError:
    if field.kind == "integer":
        template = gettext_noop(
            '%(label)s "%(text)s" is not a whole number. Correct the cell, or list the value '
            "under nulls in the mapping."
        )
    else:
        template = gettext_noop(
            '%(label)s "%(text)s" is not a number. Correct the cell, or list the value under '
            "nulls in the mapping."
        )
    return FormatError(template, label=field.label, text=shortened(text))


def _check_limits(field: TargetField, number: Decimal, text: str) -> None:
    if field.least is not None and number < field.least:
        raise FormatError(
            gettext_noop('%(label)s "%(text)s" is below %(least)s. Correct the cell.'),
            label=field.label,
            text=shortened(text),
            least=field.least,
        )
    if field.most is not None and number > field.most:
        raise FormatError(
            gettext_noop('%(label)s "%(text)s" is above %(most)s. Correct the cell.'),
            label=field.label,
            text=shortened(text),
            most=field.most,
        )


def _truth(text: str) -> FieldValue:
    folded = text.casefold()
    if folded in _TRUE:
        return True
    if folded in _FALSE:
        return False
    raise FormatError(
        gettext_noop('"%(text)s" is neither yes nor no. Correct the cell, or give it a value.'),
        text=shortened(text),
    )


def _choice_converter(field: TargetField) -> Converter:
    known = {choice.casefold(): choice for choice in field.choices}

    def read(text: str) -> FieldValue:
        found = known.get(text.casefold())
        if found is None:
            raise FormatError(
                gettext_noop(
                    '%(label)s "%(text)s" has no value in the register; the nearest is '
                    '"%(near)s". Correct the cell, or add it under fields.%(field)s.values.'
                ),
                label=field.label,
                text=shortened(text),
                near=nearest(text, field.choices) or field.choices[0],
                field=field.name,
            )
        return found

    return read


def _text_converter(field: TargetField) -> Converter:
    limit = field.longest_characters

    def read(text: str) -> FieldValue:
        cleaned = _CONTROL.sub(" ", text)
        if limit is not None and len(cleaned) > limit:
            raise FormatError(
                gettext_noop(
                    "%(label)s is too long (%(length)s characters; the maximum is "
                    "%(limit)s). Shorten it."
                ),
                label=field.label,
                length=len(cleaned),
                limit=limit,
            )
        return cleaned

    return read
