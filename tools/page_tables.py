"""Read generated tables and put them into pages, between ``<!-- name -->`` and an end mark."""

from __future__ import annotations

import csv
import re
from pathlib import Path


def read_rows(table: Path) -> list[dict[str, str]]:
    """The rows of a committed CSV table, with the names in its header."""
    with table.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def put_tables(page: Path, tables: dict[str, list[str]]) -> None:
    """Replace each named table of the page with these lines; the rest is not changed."""
    text = page.read_text(encoding="utf-8")
    for name, lines in tables.items():
        table = "\n".join(lines)
        text, times = re.subn(
            rf"(<!-- {name} -->\n).*?(<!-- end -->)",
            lambda found, table=table: f"{found[1]}{table}\n{found[2]}",
            text,
            flags=re.DOTALL,
        )
        if times != 1:
            raise ValueError(f"{page.name} has {times} places for the table {name}, not one.")
    page.write_text(text, encoding="utf-8")
