"""Which demonstration the register holds, answered without making one (and so without numpy)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from qorgau.demonstration.establishment import ROOT_CODE
from qorgau.foundation.identity.models import User
from qorgau.foundation.identity.queries import user_of_name
from qorgau.records.people.models import Unit
from qorgau.records.people.queries import newest_versions_by_code


@dataclass(frozen=True)
class Loaded:
    """What the register holds of the demonstration.

    Attributes
    ----------
    is_new : bool
        False when it was there already; nothing was changed then, and ``counts`` is empty.
    seed : int
    last_day : datetime.date
    counts : mapping of str to int
        Rows written, by what they are.
    """

    is_new: bool
    seed: int
    last_day: dt.date
    counts: Mapping[str, int] = field(default_factory=dict)


def loaded_demonstration() -> Loaded | None:
    """The demonstration that the register holds, if any."""
    root = newest_versions_by_code([ROOT_CODE]).get(ROOT_CODE)
    if root is None:
        return None
    _prefix, seed, last_day = root.unit.organisation.code.split("-")
    return Loaded(False, int(seed), dt.datetime.strptime(last_day, "%Y%m%d").date())


def demonstration_unit(code: str) -> Unit:
    """A unit of the loaded brigade."""
    unit: Unit = newest_versions_by_code([code])[code].unit
    return unit


def demonstration_account(username: str) -> User:
    """One of the accounts of the demonstration, which is still as it was loaded."""
    user = user_of_name(username)
    if user is None:
        raise ValidationError(
            _(
                "The demonstration's user account %(username)s was deleted or closed, and it is "
                "needed here."
            ),
            params={"username": username},
        )
    return user
