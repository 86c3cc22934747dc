"""The commands are tested in English, unless a test asks for another language."""

from __future__ import annotations

# Some of its words are translated once, when it is imported: here, before any test.
import typer.rich_utils  # noqa: F401
