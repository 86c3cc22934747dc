"""Dates as other systems write them: several forms in one column, tried in the declared order.

A form is a name (``iso``, ``excel``, ``excel-1904``, ``excel-swapped``, ``compact``), an order of
letters with its separators (``m/d/Y``, ``d.m.Y``, ``d-m-y``), or a text with placeholders
(``EOW: %A, %B %d, %Y``; the placeholders are those of C's ``strptime``). ISO 8601 is unambiguous
and is read in every column.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date, timedelta

from qorgau.exchange.formats.calendar_names import MONTH_NUMBERS, WEEKDAY_NUMBERS
from qorgau.exchange.formats.format_errors import FormatError, gettext_noop, nearest, shortened

NAMED_FORMS = ("iso", "excel", "excel-1904", "excel-swapped", "compact")
"""Forms that have a name.

``excel`` counts days from 1899-12-30 and ``excel-1904`` from 1904-01-01. ``excel-swapped`` is an
Excel number from month/day read as day/month: the damage that happens when a file of American
dates is opened and saved with another country's settings. ``compact`` is YYYYMMDD.
"""

_REMEMBERED = 20_000
_EARLIEST_SERIAL, _LATEST_SERIAL = 1, 2_958_465
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?\S*)?\Z")
_SERIAL = re.compile(r"\d{1,7}(?:\.\d+)?\Z")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})\Z")
_TAIL_TIME = r"(?:[T ,]+\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:\s*[AaPp]\.?[Mm]\.?)?)?"

_PLACES = {
    "Y": r"(?P<Y>\d{4})",
    "y": r"(?P<y>\d{2})",
    "m": r"(?P<m>\d{1,2})",
    "d": r"(?P<d>\d{1,2})",
    "B": r"(?P<B>[^\W\d_]+)\.?",
    "b": r"(?P<B>[^\W\d_]+)\.?",
    "A": r"(?P<A>[^\W\d_]+)\.?",
    "a": r"(?P<A>[^\W\d_]+)\.?",
}

DateForm = Callable[[str], date | None]
"""Reads a date from a text, or returns None when the text is not in this form."""


class DateReader:
    """Reads the dates of one column.

    Parameters
    ----------
    forms : sequence of str
        Forms in the order in which they are tried.

    Raises
    ------
    FormatError
        When a form is unknown.
    """

    def __init__(self, forms: Sequence[str]) -> None:
        self.forms = tuple(forms)
        self._readers = [_iso, *(date_form(form) for form in forms if form != "iso")]
        self._remembered: dict[str, date] = {}

    def read(self, text: str) -> date:
        """Read one date.

        Parameters
        ----------
        text : str

        Returns
        -------
        date

        Raises
        ------
        FormatError
            When no form fits; the sentence names the forms that were tried.
        """
        known = self._remembered.get(text)
        if known is not None:
            return known
        stripped = text.strip()
        for reader in self._readers:
            found = reader(stripped)
            if found is not None:
                if len(self._remembered) < _REMEMBERED:
                    self._remembered[text] = found
                return found
        raise FormatError(
            gettext_noop(
                '"%(text)s" is not a date in any of these formats: %(forms)s. Correct the '
                "cell, or add its format to the mapping."
            ),
            text=shortened(text),
            forms=", ".join(self.forms or ("iso",)),
        )


def date_form(form: str) -> DateForm:
    """Return the reader of one form.

    Parameters
    ----------
    form : str
        See the module's description.

    Returns
    -------
    callable

    Raises
    ------
    FormatError
        When the form is unknown or lacks the year, the month or the day.
    """
    named: dict[str, DateForm] = {
        "iso": _iso,
        "excel": _excel,
        "excel-1904": _excel_1904,
        "excel-swapped": _excel_swapped,
        "compact": _compact,
    }
    if form in named:
        return named[form]
    if re.fullmatch(r"[Yymd]([^\w%])[Yymd]\1[Yymd]", form):
        form = re.sub(r"([Yymd])", r"%\1", form)
    if "%" not in form:
        raise _unknown_form(form)
    return _pattern_form(form)


def _unknown_form(form: str) -> FormatError:
    examples = (*NAMED_FORMS, "m/d/Y", "d/m/Y", "d.m.Y", "Y/m/d", "Y.m.d", "d-m-Y", "m/d/y")
    near = nearest(form, examples)
    return FormatError(
        gettext_noop(
            'There is no date format "%(form)s"; the nearest is "%(near)s". Write one of '
            "%(names)s, an order such as m/d/Y or d.m.Y, or a pattern such as %%d %%B %%Y."
        ),
        form=form,
        near=near or "iso",
        names=", ".join(NAMED_FORMS),
    )


def _pattern_form(form: str) -> DateForm:
    expression = ""
    seen: list[str] = []
    for literal, place in re.findall(r"([^%]+)|%(.?)", form):
        if literal:
            expression += re.sub(r"(?:\\ )+", r"\\s+", re.escape(literal))
        elif place == "%":
            expression += "%"
        elif place not in _PLACES or place in seen:
            raise _unknown_form(form)
        else:
            expression += _PLACES[place]
            seen.append(place)
    letters = {place.lower() if place in "Bb" else place for place in seen}
    if not letters & {"Y", "y"} or not letters & {"m", "b"} or "d" not in letters:
        raise FormatError(
            gettext_noop(
                'The date format "%(form)s" does not give year, month and day. Write all '
                "three, for example %%d.%%m.%%Y."
            ),
            form=form,
        )
    compiled = re.compile(expression + _TAIL_TIME + r"\Z", re.IGNORECASE)

    def read(text: str) -> date | None:
        match = compiled.match(text)
        return None if match is None else _date_of_parts(match.groupdict())

    return read


def _date_of_parts(parts: dict[str, str | None]) -> date | None:
    year_text, short_year = parts.get("Y"), parts.get("y")
    if year_text is not None:
        year = int(year_text)
    else:
        # The POSIX rule for two digits: 69 to 99 mean 1969 to 1999, 00 to 68 mean 2000 to 2068.
        short = int(short_year or 0)
        year = short + (1900 if short >= 69 else 2000)
    name = parts.get("B")
    month = MONTH_NUMBERS.get(name.casefold(), 0) if name else int(parts.get("m") or 0)
    found = _date_or_none(year, month, int(parts.get("d") or 0))
    weekday = parts.get("A")
    if found is not None and weekday is not None:
        # If the weekday contradicts the date, one of them is wrong: do not guess.
        return found if WEEKDAY_NUMBERS.get(weekday.casefold()) == found.weekday() else None
    return found


def _date_or_none(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _iso(text: str) -> date | None:
    match = _ISO.match(text)
    return _date_or_none(*map(int, match.groups())) if match else None


def _compact(text: str) -> date | None:
    match = _COMPACT.match(text)
    return _date_or_none(*map(int, match.groups())) if match else None


def _from_serial(text: str, start: date) -> date | None:
    if not _SERIAL.match(text):
        return None
    days = int(float(text))
    if not _EARLIEST_SERIAL <= days <= _LATEST_SERIAL:
        return None
    try:
        return start + timedelta(days=days)
    except OverflowError:
        return None


def _excel(text: str) -> date | None:
    return _from_serial(text, date(1899, 12, 30))


def _excel_1904(text: str) -> date | None:
    return _from_serial(text, date(1904, 1, 1))


def _excel_swapped(text: str) -> date | None:
    found = _excel(text)
    return None if found is None else _date_or_none(found.year, found.day, found.month)
