"""Which shade a count gets on a map: few classes, each said in numbers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

DARKEST = 4


@dataclass(frozen=True)
class ShadeClass:
    """Counts from ``least`` to ``most`` that occur and share a shade; 0 is none at all."""

    shade: int
    least: int
    most: int


def shade_classes(counts: Iterable[int]) -> list[ShadeClass]:
    """Classes of equal ratio between the least and the most, so that a shade is a magnitude.

    Quartiles would give the crowded area and one a tenth of it the same shade.
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
    """The shade of one of the counts that were classed; 0 for none and for what is not known."""
    return next((each.shade for each in classes if count and each.least <= count <= each.most), 0)
