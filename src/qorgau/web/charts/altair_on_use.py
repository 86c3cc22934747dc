"""Load Altair with the first chart: it takes half a second, and most pages have no chart."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import altair as alt
else:

    @cache
    def _altair() -> Any:
        # Each part of a chart would be checked against the schema when it is made, which takes
        # longer than making it; the tests check every chart as a whole.
        import_module("altair.utils.schemapi").disable_debug_mode()
        return import_module("altair")

    class _OnUse:
        def __getattr__(self, name: str) -> Any:
            return getattr(_altair(), name)

    alt = _OnUse()

__all__ = ["alt"]
