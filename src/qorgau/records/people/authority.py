"""Whether somebody may write to what a unit has: asked by services, of what is stored."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.core.exceptions import ValidationError
from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from qorgau.foundation import clock
from qorgau.foundation.identity.authority import NotAuthorised, require_somewhere
from qorgau.foundation.identity.models import User
from qorgau.foundation.identity.roles import CAPABILITIES, Capability
from qorgau.records.people import queries
from qorgau.records.people.accounts import accounts_managed_by, units_of_account
from qorgau.records.people.models import Person, RoleGrant, UnitAncestry

# Written out, because every write asks it: building it anew takes ten times as long as the answer.
_ROLES_OVER = f"""
    SELECT stay.descendant_id, held.role
    FROM {UnitAncestry._meta.db_table} AS stay
    JOIN {RoleGrant._meta.db_table} AS held ON held.unit_id = stay.ancestor_id
    WHERE stay.is_latest
    AND held.user_id = %%s AND held.valid_from <= %%s AND held.valid_until > %%s
    AND stay.descendant_id IN (%s)
"""
NOTHING: frozenset[Capability] = frozenset()


def capabilities_over(user: User, unit_ids: Iterable[int]) -> Mapping[int, frozenset[Capability]]:
    """What the user may do today in each of these units, in one query."""
    units = list(set(unit_ids))
    held: dict[int, frozenset[Capability]] = {}
    if user.pk is None or not units:
        return held
    today = connection.ops.adapt_datefield_value(clock.today())
    places = ", ".join(["%s"] * len(units))
    with connection.cursor() as cursor:
        cursor.execute(_ROLES_OVER % places, [user.pk, today, today, *units])
        for unit_id, role in cursor.fetchall():
            held[unit_id] = held.get(unit_id, NOTHING) | CAPABILITIES[role]
    return held


def require(acting_user: User | None, capability: Capability, *unit_ids: int | None) -> None:
    """Refuse unless the user has the capability over every one of the units.

    A unit that is None means what belongs to no unit: it needs a role over a whole tree. The
    acting user None is the system at the machine, which may do everything.
    """
    if acting_user is None:
        return
    units = {unit_id for unit_id in unit_ids if unit_id is not None}
    held = capabilities_over(acting_user, units) if units else {}
    if any(capability not in held.get(unit_id, NOTHING) for unit_id in units):
        seen = (held.get(unit_id, NOTHING) for unit_id in units)
        raise NotAuthorised(is_known=all(Capability.SEE_UNITS in one for one in seen))
    if None in unit_ids and not has_a_whole_tree(acting_user, capability):
        raise NotAuthorised


def has_a_whole_tree(user: User, capability: Capability) -> bool:
    """Whether the user has the capability over a top unit and so over all below it."""
    granted = queries.granted_units(user, capability)
    return granted.filter(pk__in=queries.top_units().values("pk")).exists()


def require_everywhere(acting_user: User | None, capability: Capability) -> None:
    """Refuse unless the user has the capability over every unit of the register."""
    if acting_user is not None and not queries.sees_every_unit(acting_user, capability):
        raise NotAuthorised


def require_people(acting_user: User | None, person_ids: Iterable[int]) -> None:
    """Refuse to name people whom the user may not see."""
    wanted = set(person_ids)
    if acting_user is None or not wanted:
        return
    if queries.people_visible_to(acting_user).filter(pk__in=wanted).count() < len(wanted):
        raise NotAuthorised(is_known=False)


def require_person(acting_user: User | None, person: Person, *unit_ids: int) -> None:
    """Refuse unless the user manages these units and the one where the person is last posted."""
    last = person.postings.order_by("-valid_from").values_list("unit_id", flat=True)[:1]
    require(acting_user, Capability.MANAGE_UNITS, *unit_ids, *last)


def require_account(acting_user: User | None, user: User) -> None:
    """Refuse unless the user manages access over every unit in which the account has a role.

    Of an account whose roles are all over, one of their units is enough; of one that never had any,
    a role over any unit.
    """
    if acting_user is None:
        return
    require_somewhere(acting_user, Capability.MANAGE_ACCESS)
    if not accounts_managed_by(acting_user).filter(pk=user.pk).exists():
        raise NotAuthorised(is_known=False)
    if not manages_account(acting_user, user):
        raise NotAuthorised


def manages_account(acting_user: User, user: User) -> bool:
    """Whether the account has no role over a unit that the user does not manage.

    The caller has shown that the user knows the account, by a past role if there is no other.
    """
    units = units_of_account(user)
    held = capabilities_over(acting_user, units)
    return all(Capability.MANAGE_ACCESS in held.get(unit_id, NOTHING) for unit_id in units)


# Of a row that is not taken because of its unit, or because of what is stored under its key.
NO_UNIT_TO_IMPORT_INTO = gettext_noop(
    'There is no unit with the code "%(code)s" that you may import into. Correct the code, or set'
    " up the unit first."
)


def unknown_unit(code: str, *, field: str = "unit") -> ValidationError:
    """A unit that there is not, and one where the user may not do it, in the same words."""
    sentence = _("None of your units has the code %(code)s. Check the code.")
    return ValidationError({field: ValidationError(sentence, params={"code": code})})
