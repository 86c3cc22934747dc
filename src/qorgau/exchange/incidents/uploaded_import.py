"""An uploaded file: stored with its first mapping, tried, and imported."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from qorgau.exchange.formats.format_errors import FormatError
from qorgau.exchange.formats.mapping import mapping_from_toml
from qorgau.exchange.incidents.correcting import begin_correcting
from qorgau.exchange.incidents.fields import INCIDENT_SCHEMA
from qorgau.exchange.incidents.importing import IncidentImport
from qorgau.exchange.incidents.report import IncidentImportReport
from qorgau.exchange.incidents.uploads import Upload, forget_old_uploads, keep_upload
from qorgau.foundation.identity.models import User


def receive_upload(
    *,
    file_name: str,
    content: Iterable[bytes],
    given_mapping: str,
    acting_user: User,
    now: dt.datetime,
) -> Upload:
    """Store a file with its first mapping; an unusable file leaves nothing behind.

    Parameters
    ----------
    file_name : str
    content : iterable of bytes
    given_mapping : str
        Text of a mapping file; empty for a suggested one.
    acting_user : User
    now : datetime
        Uploads that have not been used for a long time are removed.

    Returns
    -------
    Upload

    Raises
    ------
    FormatError
        When the file or the given mapping cannot be used.
    """
    forget_old_uploads(now)
    upload = keep_upload(owner=acting_user.uuid, file_name=file_name, content=content)
    try:
        begin_correcting(upload, acting_user=acting_user, given_mapping=given_mapping)
    except FormatError:
        upload.discard()
        raise
    return upload


def try_upload(upload: Upload, *, acting_user: User, most_rows: int) -> IncidentImportReport:
    """Report what an import would do with the top of the file; nothing is written.

    Raises
    ------
    FormatError
        When the file or its mapping cannot be used.
    """
    trial = IncidentImport(
        upload.path,
        mapping_from_toml(upload.mapping_text, INCIDENT_SCHEMA),
        acting_user=acting_user,
        is_dry_run=True,
        most_rows=most_rows,
    )
    return trial.run()


def take_upload(upload: Upload, *, acting_user: User, seconds: float) -> IncidentImportReport:
    """Import the file, from where an earlier call stopped; at the end, the upload is removed.

    Parameters
    ----------
    upload : Upload
    acting_user : User
    seconds : float
        After so long, the rest is left for a later call.

    Returns
    -------
    IncidentImportReport

    Raises
    ------
    FormatError, ValidationError
        Like `IncidentImport` and its `run`.
    """
    mapping = mapping_from_toml(upload.mapping_text, INCIDENT_SCHEMA)
    whole = IncidentImport(upload.path, mapping, acting_user=acting_user)
    report = whole.run(seconds=seconds)
    if report.is_finished:
        upload.discard()
    else:
        upload.note_run(report.run_uuid)
    return report
