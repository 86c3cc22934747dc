"""Cells of a file that people open in a spreadsheet program: it must show texts, not run them.

A text that such a program would run as a formula gets an apostrophe, which is removed when our file
is read again. A program that takes semicolons or tabs for separators splits a cell there, so that
a formula may also begin inside a text.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable

# The full-width signs are taken for the plain ones by programs with an East Asian language.
_SIGNS = "=+\\-@＝＋－＠"
_AT_THE_START = r"""\A((?:[^\S\t\r\n]|")*)"""
_AFTER_A_SEPARATOR = r"""([;\t\r\n](?:\s|")*)"""
_RISKY = (
    (_AT_THE_START, rf"(?=[{_SIGNS}\t\r\n])"),
    (_AFTER_A_SEPARATOR, rf"(?=[{_SIGNS}])"),
)
_UNESCAPED = [re.compile(rf"{before}('*){sign}") for before, sign in _RISKY]
_ESCAPED = [re.compile(rf"{before}'('*){sign}") for before, sign in _RISKY]
_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?\Z")


def escape_formula(cell: str) -> str:
    """Return the cell in a form that a spreadsheet program shows and does not run."""
    if _NUMBER.match(cell):
        return cell
    for risky in _UNESCAPED:
        cell = risky.sub(r"\1'\2", cell)
    return cell


def unescape_formula(cell: str) -> str:
    """Reverse `escape_formula`."""
    plain = cell
    for escaped in _ESCAPED:
        plain = escaped.sub(r"\1\2", plain)
    return cell if _NUMBER.match(plain) else plain


def csv_line(cells: Iterable[object], *, end: str = "\r\n") -> str:
    """Return one line of a CSV file; texts are escaped, numbers are as they are."""
    buffer = io.StringIO(newline="")
    shown = [escape_formula(cell) if isinstance(cell, str) else cell for cell in cells]
    csv.writer(buffer, lineterminator=end).writerow(shown)
    return buffer.getvalue()
