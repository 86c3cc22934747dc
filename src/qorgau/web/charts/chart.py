"""The parts of every chart: plain rows and words in, a definition out that is plain data.

Observed values are points, expected values a line, the bound a band; labels are next to what they
name. The words are already translated.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from qorgau.web.charts import look
from qorgau.web.charts.altair_on_use import alt
from qorgau.web.charts.chart_data import with_plain_rows


@dataclass(frozen=True)
class Words:
    """The texts of a chart: title, sentence, axes, the mark of synthetic data.

    `caution` says to whom its figures may be shown; it stays with a file, which leaves its page.
    """

    title: str
    sentence: str
    y: str
    x: str = ""
    mark: str = ""
    caution: str = ""


@dataclass(frozen=True)
class Chart:
    """A definition for any width, the words, and the rows."""

    words: Words
    rows: Sequence[Any]
    make: Callable[[int], alt.LayerChart]

    def definition(self, width_pixels: int) -> dict[str, Any]:
        """The Vega-Lite definition at one width, as data."""
        chart = self.make(width_pixels).properties(config=look.CONFIG)
        # Checking it against the schema takes as long as making it; the tests do, for every chart.
        return with_plain_rows(chart.to_dict(validate=False))
