"""Units as a tree on a page: level by level, as far as a page has room."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from qorgau.records.people.models import UnitVersion

ROOM = 300


@dataclass
class Branch:
    """A unit and what is shown below it; ``hidden`` counts what there was no room for."""

    version: UnitVersion
    below: list[Branch] = field(default_factory=list)
    hidden: int = 0


def tree_of(versions: Iterable[UnitVersion], room: int = ROOM) -> tuple[list[Branch], int]:
    """The tops with what stands below them, and how many tops there was no room for.

    A level is shown whole or not at all, so that what is missing is missing everywhere alike.
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
