"""Commands are tested in English, unless a test chooses another language."""

from __future__ import annotations

# It translates some words when it is imported, so it is imported before any test.
import typer.rich_utils  # noqa: F401
