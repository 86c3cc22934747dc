"""How a token is stored."""

from __future__ import annotations

import hashlib


def digest_of_token(plain: str) -> str:
    # A token has 256 random bits, so nobody can guess it from a plain digest; it needs no salt.
    return hashlib.sha256(plain.encode()).hexdigest()
