"""Describe the cells of a column from a sample of the rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from qorgau.exchange.formats.clock_times import TIME_FORMS
from qorgau.exchange.formats.suggestion.date_forms import (
    DateFinding,
    find_date_forms,
    shared_beginning,
)
from qorgau.exchange.formats.tables import Row

_LISTED_VALUES = 200


@dataclass(frozen=True, slots=True)
class ColumnProfile:
    """A column in a sample.

    Attributes
    ----------
    name : str
    n_rows : int
        Rows in the sample.
    n_filled : int
        Cells that are neither empty nor contain a text that means "empty".
    n_distinct : int
    values : tuple of (str, int)
        The most frequent texts with their counts, at most 200.
    nulls : frozenset of str
        Texts in the column that mean "empty".
    dates : DateFinding
    shares : dict of str to float
        Shares of the filled cells that are a ``clock`` time, the ``figures`` of a time, an
        ``integer`` or a ``decimal``.
    mean_characters : float
    """

    name: str
    n_rows: int
    n_filled: int
    n_distinct: int
    values: tuple[tuple[str, int], ...]
    nulls: frozenset[str]
    dates: DateFinding
    shares: dict[str, float]
    mean_characters: float

    @property
    def samples(self) -> tuple[str, ...]:
        """A few texts to show to a person."""
        return tuple(text for text, _ in self.values[:3])

    @property
    def shared_label(self) -> str:
        """The common words up to a colon at the start, such as ``Cause of death: ``."""
        if len(self.values) < 2:
            return ""
        beginning = shared_beginning([text for text, _ in self.values])
        return beginning[: beginning.rfind(": ") + 2] if ": " in beginning else ""

    @property
    def is_unique(self) -> bool:
        """Whether every row has a different text in this column."""
        return self.n_rows > 1 and self.n_distinct == self.n_filled == self.n_rows


def profile_columns(
    columns: Sequence[str], rows: Iterable[Row], null_texts: frozenset[str]
) -> list[ColumnProfile]:
    """Describe the columns of a sample of rows.

    Parameters
    ----------
    columns : sequence of str
    rows : iterable of Row
        Rows with a fault are skipped.
    null_texts : frozenset of str
        Texts in lower case that are known to mean "empty".

    Returns
    -------
    list of ColumnProfile
        In the order of the columns.
    """
    counts: list[Counter[str]] = [Counter() for _ in columns]
    n_rows = 0
    for row in rows:
        if row.fault is None:
            n_rows += 1
            for counter, cell in zip(counts, row.cells, strict=True):
                counter[cell.strip()] += 1
    return [
        _profile(name, counter, n_rows, null_texts)
        for name, counter in zip(columns, counts, strict=True)
    ]


def _profile(
    name: str, counter: Counter[str], n_rows: int, null_texts: frozenset[str]
) -> ColumnProfile:
    nulls = frozenset(text for text in counter if text.casefold() in null_texts)
    filled = Counter({text: n for text, n in counter.items() if text and text not in nulls})
    n_filled = filled.total()

    def share(fits: Callable[[str], bool]) -> float:
        return sum(n for text, n in filled.items() if fits(text)) / n_filled if n_filled else 0.0

    return ColumnProfile(
        name=name,
        n_rows=n_rows,
        n_filled=n_filled,
        n_distinct=len(filled),
        values=tuple(filled.most_common(_LISTED_VALUES)),
        nulls=frozenset(text.casefold() for text in nulls if text),
        dates=find_date_forms(list(filled)[:1000]),
        shares={
            "clock": share(lambda text: TIME_FORMS["clock"](text) is not None),
            "figures": share(lambda text: TIME_FORMS["figures"](text) is not None),
            "integer": share(lambda text: text.lstrip("+-").isdecimal()),
            "decimal": share(_is_decimal),
        },
        mean_characters=(
            sum(len(text) * n for text, n in filled.items()) / n_filled if n_filled else 0.0
        ),
    )


def _is_decimal(text: str) -> bool:
    return text.lstrip("+-").replace(",", ".", 1).replace(".", "", 1).isdecimal()
