"""Load Altair with the first chart: it takes half a second, and most pages have no chart."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import altair as alt
else:

    class _OnUse:
        def __getattr__(self, name: str) -> Any:
            return getattr(import_module("altair"), name)

    alt = _OnUse()

__all__ = ["alt"]
