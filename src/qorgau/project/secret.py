"""The secret key: from the environment, or created once in a file that only its owner can read."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def secret_key_from(given: str | None, kept_at: Path) -> str:
    if given:
        return given
    if kept_at.exists():
        return kept_at.read_text(encoding="ascii").strip()
    kept_at.parent.mkdir(parents=True, exist_ok=True)
    key = secrets.token_urlsafe(50)
    # O_EXCL: when two processes start at once, both use the key of the first.
    try:
        descriptor = os.open(kept_at, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return kept_at.read_text(encoding="ascii").strip()
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(key)
    return key
