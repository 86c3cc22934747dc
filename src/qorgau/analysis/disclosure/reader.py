"""Which incidents a reader counts exactly: decided by rights, not by what there is."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import reduce

from django.db.models import Q

from qorgau.foundation.identity.models import User
from qorgau.foundation.identity.roles import Capability
from qorgau.records.incidents.choices import Confidentiality
from qorgau.records.people.queries import unit_ids_visible_to

SEE_EXACT_COUNTS = Capability("see_exact_counts")
SEE_INCIDENTS = Capability("see_incidents")
CLASSES: tuple[str, ...] = tuple(Confidentiality.values)
# What opens incidents of a class, beside the right to see incidents.
_ALSO_NEEDED = {
    "identity": Capability("see_identities"),
    "medical": Capability("see_medical"),
}


@dataclass(frozen=True)
class Reader:
    """What a reader counts exactly.

    Attributes
    ----------
    exact_units : frozenset of int
        Units of which every incident is counted, also those that the reader may not open.
    openable : mapping of str to frozenset of int
        By class of confidentiality: units of which the reader may open the incidents.
    """

    exact_units: frozenset[int]
    openable: Mapping[str, frozenset[int]]

    def units_counted(self, confidentiality: str) -> frozenset[int]:
        """The units of which incidents of a class are counted exactly."""
        return self.exact_units | self.openable[confidentiality]

    def counts_all_of(self, units: Collection[int]) -> bool:
        """Whether nothing that could have happened in these units is protected."""
        return all(self.units_counted(one).issuperset(units) for one in CLASSES)

    def counted(self) -> Q:
        """The condition on incidents that the reader counts exactly."""
        return reduce(
            Q.__or__,
            (Q(confidentiality=one, unit_id__in=self.units_counted(one)) for one in CLASSES),
        )


def exact_units(user: User) -> frozenset[int]:
    """The units of which a user may see exact counts."""
    return frozenset(unit_ids_visible_to(user, SEE_EXACT_COUNTS))


def plain_units(user: User) -> frozenset[int]:
    """The units of which a user counts exactly what is not confidential."""
    return exact_units(user) | frozenset(unit_ids_visible_to(user, SEE_INCIDENTS))


def reader_of(user: User) -> Reader:
    """The rights of a user, as counts need them.

    Parameters
    ----------
    user : User

    Returns
    -------
    Reader
    """
    seen = frozenset(unit_ids_visible_to(user, SEE_INCIDENTS))
    return Reader(
        exact_units=exact_units(user),
        openable={
            one: seen & frozenset(unit_ids_visible_to(user, _ALSO_NEEDED[one]))
            if one in _ALSO_NEEDED
            else seen
            for one in CLASSES
        },
    )
