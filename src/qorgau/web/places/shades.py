"""The shade of a count on a map: few classes, each labelled with numbers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

DARKEST = 4


@dataclass(frozen=True)
class ShadeClass:
    """The range of existing counts with one shade, from ``least`` to ``most``; 0 means none."""

    shade: int
    least: int
    most: int


def shade_classes(counts: Iterable[int]) -> list[ShadeClass]:
    """Classes with equal ratios between the smallest and largest count, so shades show magnitude.

    Quartiles would give the same shade to the largest area and to one with a tenth of its count.
    """
    distinct = sorted({count for count in counts if count})
    if len(distinct) <= DARKEST:
        groups = [[count] for count in distinct]
    else:
        ratio = (distinct[-1] / distinct[0]) ** (1 / DARKEST)
        starts = [distinct[0] * ratio**step for step in range(DARKEST)]
        classed = [sum(count >= start for start in starts) for count in distinct]
        groups = [
            [count for count, found in zip(distinct, classed, strict=True) if found == each]
            for each in sorted(set(classed))
        ]
    first_shade = DARKEST - len(groups) + 1
    return [
        ShadeClass(shade, group[0], group[-1]) for shade, group in enumerate(groups, first_shade)
    ]


def shade_of(count: int | None, classes: Iterable[ShadeClass]) -> int:
    """The shade of a count in one of the classes; 0 for no incidents and for unknown counts."""
    return next((each.shade for each in classes if count and each.least <= count <= each.most), 0)
