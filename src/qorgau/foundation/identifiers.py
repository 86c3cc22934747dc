"""Identifiers: uuids for the outside, and the receipt code of an anonymous report."""

from __future__ import annotations

import hashlib
import secrets
import uuid

# Crockford's alphabet: no I, L, O, U, so that a code read over a bad line is read right.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_READ_AS = str.maketrans("ILO", "110")


def new_uuid() -> uuid.UUID:
    return uuid.uuid4()


def new_receipt_code() -> str:
    """A code of 60 random bits in three groups, e.g. ``7Q2K-0M9X-HB4T``."""
    letters = "".join(secrets.choice(_ALPHABET) for _ in range(12))
    return "-".join(letters[start : start + 4] for start in (0, 4, 8))


def digest_of_code(code: str) -> str:
    """What is stored of a secret code: its digest, so that a copy of the database opens nothing."""
    plain = "".join(letter for letter in code.upper() if letter.isalnum()).translate(_READ_AS)
    return hashlib.sha256(plain.encode()).hexdigest()
