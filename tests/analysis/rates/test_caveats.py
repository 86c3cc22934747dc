"""The caveats of rates on figures alone."""

from __future__ import annotations

import datetime as dt

from qorgau.analysis.figures.rate_figures import RateFigure
from qorgau.analysis.rates.caveats import RateCaveatFacts, rate_caveats
from qorgau.analysis.rates.results import MonthRate

WITH_RATE = RateFigure(4, 3_000, 30.0, 0.13, 0.04, 0.34, 4, 4)
WITHOUT = RateFigure(4, 0, 0.0, None, None, None, 4, 4)


def keys(overall: RateFigure, *figures: RateFigure) -> list[str]:
    months = [MonthRate(dt.date(2024, 1 + place, 1), one) for place, one in enumerate(figures)]
    return [caveat.key for caveat in rate_caveats(overall, months, [], RateCaveatFacts())]


def test_months_without_person_time_are_named_where_there_is_a_rate() -> None:
    assert "months_without_person_time" in keys(WITH_RATE, WITH_RATE, WITHOUT)
    assert "months_without_person_time" not in keys(WITH_RATE, WITH_RATE, WITH_RATE)


def test_where_there_is_no_rate_that_alone_is_said() -> None:
    found = keys(WITHOUT, WITHOUT, WITHOUT)
    assert "no_person_time" in found
    assert "months_without_person_time" not in found
