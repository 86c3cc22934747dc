"""Small files that cost whoever reads them much: the kinds, as bytes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterable

from openpyxl import Workbook

_SHEET = "xl/worksheets/sheet1.xml"
_TEXTS = "xl/sharedStrings.xml"
_TYPE_OF_TEXTS = (
    b'<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-'
    b'officedocument.spreadsheetml.sharedStrings+xml"/></Types>'
)
_NAMESPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def _workbook(parts: dict[str, Iterable[bytes]]) -> bytes:
    """A workbook in which these parts have another content."""
    plain, made = io.BytesIO(), io.BytesIO()
    book = Workbook()
    book.active.append(["day", "unit"])
    book.save(plain)
    # Excel keeps texts in a part of their own, which openpyxl writes only where there are some.
    texts = {_TEXTS: parts[_TEXTS]} if _TEXTS in parts else {}
    with (
        zipfile.ZipFile(plain) as source,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as target,
    ):
        for name in source.namelist():
            content = source.read(name).replace(
                b"</Types>", _TYPE_OF_TEXTS if texts else b"</Types>"
            )
            with target.open(name, "w") as part:
                part.writelines(parts.get(name, [content]))
        for name, pieces in texts.items():
            with target.open(name, "w") as part:
                part.writelines(pieces)
    return made.getvalue()


def _sheet(rows: Iterable[bytes]) -> Iterable[bytes]:
    yield f'<worksheet xmlns="{_NAMESPACE}"><sheetData>'.encode()
    yield b'<row r="1"><c r="A1" t="inlineStr"><is><t>day</t></is></c></row>'
    yield from rows
    yield b"</sheetData></worksheet>"


def high_row_number() -> bytes:
    return _workbook({_SHEET: _sheet([b'<row r="100000000"><c r="A100000000"><v>1</v></c></row>'])})


def wide_rows() -> bytes:
    """Each of the rows says that its only cell is in the last column of Excel."""
    rows = (b'<row r="%d"><c r="XFD%d"><v>1</v></c></row>' % (n, n) for n in range(2, 40_000))
    return _workbook({_SHEET: _sheet(rows)})


def many_texts() -> bytes:
    """All texts of a workbook are in memory before its first row is read."""

    def texts() -> Iterable[bytes]:
        yield f'<sst xmlns="{_NAMESPACE}">'.encode()
        for begin in range(0, 400_000, 10_000):
            yield b"".join(b"<si><t>%d</t></si>" % n for n in range(begin, begin + 10_000))
        yield b"</sst>"

    return _workbook({_TEXTS: texts()})


def deep_key() -> str:
    return "[mapping]\n" + ".".join(["a"] * 30_000) + " = 1\n"


def deep_header() -> str:
    return "[" + ".".join(['"a"'] * 15_000) + "]\n"


def deep_list() -> str:
    return "a = " + "[" * 30_000 + "]" * 30_000


COSTLY_FILES: dict[str, Callable[[], bytes]] = {
    "a row with a high number": high_row_number,
    "rows that say they are wide": wide_rows,
    "many shared texts": many_texts,
}
COSTLY_MAPPINGS: dict[str, Callable[[], str]] = {
    "a key of many steps": deep_key,
    "a table of many steps": deep_header,
    "a list in lists": deep_list,
}
