"""How a panel is cut, so that the numbers of one step are still near when the next needs them."""

from collections.abc import Iterator

# Numbers that a step works on: few enough for a processor's cache, enough to make up for the calls.
NUMBERS_AT_ONCE = 64_000
# Neighbouring series worked on together: enough that the calls cost little beside the work.
SERIES_AT_ONCE = 4_000


def strips(series: int) -> Iterator[slice]:
    """Neighbouring series, all of a panel's in turn."""
    for start in range(0, series, SERIES_AT_ONCE):
        yield slice(start, min(start + SERIES_AT_ONCE, series))


def runs(weeks: int, series: int) -> Iterator[slice]:
    """Neighbouring weeks of so many series, all of a panel's in turn."""
    at_once = max(NUMBERS_AT_ONCE // max(series, 1), 1)
    for start in range(0, weeks, at_once):
        yield slice(start, min(start + at_once, weeks))
