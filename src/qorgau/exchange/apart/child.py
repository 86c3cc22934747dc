"""The process that reads a file from outside: it limits itself, reads, and says what is wrong.

It starts no Django, opens nothing but the file, and writes nothing but its answer.
"""

from __future__ import annotations

import json
import os
import resource
import sys
from pathlib import Path
from typing import Any


def main() -> None:
    asked = json.load(sys.stdin)
    _limit(asked["bytes"], asked["seconds"])
    try:
        fault = _fault_in(asked)
    except MemoryError:
        # Without memory nothing more can be said than that it is over.
        os._exit(3)
    json.dump(fault, sys.stdout, default=str)


def _limit(most_bytes: int, seconds: int) -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_AS, (most_bytes, most_bytes))
    # It reads: not even by a fault of a library does it write to a file.
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    # openpyxl takes numpy where it is there, which alone would fill the memory.
    sys.modules["numpy"] = None  # type: ignore[assignment]


def _fault_in(asked: dict[str, Any]) -> dict[str, object] | None:
    from qorgau.exchange.formats.format_errors import FormatError, gettext_noop
    from qorgau.exchange.formats.mapping.document import read_document
    from qorgau.exchange.formats.tables import TableLayout, open_table

    layout = asked["layout"]
    try:
        if asked["mapping"]:
            layout |= _layout_in(read_document(asked["mapping"]))
        table = open_table(Path(asked["path"]), TableLayout(**layout))
        for count, _row in enumerate(table.rows(), start=1):
            if count > asked["rows"]:
                raise FormatError(
                    gettext_noop(
                        "The file has more than %(most)s rows, the limit for this page. Split "
                        "it, or ask for it to be imported on the server with: "
                        "qorgau import incidents"
                    ),
                    most=asked["rows"],
                )
    except FormatError as error:
        return {"template": error.template, "values": error.values}
    return None


def _layout_in(document: dict[str, Any]) -> dict[str, object]:
    """The layout that a mapping states; what is wrong with it is said when the mapping is read."""
    stated = document.get("file")
    kinds = {"encoding": str, "delimiter": str, "sheet": str, "header_row": int}
    if not isinstance(stated, dict):
        return {}
    return {k: v for k, v in stated.items() if k in kinds and type(v) is kinds[k]}


if __name__ == "__main__":
    main()
