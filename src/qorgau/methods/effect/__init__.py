"""Did what was done about it work?"""

from qorgau.methods.effect.before_after import BeforeAfter, before_after
from qorgau.methods.effect.compared_series import ComparedSeries, compared_series
from qorgau.methods.effect.interrupted_series import InterruptedSeries, interrupted_series

__all__ = [
    "BeforeAfter",
    "ComparedSeries",
    "InterruptedSeries",
    "before_after",
    "compared_series",
    "interrupted_series",
]
