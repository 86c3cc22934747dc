"""A file from outside is read in a process of its own before the server reads it.

The process has limits on memory, processor time and rows. A file that reaches one is refused in a
sentence, and the server has spent nothing on it. Reading is deterministic: what the process read
within its limits, the server then reads within them too.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

from qorgau.exchange.formats.format_errors import FormatError, gettext_noop
from qorgau.exchange.formats.tables import TableLayout

MOST_BYTES = 300 << 20
"""Memory of the process, the program itself included."""

MOST_ROWS = 3_000_000
"""Rows of a file that a page takes; larger ones are imported on the server."""

# A small file is read in less than a second. Workbooks need the most time for their size.
_SECONDS, _SECONDS_A_MEGABYTE = 3, 3
# Others may need the processor too; a process that only waits is ended as well.
_WAITING_FACTOR = 10


def read_apart(path: Path, layout: TableLayout, mapping_text: str = "") -> None:
    """Read a table and the text of its mapping to the end, in a process with limits.

    Parameters
    ----------
    path : Path
    layout : TableLayout
        What is known about the file.
    mapping_text : str
        Text of a mapping that came with it; its own layout then replaces ``layout``.

    Raises
    ------
    FormatError
        When the file cannot be read, or not within the limits.
    """
    megabytes = (path.stat().st_size + len(mapping_text)) >> 20
    seconds = _SECONDS + _SECONDS_A_MEGABYTE * megabytes
    asked = {
        "path": str(path),
        "layout": asdict(layout),
        "mapping": mapping_text,
        "bytes": MOST_BYTES,
        "seconds": seconds,
        "rows": MOST_ROWS,
    }
    try:
        done = subprocess.run(
            [sys.executable, "-m", "qorgau.exchange.apart.child"],
            input=json.dumps(asked).encode(),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=_WAITING_FACTOR * seconds,
            env=_environment(),
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise _too_costly() from None
    if done.returncode != 0:
        raise _too_costly()
    faults = json.loads(done.stdout)
    if faults:
        raise FormatError(faults["template"], **faults["values"])


def _environment() -> dict[str, str]:
    """No secret of the server reaches the process: it needs to find Python and this program."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL") if name in os.environ}
    return kept | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}


def _too_costly() -> FormatError:
    return FormatError(
        gettext_noop(
            "Reading the file needs more memory or time than a page may use. Save the table "
            "as CSV, split it, or ask for it to be imported on the server with: "
            "qorgau import incidents"
        )
    )
