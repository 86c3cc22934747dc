"""Key files: cases of a register under keyed digests, to be linked with those of another register.

A key file holds ``token,day[,unit]`` and nothing else: the token is
``HMAC-SHA-256(secret, person code)`` in hexadecimal digits (RFC 2104), so that two custodians who
share a secret can compare people without exchanging their codes. One row is one person on one day.
"""

from __future__ import annotations

import functools
import hashlib
import hmac
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import NamedTuple

from qorgau.exchange.formats.dates import date_form
from qorgau.exchange.formats.format_errors import FormatError, gettext_noop, shortened
from qorgau.exchange.formats.tables import (
    Row,
    Table,
    open_table,
    refuse_cut_last_row,
)
from qorgau.exchange.formats.weekly_counts import write_rows

SHORTEST_SECRET = 16
LONGEST_SECRET_BYTES = 4096

_TOKEN = re.compile(r"[0-9a-f]{64}\Z")
# Day and month by position only where the separator leaves no doubt.
_DATE_FORMS = (date_form("iso"), date_form("d.m.Y"), date_form("Y.m.d"))
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−"), "-")


class Case(NamedTuple):
    """A person on a day.

    Attributes
    ----------
    token : str
    day : date
    unit : str
        Code of the unit; empty when the file does not contain it.
    """

    token: str
    day: date
    unit: str


@dataclass(frozen=True, slots=True)
class KeyFile:
    """The data that a register hands over.

    Attributes
    ----------
    cases : tuple of Case
        Each person and day once, ordered by token and day.
    repeated : int
        Rows left out because the same person and day occurred before.
    has_units : bool
    """

    cases: tuple[Case, ...]
    repeated: int
    has_units: bool


def checked_secret(text: str) -> bytes:
    """Return the secret as bytes, without spaces and line ends around it.

    Raises
    ------
    FormatError
        When the secret is empty or shorter than `SHORTEST_SECRET` characters.
    """
    secret = unicodedata.normalize("NFC", text.strip().removeprefix("\ufeff").strip())
    if not secret:
        raise FormatError(
            gettext_noop(
                "The secret is empty. Both registers need the same one; choose it at random, "
                "for example with: openssl rand -hex 32"
            )
        )
    if len(secret) < SHORTEST_SECRET:
        raise FormatError(
            gettext_noop(
                "The secret is too short (%(length)s characters) and could be guessed. "
                "Choose at least %(least)s at random, for example with: openssl rand -hex 32"
            ),
            length=len(secret),
            least=SHORTEST_SECRET,
        )
    return secret.encode()


def read_secret(path: Path) -> bytes:
    """Read the secret from a text file.

    Raises
    ------
    FormatError
        When there is no such file, or it is not text, too long, empty or too short.
    """
    if not path.is_file():
        raise FormatError(
            gettext_noop("There is no file %(path)s with the secret. Check the name."),
            path=str(path),
        )
    content = path.read_bytes()
    if len(content) > LONGEST_SECRET_BYTES:
        raise FormatError(
            gettext_noop(
                "%(path)s is too large to be a secret. Give a file with only the secret in it."
            ),
            path=str(path),
        )
    try:
        return checked_secret(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise FormatError(
            gettext_noop("The secret in %(path)s is not UTF-8 text. Write it as text."),
            path=str(path),
        ) from None


def tokens_under(secret: bytes) -> Callable[[str], str]:
    """Return the function from a person's code to the token; it does not reveal the secret.

    Parameters
    ----------
    secret : bytes
        From `checked_secret` or `read_secret`.

    Returns
    -------
    callable
        Codes that differ only in case, spaces or the form of a dash get the same token.
    """
    keyed = hmac.new(secret, digestmod=hashlib.sha256)

    def token_of(code: str) -> str:
        mac = keyed.copy()
        mac.update(_in_one_spelling(code).encode())
        return mac.hexdigest()

    return token_of


def _in_one_spelling(code: str) -> str:
    folded = unicodedata.normalize("NFKC", code).casefold().translate(_DASHES)
    return "".join(folded.split())


def keys_of_register(path: Path, secret: bytes) -> KeyFile:
    """Make a key file from one's own register, a table with columns ``person,day[,unit]``.

    Other columns are ignored.

    Raises
    ------
    FormatError
        When the file cannot be read, a column is missing, or a row has no person or no day.
    """
    table = open_table(path)
    places = _places(table, ("person", "day"))
    token_of = tokens_under(secret)

    def case_of(row: Row) -> Case:
        code = row.cells[places["person"]]
        if not code.strip():
            raise FormatError(
                gettext_noop(
                    "Row %(row)s has no person code. Leave such rows out, and note how many "
                    "there are."
                ),
                row=row.number,
            )
        return Case(token_of(code), _day(row, places["day"]), _unit(row, places))

    return _key_file(table, case_of, "unit" in places)


def read_keys(path: Path) -> KeyFile:
    """Read a key file.

    Raises
    ------
    FormatError
        When the file cannot be read, lacks a column or has another one, or a row has no token or
        no day.
    """
    table = open_table(path)
    places = _places(table, ("token", "day"))
    foreign = next((n for n in table.columns if n.strip().lower() not in places), None)
    if foreign is not None:
        raise FormatError(
            gettext_noop(
                "The file has a column “%(column)s”. A key file has only the columns token, "
                "day and unit. Create it with: qorgau methods linkage-keys"
            ),
            column=foreign,
        )

    def case_of(row: Row) -> Case:
        token = row.cells[places["token"]].strip().lower()
        if not _TOKEN.match(token):
            raise FormatError(
                gettext_noop(
                    "Row %(row)s has no token of 64 hexadecimal digits. Create the file "
                    "with: qorgau methods linkage-keys"
                ),
                row=row.number,
            )
        return Case(token, _day(row, places["day"]), _unit(row, places))

    return _key_file(table, case_of, "unit" in places)


def write_keys(path: Path, keys: KeyFile) -> None:
    """Write a key file, ordered by token and day, so that the register's order is not revealed.

    Raises
    ------
    FormatError
        When the file cannot be written.
    """
    header, *rows = key_rows(keys)
    write_rows(path, header, rows)


def key_rows(keys: KeyFile) -> Iterator[tuple[str, ...]]:
    """Header and rows of a key file."""
    yield ("token", "day", "unit") if keys.has_units else ("token", "day")
    for case in keys.cases:
        row = (case.token, case.day.isoformat(), case.unit)
        yield row if keys.has_units else row[:2]


def once_each(cases: Iterable[Case], *, has_units: bool) -> KeyFile:
    """Keep each person and day once: two diagnoses of one accident are one case."""
    found: dict[tuple[str, date], Case] = {}
    rows = 0
    for case in cases:
        rows += 1
        found.setdefault(case[:2], case)
    ordered = tuple(sorted(found.values()))
    return KeyFile(ordered, rows - len(ordered), has_units)


def _key_file(table: Table, case_of: Callable[[Row], Case], has_units: bool) -> KeyFile:
    keys = once_each(map(case_of, _sound(table)), has_units=has_units)
    if not keys.cases:
        raise FormatError(gettext_noop("The file has a header but no rows."))
    return keys


def _sound(table: Table) -> Iterator[Row]:
    last = None
    for row in table.rows():
        # A file that was cut off also has a faulty last row; report the cut.
        if last is not None and last.fault:
            raise last.fault
        last = row
        if not row.fault:
            yield row
    refuse_cut_last_row(table, last)
    if last is not None and last.fault:
        raise last.fault


def _places(table: Table, needed: tuple[str, ...]) -> dict[str, int]:
    columns = {name.strip().lower(): place for place, name in enumerate(table.columns)}
    for name in needed:
        if name not in columns:
            raise FormatError(
                gettext_noop("The file has no column “%(column)s”. It needs: %(needed)s."),
                column=name,
                needed=", ".join(needed),
            )
    return {name: columns[name] for name in (*needed, "unit") if name in columns}


def _day(row: Row, place: int) -> date:
    text = row.cells[place].strip()
    found = _day_of(text)
    if found is not None:
        return found
    raise FormatError(
        gettext_noop(
            "Row %(row)s: “%(text)s” is not a date. Write it as 2026-01-31 or 31.01.2026."
        ),
        row=row.number,
        text=shortened(text),
    )


@functools.lru_cache(maxsize=10_000)
def _day_of(text: str) -> date | None:
    return next((day for read in _DATE_FORMS if (day := read(text)) is not None), None)


def _unit(row: Row, places: dict[str, int]) -> str:
    return row.cells[places["unit"]].strip() if "unit" in places else ""
