"""A line of the list of what waits for a person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

# Counting stops here, so that the page stays fast; "99+" is precise enough.
MOST_COUNTED = 99


@dataclass(frozen=True)
class Work:
    """One line: how many items are waiting, what they are, and where to start."""

    count: int
    what: str
    address: str
    action: str
    note: str = ""
    is_urgent: bool = False

    @property
    def shown_count(self) -> str:
        return f"{MOST_COUNTED}+" if self.count > MOST_COUNTED else str(self.count)


def counted(rows: QuerySet[Any]) -> int:
    return rows.order_by()[: MOST_COUNTED + 1].count()
