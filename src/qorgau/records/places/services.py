"""Writes to places; each is one transaction and one journal row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db.models import CharField, OuterRef, Subquery, Value
from django.db.models.functions import Cast, Concat, LPad, Substr
from django.utils.translation import gettext as _

from qorgau.foundation.identity.models import User
from qorgau.foundation.journal.field_changes import stored_value
from qorgau.foundation.journal.services import append_entry
from qorgau.foundation.transactions import one_transaction
from qorgau.records.places import rules
from qorgau.records.places.authority import require_places
from qorgau.records.places.choices import NameSource, SiteKind
from qorgau.records.places.history import (
    AreaCreated,
    AreasImported,
    AreaUpdated,
    SiteCreated,
    SiteSaved,
    SiteUpdated,
)
from qorgau.records.places.models import Area, AreaBoundary, Site
from qorgau.records.places.queries import subtree_of

_EDITABLE = frozenset(
    [
        "level",
        "parent",
        "name_kk",
        "name_ru",
        "name_en",
        "iso_3166_2",
        "latitude",
        "longitude",
        "valid_from",
        "valid_until",
    ]
)
_BATCH = 500


@dataclass(frozen=True)
class AreaChanges:
    """The changes from one file: new areas in any order, fields and outlines by code."""

    country: str
    source: str
    new: Sequence[rules.AreaRecord] = ()
    changed: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    outlines: Mapping[str, rules.AreaOutline] = field(default_factory=dict)
    credit: str = ""
    file_name: str = ""

    @property
    def is_empty(self) -> bool:
        return not (self.new or self.changed or self.outlines)


@one_transaction
def create_area(
    *,
    code: str,
    level: str,
    names: Mapping[str, str],
    parent: Area | None = None,
    country: str = "KZ",
    iso_3166_2: str = "",
    acting_user: User | None,
) -> Area:
    require_places(acting_user)
    area = Area(
        uuid=rules.area_uuid(country, code),
        country=country,
        code=code,
        level=level,
        parent=parent,
        iso_3166_2=iso_3166_2,
        **{f"name_{language}": name for language, name in names.items()},
    )
    area.full_clean()
    area.save()
    area.path = rules.path_of(parent.path if parent else "", area.pk)
    area.save(update_fields=["path"])
    append_entry(
        AreaCreated(country, code, level, dict(names)), subject=area.uuid, acting_user=acting_user
    )
    return area


@one_transaction
def update_area(*, area: Area, changes: Mapping[str, object], acting_user: User | None) -> Area:
    """Change fields of an area; with a new ``parent``, everything in the area moves too."""
    require_places(acting_user)
    unknown = set(changes) - _EDITABLE
    if unknown:
        raise ValidationError(
            _("These fields of an area cannot be changed: %(fields)s."),
            params={"fields": ", ".join(sorted(unknown))},
        )
    area = Area.objects.select_for_update().get(pk=area.pk)
    before = _values_held(area, changes)
    for name, value in changes.items():
        setattr(area, name, value)
    if any(name.startswith("name_") for name in changes):
        area.name_source = NameSource.ENTERED
    area.full_clean()
    area.save()
    if "parent" in changes:
        _move_subtree(area)
    append_entry(
        AreaUpdated(area.code, before, _values_held(area, changes)),
        subject=area.uuid,
        acting_user=acting_user,
    )
    return area


@one_transaction
def create_site(
    *,
    name: str,
    area: Area,
    kind: str = SiteKind.OTHER,
    latitude: float | None = None,
    longitude: float | None = None,
    is_synthetic: bool = False,
    acting_user: User | None,
) -> Site:
    require_places(acting_user)
    site = Site(
        name=name,
        area=area,
        kind=kind,
        latitude=latitude,
        longitude=longitude,
        is_synthetic=is_synthetic,
    )
    return _save_site(site, SiteCreated, acting_user)


@one_transaction
def update_site(*, site: Site, changes: Mapping[str, object], acting_user: User | None) -> Site:
    require_places(acting_user)
    site = Site.objects.select_for_update().get(pk=site.pk)
    for name in ("name", "area", "kind", "latitude", "longitude"):
        if name in changes:
            setattr(site, name, changes[name])
    return _save_site(site, SiteUpdated, acting_user)


@one_transaction
def store_areas(
    *, changes: AreaChanges, counts: Mapping[str, int] | None = None, acting_user: User | None
) -> None:
    """Write all changes from a file, or none; ``counts`` go into the journal row."""
    require_places(acting_user)
    if changes.is_empty:
        return
    _insert_areas(changes)
    _apply_field_changes(changes)
    _store_outlines(changes)
    append_entry(
        AreasImported(changes.country, changes.file_name, changes.source, counts),
        subject=rules.area_uuid(changes.country, changes.country),
        acting_user=acting_user,
    )


def _save_site(site: Site, action: type[SiteSaved], acting_user: User | None) -> Site:
    site.full_clean()
    site.save()
    append_entry(
        action(site.name, site.area.code, site.kind, site.latitude, site.longitude),
        subject=site.uuid,
        acting_user=acting_user,
    )
    return site


def _values_held(area: Area, names: Iterable[str]) -> dict[str, object]:
    """Values as the journal holds them: texts, and the names of an area in all languages."""
    held = {name: stored_value(getattr(area, name)) for name in names}
    return {n: value if isinstance(value, dict) else str(value) for n, value in held.items()}


def _move_subtree(area: Area) -> None:
    """Rewrite the paths of an area and of everything in it after its parent changed."""
    new_path = rules.path_of(area.parent.path if area.parent else "", area.pk)
    subtree_of(area).update(path=Concat(Value(new_path), Substr("path", len(area.path) + 1)))
    area.path = new_path


def _insert_areas(changes: AreaChanges) -> None:
    """Insert level by level, because a child needs the number of its parent."""
    ids = dict(Area.objects.filter(country=changes.country).values_list("code", "pk"))
    waiting = list(changes.new)
    while waiting:
        ready = [
            record for record in waiting if not record.parent_code or record.parent_code in ids
        ]
        waiting = [
            record for record in waiting if record.parent_code and record.parent_code not in ids
        ]
        if not ready:
            raise ValidationError(
                _(
                    "Areas that belong to areas that do not exist: %(count)s. The first is"
                    " %(code)s."
                ),
                params={"count": len(waiting), "code": waiting[0].code},
            )
        rows = [_new_row(record, changes, ids) for record in ready]
        Area.objects.bulk_create(rows, batch_size=_BATCH)
        ids.update({row.code: row.pk for row in rows})
        _write_missing_paths(changes.country)


def _new_row(record: rules.AreaRecord, changes: AreaChanges, ids: Mapping[str, int]) -> Area:
    row = Area(
        uuid=rules.area_uuid(changes.country, record.code),
        country=changes.country,
        code=record.code,
        level=record.level,
        parent_id=ids[record.parent_code] if record.parent_code else None,
        name_source=changes.source,
        iso_3166_2=record.iso_3166_2,
        **{f"name_{language}": name for language, name in record.names.items()},
    )
    row.clean_fields(exclude=["parent"])
    return row


def _write_missing_paths(country: str) -> None:
    """Write them inside the database: reading 16,000 rows to write one field costs far more."""
    above = Area.objects.filter(pk=OuterRef("parent_id")).values("path")[:1]
    own_number = LPad(Cast("pk", CharField()), 8, Value("0"))
    rows = Area.objects.filter(country=country, path="")
    rows.filter(parent=None).update(path=own_number)
    rows.update(path=Concat(Subquery(above), own_number))


def _apply_field_changes(changes: AreaChanges) -> None:
    rows = Area.objects.in_bulk(
        list(
            Area.objects.filter(
                country=changes.country, code__in=list(changes.changed)
            ).values_list("pk", flat=True)
        )
    )
    fields: set[str] = set()
    for row in rows.values():
        for name, value in changes.changed[row.code].items():
            if name == "parent_code":
                row.refresh_from_db(fields=["path"])  # an area above may just have moved
                row.parent = Area.objects.get(country=changes.country, code=value)
                row.clean()
                row.save(update_fields=["parent"])
                _move_subtree(row)
            else:
                setattr(row, name, value)
                fields.add(name)
        row.clean_fields(exclude=["parent"])
    if fields:
        Area.objects.bulk_update(rows.values(), sorted(fields), batch_size=_BATCH)


def _store_outlines(changes: AreaChanges) -> None:
    if not changes.outlines:
        return
    areas = {
        area.code: area
        for area in Area.objects.filter(country=changes.country, code__in=list(changes.outlines))
    }
    AreaBoundary.objects.filter(area__in=[area.pk for area in areas.values()]).delete()
    outlines = []
    for code, outline in changes.outlines.items():
        area = areas[code]
        area.latitude, area.longitude = outline.latitude, outline.longitude
        west, south, east, north = outline.bounds
        outlines.append(
            AreaBoundary(
                area=area,
                geometry=outline.geometry,
                simplified_geometry=outline.simplified_geometry,
                west=west,
                south=south,
                east=east,
                north=north,
                source_digest=outline.source_digest,
                is_repaired=outline.is_repaired,
                credit=changes.credit,
            )
        )
    Area.objects.bulk_update(areas.values(), ["latitude", "longitude"], batch_size=_BATCH)
    for outline in outlines:
        outline.clean_fields(exclude=["area"])
    AreaBoundary.objects.bulk_create(outlines, batch_size=50)
