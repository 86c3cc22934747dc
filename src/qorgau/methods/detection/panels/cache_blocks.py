"""How a panel is cut, so that the numbers of one step are still in the cache for the next."""

from collections.abc import Iterator

# Numbers that a step works on: few enough for a processor's cache, enough to make up for the calls.
NUMBERS_AT_ONCE = 64_000
# Neighbouring series worked on together: enough that the calls cost little beside the work.
SERIES_AT_ONCE = 4_000


def strips(series: int) -> Iterator[slice]:
    """Strips of neighbouring series that cover a panel."""
    for start in range(0, series, SERIES_AT_ONCE):
        yield slice(start, min(start + SERIES_AT_ONCE, series))


def runs(weeks: int, series: int) -> Iterator[slice]:
    """Runs of neighbouring weeks that cover a panel with this number of series."""
    at_once = max(NUMBERS_AT_ONCE // max(series, 1), 1)
    for start in range(0, weeks, at_once):
        yield slice(start, min(start + at_once, weeks))
