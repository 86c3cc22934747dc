"""How often something may be asked from one address, without keeping the address.

Counted in memory under a digest whose key is made when the process starts and replaced every day,
so that neither the database nor a log holds an address, and yesterday's digests cannot be computed
again. Several processes count apart: the limit is then that many times as wide.
"""

from __future__ import annotations

import hashlib
import hmac
import math
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic

KEY_SECONDS = 24 * 60 * 60
# Above this number of addresses the ones that have their whole allowance back are forgotten.
MOST_ADDRESSES = 10_000
# Who has waited as long as was said may go on, whatever adding up fractions has lost.
_ROUNDING = 1e-6


class TooManyTriesError(Exception):
    """An address has used its allowance up; it may go on after some seconds."""

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds


@dataclass
class _Allowance:
    """How many more times an address may ask, as of a moment."""

    left: float
    as_of: float


@dataclass
class RateLimit:
    """An allowance of `most` times for each address, which grows back over `seconds`.

    It delays and never discards: many people may share one address, so whoever has used the
    allowance up learns how long to wait.
    """

    most: int
    seconds: float
    seconds_now: Callable[[], float] = monotonic
    _key: bytes = field(default=b"", init=False, repr=False)
    _key_made: float = field(default=-math.inf, init=False, repr=False)
    _allowances: dict[bytes, _Allowance] = field(default_factory=dict, init=False, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False, repr=False)

    def wait_seconds(self, address: str) -> int:
        """Count one try from an address: 0 if it may go on, else after how many seconds it may."""
        now = self.seconds_now()
        with self._lock:
            self._renew_key(now)
            allowance = self._allowance(self._digest(address), now)
            if allowance.left >= 1.0 - _ROUNDING:
                allowance.left = max(allowance.left - 1.0, 0.0)
                return 0
            seconds = (1.0 - allowance.left) * self.seconds / self.most
            return max(math.ceil(seconds - _ROUNDING), 1)

    def require(self, address: str) -> None:
        """Count one try from an address, or raise `TooManyTriesError`."""
        seconds = self.wait_seconds(address)
        if seconds:
            raise TooManyTriesError(seconds)

    def forget(self) -> None:
        """Give every address its whole allowance back, as a new process does."""
        with self._lock:
            self._allowances.clear()

    def _renew_key(self, now: float) -> None:
        if now - self._key_made >= KEY_SECONDS:
            self._key, self._key_made = secrets.token_bytes(32), now
            self._allowances.clear()

    def _digest(self, address: str) -> bytes:
        return hmac.new(self._key, address.encode(), hashlib.sha256).digest()

    def _allowance(self, digest: bytes, now: float) -> _Allowance:
        known = self._allowances.get(digest)
        if known is None:
            if len(self._allowances) >= MOST_ADDRESSES:
                self._forget_the_idle(now)
            known = self._allowances[digest] = _Allowance(float(self.most), now)
        known.left = self._grown(known, now)
        known.as_of = now
        return known

    def _grown(self, allowance: _Allowance, now: float) -> float:
        grown = allowance.left + (now - allowance.as_of) * self.most / self.seconds
        return min(grown, float(self.most))

    def _forget_the_idle(self, now: float) -> None:
        idle = [d for d, a in self._allowances.items() if self._grown(a, now) >= self.most]
        for digest in idle:
            del self._allowances[digest]


# One for each act, whatever door it is done at: whoever is sent away at one finds the other shut.
# A base may have one address: enough for a shift that reports at once, too little to try codes.
REPORTS_PER_ADDRESS = RateLimit(most=60, seconds=600)
CODES_PER_ADDRESS = RateLimit(most=30, seconds=600)
# Links to a password: opened a few times by one person, tried thousands of times by nobody.
LINKS_PER_ADDRESS = RateLimit(most=30, seconds=600)
