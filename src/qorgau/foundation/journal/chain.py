"""The digest of a journal row: over every field of it and the digest of the row before."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import uuid
from collections.abc import Mapping

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
    # JSON keeps the fields apart, so that two different rows never give the same text.
    return hashlib.sha256(json.dumps(fields, ensure_ascii=False).encode()).hexdigest()
