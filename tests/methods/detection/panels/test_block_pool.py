"""Blocks are worked on side by side, and matrix products within one start no further threads."""

from __future__ import annotations

import numpy as np
import pytest
from threadpoolctl import threadpool_info

from qorgau.methods.detection.panels.block_pool import work_on_blocks


def blas_threads() -> list[int]:
    return [one["num_threads"] for one in threadpool_info() if one["user_api"] == "blas"]


@pytest.mark.parametrize("threads", [1, 2])
def test_every_block_is_worked_on_with_one_thread_of_products(threads):
    before = blas_threads()
    found = np.zeros(6)
    inside: list[list[int]] = []

    def work(block: int) -> None:
        found[block] = block + 1.0
        inside.append(blas_threads())

    work_on_blocks(work, range(6), threads=threads)
    assert found.tolist() == [1, 2, 3, 4, 5, 6]
    assert before
    assert inside == [[1] * len(before)] * 6
    assert blas_threads() == before


@pytest.mark.parametrize("threads", [1, 2])
def test_an_error_in_a_block_is_raised(threads):
    with pytest.raises(ZeroDivisionError):
        work_on_blocks(lambda block: 1 / block, [1, 0], threads=threads)
