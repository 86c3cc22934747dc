"""What the entrance keeps: how often somebody failed, under digests."""

from __future__ import annotations

from django.db import models


class FailedTries(models.Model):
    """Tries in a row that failed, of an account, an address or a device, under a keyed digest."""

    digest = models.CharField(primary_key=True, max_length=64)
    count = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField(db_index=True)
    # After this moment without a further try all is forgotten.
    forgotten_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.count}"
