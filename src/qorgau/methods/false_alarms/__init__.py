"""Many tests at once: which of them stand when the false alarms of all together are controlled."""

from qorgau.methods.false_alarms.contending import ContendingTests, contending_tests
from qorgau.methods.false_alarms.nested_trees import nest_trees
from qorgau.methods.false_alarms.step_up import (
    StepUpSelection,
    benjamini_hochberg,
    benjamini_yekutieli,
)
from qorgau.methods.false_alarms.tree_step_up import (
    TreeSelection,
    WithinFamilies,
    tree_benjamini_hochberg,
)

__all__ = [
    "ContendingTests",
    "StepUpSelection",
    "TreeSelection",
    "WithinFamilies",
    "benjamini_hochberg",
    "benjamini_yekutieli",
    "contending_tests",
    "nest_trees",
    "tree_benjamini_hochberg",
]
