"""What the answer to any question has: its caveats, the refusal of a question, small counts."""

from __future__ import annotations

from dataclasses import dataclass

# Below this many events a figure says little, and may reveal who it was.
SMALL_COUNT = 5


class QuestionError(ValueError):
    """A question that has no answer; the sentence says why and what to ask instead."""


@dataclass(frozen=True)
class Caveat:
    """A stable key for programs, and the sentence in the language of the asker."""

    key: str
    sentence: str
