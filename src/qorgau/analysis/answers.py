"""What every answer has: caveats, provenance, the refusal of a question, small counts."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from importlib import metadata

# Below this a count says little, and may reveal who it was.
SMALL_COUNT = 5


class QuestionError(ValueError):
    """A question that has no answer; the sentence says why and what to ask instead."""


@dataclass(frozen=True)
class Caveat:
    """A stable key for programs, and the sentence in the reader's language."""

    key: str
    sentence: str


@dataclass(frozen=True)
class Provenance:
    """Where an answer comes from, so that it can be repeated.

    Attributes
    ----------
    inputs : dict
        The question in words and codes.
    first_day, last_day : date
        Period covered, both days included.
    as_of : datetime
        Moment whose state of the register was read.
    method : str
        Methods applied.
    is_synthetic : bool
        Whether synthetic data are among what was read.
    version : str
        Version of Qorgau that applied the methods.
    """

    inputs: dict[str, str]
    first_day: dt.date
    last_day: dt.date
    as_of: dt.datetime
    method: str
    is_synthetic: bool
    version: str = metadata.version("qorgau")


def is_small(count: float) -> bool:
    """Whether so few incidents say little, and are not to be published."""
    return count < SMALL_COUNT


def may_identify(count: int) -> bool:
    """Whether a count is of so few people, but of some, that it may reveal who they are."""
    return 0 < count < SMALL_COUNT
