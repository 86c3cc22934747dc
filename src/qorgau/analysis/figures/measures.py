"""What is watched: a kind of incident, and below it every cause of the cause tree.

A measure is written ``injury`` or ``injury:exertion.load_carriage``: one tree, in which a longer
name is below every shorter one that it begins with.
"""

from __future__ import annotations

from django.utils.translation import gettext as _

from qorgau.analysis.unit_cause_hierarchy.measure_tree import MeasureTree
from qorgau.records.incidents.choices import Cause, Kind

# A rise of what has no cause yet shows in its kind.
UNSPECIFIC_CAUSES = frozenset({"unknown", "other"})
CAUSES: tuple[str, ...] = tuple(c for c in Cause.values if c not in UNSPECIFIC_CAUSES)
KINDS: tuple[str, ...] = tuple(Kind.values)


def measure_of(kind: str, cause: str) -> str:
    """The narrowest measure that an incident counts in; it counts in every wider one too.

    Parameters
    ----------
    kind : str
        Kind of incident.
    cause : str
        Cause, a branch of the cause tree or a leaf (``exertion.load_carriage``).

    Returns
    -------
    str
        The kind with the cause; the kind alone where the cause is not specific.
    """
    return f"{kind}:{cause}" if cause in CAUSES else kind


ALL_MEASURES: tuple[str, ...] = (
    *KINDS,
    *(f"{kind}:{cause}" for kind in KINDS for cause in CAUSES),
)


def wider(measure: str) -> str | None:
    """The next wider measure: of a cause its branch, of a branch its kind; None of a kind."""
    kind, cause = kind_of(measure), cause_of(measure)
    if not cause:
        return None
    branch = cause.rpartition(".")[0]
    return f"{kind}:{branch}" if branch else kind


def kind_of(measure: str) -> str:
    """The kind of incident that a measure counts."""
    return measure.partition(":")[0]


def cause_of(measure: str) -> str:
    """The cause that a measure counts; empty for all causes."""
    return measure.partition(":")[2]


MEASURES = MeasureTree.of(ALL_MEASURES, wider)


def measure_label(measure: str) -> str:
    """The measure in the reader's language, for example "Injury: March with load"."""
    kind, cause = Kind(kind_of(measure)).label, cause_of(measure)
    if not cause:
        return str(kind)
    return str(_("%(kind)s: %(cause)s") % {"kind": kind, "cause": Cause(cause).label})
