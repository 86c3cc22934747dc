"""The rows of a batch of an import, and which of them the importing person may take."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from qorgau.records.incidents.authority import ImportAuthority
from qorgau.records.incidents.choices import Confidentiality
from qorgau.records.incidents.models import Incident, Injury
from qorgau.records.incidents.services.recording import IncidentDraft
from qorgau.records.people.authority import NO_UNIT_TO_IMPORT_INTO


@dataclass(frozen=True)
class SourceRow:
    """A row of the file as an incident, with its key and a digest of what it said."""

    number: int
    key: str
    fingerprint: str
    draft: IncidentDraft
    cells: Sequence[str]


@dataclass(frozen=True)
class Rejection:
    """A row that is not taken, as it came, and why."""

    number: int
    cells: Sequence[str]
    reason: str


@dataclass
class ImportBatch:
    """Consecutive rows of a file, up to ``last_row_number``, each in one of three ways."""

    rows: list[SourceRow] = field(default_factory=list)
    rejections: list[Rejection] = field(default_factory=list)
    duplicate_count: int = 0
    last_row_number: int = 0


@dataclass(frozen=True)
class ImportedBefore:
    """What is stored under the key of a source."""

    unit_id: int
    confidentiality: str
    fingerprint: str
    has_injuries: bool


def imported_before(source: str, keys: Iterable[str]) -> dict[str, ImportedBefore]:
    """What was last imported under these keys of a source."""
    known = Incident.objects.filter(source=source, source_key__in=list(keys))
    hurt = Exists(Injury.objects.filter(involved__incident=OuterRef("pk")))
    columns = ("source_key", "unit_id", "confidentiality", "source_fingerprint", hurt)
    return {key: ImportedBefore(*rest) for key, *rest in known.values_list(*columns)}


def rows_with_authority(
    rows: Sequence[SourceRow],
    known: dict[str, ImportedBefore],
    authority: ImportAuthority,
    rejections: list[Rejection],
) -> list[SourceRow]:
    """The rows that may be taken: as the register has them, and as they would make them.

    The others are rejected in the words of an unknown unit, and before they are compared with what
    is stored, so that neither sentence nor count tells more of it.
    """
    taken = []
    for row in rows:
        stored = known.get(row.key)
        if _may_become(row.draft, authority) and (
            stored is None
            or authority.may_take(
                stored.unit_id, stored.confidentiality, has_injuries=stored.has_injuries
            )
        ):
            taken.append(row)
        else:
            rejections.append(without_authority(row))
    return taken


def _may_become(draft: IncidentDraft, authority: ImportAuthority) -> bool:
    confidentiality = draft.fields.get("confidentiality", Confidentiality.PLAIN)
    has_injuries = any(person.injuries for person in draft.involved)
    return authority.may_take(draft.unit.pk, confidentiality, has_injuries=has_injuries)


def without_authority(row: SourceRow) -> Rejection:
    reason = _(NO_UNIT_TO_IMPORT_INTO) % {"code": row.draft.unit.code}
    return Rejection(row.number, row.cells, reason)
