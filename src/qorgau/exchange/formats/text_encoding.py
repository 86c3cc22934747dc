"""Detect the encoding of a text file from its bytes.

A byte order mark decides first, then the zero bytes of UTF-16, then strict UTF-8 over the whole
file. Otherwise it is a single-byte code page: in Western text, letters beyond ASCII are alone
between Latin letters; in Cyrillic text, they form runs. The right Cyrillic code page gives the
common letters of Russian and Kazakh, mostly in lower case.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from qorgau.exchange.formats.format_errors import FormatError, gettext_noop

_SAMPLE_BYTES = 1 << 18
_BLOCK_BYTES = 1 << 20

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

_SIGNATURES = (
    (b"%PDF-", gettext_noop("a PDF document")),
    (b"\x89PNG", gettext_noop("a picture")),
    (b"\xff\xd8\xff", gettext_noop("a picture")),
    (b"GIF8", gettext_noop("a picture")),
    (b"\x1f\x8b", gettext_noop("a compressed file")),
    (b"7z\xbc\xaf", gettext_noop("a compressed file")),
    (b"Rar!", gettext_noop("a compressed file")),
    (b"SQLite format 3", gettext_noop("a database")),
)

_CYRILLIC_PAGES = ("cp1251", "kz1048", "koi8-r", "cp866", "iso8859-5", "mac-cyrillic")
_COMMON_CYRILLIC = frozenset("оеаинтсрвлкмдпыүқәөұңғһі")


@dataclass(frozen=True, slots=True)
class EncodingFinding:
    """The encoding of a text file.

    Attributes
    ----------
    name : str
        Name of the Python codec.
    is_certain : bool
        False for a single-byte code page, which can only be guessed from the text.
    """

    name: str
    is_certain: bool


def refuse_other_formats(head: bytes) -> None:
    """Raise a fault when the first bytes show that the file is not a table.

    Raises
    ------
    FormatError
        Says what the file seems to be.
    """
    for signature, what in _SIGNATURES:
        if head.startswith(signature):
            raise FormatError(
                gettext_noop(
                    "This is %(what)s, not a table. Give a CSV file or an Excel workbook (.xlsx)."
                ),
                what=what,
            )
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise FormatError(
            gettext_noop(
                "This workbook is in the old .xls form or is locked with a password. "
                "Open it, remove the password and save it as .xlsx."
            )
        )


def detect_encoding(path: Path) -> EncodingFinding:
    """Find the encoding of a text file.

    Parameters
    ----------
    path : Path
        The file; it is read in blocks, never as a whole.

    Returns
    -------
    EncodingFinding

    Raises
    ------
    FormatError
        When the file is not text.
    """
    with path.open("rb") as file:
        head = file.read(_SAMPLE_BYTES)
    refuse_other_formats(head)
    for mark, name in _MARKS:
        if head.startswith(mark):
            return EncodingFinding(name, is_certain=True)
    wide = _utf16_without_mark(head)
    if wide:
        return EncodingFinding(wide, is_certain=True)
    first_foreign = _first_block_that_is_not_utf8(path)
    if first_foreign is None:
        return EncodingFinding("utf-8", is_certain=True)
    return EncodingFinding(_single_byte_page(first_foreign), is_certain=False)


def check_encoding(path: Path, name: str) -> None:
    """Read the whole file once in its declared encoding.

    Raises
    ------
    FormatError
        When the encoding is unknown, or some bytes cannot be read in it; the sentence names the
        line and the encoding that would fit.
    """
    try:
        decoder = codecs.getincrementaldecoder(name)("strict")
    except LookupError:
        raise FormatError(
            gettext_noop(
                'There is no encoding called "%(encoding)s". Write for example utf-8, '
                "utf-16, cp1251, cp1252 or kz1048, or leave the line out to have it detected."
            ),
            encoding=name,
        ) from None
    lines_before = 0
    try:
        for block in _blocks(path):
            lines_before += decoder.decode(block).count("\n")
        decoder.decode(b"", final=True)
    except UnicodeError as error:
        found = detect_encoding(path).name
        if found == name or _is_cut_character(error):
            raise _cut_inside_character(name) from error
        line = lines_before + _line_of(error)
        raise FormatError(
            gettext_noop(
                "The file is not in %(encoding)s: line %(line)s cannot be read. It reads as "
                '%(found)s; write encoding = "%(found)s" under [file], or leave the line out.'
            ),
            encoding=name,
            line=line,
            found=found,
        ) from error


def _is_cut_character(error: UnicodeError) -> bool:
    return isinstance(error, UnicodeDecodeError) and error.reason in (
        "unexpected end of data",
        "truncated data",
    )


def _cut_inside_character(name: str) -> FormatError:
    return FormatError(
        gettext_noop(
            "The file ends in the middle of a character (%(encoding)s): it was cut short. "
            "Download or export it again."
        ),
        encoding=name,
    )


def _line_of(error: UnicodeError) -> int:
    if isinstance(error, UnicodeDecodeError):
        return error.object[: error.start].count(b"\n") + 1
    return 1


def _blocks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while block := file.read(_BLOCK_BYTES):
            yield block


def _utf16_without_mark(head: bytes) -> str | None:
    """UTF-16 text in Latin letters has zero bytes on one side of most byte pairs."""
    if len(head) < 4 or b"\0" not in head:
        return None
    even, odd = head[0::2], head[1::2]
    zeros_even, zeros_odd = even.count(0) / len(even), odd.count(0) / max(len(odd), 1)
    if zeros_odd > 0.3 and zeros_even < 0.05:
        return "utf-16-le"
    if zeros_even > 0.3 and zeros_odd < 0.05:
        return "utf-16-be"
    return None


def _first_block_that_is_not_utf8(path: Path) -> bytes | None:
    decoder = codecs.getincrementaldecoder("utf-8")("strict")
    carried = b""
    for block in _blocks(path):
        try:
            decoder.decode(block)
        except UnicodeDecodeError:
            return carried[-4:] + block
        carried = block
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        raise _cut_inside_character("utf-8") from error
    return None


def _single_byte_page(sample: bytes) -> str:
    runs = re.findall(rb"[\x80-\xff]+", sample)
    share_alone = sum(len(run) == 1 for run in runs) / len(runs) if runs else 1.0
    if share_alone > 0.7:
        return "cp1252"
    return max(_CYRILLIC_PAGES, key=lambda page: _cyrillic_likeness(sample, page))


def _cyrillic_likeness(sample: bytes, page: str) -> float:
    """Share of common lower-case letters, minus signs of a wrong page: symbols, odd capitals."""
    text = sample.decode(page, errors="replace")
    beyond = [character for character in text if ord(character) > 127]
    if not beyond:
        return 0.0
    common = sum(character in _COMMON_CYRILLIC for character in beyond)
    strange = sum(not character.isalpha() and character not in "№«»–—…“”" for character in beyond)
    odd_capitals = len(re.findall(r"[а-яәғқңөұүһі][А-ЯӘҒҚҢӨҰҮҺІ]", text))
    return (common - 2 * strange - 2 * odd_capitals) / len(beyond)
