"""What every chart is: plain rows and words in, a definition out that can be read as data.

Observed values are points, what was expected is a line, the bound is a band; labels are beside
what they name. The words come in already translated.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from qorgau.web.charts import look
from qorgau.web.charts.altair_on_use import alt


@dataclass(frozen=True)
class Words:
    """What is written on and under a chart: title and sentence, the axes, the synthetic mark."""

    title: str
    sentence: str
    y: str
    x: str = ""
    mark: str = ""


@dataclass(frozen=True)
class Chart:
    """A definition for any width, the words, and the rows it was made of."""

    words: Words
    rows: Sequence[Any]
    make: Callable[[int], alt.LayerChart]

    def definition(self, width_pixels: int) -> dict[str, Any]:
        """The Vega-Lite definition at one width, as data."""
        chart = self.make(width_pixels).properties(config=look.CONFIG)
        # Checking it against the schema takes as long as making it; the tests do, for every chart.
        definition: dict[str, Any] = chart.to_dict(validate=False)
        return definition
