"""Times of day as other systems write them: 09:45, 9.45, 945, 9:45 PM, or a fraction of a day.

A time is a number of minutes after midnight, so that 24:00 can mean the end of a day.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from qorgau.exchange.formats.format_errors import FormatError, gettext_noop, nearest, shortened

MINUTES_A_DAY = 1440

_CLOCK = re.compile(
    r"(?:\d{4}-\d{1,2}-\d{1,2}[T ]|\d{1,2}[./]\d{1,2}[./]\d{2,4} )?"
    r"(\d{1,2})[:.hч](\d{2})(?::\d{2}(?:[.,]\d+)?)?\s*([AaPp]\.?[Mm]\.?)?(?:Z|[+-]\d\d:?\d\d)?\Z"
)
_FIGURES = re.compile(r"\d{1,4}\Z")
_FRACTION = re.compile(r"\d*\.\d+\Z|0\Z|1\Z")


def _clock(text: str) -> int | None:
    match = _CLOCK.match(text)
    if match is None:
        return None
    hour, minute, half = int(match[1]), int(match[2]), (match[3] or "").casefold()
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    return _minutes(hour, minute)


def _figures(text: str) -> int | None:
    match = _FIGURES.match(text)
    return _minutes(int(text) // 100, int(text) % 100) if match else None


def _day_fraction(text: str) -> int | None:
    if not _FRACTION.match(text):
        return None
    # An Excel date with a time is a whole number of days and a fraction.
    return round((float(text) % 1) * MINUTES_A_DAY) % MINUTES_A_DAY


def _minutes(hour: int, minute: int) -> int | None:
    total = hour * 60 + minute
    return total if minute < 60 and total <= MINUTES_A_DAY else None


TIME_FORMS: dict[str, Callable[[str], int | None]] = {
    "clock": _clock,
    "figures": _figures,
    "day-fraction": _day_fraction,
}
"""Forms by name: ``clock`` 09:45 or 9:45 PM, ``figures`` 945, ``day-fraction`` 0.40625."""


class TimeReader:
    """Reads the times of one column.

    Parameters
    ----------
    forms : sequence of str
        Names from `TIME_FORMS`, in the order in which they are tried; ``clock`` when empty.

    Raises
    ------
    FormatError
        When a form is unknown.
    """

    def __init__(self, forms: Sequence[str]) -> None:
        self.forms = tuple(forms) or ("clock",)
        for form in self.forms:
            if form not in TIME_FORMS:
                raise FormatError(
                    gettext_noop(
                        'There is no time format "%(form)s"; the nearest is "%(near)s". '
                        "Write one of: %(names)s."
                    ),
                    form=form,
                    near=nearest(form, TIME_FORMS) or "clock",
                    names=", ".join(TIME_FORMS),
                )
        self._readers = [TIME_FORMS[form] for form in self.forms]

    def read(self, text: str) -> int:
        """Read one time.

        Parameters
        ----------
        text : str

        Returns
        -------
        int
            Minutes after midnight, 0 to 1440.

        Raises
        ------
        FormatError
            When no form fits.
        """
        stripped = text.strip()
        for reader in self._readers:
            found = reader(stripped)
            if found is not None:
                return found
        raise FormatError(
            gettext_noop(
                '"%(text)s" is not a time of day in any of these formats: %(forms)s. Correct '
                "the cell, or list the value under nulls in the mapping."
            ),
            text=shortened(text),
            forms=", ".join(self.forms),
        )
