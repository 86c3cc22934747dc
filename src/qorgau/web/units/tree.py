"""Units as a tree on a page: level by level, as far as there is room."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from qorgau.records.people.models import UnitVersion

ROOM = 300


@dataclass
class Branch:
    """A unit and the units shown below it; ``hidden`` counts those without room."""

    version: UnitVersion
    below: list[Branch] = field(default_factory=list)
    hidden: int = 0


def tree_of(versions: Iterable[UnitVersion], room: int = ROOM) -> tuple[list[Branch], int]:
    """The top units with the units below them, and how many top units did not fit.

    A level is shown completely or not at all, so that units of the same level are treated equally.
    """
    branches = {version.unit_id: Branch(version) for version in versions}
    below: dict[int | None, list[Branch]] = {}
    for branch in sorted(branches.values(), key=lambda one: one.version.unit.code):
        parent = branch.version.parent_id
        below.setdefault(parent if parent in branches else None, []).append(branch)
    tops = below.get(None, [])
    level, used = tops[:room], len(tops)
    while level:
        following = [child for one in level for child in below.get(one.version.unit_id, [])]
        has_room = used + len(following) <= room
        for one in level:
            children = below.get(one.version.unit_id, [])
            one.below, one.hidden = (children, 0) if has_room else ([], len(children))
        used += len(following)
        level = following if has_room else []
    return tops[:room], max(len(tops) - room, 0)
