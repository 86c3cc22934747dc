"""How much is done of what is long: a small share in ``make test``, all in ``make test-long``.

The option --long says which; it is known before the first test module is read, so that
``how_many`` can stand in decorators and parameters as well as in tests.
"""

from __future__ import annotations

from typing import TypeVar

import pytest
from hypothesis import settings

SHORT, LONG = "short", "long"
T = TypeVar("T")
# For a test of which no share is small enough for every run.
only_long = pytest.mark.only_long


def choose(*, is_long: bool) -> None:
    """Decide for this process; Hypothesis follows where a test does not set its own number."""
    settings.register_profile(SHORT, max_examples=40, deadline=None)
    settings.register_profile(LONG, max_examples=2_000, deadline=None)
    settings.load_profile(LONG if is_long else SHORT)


def is_long() -> bool:
    return settings.get_current_profile_name() == LONG


def how_many(short: T, long: T) -> T:
    """The first in ``make test``, the second in ``make test-long``."""
    return long if is_long() else short
