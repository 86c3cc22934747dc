"""How a token is kept."""

from __future__ import annotations

import hashlib


def digest_of_token(plain: str) -> str:
    # A token has 256 random bits, so a plain digest cannot be guessed back; it needs no salt.
    return hashlib.sha256(plain.encode()).hexdigest()
