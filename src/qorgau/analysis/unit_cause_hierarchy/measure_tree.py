"""What is counted, as a tree: a cause counts in every wider one that it belongs to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

NONE = -1


@dataclass(frozen=True, eq=False)
class MeasureTree:
    """Measures by name, and the next wider one of each.

    Attributes
    ----------
    names : tuple of str
        The measures; one is named once.
    parents : ndarray of int, shape (measures,)
        Index of the next wider measure, -1 for the widest.
    """

    names: tuple[str, ...]
    parents: npt.NDArray[np.int64]

    @classmethod
    def of(cls, names: Sequence[str], wider: Callable[[str], str | None]) -> MeasureTree:
        """The tree of these measures.

        Parameters
        ----------
        names : sequence of str
            The measures.
        wider : callable
            Gives the name of the next wider measure, None for the widest.

        Returns
        -------
        MeasureTree

        Raises
        ------
        ValueError
            If a measure has no way up to a widest one; the sentence names it.
        """
        index = {name: place for place, name in enumerate(names)}
        above = [wider(name) for name in names]
        parents = [NONE if one is None else index[one] for one in above]
        for start in range(len(names)):
            at, steps = start, 0
            while parents[at] != NONE:
                at, steps = parents[at], steps + 1
                if steps > len(names):
                    raise ValueError(
                        f"{names[start]} lies within itself: what is wider must lead to the top."
                    )
        return cls(tuple(names), np.array(parents, dtype=np.int64))

    @cached_property
    def index(self) -> dict[str, int]:
        """Place of each measure by its name."""
        return {name: place for place, name in enumerate(self.names)}

    @cached_property
    def paths(self) -> npt.NDArray[np.int64]:
        """Every measure with all wider ones, the widest first; -1 where there are fewer.

        Shape ``(measures, depth)``.
        """
        ways = [[self.index[name] for name in reversed(self._upwards[name])] for name in self.names]
        depth = max(map(len, ways), default=0)
        padded = [way + [NONE] * (depth - len(way)) for way in ways]
        return np.array(padded, dtype=np.int64).reshape(len(ways), depth)

    @cached_property
    def _upwards(self) -> dict[str, list[str]]:
        """Names of each measure and of all wider ones, in this order."""
        found: dict[str, list[str]] = {}
        for name, place in self.index.items():
            way = [name]
            while (place := int(self.parents[place])) != NONE:
                way.append(self.names[place])
            found[name] = way
        return found

    def is_within(self, narrow: str, wide: str) -> bool:
        """Whether all that counts in `narrow` counts in `wide` too."""
        return wide in self._upwards[narrow]

    def depth(self, name: str) -> int:
        """How many measures are wider."""
        return len(self._upwards[name]) - 1
