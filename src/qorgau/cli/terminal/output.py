"""What a command writes: data cannot steer the terminal.

A name or a narrative may hold characters that move the cursor, change colours or the title, hide
what follows, or turn the direction of writing. They are shown as escapes, which are right in JSON
too.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from rich.console import Console

# C0 but tab and line feed, delete and C1; marks of direction and their ends; separators of lines.
_CONTROL = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufff9-\ufffb]"
)


def escape_controls(text: str) -> str:
    """Return the text with an escape for every character that a terminal would obey."""
    return _CONTROL.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def say(text: object, *, err: bool = False, nl: bool = True) -> None:
    """Write a line."""
    typer.echo(escape_controls(str(text)), err=err, nl=nl)


def make_console(**options: Any) -> Console:
    """A console of rich whose texts are escaped; its own colours are not."""
    # Loaded here: most commands print no table.
    from rich.console import Console

    class EscapedConsole(Console):
        # Every text that rich draws comes through here once, also the cells of its tables.
        def render_str(self, text: str, **how: Any) -> Any:
            return super().render_str(escape_controls(text), **how)

    return EscapedConsole(**options)
