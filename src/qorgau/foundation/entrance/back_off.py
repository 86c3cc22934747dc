"""Waiting that grows with every try that fails, shared by all processes (decision 0022).

A try is counted before it is checked and given back when it was right, so that a hundred at once
are not all checked before the first is counted. Kept under keyed digests: neither a name that was
typed nor an address is in the database.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from django.utils.crypto import salted_hmac

from qorgau.foundation import clock
from qorgau.foundation.entrance.models import FailedTries
from qorgau.foundation.rate_limits import TooManyTriesError
from qorgau.foundation.transactions import one_transaction


@dataclass(frozen=True)
class Patience:
    """So many tries are free; then the wait doubles with each, up to the longest."""

    free: int
    first_seconds: int
    longest_seconds: int
    remembered: dt.timedelta

    def wait_seconds(self, failed: int) -> int:
        if failed < self.free:
            return 0
        return int(min(self.first_seconds * 2 ** min(failed - self.free, 20), self.longest_seconds))


class Tried(Enum):
    """Of what tries are counted, and how patiently."""

    # An attacker gets some hundred passwords a day at most; an owner waits a quarter of an hour.
    ACCOUNT = Patience(5, 30, 900, dt.timedelta(days=1))
    # A whole base may have one address.
    ADDRESS = Patience(30, 10, 300, dt.timedelta(hours=1))
    # A device that its owner has signed in with: only its own tries count, and not those of others.
    DEVICE = Patience(10, 15, 300, dt.timedelta(days=1))
    # The code of the second step, after the password was right.
    CODE = Patience(5, 30, 900, dt.timedelta(days=1))
    CODE_ON_DEVICE = Patience(10, 15, 300, dt.timedelta(hours=1))


@dataclass(frozen=True)
class Key:
    tried: Tried
    of: str

    @property
    def digest(self) -> str:
        return salted_hmac(
            f"qorgau.tries.{self.tried.name}", self.of, algorithm="sha256"
        ).hexdigest()


@one_transaction
def begin_try(keys: Iterable[Key]) -> None:
    """Count a try for each of the keys, or raise `TooManyTriesError` and count nothing."""
    now = clock.now()
    by_digest = {key.digest: key.tried.value for key in keys}
    FailedTries.objects.filter(forgotten_at__lt=now).delete()
    FailedTries.objects.bulk_create(
        [FailedTries(digest=d, last_at=now, forgotten_at=now + p.remembered)
         for d, p in by_digest.items()],
        ignore_conflicts=True,
    )  # fmt: skip
    rows = list(FailedTries.objects.select_for_update().filter(pk__in=by_digest).order_by("digest"))
    waits = [_seconds_left(row, by_digest[row.pk], now) for row in rows]
    if any(waits):
        raise TooManyTriesError(max(waits))
    for row in rows:
        row.count += 1
        row.last_at, row.forgotten_at = now, now + by_digest[row.pk].remembered
        row.save()


@one_transaction
def end_try(keys: Iterable[Key]) -> None:
    """The try was right: what was counted for it is taken back.

    An account and a device begin anew. An address does not, or an attacker with one account of his
    own would have his tries at others back with every sign-in.
    """
    for key in keys:
        rows = FailedTries.objects.select_for_update().filter(pk=key.digest)
        if key.tried is not Tried.ADDRESS:
            rows.delete()
            continue
        for row in rows:
            row.count = max(row.count - 1, 0)
            row.save(update_fields=["count"])


def _seconds_left(row: FailedTries, patience: Patience, now: dt.datetime) -> int:
    until = row.last_at + dt.timedelta(seconds=patience.wait_seconds(row.count))
    return max(math.ceil((until - now).total_seconds()), 0)
