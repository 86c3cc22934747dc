"""What happened to the rows of a file."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

LISTED_REJECTIONS = 100


@dataclass(frozen=True)
class RowReason:
    """Why a row was not imported.

    Attributes
    ----------
    row : int
        The row's number in a spreadsheet program.
    reason : str
        In the active language.
    """

    row: int
    reason: str


@dataclass(frozen=True)
class IncidentImportReport:
    """What an import did, or what it would do.

    Attributes
    ----------
    source : str
    file_name : str
    is_dry_run : bool
        True when nothing was written.
    was_resumed : bool
        True when an interrupted import of this file was continued.
    is_finished : bool
        False when only a part of the file was imported.
    row_count : int
        Rows of the file; the sum of the five counts below when finished.
    imported, updated, unchanged, duplicate, rejected : int
    units_created : int
        By this call.
    rejections : tuple of RowReason
        The first hundred.
    run_uuid : str
        Names the import in the register; empty for a dry run.
    """

    source: str
    file_name: str
    is_dry_run: bool
    was_resumed: bool
    is_finished: bool
    row_count: int
    imported: int
    updated: int
    unchanged: int
    duplicate: int
    rejected: int
    units_created: int
    rejections: tuple[RowReason, ...] = field(default=())
    run_uuid: str = ""

    @property
    def settled(self) -> int:
        """Rows that are settled."""
        return self.imported + self.updated + self.unchanged + self.duplicate + self.rejected

    def as_json(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return asdict(self)
