"""Which demonstration is in the register; answered without generating one, so without numpy."""

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
    """The demonstration in the register.

    Attributes
    ----------
    is_new : bool
        False when it was loaded before; then nothing was changed and ``counts`` is empty.
    seed : int
    last_day : datetime.date
    counts : mapping of str to int
        Number of rows written, by kind.
    """

    is_new: bool
    seed: int
    last_day: dt.date
    counts: Mapping[str, int] = field(default_factory=dict)


def loaded_demonstration() -> Loaded | None:
    """The demonstration in the register, if any."""
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
    """One of the accounts of the demonstration; it must not have been changed."""
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
