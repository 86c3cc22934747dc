"""Identifiers: uuids for the outside, and the receipt code of an anonymous report."""

from __future__ import annotations

import hashlib
import re
import secrets
import uuid

from django.utils.crypto import salted_hmac

# Crockford's alphabet: no I, L, O, U, so that a code read aloud over a bad line is understood.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_READ_AS = str.maketrans("ILO", "110")
_KEY = re.compile("[0-9a-f]{32}")


def new_uuid() -> uuid.UUID:
    return uuid.uuid4()


def random_row_key() -> int:
    """A primary key that says nothing about when its row was made."""
    return secrets.randbits(63)


def new_point_code() -> str:
    """The code in the address of a reporting point: no secret, but not to be guessed one by one."""
    return "".join(secrets.choice(_ALPHABET) for _letter in range(8))


def point_code_as_typed(typed: str) -> str:
    """The code that somebody meant who copied it from a poster."""
    return "".join(letter for letter in typed.upper() if letter.isalnum()).translate(_READ_AS)


def new_submission_key() -> str:
    """The secret by which a sender's second try is known to be the same report: 128 bits."""
    return secrets.token_hex(16)


def plain_submission_key(typed: str) -> str | None:
    """The key without hyphens and in small letters; None unless it has 32 hexadecimal digits."""
    plain = typed.replace("-", "").lower()
    return plain if _KEY.fullmatch(plain) else None


def digest_of_key(submission_key: str) -> str:
    """The digest stored in place of a submission key, too long a secret to be guessed."""
    return hashlib.sha256(submission_key.encode()).hexdigest()


def receipt_code_for(submission_key: str) -> str:
    """The receipt code of a report: 60 bits in three groups, e.g. ``7Q2K-0M9X-HB4T``.

    Derived from the sender's key and the installation's secret, so that a report sent twice over a
    bad line gets the same code, although only digests are stored; nothing that the register holds
    leads to it.
    """
    number = int.from_bytes(salted_hmac("qorgau.receipt", submission_key).digest()[:8], "big")
    letters = "".join(_ALPHABET[(number >> shift) & 31] for shift in range(0, 60, 5))
    return "-".join(letters[start : start + 4] for start in (0, 4, 8))


def digest_of_code(code: str) -> str:
    """The digest stored in place of a secret code: a copy of the database gives no access."""
    plain = "".join(letter for letter in code.upper() if letter.isalnum()).translate(_READ_AS)
    return hashlib.sha256(plain.encode()).hexdigest()


def new_salt() -> bytes:
    """128 random bits that a digest of few values is mixed with, so that nobody can guess them."""
    return secrets.token_bytes(16)
