"""Many tests at once: which are significant when the false alarms of all are controlled."""

from qorgau.methods.false_alarms.benjamini_hochberg import (
    StepUpSelection,
    benjamini_hochberg,
    benjamini_yekutieli,
)
from qorgau.methods.false_alarms.nested_trees import nest_trees
from qorgau.methods.false_alarms.tarone_screening import TaroneScreening, tarone_screening
from qorgau.methods.false_alarms.tree_benjamini_hochberg import (
    TreeSelection,
    WithinFamilies,
    tree_benjamini_hochberg,
)

__all__ = [
    "StepUpSelection",
    "TaroneScreening",
    "TreeSelection",
    "WithinFamilies",
    "benjamini_hochberg",
    "benjamini_yekutieli",
    "nest_trees",
    "tarone_screening",
    "tree_benjamini_hochberg",
]
