"""What an import of places did, or would do, in numbers that add up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from qorgau.exchange.place_import.entries import AreaRejection, NameNote, Recoded


@dataclass(frozen=True, slots=True)
class RepairedOutline:
    """An outline that crossed itself.

    Attributes
    ----------
    code, name : str
    problem : str
        What was wrong and at which longitude and latitude, in the words of GEOS.
    area_change_percent : float
        How much the repair changed the area.
    """

    code: str
    name: str
    problem: str
    area_change_percent: float


@dataclass(frozen=True, slots=True)
class PlaceImportReport:
    """The result; ``read`` is the sum of created, updated, unchanged and rejected.

    Attributes
    ----------
    file_name, country : str
    kind : str
        ``boundaries`` or ``code_list``.
    is_dry_run : bool
    read, created, updated, unchanged : int
        Numbers of areas.
    created_above : int
        Areas created only because they contain areas of the file.
    rejections : tuple of AreaRejection
    repaired : tuple of RepairedOutline
    corrected_names, mixed_names : tuple of NameNote
    recoded : tuple of Recoded
    only_in_file, only_in_register : mapping of str to str
        Names by code of areas that only the file or only the register has.
    """

    file_name: str
    country: str
    kind: str
    is_dry_run: bool
    read: int
    created: int
    updated: int
    unchanged: int
    created_above: int
    rejections: tuple[AreaRejection, ...]
    repaired: tuple[RepairedOutline, ...]
    corrected_names: tuple[NameNote, ...]
    mixed_names: tuple[NameNote, ...]
    recoded: tuple[Recoded, ...]
    only_in_file: Mapping[str, str]
    only_in_register: Mapping[str, str]

    @property
    def rejected(self) -> int:
        return len(self.rejections)

    def counts(self) -> dict[str, int]:
        """Return the numbers by name, ``read`` first."""
        return {
            "read": self.read,
            "created": self.created,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "rejected": self.rejected,
            "repaired": len(self.repaired),
            "created_above": self.created_above,
        }

    def as_plain(self) -> dict[str, object]:
        """Return everything as values for JSON."""
        return {
            "file": self.file_name,
            "country": self.country,
            "kind": self.kind,
            "dry_run": self.is_dry_run,
            "counts": self.counts(),
            "rejected": [
                {
                    "number": rejection.number,
                    "code": rejection.code,
                    "name": rejection.name,
                    "reason": rejection.fault.sentence,
                }
                for rejection in self.rejections
            ],
            "repaired": [asdict(outline) for outline in self.repaired],
            "corrected_names": [asdict(note) for note in self.corrected_names],
            "mixed_names": [asdict(note) for note in self.mixed_names],
            "recoded": [asdict(note) for note in self.recoded],
            "only_in_file": dict(self.only_in_file),
            "only_in_register": dict(self.only_in_register),
        }
