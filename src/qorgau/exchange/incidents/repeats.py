"""Find keys that occur more than once in a file without keeping all keys in memory."""

from __future__ import annotations

import hashlib
from array import array
from dataclasses import dataclass

import numpy as np

from qorgau.exchange.formats.mapping import MappingEngine
from qorgau.exchange.formats.tables import Row, Table, refuse_cut_last_row


@dataclass(frozen=True)
class FileSurvey:
    """The result of reading the whole file once.

    Attributes
    ----------
    row_count : int
    repeated : frozenset of int
        Short digests of the keys that occur more than once.
    """

    row_count: int
    repeated: frozenset[int]


def survey_file(table: Table, engine: MappingEngine) -> FileSurvey:
    """Read the file to its end, refuse one that was cut off, and find repeated keys.

    Eight bytes per row are kept, so that a file with millions of rows fits into memory.

    Parameters
    ----------
    table : Table
    engine : MappingEngine

    Returns
    -------
    FileSurvey

    Raises
    ------
    FormatError
        When the file cannot be read to its end.
    """
    digests = array("Q")
    n_rows = 0
    last: Row | None = None
    for row in table.rows():
        n_rows += 1
        last = row
        if row.fault is None:
            digests.append(short_digest(engine.key_of(row.cells)))
    refuse_cut_last_row(table, last)
    values = np.frombuffer(digests, dtype=np.uint64) if digests else np.empty(0, dtype=np.uint64)
    in_order = np.sort(values)
    repeated = np.unique(in_order[1:][in_order[1:] == in_order[:-1]])
    return FileSurvey(n_rows, frozenset(repeated.tolist()))


def short_digest(key: str) -> int:
    """Return a digest of 64 bits; keys with the same digest are distinguished by their texts."""
    return int.from_bytes(hashlib.blake2b(key.encode(), digest_size=8).digest(), "little")


class RepeatedKeys:
    """Remembers the rows with repeated keys.

    Parameters
    ----------
    survey : FileSurvey
    """

    def __init__(self, survey: FileSurvey) -> None:
        self._repeated = survey.repeated
        self._seen: dict[str, tuple[int, str]] = {}

    def may_repeat(self, key: str) -> bool:
        """Whether the key occurs more than once in the file."""
        return bool(self._repeated) and short_digest(key) in self._repeated

    def first_with(self, key: str, number: int, fingerprint: str) -> tuple[int, str] | None:
        """Return number and fingerprint of the earlier row with this key, or note this one.

        Parameters
        ----------
        key : str
        number : int
        fingerprint : str

        Returns
        -------
        tuple of (int, str) or None
        """
        if not self.may_repeat(key):
            return None
        # A row may be asked for again: its batch is done again where the database ended it.
        first = self._seen.setdefault(key, (number, fingerprint))
        return None if first[0] == number else first
