"""What is declared of one address."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from qorgau.foundation.identity.roles import Role
from tests.world import World

EVERYBODY = frozenset(Role)
NOBODY: frozenset[Role] = frozenset()
TO_SIGN_IN = 302


@dataclass(frozen=True)
class Page:
    """One address, and what each person who tries it must get.

    ``arguments`` and ``posted`` come from the small register. A page about a record
    (``is_about_a_record``) must not exist for users of other units: they get 404. For roles in
    ``hidden_from`` it does not exist in their own unit either: it tells what they may not count.
    """

    roles: frozenset[Role]
    answer: int = 200
    anonymous: int = TO_SIGN_IN
    refusal: int = 403
    arguments: Callable[[World], dict[str, Any]] | None = None
    posted: Callable[[World], dict[str, Any]] | None = None
    query: Callable[[World], dict[str, Any]] | None = None
    is_about_a_record: bool = False
    hidden_from: frozenset[Role] = NOBODY

    def answer_for(self, role: str) -> int:
        """What a person with a role over the unit gets."""
        if role in self.hidden_from:
            return 404
        return self.answer if role in self.roles else self.refusal


def nothing(_world: World) -> dict[str, Any]:
    return {}
