"""Create organisations; create, move, rename, split and close units."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from qorgau.foundation.bulk_writes import clean_many, insert_many
from qorgau.foundation.clock import FOREVER
from qorgau.foundation.identity.authority import require_somewhere
from qorgau.foundation.identity.models import User
from qorgau.foundation.identity.roles import Capability
from qorgau.foundation.journal.services import append_entries, append_entry
from qorgau.foundation.languages import short_day
from qorgau.foundation.transactions import one_transaction
from qorgau.records.people import ancestry
from qorgau.records.people.authority import require
from qorgau.records.people.choices import Echelon, OrganisationKind
from qorgau.records.people.history import (
    OrganisationCreated,
    UnitClosed,
    UnitCreated,
    UnitRevised,
)
from qorgau.records.people.models import Organisation, Unit, UnitSuccession, UnitVersion
from qorgau.records.people.rules import Span, first_in_a_cycle


@dataclass(frozen=True)
class UnitDraft:
    """A unit to create. ``parent_code`` may name a unit created in the same call."""

    code: str
    opened_on: dt.date
    names: dict[str, str] = field(default_factory=dict)
    parent_code: str | None = None
    echelon: str = Echelon.OTHER
    is_synthetic: bool = False


@one_transaction
def create_organisation(
    *,
    code: str,
    names: dict[str, str],
    kind: str = OrganisationKind.OTHER,
    country: str = "KZ",
    acting_user: User | None,
) -> Organisation:
    require_somewhere(acting_user, Capability.MANAGE_UNITS)
    organisation = Organisation(code=code, kind=kind, country=country, **_name_fields(names))
    organisation.full_clean()
    organisation.save()
    append_entry(
        OrganisationCreated(code, names), subject=organisation.uuid, acting_user=acting_user
    )
    return organisation


@one_transaction
def create_units(
    *, organisation: Organisation, drafts: Sequence[UnitDraft], acting_user: User | None
) -> list[Unit]:
    """Create units, with parents before or after their children; all of them or none."""
    _require_a_tree(drafts, acting_user)
    units = [
        Unit(
            code=draft.code,
            organisation=organisation,
            opened_on=draft.opened_on,
            is_synthetic=draft.is_synthetic,
        )
        for draft in drafts
    ]
    taken = Unit.objects.filter(code__in=[draft.code for draft in drafts]).first()
    if taken:
        raise ValidationError(
            _("There is already a unit with the code %(code)s."), params={"code": taken.code}
        )
    clean_many(units)
    insert_many(units, key_field="uuid")
    _place_new_units(units, drafts)
    append_entries(
        (
            (UnitCreated(unit.code, draft.names, draft.parent_code), unit.uuid)
            for unit, draft in zip(units, drafts, strict=True)
        ),
        acting_user=acting_user,
    )
    return units


def _place_new_units(units: Sequence[Unit], drafts: Sequence[UnitDraft]) -> None:
    """Create their first versions and put them into the tree."""
    by_code = {unit.code: unit for unit in units} | ancestry.units_by_code(
        {draft.parent_code for draft in drafts if draft.parent_code}
    )
    versions = [
        UnitVersion(
            unit=unit,
            parent=by_code[draft.parent_code] if draft.parent_code else None,
            echelon=draft.echelon,
            valid_from=draft.opened_on,
            **_name_fields(draft.names),
        )
        for unit, draft in zip(units, drafts, strict=True)
    ]
    clean_many(versions, exclude=["unit", "parent"])
    insert_many(versions)
    ancestry.add_new_units(versions)


def _require_a_tree(drafts: Sequence[UnitDraft], acting_user: User | None) -> None:
    parent_of = {draft.code: draft.parent_code for draft in drafts}
    if len(parent_of) < len(drafts):
        raise ValidationError(_("Two of the units to be created have the same code."))
    looping = first_in_a_cycle(parent_of)
    if looping:
        raise ValidationError(
            _("The unit %(code)s would belong to itself. Give it another parent unit."),
            params={"code": looping},
        )
    outside = {parent for parent in parent_of.values() if parent} - set(parent_of)
    known = ancestry.units_by_code(outside)
    tops = [None for parent in parent_of.values() if not parent]
    require(acting_user, Capability.MANAGE_UNITS, *tops, *(unit.pk for unit in known.values()))
    unknown = sorted(outside - set(known))
    if unknown:
        raise ValidationError(
            _("There is no parent unit with the code %(code)s."),
            params={"code": unknown[0]},
        )
    ancestry.lock_above(*known.values())
    for parent in ancestry.units_by_code(outside).values():
        _require_open(parent, until=FOREVER)


def _require_open(parent: Unit, *, until: dt.date) -> None:
    """A unit cannot exist longer than its parent."""
    if parent.closed_on < until:
        raise ValidationError(
            _("%(parent)s was closed on %(day)s, so no unit can be added to it."),
            params={"parent": parent.code, "day": short_day(parent.closed_on)},
        )


@one_transaction
def revise_unit(
    *,
    unit: Unit,
    on: dt.date,
    acting_user: User | None,
    parent: Unit | str | None = "unchanged",
    names: dict[str, str] | None = None,
    echelon: str | None = None,
) -> UnitVersion:
    """Move or rename a unit from a day on; nothing changes before that day."""
    ancestry.lock_above(unit, *([parent] if isinstance(parent, Unit) else []))
    current = _current_version(unit, on)
    is_moved = parent != "unchanged"
    new_parent = parent if isinstance(parent, Unit) else None if is_moved else current.parent
    places = [current.parent_id, new_parent.pk if new_parent else None] if is_moved else []
    require(acting_user, Capability.MANAGE_UNITS, unit.pk, *places)
    if is_moved and new_parent:
        _require_place(unit, new_parent, Span(on, current.valid_until))
    kept_names = {"kk": current.name_kk, "ru": current.name_ru, "en": current.name_en}
    version = UnitVersion(
        unit=unit,
        parent=new_parent,
        echelon=echelon or current.echelon,
        area=current.area,
        valid_from=on,
        valid_until=current.valid_until,
        **_name_fields(kept_names | (names or {})),
    )
    if current.valid_from == on:
        current.delete()
    else:
        current.valid_until = on
        current.save(update_fields=["valid_until"])
    version.full_clean()
    version.save()
    if is_moved:
        ancestry.move_unit(unit, new_parent, on)
    append_entry(
        UnitRevised(on, names or {}, new_parent.code if new_parent else None),
        subject=unit.uuid,
        acting_user=acting_user,
    )
    return version


def _require_place(unit: Unit, parent: Unit, span: Span) -> None:
    parent.refresh_from_db(fields=["closed_on"])
    _require_open(parent, until=span.end)
    if ancestry.is_at_or_below(parent, unit, from_day=span.start):
        raise ValidationError(
            _("%(parent)s belongs to %(unit)s, so %(unit)s cannot be moved into it."),
            params={"parent": parent.code, "unit": unit.code},
        )


def _current_version(unit: Unit, on: dt.date) -> UnitVersion:
    """The last version; it must allow a change on that day."""
    last = UnitVersion.objects.select_for_update().filter(unit=unit).order_by("valid_from").last()
    if last is None or on < last.valid_from:
        raise ValidationError(
            _("%(unit)s was already changed on %(day)s; a new change cannot be earlier."),
            params={
                "unit": unit.code,
                "day": short_day(last.valid_from if last else unit.opened_on),
            },
        )
    if on >= last.valid_until:
        raise ValidationError(
            _("%(unit)s was closed on %(day)s; a change must be earlier."),
            params={"unit": unit.code, "day": short_day(unit.closed_on)},
        )
    return last


@one_transaction
def split_unit(
    *, unit: Unit, into: Sequence[UnitDraft], on: dt.date, acting_user: User | None
) -> list[Unit]:
    """Close a unit, open its successors, and record the succession."""
    require(acting_user, Capability.MANAGE_UNITS, unit.pk)
    _current_version(unit, on)
    successors = create_units(organisation=unit.organisation, drafts=into, acting_user=acting_user)
    UnitSuccession.objects.bulk_create(
        UnitSuccession(predecessor=unit, successor=successor, on=on) for successor in successors
    )
    close_unit(unit=unit, on=on, acting_user=acting_user)
    return successors


@one_transaction
def close_unit(*, unit: Unit, on: dt.date, acting_user: User | None) -> None:
    ancestry.lock_above(unit)
    require(acting_user, Capability.MANAGE_UNITS, unit.pk)
    current = _current_version(unit, on)
    if on == current.valid_from:
        raise ValidationError(
            _("%(unit)s was changed on %(day)s; it can be closed from the next day."),
            params={"unit": unit.code, "day": short_day(on)},
        )
    below = ancestry.first_below(unit, on)
    if below:
        raise ValidationError(
            _("%(below)s still belongs to %(unit)s. Move or close it first."),
            params={"below": below.code, "unit": unit.code},
        )
    current.valid_until = on
    current.full_clean()
    current.save(update_fields=["valid_until"])
    unit.closed_on = on
    unit.save(update_fields=["closed_on"])
    ancestry.end_unit(unit, on)
    append_entry(UnitClosed(on), subject=unit.uuid, acting_user=acting_user)


def _name_fields(names: dict[str, str]) -> dict[str, str]:
    return {f"name_{language}": name for language, name in names.items()}
