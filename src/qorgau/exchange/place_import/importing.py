"""Import a file of places: all of it or nothing; importing it again changes nothing."""

from __future__ import annotations

from pathlib import Path

from qorgau.exchange.formats.format_errors import FormatError, gettext_noop
from qorgau.exchange.place_import.boundary_file import read_boundaries
from qorgau.exchange.place_import.code_list import read_code_list
from qorgau.exchange.place_import.entries import (
    PlaceFile,
    PlaceImportOptions,
    any_name,
    check_options,
)
from qorgau.exchange.place_import.outlines import outlines_of
from qorgau.exchange.place_import.reconciliation import (
    HeldArea,
    Reconciliation,
    only_in_file,
    only_in_register,
    reconcile,
)
from qorgau.exchange.place_import.report import PlaceImportReport, RepairedOutline
from qorgau.foundation.identity.models import User
from qorgau.foundation.transactions import in_one_transaction
from qorgau.records.places import queries, services
from qorgau.records.places.rules import AreaRecord

_LARGEST_BOUNDARY_FILE_BYTES = 500 * 1024 * 1024


def import_places(
    path: Path, *, options: PlaceImportOptions, acting_user: User | None
) -> PlaceImportReport:
    """Import a GeoJSON file of boundaries or a code list.

    Parameters
    ----------
    path : Path
        A file that begins with a brace is read as GeoJSON, any other file as a table.
    options : PlaceImportOptions
    acting_user : User or None
        Who imports; None is the system.

    Returns
    -------
    PlaceImportReport

    Raises
    ------
    FormatError
        When the whole file cannot be used; then nothing is written.
    """
    check_options(options)
    file = _read(path, options)
    rejected = len(file.rejections)
    read = len(file.entries) + rejected

    def taken() -> PlaceImportReport:
        held = _held_areas(options.country)
        result = reconcile(file, held)
        report = _report(path.name, options, file, result, held, read)
        if not options.is_dry_run:
            _store(file, result, report, acting_user)
        return report

    return in_one_transaction(taken, undo=lambda: file.forget_rejections(rejected))


def _store(
    file: PlaceFile, result: Reconciliation, report: PlaceImportReport, acting_user: User | None
) -> None:
    changes = services.AreaChanges(
        country=report.country,
        source=file.source,
        new=[*result.above.values(), *result.created.values()],
        changed=result.changed,
        outlines=outlines_of(result.outlines),
        credit=file.credit,
        file_name=report.file_name,
    )
    services.store_areas(changes=changes, counts=report.counts(), acting_user=acting_user)


def _read(path: Path, options: PlaceImportOptions) -> PlaceFile:
    if not path.is_file() or not _begins_with_brace(path):
        return read_code_list(path, options)
    size = path.stat().st_size
    if size > _LARGEST_BOUNDARY_FILE_BYTES:
        raise FormatError(
            gettext_noop(
                "The file is too large (%(size)s MB; the maximum is %(most)s MB). Simplify "
                "the boundaries, or import each region from its own file."
            ),
            size=size // 1024**2,
            most=_LARGEST_BOUNDARY_FILE_BYTES // 1024**2,
        )
    return read_boundaries(path.read_bytes(), options)


def _begins_with_brace(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(1024).removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"[")


def _held_areas(country: str) -> dict[str, HeldArea]:
    outlines = queries.outlines_held(country)
    held = {}
    for area in queries.areas_of_country(country):
        names = {"kk": area.name_kk, "ru": area.name_ru, "en": area.name_en}
        parent_code = area.parent.code if area.parent else None
        record = AreaRecord(area.code, area.level, parent_code, names, area.iso_3166_2)
        digest, credit = outlines.get(area.code, (None, ""))
        held[area.code] = HeldArea(record, area.name_source, digest, credit)
    return held


def _report(
    file_name: str,
    options: PlaceImportOptions,
    file: PlaceFile,
    result: Reconciliation,
    held: dict[str, HeldArea],
    read: int,
) -> PlaceImportReport:
    repaired = [
        RepairedOutline(
            entry.record.code,
            any_name(entry.record.names),
            entry.shape.repair,
            round(entry.shape.area_change_percent, 6) + 0.0,  # never minus zero
        )
        for entry in file.entries
        if entry.shape and entry.shape.repair
    ]
    return PlaceImportReport(
        file_name=file_name,
        country=options.country,
        kind=file.source,
        is_dry_run=options.is_dry_run,
        read=read,
        created=len(result.created),
        updated=len(result.updated),
        unchanged=len(result.unchanged),
        created_above=len(result.above),
        rejections=tuple(sorted(file.rejections, key=lambda rejection: rejection.number)),
        repaired=tuple(repaired),
        corrected_names=tuple(file.corrected_names),
        mixed_names=tuple(file.mixed_names),
        recoded=tuple(file.recoded),
        only_in_file=only_in_file(result, file, held),
        only_in_register=only_in_register(file, held),
    )
