"""Blocks of series worked on side by side, each by one thread and no more."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TypeVar

from threadpoolctl import ThreadpoolController

Block = TypeVar("Block")


def work_on_blocks(
    work: Callable[[Block], None], blocks: Sequence[Block], *, threads: int = 1
) -> None:
    """Call a function on every block.

    Parameters
    ----------
    work : callable
        Takes a block and writes what it finds; blocks must not write to the same places.
    blocks : sequence
        What is worked on.
    threads : int
        How many blocks are worked on at the same time.

    Notes
    -----
    Matrix products within a block are small. Left to itself the library of products starts threads
    of its own for each, which wait for each other on cores that the blocks keep busy: on two cores
    that took seven times the processor time.
    """
    with _controller().limit(limits=1, user_api="blas"):
        if threads > 1 and len(blocks) > 1:
            with ThreadPoolExecutor(threads) as pool:
                list(pool.map(work, blocks))
        else:
            for block in blocks:
                work(block)


@cache
def _controller() -> ThreadpoolController:
    return ThreadpoolController()
