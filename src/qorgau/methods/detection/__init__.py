"""Which weekly counts are above what was expected: panels in, frozen results out."""

from qorgau.methods.detection.cusum import cusum
from qorgau.methods.detection.ears import ears
from qorgau.methods.detection.farrington import farrington
from qorgau.methods.detection.farrington_flexible import farrington_flexible
from qorgau.methods.detection.nb_glr import nb_glr
from qorgau.methods.detection.panels.results import CellReason, DetectionResult

__all__ = [
    "CellReason",
    "DetectionResult",
    "cusum",
    "ears",
    "farrington",
    "farrington_flexible",
    "nb_glr",
]
