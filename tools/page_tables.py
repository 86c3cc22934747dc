"""Put tables that a program made into a page, between ``<!-- name -->`` and ``<!-- end -->``."""

from __future__ import annotations

import re
from pathlib import Path


def put_tables(page: Path, tables: dict[str, list[str]]) -> None:
    """Replace each named table of the page with these lines; the rest of it stays."""
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
