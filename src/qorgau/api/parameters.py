"""What all operations share: texts, days, units by code, pages of rows."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Annotated, Any, Generic, Self, TypeVar
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from ninja import Schema
from pydantic import (
    AfterValidator,
    AwareDatetime,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationInfo,
    model_validator,
)
from pydantic_core import PydanticCustomError

from qorgau.api.field_sentences import UNKNOWN_FIELD
from qorgau.foundation.identity.models import User
from qorgau.foundation.identity.roles import Capability
from qorgau.foundation.keyset import page_of
from qorgau.records.incidents.choices import SeverityClass, severity_class_typed
from qorgau.records.people.authority import unknown_unit
from qorgau.records.people.models import Unit
from qorgau.records.people.queries import unit_at
from qorgau.records.places.models import Area
from qorgau.records.places.queries import areas_visible_to

Row = TypeVar("Row")

# PostgreSQL cannot store a null character.
_NO_NULL = r"^[^\x00]*$"
Text = Annotated[str, StringConstraints(pattern=_NO_NULL, max_length=20_000)]
Word = Annotated[str, StringConstraints(pattern=_NO_NULL, max_length=200)]


# A signed row: its longest part may be a name.
Cursor = Annotated[str, StringConstraints(pattern=_NO_NULL, max_length=2_000)]

FIRST_DAY, LAST_DAY = dt.date(1800, 1, 1), dt.date(2999, 12, 31)


def _written_out(fault: str) -> BeforeValidator:
    """Refuse numbers: pydantic would read them as seconds since 1970, which nobody means."""

    def check(value: object) -> object:
        is_written = isinstance(value, str) and re.match(r"\d{4}-\d\d-\d\d", value)
        if isinstance(value, str | int | float) and not is_written:
            raise PydanticCustomError(fault, "not written as year-month-day")
        return value

    return BeforeValidator(check)


def _in_reach(value: dt.date) -> dt.date:
    """Refuse days near the ends of the calendar, where months and time zones cannot be computed."""
    day = value.date() if isinstance(value, dt.datetime) else value
    if day < FIRST_DAY:
        raise PydanticCustomError("greater_than_equal", "too early", {"ge": str(FIRST_DAY)})
    if day > LAST_DAY:
        raise PydanticCustomError("less_than_equal", "too late", {"le": str(LAST_DAY)})
    return value


def _class_typed(value: object) -> object:
    return severity_class_typed(value) if isinstance(value, str) else value


Day = Annotated[dt.date, _written_out("date_parsing"), AfterValidator(_in_reach)]
SeverityClassTyped = Annotated[SeverityClass, BeforeValidator(_class_typed)]
Moment = Annotated[AwareDatetime, _written_out("datetime_parsing"), AfterValidator(_in_reach)]


class Parameters(Schema):
    """Parameters or a body in which a misspelled name is refused, not ignored.

    In every operation the argument is called ``parameters``; a refusal leaves this word out of
    the name of the field.
    """

    model_config = ConfigDict(extra="forbid")

    @model_validator(mode="after")
    def _every_parameter_is_known(self, info: ValidationInfo) -> Self:
        # The model never receives query parameters that it does not declare.
        given = info.context["request"].GET if info.context else {}
        unknown = sorted(set(given) - set(type(self).model_fields))
        if unknown:
            raise ValidationError({unknown[0]: UNKNOWN_FIELD})
        return self


class PageParameters(Parameters):
    after: Cursor = Field("", description="Cursor of the next page, from the answer before")
    before: Cursor = Field("", description="Cursor of the previous page, from the answer before")
    size: int = Field(50, ge=1, le=200, description="Rows of one page")


class PageOfRows(Schema, Generic[Row]):
    """One page of rows; a cursor is null when there are no more rows."""

    items: list[Row]
    next: str | None = Field(description="Give it as `after` for the next page")
    previous: str | None = Field(description="Give it as `before` for the previous page")


def requested_rows(
    rows: QuerySet[Any],
    parameters: PageParameters,
    *,
    key: tuple[str, ...],
    shape: Callable[[list[Any]], list[Any]] = list,
) -> dict[str, Any]:
    """The requested page, with its rows in the shape of the answer."""
    page = page_of(
        rows, key=key, size=parameters.size, after=parameters.after, before=parameters.before
    )
    return {
        "items": shape(page.rows),
        "next": page.next_cursor or None,
        "previous": page.previous_cursor or None,
    }


def unit_named(user: User, code: str, capability: Capability, *, field: str = "unit") -> Unit:
    """The unit with the code given in a field, if the user has the capability for it."""
    unit = unit_at(user, code, capability)
    if unit is None:
        raise unknown_unit(code, field=field)
    return unit


def area_named(user: User, uuid: UUID, *, field: str) -> Area:
    """The area with the identifier given in a field."""
    area = areas_visible_to(user).filter(uuid=uuid).first()
    if area is None:
        raise ValidationError({field: _("There is no such area. Find it in the list of areas.")})
    return area
