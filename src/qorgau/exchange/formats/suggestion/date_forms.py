"""Find the forms of the dates in a column from a sample of its texts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from qorgau.exchange.formats.dates import DateForm, date_form
from qorgau.exchange.formats.format_errors import FormatError

_NUMERIC_FORMS = (
    "iso", "m/d/Y", "d/m/Y", "d.m.Y", "m.d.Y", "d-m-Y", "m-d-Y", "Y/m/d", "Y.m.d",
    "d.m.y", "m/d/y", "d/m/y", "excel", "compact",
)  # fmt: skip
_WRITTEN_FORMS = (
    "%A, %B %d, %Y", "%B %d, %Y", "%d %B %Y", "%d-%b-%Y", "%d-%b-%y", "%d %B %Y г.",
    "%Y ж. %d %B", "%Y жылғы %d %B", "%A, %d %B %Y",
)  # fmt: skip
_DAY_FIRST_OR_MONTH_FIRST = {"m/d/Y": "d/m/Y", "m.d.Y": "d.m.Y", "m-d-Y": "d-m-Y", "m/d/y": "d/m/y"}
_TWINS = _DAY_FIRST_OR_MONTH_FIRST | {b: a for a, b in _DAY_FIRST_OR_MONTH_FIRST.items()}
# An Excel number outside these years (1927 to 2064) is more likely an ordinary number.
_FIRST_SERIAL, _LAST_SERIAL = 10_000, 60_000
_ENOUGH = 5


@dataclass(frozen=True, slots=True)
class DateFinding:
    """The forms of a column's dates.

    Attributes
    ----------
    forms : tuple of str
        In the order in which to try them.
    share : float
        Share of the texts that one of the forms reads.
    is_ambiguous : bool
        True when day and month cannot be distinguished.
    is_swapped : bool
        True when day and month are exchanged in Excel numbers.
    earliest : date or None
        Earliest date that was read.
    """

    forms: tuple[str, ...]
    share: float
    is_ambiguous: bool = False
    is_swapped: bool = False
    earliest: date | None = None


def find_date_forms(texts: Sequence[str]) -> DateFinding:
    """Find the fewest forms that read the texts.

    Parameters
    ----------
    texts : sequence of str
        Texts that are not empty; each text once is enough.

    Returns
    -------
    DateFinding
        Without forms when hardly any text is a date.
    """
    if not texts:
        return DateFinding((), 0.0)
    read = {form: _read_by(form, texts) for form in (*_NUMERIC_FORMS, *_written_forms(texts))}
    chosen: list[str] = []
    left = set(range(len(texts)))
    while left and len(chosen) < 4:
        # When two forms read equally many texts, the first one in the list is more common.
        best = max(read, key=lambda form: len(left & read[form].keys()))
        gained = left & read[best].keys()
        if len(gained) < max(1, 0.02 * len(texts)):
            break
        chosen.append(best)
        left -= gained
    share = 1 - len(left) / len(texts)
    if share < 0.5:
        return DateFinding((), share)
    twins = [form for form in chosen if form in _TWINS]
    earliest = min(day for form in chosen for day in read[form].values())
    is_ambiguous = any(len(read[form]) == len(read[_TWINS[form]]) for form in twins)
    if _is_swapped(chosen, read):
        chosen = ["excel-swapped" if form == "excel" else form for form in chosen]
        return DateFinding(tuple(chosen), share, is_swapped=True, earliest=earliest)
    return DateFinding(tuple(chosen), share, is_ambiguous, earliest=earliest)


def _read_by(form: str, texts: Sequence[str]) -> dict[int, date]:
    reader: DateForm = date_form(form)
    found = {}
    for place, text in enumerate(texts):
        if form == "excel" and not _is_probable_serial(text):
            continue
        day = reader(text)
        if day is not None and (form != "compact" or 1900 <= day.year <= 2100):
            found[place] = day
    return found


def _is_probable_serial(text: str) -> bool:
    try:
        return _FIRST_SERIAL <= float(text) <= _LAST_SERIAL
    except ValueError:
        return False


def _written_forms(texts: Sequence[str]) -> list[str]:
    """Forms with names of months, after the words with which all texts begin."""
    prefix = re.match(r"(?:[^\d]*?[:\-–] )?", shared_beginning(texts))
    literal = prefix.group().replace("%", "%%") if prefix else ""
    forms = []
    for form in _WRITTEN_FORMS:
        try:
            date_form(literal + form)
        except FormatError:
            continue
        forms.append(literal + form)
    return forms


def shared_beginning(texts: Sequence[str]) -> str:
    """The common prefix; in sorted order, the first and the last text have the shortest."""
    first, last = min(texts), max(texts)
    length = next(
        (place for place, (a, b) in enumerate(zip(first, last, strict=False)) if a != b),
        min(len(first), len(last)),
    )
    return first[:length]


def _is_swapped(chosen: Sequence[str], read: dict[str, dict[int, date]]) -> bool:
    """Whether all numbers have days up to 12 and all texts have days from 13.

    This happens when a program reads month/day as day/month: what it can read becomes a wrong
    number, and what it cannot read remains text.
    """
    if "excel" not in chosen or not any(form in _TWINS for form in chosen):
        return False
    numbers = list(read["excel"].values())
    written = [day for form in chosen if form in _TWINS for day in read[form].values()]
    return (
        len(numbers) >= _ENOUGH
        and len(written) >= _ENOUGH
        and all(day.day <= 12 for day in numbers)
        and all(day.day > 12 for day in written)
    )
