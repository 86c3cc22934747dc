"""Identifiers: uuids for the outside, and the receipt code of an anonymous report."""

from __future__ import annotations

import hashlib
import uuid

from django.utils.crypto import salted_hmac

# Crockford's alphabet: no I, L, O, U, so that a code read aloud over a bad line is understood.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_READ_AS = str.maketrans("ILO", "110")


def new_uuid() -> uuid.UUID:
    return uuid.uuid4()


def receipt_code_for(report: uuid.UUID) -> str:
    """The receipt code of a report: 60 bits in three groups, e.g. ``7Q2K-0M9X-HB4T``.

    Derived from the installation's secret, so that a report sent twice over a bad line gets the
    same code, although only its digest is stored.
    """
    number = int.from_bytes(salted_hmac("qorgau.receipt", str(report)).digest()[:8], "big")
    letters = "".join(_ALPHABET[(number >> shift) & 31] for shift in range(0, 60, 5))
    return "-".join(letters[start : start + 4] for start in (0, 4, 8))


def digest_of_code(code: str) -> str:
    """The digest stored in place of a secret code: a copy of the database gives no access."""
    plain = "".join(letter for letter in code.upper() if letter.isalnum()).translate(_READ_AS)
    return hashlib.sha256(plain.encode()).hexdigest()
