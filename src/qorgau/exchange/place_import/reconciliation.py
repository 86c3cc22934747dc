"""Compare the areas of a file with the register: new, changed, unchanged, or rejected."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from qorgau.exchange.formats.format_errors import FormatError, gettext_noop
from qorgau.exchange.place_import.entries import AreaInFile, PlaceFile, any_name
from qorgau.exchange.place_import.outlines import SoundShape
from qorgau.records.places.rules import AreaRecord, changed_fields, may_be_parent


@dataclass(frozen=True, slots=True)
class HeldArea:
    """An area of the register.

    Attributes
    ----------
    record : AreaRecord
    name_source : str
        Source of its names.
    outline_digest : str or None
        Digest of the stored boundary; None when there is none.
    outline_credit : str
        Source of the stored boundary.
    """

    record: AreaRecord
    name_source: str
    outline_digest: str | None = None
    outline_credit: str = ""


@dataclass(slots=True)
class Reconciliation:
    """What an import has to do, by code of the area.

    Attributes
    ----------
    created : dict of str to AreaRecord
        Areas of the file that the register does not have.
    above : dict of str to AreaRecord
        Areas that contain them, known only from other areas' data, and not in the register.
    changed : dict of str to dict
        Changed fields of areas in the register.
    outlines : dict of str to SoundShape
        Outlines that are new or differ from the stored ones.
    updated, unchanged : list of str
        Codes of areas in the register.
    """

    created: dict[str, AreaRecord] = field(default_factory=dict)
    above: dict[str, AreaRecord] = field(default_factory=dict)
    changed: dict[str, dict[str, str]] = field(default_factory=dict)
    outlines: dict[str, SoundShape] = field(default_factory=dict)
    updated: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)


def reconcile(file: PlaceFile, held: Mapping[str, HeldArea]) -> Reconciliation:
    """Compare a file with the register; areas that cannot be imported are added to `rejections`.

    Parameters
    ----------
    file : PlaceFile
    held : mapping of str to HeldArea
        Every area of the country, by code.

    Returns
    -------
    Reconciliation
        ``created``, ``updated``, ``unchanged`` and the rejections add up to the areas read.
    """
    placed = _placed(_once_each(file), file, held)
    result = Reconciliation(above=_areas_above(placed, file, held))
    for entry, record in placed:
        code = record.code
        if code not in held:
            result.created[code] = record
            if entry.shape:
                result.outlines[code] = entry.shape
            continue
        before = held[code]
        changes = changed_fields(
            before.record, held_source=before.name_source, in_file=record, source=file.source
        )
        if changes:
            result.changed[code] = changes
        if entry.shape and not _is_held(entry.shape, file.credit, before):
            result.outlines[code] = entry.shape
        is_same = code not in result.changed and code not in result.outlines
        (result.unchanged if is_same else result.updated).append(code)
    return result


def _is_held(shape: SoundShape, credit: str, before: HeldArea) -> bool:
    has_credit = credit in ("", before.outline_credit)
    return shape.source_digest == before.outline_digest and has_credit


def _reject(file: PlaceFile, entry: AreaInFile, fault: FormatError) -> None:
    file.reject(entry.number, entry.record.code, entry.record.names, fault)


def _once_each(file: PlaceFile) -> dict[str, AreaInFile]:
    entries: dict[str, AreaInFile] = {}
    for entry in file.entries:
        first = entries.setdefault(entry.record.code, entry)
        if first is not entry:
            _reject(
                file,
                entry,
                FormatError(
                    gettext_noop("Number %(number)s of the file has the same code. Keep one."),
                    number=first.number,
                ),
            )
    return entries


def _placed(
    entries: Mapping[str, AreaInFile], file: PlaceFile, held: Mapping[str, HeldArea]
) -> list[tuple[AreaInFile, AreaRecord]]:
    """Areas with their parents, in waves that begin with areas whose parent is in the register."""
    levels = {code: record.level for code, record in file.areas_above.items()}
    levels |= {code: entry.record.level for code, entry in entries.items()}
    levels |= {code: area.record.level for code, area in held.items()}
    waiting: list[tuple[AreaInFile, str | None]] = []
    for code, entry in entries.items():
        try:
            waiting.append((entry, _parent(entry, levels[code], levels)))
        except FormatError as fault:
            _reject(file, entry, fault)
    placed: list[tuple[AreaInFile, AreaRecord]] = []
    standing: set[str | None] = {None, *held, *(file.areas_above.keys() - entries.keys())}
    while ready := [pair for pair in waiting if pair[1] in standing]:
        waiting = [pair for pair in waiting if pair[1] not in standing]
        for entry, parent in ready:
            in_file = entry.record
            record = AreaRecord(
                in_file.code, in_file.level, parent, in_file.names, in_file.iso_3166_2
            )
            placed.append((entry, record))
            standing.add(in_file.code)
    for entry, parent in waiting:
        _reject(
            file,
            entry,
            FormatError(
                gettext_noop(
                    "It belongs to %(parent)s, which was itself rejected or belongs to this "
                    "one. Correct that area first."
                ),
                parent=parent,
            ),
        )
    return placed


def _parent(entry: AreaInFile, level: str, levels: Mapping[str, str]) -> str | None:
    if not entry.parent_candidates:
        return None
    known = [code for code in entry.parent_candidates if code in levels]
    if not known:
        raise FormatError(
            gettext_noop(
                "It belongs to %(parent)s, which is neither in the register nor in the file. "
                "Import that area first."
            ),
            parent=entry.parent_candidates[0],
        )
    fitting = [code for code in known if may_be_parent(levels[code], level)]
    if not fitting:
        raise FormatError(
            gettext_noop(
                "Its level (%(level)s) cannot belong to %(parent)s (%(parent_level)s). "
                "Correct its level or its parent area."
            ),
            level=level,
            parent=known[0],
            parent_level=levels[known[0]],
        )
    return fitting[0]


def _areas_above(
    placed: list[tuple[AreaInFile, AreaRecord]], file: PlaceFile, held: Mapping[str, HeldArea]
) -> dict[str, AreaRecord]:
    """Areas known only from other areas' data that contain a new area, at any level."""
    own = {record.code for _, record in placed}
    needed: dict[str, AreaRecord] = {}
    for _, record in placed:
        code = record.parent_code
        while code and code not in held and code not in own and code not in needed:
            needed[code] = file.areas_above[code]
            code = needed[code].parent_code
    return needed


def only_in_file(
    result: Reconciliation, file: PlaceFile, held: Mapping[str, HeldArea]
) -> dict[str, str]:
    """Return new areas of levels that the register already had: changes since then.

    Returns
    -------
    dict of str to str
        Names by code.
    """
    levels = {area.record.level for area in held.values()}
    recoded = {note.code_kept for note in file.recoded}
    return {
        code: any_name(record.names)
        for code, record in result.created.items()
        if record.level in levels and code not in recoded
    }


def only_in_register(file: PlaceFile, held: Mapping[str, HeldArea]) -> dict[str, str]:
    """Return areas of the register with the same parents as those of the file, but not in it.

    Returns
    -------
    dict of str to str
        Names by code.
    """
    in_file = {entry.record.code for entry in file.entries}
    in_file |= {rejection.code for rejection in file.rejections}
    sibling_groups = {
        (held[code].record.level, held[code].record.parent_code) for code in in_file if code in held
    }
    return {
        code: any_name(area.record.names)
        for code, area in held.items()
        if code not in in_file and (area.record.level, area.record.parent_code) in sibling_groups
    }
