"""How many cases of the newest weeks are still to be reported."""

from qorgau.methods.reporting_delay.nowcasting import DelayCorrection, correct_for_delay

__all__ = ["DelayCorrection", "correct_for_delay"]
