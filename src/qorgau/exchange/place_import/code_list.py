"""Read the areas in a code list, a table of codes, names and parents.

The state classifier of Kazakhstan has the columns ``id;parent_id;code;name``. Another country's
list needs a code, a name and either ``parent_id`` or ``parent`` (a code); its columns may be
mapped.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from qorgau.exchange.formats import kato
from qorgau.exchange.formats.format_errors import FormatError, gettext_noop, nearest
from qorgau.exchange.formats.tables import Row, Table, open_table, survey
from qorgau.exchange.place_import.entries import (
    LANGUAGES,
    MAPPABLE,
    AreaInFile,
    PlaceFile,
    PlaceImportOptions,
    check_lengths,
    text_of,
)
from qorgau.records.places.rules import (
    CODE_LIST,
    DISTRICT,
    LEVELS,
    REGION,
    REPUBLIC,
    SETTLEMENT,
    AreaRecord,
)

_BELOW_REPUBLIC = (REGION, DISTRICT, SETTLEMENT)
_NO_PARENT = frozenset({"", "0"})


def read_code_list(path: Path, options: PlaceImportOptions) -> PlaceFile:
    """Read a code list.

    Parameters
    ----------
    path : Path
        CSV or XLSX.
    options : PlaceImportOptions

    Returns
    -------
    PlaceFile

    Raises
    ------
    FormatError
        When the file cannot be read, was cut off, or has no column of codes or names.
    """
    table = open_table(path)
    columns = _columns(table, options)
    survey(table)
    return _CodeListReader(table, columns, options).read()


def _columns(table: Table, options: PlaceImportOptions) -> dict[str, int]:
    """The position in the row of every mapped or recognised column."""
    by_folded = {name.casefold(): place for place, name in enumerate(table.columns)}
    found = {name: by_folded[name] for name in MAPPABLE if name in by_folded}
    if "parent_code" in by_folded:
        found.setdefault("parent", by_folded["parent_code"])
    if "name" in by_folded:
        # The classifier of Kazakhstan is published in Russian.
        language = "ru" if options.country == "KZ" else "en"
        found.setdefault(f"name_{language}", by_folded["name"])
    for name, key in options.property_map.items():
        if key.casefold() not in by_folded:
            raise FormatError(
                gettext_noop(
                    'The file has no column "%(name)s". Did you mean "%(nearest)s"? '
                    "It has: %(columns)s."
                ),
                name=key,
                nearest=nearest(key, table.columns) or table.columns[0],
                columns=", ".join(table.columns[:30]),
            )
        found[name] = by_folded[key.casefold()]
    has_name = any(f"name_{language}" in found for language in LANGUAGES)
    if "code" not in found or not has_name:
        raise FormatError(
            gettext_noop(
                "A code list needs a column of codes and one of names. The file has: %(columns)s. "
                "Say which they are: code=COLUMN, name_ru=COLUMN."
            ),
            columns=", ".join(table.columns[:30]),
        )
    return found


class _CodeListReader:
    """Reads the rows twice, because children may come before their parents."""

    def __init__(
        self, table: Table, columns: Mapping[str, int], options: PlaceImportOptions
    ) -> None:
        self.columns = columns
        self.options = options
        self.file = PlaceFile(CODE_LIST)
        self.rows = list(table.rows())
        self.parents: dict[str, str] = {}
        self.code_of_id: dict[str, str] = {}

    def read(self) -> PlaceFile:
        country = self.options.country
        self.file.areas_above[country] = AreaRecord(country, REPUBLIC)
        readable = [row for row in self.rows if row.fault is None]
        self.code_of_id = {self._cell(row, "id"): self._cell(row, "code") for row in readable}
        for row in readable:
            self.parents.setdefault(self._cell(row, "code"), self._parent(row))
        for row in self.rows:
            names = self._names(row)
            code = self._cell(row, "code")
            try:
                self.file.entries.append(self._entry(row, code, names))
            except FormatError as fault:
                self.file.reject(row.number, code, names, fault)
        return self.file

    def _cell(self, row: Row, name: str) -> str:
        place = self.columns.get(name)
        return text_of(row.cells[place]) if place is not None and place < len(row.cells) else ""

    def _names(self, row: Row) -> dict[str, str]:
        names = {language: self._cell(row, f"name_{language}") for language in LANGUAGES}
        return {language: name for language, name in names.items() if name}

    def _parent(self, row: Row) -> str:
        """The code of the parent; empty at the top; the parent's id when no row has that id."""
        parent = self._cell(row, "parent")
        if parent:
            return parent
        parent_id = self._cell(row, "parent_id")
        return "" if parent_id in _NO_PARENT else self.code_of_id.get(parent_id, parent_id)

    def _entry(self, row: Row, code: str, names: Mapping[str, str]) -> AreaInFile:
        if row.fault is not None:
            raise row.fault
        check_lengths(code, names)
        parent_id = self._cell(row, "parent_id")
        if parent_id not in _NO_PARENT and parent_id not in self.code_of_id:
            raise FormatError(
                gettext_noop("It belongs to the row with the id %(id)s, which is not in the file."),
                id=parent_id,
            )
        level = self._level(row, code)
        parent = self._parent(row) or self.options.country
        is_top = level == REPUBLIC
        record = AreaRecord(
            code=self.options.country if is_top else code,
            level=level,
            names=self.file.spelled(code, names),
            iso_3166_2=self._cell(row, "iso_3166_2"),
        )
        return AreaInFile(row.number, record, () if is_top else (parent,))

    def _level(self, row: Row, code: str) -> str:
        level = self._cell(row, "level").lower()
        if level:
            if level not in LEVELS:
                raise FormatError(
                    gettext_noop('There is no level "%(level)s". Choose one of: %(known)s.'),
                    level=level,
                    known=", ".join(LEVELS),
                )
            return level
        if self.options.level:
            return self.options.level
        if self.options.country == "KZ" and kato.is_kato(code):
            return kato.level_of(code)
        return _BELOW_REPUBLIC[min(self._depth(code), len(_BELOW_REPUBLIC) - 1)]

    def _depth(self, code: str) -> int:
        """How many rows of the file are above, at most the number of levels."""
        depth = 0
        for _ in _BELOW_REPUBLIC:
            code = self.parents.get(code, "")
            depth += code not in ("", self.options.country)
        return depth
