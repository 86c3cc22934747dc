"""The digest of a journal row: over every field of it and the digest of the row before.

Rows of before have no kind of actor; their digest stays as it was made.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import uuid
from collections.abc import Mapping
from typing import Any

GENESIS = "0" * 64


def canonical_details(details: Mapping[str, object]) -> str:
    """One spelling of the details, so that equal content has an equal digest."""
    return json.dumps(
        details, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str
    )


def digest_of_row(
    *,
    sequence: int,
    at: dt.datetime,
    actor: str,
    action: str,
    subject_kind: str,
    subject_uuid: uuid.UUID,
    details: str,
    previous_digest: str,
    actor_kind: str = "",
    content: str = "",
) -> str:
    moment = at.astimezone(dt.UTC).isoformat(timespec="microseconds")
    fields = [
        str(sequence),
        moment,
        actor,
        action,
        subject_kind,
        str(subject_uuid),
        details,
        previous_digest,
    ]
    if actor_kind or content:
        # More fields than a row of before, so that neither can pass for the other.
        fields += [actor_kind, content]
    # JSON keeps the fields apart, so that two different rows never give the same text.
    return hashlib.sha256(json.dumps(fields, ensure_ascii=False).encode()).hexdigest()


def digest_of_entry(entry: Any, sequence: int | None = None) -> str:
    """The digest of a row of the table; with ``sequence``, as it would be under that number."""
    return digest_of_row(
        sequence=entry.sequence if sequence is None else sequence,
        at=entry.at,
        actor=entry.actor,
        action=entry.action,
        subject_kind=entry.subject_kind,
        subject_uuid=entry.subject_uuid,
        details=entry.details,
        previous_digest=entry.previous_digest,
        actor_kind=entry.actor_kind,
        content=entry.content,
    )
