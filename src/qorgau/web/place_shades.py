"""Which shade a count gets on a map: few classes, each said in numbers."""

from __future__ import annotations

from bisect import bisect_right
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
    """Quartiles of the counts above none, so that one crowded area does not pale all others."""
    above_none = sorted(count for count in counts if count)
    if not above_none:
        return []
    distinct = sorted(set(above_none))
    starts = distinct
    if len(distinct) > DARKEST:
        quartiles = {above_none[len(above_none) * part // DARKEST] for part in range(DARKEST)}
        starts = sorted(quartiles | {above_none[0]})
    first_shade = DARKEST - len(starts) + 1
    classes = []
    for place, least in enumerate(starts):
        following = starts[place + 1] if place + 1 < len(starts) else distinct[-1] + 1
        most = max(count for count in distinct if count < following)
        classes.append(ShadeClass(first_shade + place, least, most))
    return classes


def shade_of(count: int | None, classes: list[ShadeClass]) -> int:
    """The shade of one count among the classes; 0 for none and for what is not known."""
    if not count:
        return 0
    place = bisect_right([each.least for each in classes], count) - 1
    return classes[place].shade if place >= 0 else 0
