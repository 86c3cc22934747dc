"""Import an organisation's units and strength from two small tables (CSV or Excel).

Each file is imported completely or not at all: a tree without one branch, or strength for half of
a brigade, would give rates that look right but are wrong.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import TextChoices
from django.utils.translation import gettext as _

from qorgau.exchange.formats.format_errors import FormatError, gettext_noop
from qorgau.exchange.formats.tables import open_table, survey
from qorgau.foundation.identity.authority import NotAuthorised
from qorgau.foundation.identity.models import User
from qorgau.foundation.identity.roles import Capability
from qorgau.foundation.languages import LANGUAGE_CODES
from qorgau.foundation.transactions import in_one_transaction
from qorgau.records.people import queries, services
from qorgau.records.people.authority import require
from qorgau.records.people.choices import Category, Echelon
from qorgau.records.people.models import Organisation, UnitVersion

MANAGE_UNITS = Capability("manage_units")
UNIT_COLUMNS = ("code", "from")
STRENGTH_COLUMNS = ("unit", "from", "until", "strength")

_NumberedRow = tuple[int, dict[str, str]]


@dataclass(frozen=True)
class RowFault:
    """Why a row cannot be imported.

    Attributes
    ----------
    row : int
        Its number in a spreadsheet program; 0 means the whole file.
    sentence : str
        In the active language.
    """

    row: int
    sentence: str


@dataclass
class FileReport:
    """What happened to the rows of a file.

    Attributes
    ----------
    rows : int
        Rows below the header: created + changed + unchanged, or all refused.
    faults : list of RowFault
        If there are any, nothing was written.
    """

    rows: int = 0
    created: int = 0
    changed: int = 0
    unchanged: int = 0
    faults: list[RowFault] = field(default_factory=list)


def import_units(
    path: Path, *, organisation: Organisation, acting_user: User | None, is_dry_run: bool = False
) -> FileReport:
    """Create the units of a table, and move or rename those that differ.

    Parameters
    ----------
    path : Path
        Columns ``code``, ``from`` (first day for which the row is valid, YYYY-MM-DD), and any of
        ``parent``, ``name`` or ``name_kk``, ``name_ru``, ``name_en``, ``echelon``.
    organisation : Organisation
        Organisation of the new units.
    acting_user : User or None
        Named in the journal.
    is_dry_run : bool
        Check everything and write nothing.

    Returns
    -------
    FileReport
    """

    def take(rows: Sequence[_NumberedRow], report: FileReport) -> None:
        _take_units(rows, report, organisation, acting_user)

    return _taken_whole(path, UNIT_COLUMNS, take, is_dry_run)


def import_strength(
    path: Path, *, acting_user: User | None, is_dry_run: bool = False
) -> FileReport:
    """Record the strength reports of a table.

    Parameters
    ----------
    path : Path
        Columns ``unit`` (its code), ``from``, ``until`` (the first day that no longer counts),
        ``strength`` (people in the unit itself, without its sub-units), and optionally
        ``category``.
    acting_user : User or None
        Named in the journal.
    is_dry_run : bool
        Check everything and write nothing.

    Returns
    -------
    FileReport
    """

    def take(rows: Sequence[_NumberedRow], report: FileReport) -> None:
        _take_strength(rows, report, acting_user)

    return _taken_whole(path, STRENGTH_COLUMNS, take, is_dry_run)


def _taken_whole(
    path: Path,
    needed: Sequence[str],
    take: Callable[[Sequence[_NumberedRow], FileReport], None],
    is_dry_run: bool,
) -> FileReport:
    try:
        rows = _named_rows(path, needed)
    except FormatError as error:
        return FileReport(faults=[RowFault(0, _(error.template) % error.values)])

    def taken() -> FileReport:
        report = FileReport(rows=len(rows))
        take(rows, report)
        if report.faults or is_dry_run:
            transaction.set_rollback(True)
        return report

    report = in_one_transaction(taken)
    if report.faults:
        report.created = report.changed = report.unchanged = 0
    return report


def _named_rows(path: Path, needed: Sequence[str]) -> list[_NumberedRow]:
    table = open_table(path)
    survey(table)
    columns = [column.strip().lower() for column in table.columns]
    for column in needed:
        if column not in columns:
            raise FormatError(
                gettext_noop("The file has no column “%(column)s”. It needs: %(needed)s."),
                column=column,
                needed=", ".join(needed),
            )
    rows = []
    for row in table.rows():
        if row.fault:
            raise row.fault
        cells = (cell.strip() for cell in row.cells)
        rows.append((row.number, dict(zip(columns, cells, strict=True))))
    return rows


@contextmanager
def _noting_faults(row: int, report: FileReport) -> Iterator[None]:
    try:
        yield
    except ValidationError as error:
        report.faults.extend(RowFault(row, sentence) for sentence in error.messages)
    except NotAuthorised as error:
        report.faults.append(RowFault(row, str(error)))


def _take_units(
    rows: Sequence[_NumberedRow],
    report: FileReport,
    organisation: Organisation,
    acting_user: User | None,
) -> None:
    codes = {cells["code"] for _row, cells in rows}
    parents = {parent for _row, cells in rows if (parent := cells.get("parent"))}
    known = queries.newest_versions_by_code(codes | parents)
    drafts = []
    for row, cells in rows:
        with _noting_faults(row, report):
            draft = _unit_draft(cells)
            version = known.get(draft.code)
            if version is not None:
                # Before the row is compared: that it is the same would tell what is stored.
                require(acting_user, MANAGE_UNITS, version.unit_id)
            if version is None:
                drafts.append(draft)
            elif _is_same_as(version, draft):
                report.unchanged += 1
            else:
                _revise(version, draft, known, acting_user)
                report.changed += 1
    if drafts and not report.faults:
        with _noting_faults(0, report):
            services.create_units(organisation=organisation, drafts=drafts, acting_user=acting_user)
            report.created = len(drafts)


def _unit_draft(cells: dict[str, str]) -> services.UnitDraft:
    if not cells["code"]:
        raise ValidationError(_("The unit has no code."))
    same_in_all = cells.get("name", "")
    names = {code: cells.get(f"name_{code}", "") or same_in_all for code in LANGUAGE_CODES}
    return services.UnitDraft(
        code=cells["code"],
        opened_on=_day(cells, "from"),
        names={code: name for code, name in names.items() if name},
        parent_code=cells.get("parent") or None,
        echelon=_choice(cells, "echelon", Echelon, str(Echelon.OTHER)),
    )


def _is_same_as(version: UnitVersion, draft: services.UnitDraft) -> bool:
    parent_code = version.parent.code if version.parent else None
    return parent_code == draft.parent_code and all(
        getattr(version, f"name_{code}") == name for code, name in draft.names.items()
    )


def _revise(
    version: UnitVersion,
    draft: services.UnitDraft,
    known: dict[str, UnitVersion],
    acting_user: User | None,
) -> None:
    parent = known.get(draft.parent_code) if draft.parent_code else None
    if draft.parent_code and parent is None:
        raise ValidationError(
            _("%(unit)s cannot be moved to %(parent)s in the same file that creates %(parent)s."),
            params={"unit": draft.code, "parent": draft.parent_code},
        )
    services.revise_unit(
        unit=version.unit,
        on=draft.opened_on,
        parent=parent.unit if parent else None,
        names=draft.names,
        acting_user=acting_user,
    )


def _take_strength(
    rows: Sequence[_NumberedRow], report: FileReport, acting_user: User | None
) -> None:
    known = queries.newest_versions_by_code({cells["unit"] for _row, cells in rows})
    for row, cells in rows:
        with _noting_faults(row, report):
            version = known.get(cells["unit"])
            if version is None or not _is_managed(version, acting_user):
                raise ValidationError(
                    _("There is no unit with the code %(code)s."), params={"code": cells["unit"]}
                )
            figures: dict[str, Any] = {
                "category": _choice(cells, "category", Category, str(Category.ALL)),
                "valid_from": _day(cells, "from"),
                "valid_until": _day(cells, "until"),
                "strength": _whole_number(cells, "strength"),
            }
            if queries.is_strength_known(version.unit, **figures):
                report.unchanged += 1
                continue
            services.report_strength(unit=version.unit, acting_user=acting_user, **figures)
            report.created += 1


def _is_managed(version: UnitVersion, acting_user: User | None) -> bool:
    try:
        require(acting_user, MANAGE_UNITS, version.unit_id)
    except NotAuthorised:
        return False
    return True


def _day(cells: dict[str, str], column: str) -> dt.date:
    try:
        return dt.date.fromisoformat(cells[column][:10])
    except ValueError:
        raise ValidationError(
            _("“%(text)s” in column “%(column)s” is not a date. Write it as 2026-01-31."),
            params={"text": cells[column], "column": column},
        ) from None


def _whole_number(cells: dict[str, str], column: str) -> int:
    try:
        return int(cells[column])
    except ValueError:
        raise ValidationError(
            _("“%(text)s” in column “%(column)s” is not a whole number."),
            params={"text": cells[column], "column": column},
        ) from None


def _choice(cells: dict[str, str], column: str, choices: type[TextChoices], default: str) -> str:
    text = cells.get(column, "").lower() or default
    if text not in choices.values:
        raise ValidationError(
            _("“%(text)s” in column “%(column)s” is not known. Use one of: %(known)s."),
            params={"text": text, "column": column, "known": ", ".join(choices.values)},
        )
    return text
