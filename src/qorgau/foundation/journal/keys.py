"""The key that signs the heads of the journal: in a file of its own, made when first wanted.

It is no secret of the register's contents: who takes it can sign, but cannot change what others
hold. It stands in a file and not in the database, so that a copy of the database signs nothing.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from django.conf import settings

from qorgau.foundation.proofs.signed_note import Signer


def path_of_key() -> Path:
    return Path(settings.DATA) / "journal-key"


def make_key_once() -> Signer | None:
    """The key, if it was made just now; None where there was one already."""
    path = path_of_key()
    if path.exists():
        return None
    path.parent.mkdir(parents=True, exist_ok=True)
    # The name is the log's: no two registers may have the same.
    signer = Signer.new(f"qorgau/{secrets.token_hex(8)}")
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return None
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(f"{signer}\n")
    return signer


def key_of_journal() -> Signer:
    """The key of this register's journal; ``NoteError`` where its file holds none."""
    make_key_once()
    return Signer.read(path_of_key().read_text(encoding="utf-8"))
