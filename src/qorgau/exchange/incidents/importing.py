"""Import incidents from another system's file, in batches that succeed or fail as a whole.

Every row ends as imported, updated, unchanged, duplicate or rejected; the five counts add up to the
rows of the file. Each batch and the note of progress are one transaction, so that a killed import
continues with the next batch when it is started again. A dry run does the same and rolls every
transaction back.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import cast

from django.db import transaction

from qorgau.exchange.formats.format_errors import FormatError, gettext_noop
from qorgau.exchange.formats.mapping import MappedRow, Mapping, MappingEngine, mapping_to_toml
from qorgau.exchange.formats.rejects import write_rejects
from qorgau.exchange.formats.tables import Row, open_table
from qorgau.exchange.incidents.drafting import draft_of
from qorgau.exchange.incidents.fields import INCIDENT_SCHEMA
from qorgau.exchange.incidents.repeats import RepeatedKeys, survey_file
from qorgau.exchange.incidents.report import LISTED_REJECTIONS, IncidentImportReport, RowReason
from qorgau.exchange.incidents.units import UnitDirectory, unit_rule_of
from qorgau.exchange.sentences import sentence_of, sentences_of
from qorgau.foundation import clock
from qorgau.foundation.identity.models import User
from qorgau.foundation.transactions import in_one_transaction
from qorgau.records.incidents import queries
from qorgau.records.incidents.models import ImportRun
from qorgau.records.incidents.services import (
    ImportBatch,
    Rejection,
    SourceRow,
    begin_import,
    finish_import,
    record_import_batch,
)

BATCH_ROWS = 1_000

Progress = Callable[[int, int], None]
"""Called after every batch with the rows settled and the rows of the file."""


@dataclass
class _Tally:
    """The counts of a dry run, which the register does not store."""

    imported: int = 0
    updated: int = 0
    unchanged: int = 0
    duplicate: int = 0
    rejected: int = 0

    def add(self, before: ImportRun, after: ImportRun) -> None:
        """Add the changes that a batch made in the counts of a run."""
        self.imported += after.imported_count - before.imported_count
        self.updated += after.updated_count - before.updated_count
        self.unchanged += after.unchanged_count - before.unchanged_count
        self.duplicate += after.duplicate_count - before.duplicate_count
        self.rejected += after.rejected_count - before.rejected_count


class IncidentImport:
    """A file, a mapping and a user, checked and ready to run.

    Parameters
    ----------
    path : Path
        CSV file or Excel workbook.
    mapping : Mapping
        A mapping for incidents.
    acting_user : User or None
        May import only into their own units; None is the system.
    is_dry_run : bool
        Check everything and write nothing.
    now : datetime, optional
        No incident can be later than this moment.
    batch_rows : int, optional
        Rows per transaction; default `BATCH_ROWS`.
    most_rows : int, optional
        For a dry run: check only this many rows from the top.

    Raises
    ------
    FormatError
        When the whole file or the mapping cannot be used; then nothing is written.
    """

    def __init__(
        self,
        path: Path,
        mapping: Mapping,
        *,
        acting_user: User | None,
        is_dry_run: bool = False,
        now: dt.datetime | None = None,
        batch_rows: int | None = None,
        most_rows: int | None = None,
    ) -> None:
        if most_rows is not None and not is_dry_run:
            raise ValueError("An import takes all rows of a file; only a dry run looks at some.")
        self._now = now or clock.now()
        self._mapping = mapping
        self._acting_user = acting_user
        self._is_dry_run = is_dry_run
        self._batch_rows = batch_rows or BATCH_ROWS
        self._most_rows = most_rows
        self._rule = unit_rule_of(mapping)
        self._directory = UnitDirectory(self._rule, acting_user)
        self.table = open_table(path, mapping.layout)
        today = clock.local_date(self._now)
        self._engine = MappingEngine(mapping, INCIDENT_SCHEMA, self.table.columns, today)
        self.survey = survey_file(self.table, self._engine)
        self._mapping_text = mapping_to_toml(mapping)
        self._file_digest = _digest_of_file(path)
        self._repeats = RepeatedKeys(self.survey)
        self._made_units: set[str] = set()
        self._tally = _Tally()
        self._rejections: list[RowReason] = []

    def run(
        self,
        *,
        rejects_path: Path | None = None,
        on_progress: Progress | None = None,
        seconds: float | None = None,
    ) -> IncidentImportReport:
        """Import the rows, from where an interrupted import of the same file stopped.

        Parameters
        ----------
        rejects_path : Path, optional
            Where to write the rejected rows, with the reasons.
        on_progress : callable, optional
            Called with the rows settled and the rows of the file.
        seconds : float, optional
            After so long, at the end of a batch, the rest is left for a later call.

        Returns
        -------
        IncidentImportReport

        Raises
        ------
        ValidationError
            When somebody imports the same file at the same time, or it changes meanwhile.
        """
        if self._is_dry_run:
            rejects = self._try_batches(on_progress)
            if rejects_path is None:
                for _rejection in rejects:
                    pass
            else:
                write_rejects(rejects_path, self.table.columns, rejects)
            return self._dry_report()
        run = self._begin()
        was_resumed = run.last_row_number > 0
        ends = time.monotonic() + (float("inf") if seconds is None else seconds)
        for rows in self._batches(run.last_row_number):
            run = self._take(run, rows)
            self._directory.keep_made()
            if on_progress is not None:
                on_progress(run.settled_count, run.row_count)
            if time.monotonic() > ends and run.settled_count < run.row_count:
                return self._report(run, was_resumed=was_resumed)
        run = finish_import(run=run, acting_user=self._acting_user)
        if rejects_path is not None:
            stored = queries.rejected_rows(run).iterator(chunk_size=1_000)
            write_rejects(rejects_path, run.columns, ((row.cells, row.reason) for row in stored))
        return self._report(run, was_resumed=was_resumed)

    def _begin(self) -> ImportRun:
        # A trial has its own name, so that it never continues an interrupted import.
        text = ("trial\n" if self._is_dry_run else "") + self._mapping_text
        run: ImportRun = begin_import(
            source=self._mapping.source,
            file_name=self.table.path.name,
            file_digest=self._file_digest,
            mapping_digest=hashlib.sha256(text.encode()).hexdigest(),
            mapping_text=self._mapping_text,
            columns=self.table.columns,
            row_count=self.survey.row_count,
            acting_user=self._acting_user,
        )
        return run

    def _batches(self, start_after: int) -> Iterator[list[Row]]:
        """Rows after those already imported; of the earlier ones only repeated keys are kept."""
        rows = islice(self.table.rows(), self._most_rows)
        pending: list[Row] = []
        for row in rows:
            if row.number > start_after:
                pending = [row]
                break
            self._remember(row)
        while pending:
            pending += islice(rows, self._batch_rows - len(pending))
            yield pending
            pending = list(islice(rows, self._batch_rows))

    def _remember(self, row: Row) -> None:
        if row.fault is None and self._repeats.may_repeat(self._engine.key_of(row.cells)):
            mapped = self._engine.map_row(row)
            if not mapped.faults:
                self._repeats.first_with(mapped.key, mapped.number, mapped.fingerprint)

    def _take(self, run: ImportRun, rows: list[Row]) -> ImportRun:
        """Write units, incidents, rejects and progress of a batch: together or not at all."""
        mapped = [self._engine.map_row(row) for row in rows]

        def write() -> ImportRun:
            made = self._directory.make_missing([m.units for m in mapped if not m.faults])
            self._made_units.update(made)
            batch = self._batch(rows, mapped)
            return record_import_batch(run=run, batch=batch, acting_user=self._acting_user)

        return in_one_transaction(write, undo=self._directory.forget_made)

    def _batch(self, rows: list[Row], mapped: list[MappedRow]) -> ImportBatch:
        batch = ImportBatch(last_row_number=rows[-1].number)
        for row, found in zip(rows, mapped, strict=True):
            try:
                self._settle(row, found, batch)
            except FormatError as error:
                batch.rejections.append(_rejection(row, sentence_of(error)))
        return batch

    def _settle(self, row: Row, mapped: MappedRow, batch: ImportBatch) -> None:
        if mapped.faults:
            batch.rejections.append(_rejection(row, sentences_of(mapped.faults)))
            return
        day = cast("dt.date", mapped.values["occurred_on"])
        draft = draft_of(mapped, self._directory.unit_of(mapped.units, day), self._now)
        earlier = self._repeats.first_with(mapped.key, mapped.number, mapped.fingerprint)
        if earlier is None:
            batch.rows.append(
                SourceRow(mapped.number, mapped.key, mapped.fingerprint, draft, row.cells)
            )
        elif earlier[1] == mapped.fingerprint:
            batch.duplicate_count += 1
        else:
            raise FormatError(
                gettext_noop(
                    "The row has the same key as row %(earlier)s but different content. "
                    "Correct one of them, or add a column to [key] that distinguishes them."
                ),
                earlier=earlier[0],
            )

    def _try_batches(self, on_progress: Progress | None) -> Iterator[tuple[Sequence[str], str]]:
        """Import every batch and roll it back; yield the rows that would be rejected."""
        settled = 0
        for rows in self._batches(start_after=0):
            with transaction.atomic():
                before = self._begin()
                self._directory.forget_made()
                after = self._take(before, rows)
                rejected = [
                    (row.row_number, row.cells, row.reason)
                    for row in queries.rejected_rows(after, rows[0].number, rows[-1].number)
                ]
                transaction.set_rollback(True)
            self._tally.add(before, after)
            settled += len(rows)
            if on_progress is not None:
                on_progress(settled, self.survey.row_count)
            for number, cells, reason in rejected:
                if len(self._rejections) < LISTED_REJECTIONS:
                    self._rejections.append(RowReason(number, reason))
                yield cells, reason

    def _dry_report(self) -> IncidentImportReport:
        return IncidentImportReport(
            source=self._mapping.source,
            file_name=self.table.path.name,
            is_dry_run=True,
            was_resumed=False,
            is_finished=True,
            row_count=self.survey.row_count,
            **vars(self._tally),
            units_created=len(self._made_units),
            rejections=tuple(self._rejections),
        )

    def _report(self, run: ImportRun, *, was_resumed: bool) -> IncidentImportReport:
        first = queries.rejected_rows(run)[:LISTED_REJECTIONS]
        return IncidentImportReport(
            source=run.source,
            file_name=run.file_name,
            is_dry_run=False,
            was_resumed=was_resumed,
            is_finished=run.finished_at is not None,
            row_count=run.row_count,
            imported=run.imported_count,
            updated=run.updated_count,
            unchanged=run.unchanged_count,
            duplicate=run.duplicate_count,
            rejected=run.rejected_count,
            units_created=len(self._made_units),
            rejections=tuple(RowReason(row.row_number, row.reason) for row in first),
            run_uuid=str(run.uuid),
        )


def import_incidents(
    path: Path, mapping: Mapping, *, acting_user: User | None, is_dry_run: bool = False
) -> IncidentImportReport:
    """Import a file of incidents, or report what an import would do.

    Parameters
    ----------
    path : Path
    mapping : Mapping
    acting_user : User or None
    is_dry_run : bool

    Returns
    -------
    IncidentImportReport

    Raises
    ------
    FormatError, ValidationError
        Like `IncidentImport` and its `run`.
    """
    return IncidentImport(path, mapping, acting_user=acting_user, is_dry_run=is_dry_run).run()


def _rejection(row: Row, reason: str) -> Rejection:
    # PostgreSQL cannot store zero bytes; the file of rejects shows the same sign instead.
    cells = [cell.replace("\0", "\ufffd") for cell in row.cells]
    return Rejection(row.number, cells, reason)


def _digest_of_file(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
