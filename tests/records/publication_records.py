"""A small plan of publication, as it is stored."""

from __future__ import annotations

from qorgau.records.incidents.choices import Confidentiality
from qorgau.records.publication import services as publication


def plan_record(year: int = 2024) -> publication.PlanRecord:
    """One box of one unit."""
    return publication.PlanRecord(
        year=year,
        confidentiality=Confidentiality.MEDICAL,
        units=[1],
        causes=["injury:fall"],
        boxes=[([0], [0], list(range(12)))],
        expected=[12.0],
        has_population=[True],
        target_expected=10.0,
        least_population=20.0,
        least_count=5,
    )
