"""Incidents out of another system's file: taken in batches, each whole or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from qorgau.foundation import clock
from qorgau.foundation.identity.authority import NotAuthorised, require_somewhere
from qorgau.foundation.identity.models import User
from qorgau.foundation.identity.roles import Capability
from qorgau.foundation.journal.services import append_entries, append_entry
from qorgau.foundation.transactions import one_transaction
from qorgau.records.incidents.authority import ImportAuthority
from qorgau.records.incidents.history import (
    ImportBegun,
    ImportFinished,
    ImportNoted,
    ImportResumed,
    IncidentRevised,
)
from qorgau.records.incidents.models import (
    ImportRun,
    Incident,
    Injury,
    InvolvedPerson,
    RejectedRow,
    SeverityThreshold,
)
from qorgau.records.incidents.services.import_rows import (
    ImportBatch,
    Rejection,
    SourceRow,
    imported_before,
    rows_with_authority,
    without_authority,
)
from qorgau.records.incidents.services.recording import (
    IncidentDraft,
    InvolvedDraft,
    enter_incidents,
    incident_of,
)
from qorgau.records.incidents.services.revising import present_state, supersede


@one_transaction
def begin_import(
    *,
    source: str,
    file_name: str,
    file_digest: str,
    mapping_digest: str,
    mapping_text: str,
    columns: Sequence[str],
    row_count: int,
    acting_user: User | None,
) -> ImportRun:
    """Begin taking a file; one that was interrupted goes on where it stopped."""
    require_somewhere(acting_user, Capability.IMPORT_INCIDENTS)
    unfinished = ImportRun.objects.select_for_update().filter(
        source=source,
        file_digest=file_digest,
        mapping_digest=mapping_digest,
        finished_at__isnull=True,
    )
    run = unfinished.first() or ImportRun(
        source=source,
        file_name=file_name[-200:],
        file_digest=file_digest,
        mapping_digest=mapping_digest,
        mapping_text=mapping_text,
        columns=list(columns),
        row_count=row_count,
        started_at=clock.now(),
    )
    is_resumed = run.pk is not None
    if is_resumed and acting_user is not None and run.started_by_id != acting_user.pk:
        _begin_again(run)
    # Whoever takes an interrupted import up again answers for it from then on.
    run.started_by = acting_user
    run.full_clean()
    run.save()
    _journal_run(run, ImportResumed if is_resumed else ImportBegun, acting_user)
    return run


@one_transaction
def record_import_batch(
    *, run: ImportRun, batch: ImportBatch, acting_user: User | None
) -> ImportRun:
    """Take the rows of a batch and note how far the file has been taken, in one transaction."""
    run = _locked_after(run)
    _require_own(run, acting_user)
    known = imported_before(run.source, [row.key for row in batch.rows])
    units = {row.draft.unit.pk for row in batch.rows} | {one.unit_id for one in known.values()}
    authority = ImportAuthority(acting_user, units)
    rejections = list(batch.rejections)
    rows = rows_with_authority(batch.rows, known, authority, rejections)
    new = [row for row in rows if row.key not in known]
    told_otherwise = [
        row for row in rows if row.key in known and known[row.key].fingerprint != row.fingerprint
    ]
    imported = _record_new(run, new, rejections, acting_user)
    updated = _revise_known(run, told_otherwise, authority, rejections, acting_user)
    RejectedRow.objects.bulk_create(
        (
            RejectedRow(run=run, row_number=r.number, cells=list(r.cells), reason=r.reason)
            for r in rejections
        ),
        batch_size=500,
    )
    run.imported_count += imported
    run.updated_count += updated
    run.unchanged_count += len(rows) - len(new) - len(told_otherwise)
    run.duplicate_count += batch.duplicate_count
    run.rejected_count += len(rejections)
    run.last_row_number = batch.last_row_number
    run.save()
    return run


@one_transaction
def finish_import(*, run: ImportRun, acting_user: User | None) -> ImportRun:
    """Note that the whole file was taken; every row of it must have ended in some way."""
    run = ImportRun.objects.select_for_update().get(pk=run.pk)
    _require_own(run, acting_user)
    if run.settled_count != run.row_count:
        raise ValidationError(
            _(
                "Rows in the file: %(rows)s, rows processed: %(settled)s. The file was"
                " changed while it was being read. Import it again."
            ),
            params={"rows": run.row_count, "settled": run.settled_count},
        )
    run.finished_at = clock.now()
    run.save()
    _journal_run(run, ImportFinished, acting_user)
    return run


def _begin_again(run: ImportRun) -> None:
    """What one person was refused, another may take, or not see: from the first row."""
    run.last_row_number = 0
    run.imported_count = run.updated_count = run.unchanged_count = 0
    run.duplicate_count = run.rejected_count = 0
    RejectedRow.objects.filter(run=run).delete()


def _locked_after(run: ImportRun) -> ImportRun:
    """The run as stored, if nobody else took rows of the file since ``run`` was read."""
    locked = ImportRun.objects.select_for_update().get(pk=run.pk)
    if locked.last_row_number != run.last_row_number or locked.finished_at is not None:
        raise ValidationError(
            _("Someone else is importing this file now. Wait until they have finished.")
        )
    return locked


def _require_own(run: ImportRun, acting_user: User | None) -> None:
    """An import belongs to whoever began it, who was asked then; each row is asked for."""
    if acting_user is not None and run.started_by_id != acting_user.pk:
        raise NotAuthorised(is_known=False)


def _record_new(
    run: ImportRun,
    rows: Sequence[SourceRow],
    rejections: list[Rejection],
    acting_user: User | None,
) -> int:
    """Record the rows that the register does not have; those it refuses become rejections."""
    drafts = [_with_origin(run.source, row) for row in rows]
    if not drafts:
        return 0
    try:
        with transaction.atomic():
            enter_incidents(drafts, acting_user=acting_user)
        return len(drafts)
    except ValidationError:
        # One of them is refused: taken singly, the others still come in.
        return sum(
            _is_recorded(row, draft, rejections, acting_user)
            for row, draft in zip(rows, drafts, strict=True)
        )


def _is_recorded(
    row: SourceRow, draft: IncidentDraft, rejections: list[Rejection], acting_user: User | None
) -> bool:
    try:
        with transaction.atomic():
            enter_incidents([draft], acting_user=acting_user)
    except ValidationError as error:
        rejections.append(Rejection(row.number, row.cells, " ".join(error.messages)))
        return False
    return True


def _with_origin(source: str, row: SourceRow) -> IncidentDraft:
    origin = {
        "source": source,
        "source_key": row.key,
        "source_fingerprint": row.fingerprint,
        "source_version": 1,
    }
    return replace(row.draft, fields=row.draft.fields | origin)


def _revise_known(
    run: ImportRun,
    rows: Sequence[SourceRow],
    authority: ImportAuthority,
    rejections: list[Rejection],
    acting_user: User | None,
) -> int:
    """Bring incidents up to what the source now says, unless a person has worked on them."""
    incidents = {
        incident.source_key: incident
        for incident in Incident.objects.select_for_update()
        .filter(source=run.source, source_key__in=[row.key for row in rows])
        .prefetch_related("involved__injuries")
    }
    revisions = []
    for row in rows:
        incident = incidents[row.key]
        # As it is now, under the lock: somebody may have moved it since.
        if not authority.may_take(
            incident.unit_id,
            incident.confidentiality,
            has_injuries=any(involved.injuries.all() for involved in incident.involved.all()),
        ):
            rejections.append(without_authority(row))
            continue
        try:
            with transaction.atomic():
                changed = _revise(incident, row)
        except ValidationError as error:
            rejections.append(Rejection(row.number, row.cells, " ".join(error.messages)))
            continue
        revisions.append((IncidentRevised(incident.number, run.source, changed), incident.uuid))
    append_entries(revisions, acting_user=acting_user)
    return len(revisions)


def _revise(incident: Incident, row: SourceRow) -> list[str]:
    """Overwrite what the source says of an incident; return the names of what changed."""
    if incident.version != incident.source_version:
        raise ValidationError(
            _(
                "Incident %(number)s was edited in the register after it was imported, and"
                " the file now has different content. Enter the correction in the register."
            ),
            params={"number": incident.number},
        )
    before = present_state(incident)
    revised = incident_of(row.draft, list(SeverityThreshold.objects.all()), incident.recorded_at)
    own = ("kind", "unit", "occurred_at", "occurred_on", "cost_amount", "cost_currency")
    names = (*own, "severity_class", "severity_basis", *row.draft.fields)
    changed = [name for name in names if getattr(incident, name) != getattr(revised, name)]
    for name in changed:
        setattr(incident, name, getattr(revised, name))
    supersede(before, incident, clock.now())
    incident.source_version = incident.version
    incident.source_fingerprint = row.fingerprint
    incident.clean_fields(exclude=["unit", "area", "site", "merged_into"])
    incident.save()
    if _revise_involved(incident, row.draft.involved):
        changed.append("involved")
    return changed


def _revise_involved(incident: Incident, drafts: Sequence[InvolvedDraft]) -> bool:
    """Make those involved the ones of the draft; nobody else has touched them."""
    before = list(incident.involved.all())
    is_changed = len(before) != len(drafts)
    for place, draft in enumerate(drafts):
        involved = before[place] if place < len(before) else InvolvedPerson(incident=incident)
        is_changed |= _overwrite(involved, {"role": draft.role, **draft.fields})
        injuries = list(involved.injuries.all()) if place < len(before) else []
        is_changed |= len(injuries) != len(draft.injuries)
        for injury_place, injury_draft in enumerate(draft.injuries):
            is_known = injury_place < len(injuries)
            injury = injuries[injury_place] if is_known else Injury(involved=involved)
            is_changed |= _overwrite(injury, asdict(injury_draft.facts) | injury_draft.fields)
        for surplus in injuries[len(draft.injuries) :]:
            surplus.delete()
    for surplus_person in before[len(drafts) :]:
        surplus_person.delete()
    return is_changed


def _overwrite(row: InvolvedPerson | Injury, values: dict[str, Any]) -> bool:
    is_changed = row.pk is None or any(getattr(row, n) != v for n, v in values.items())
    if is_changed:
        for name, value in values.items():
            setattr(row, name, value)
        row.clean_fields(exclude=["incident", "person", "involved"])
        row.save()
    return is_changed


def _journal_run(run: ImportRun, action: type[ImportNoted], acting_user: User | None) -> None:
    noted = action(
        source=run.source,
        file=run.file_name,
        digest=run.file_digest,
        rows=run.row_count,
        imported=run.imported_count,
        updated=run.updated_count,
        unchanged=run.unchanged_count,
        duplicate=run.duplicate_count,
        rejected=run.rejected_count,
    )
    append_entry(noted, subject=run.uuid, acting_user=acting_user)
