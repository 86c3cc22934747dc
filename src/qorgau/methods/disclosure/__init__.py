"""What may be said of counts that a reader must not see one by one: boxes planned beforehand."""

from qorgau.methods.disclosure.box_plan import BoxPlan, plan_boxes
from qorgau.methods.disclosure.shown_boxes import (
    CountLimits,
    ShownBoxes,
    bound_count,
    restate_counts,
    show_boxes,
)

__all__ = [
    "BoxPlan",
    "CountLimits",
    "ShownBoxes",
    "bound_count",
    "plan_boxes",
    "restate_counts",
    "show_boxes",
]
