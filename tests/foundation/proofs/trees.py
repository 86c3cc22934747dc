"""The tree of RFC 6962 as its section 2.1 defines it, word for word and slowly; test vectors."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

# The entries and roots of the tests of Certificate Transparency
# (github.com/google/certificate-transparency, merkletree/merkle_tree_test.cc).
ENTRIES = [
    bytes.fromhex(entry)
    for entry in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    bytes.fromhex(root)
    for root in (
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    )
]


def mth(entries: Sequence[bytes]) -> bytes:
    """MTH(D[n])."""
    if not entries:
        return hashlib.sha256().digest()
    if len(entries) == 1:
        return hashlib.sha256(b"\0" + entries[0]).digest()
    k = split(len(entries))
    return hashlib.sha256(b"\1" + mth(entries[:k]) + mth(entries[k:])).digest()


def path(m: int, entries: Sequence[bytes]) -> list[bytes]:
    """PATH(m, D[n])."""
    if len(entries) == 1:
        return []
    k = split(len(entries))
    if m < k:
        return [*path(m, entries[:k]), mth(entries[k:])]
    return [*path(m - k, entries[k:]), mth(entries[:k])]


def proof(m: int, entries: Sequence[bytes]) -> list[bytes]:
    """PROOF(m, D[n])."""
    return subproof(m, entries, is_known=True)


def subproof(m: int, entries: Sequence[bytes], *, is_known: bool) -> list[bytes]:
    """SUBPROOF(m, D[n], b)."""
    n = len(entries)
    if m == n:
        return [] if is_known else [mth(entries)]
    k = split(n)
    if m <= k:
        return [*subproof(m, entries[:k], is_known=is_known), mth(entries[k:])]
    return [*subproof(m - k, entries[k:], is_known=False), mth(entries[:k])]


def split(n: int) -> int:
    """k, the largest power of two smaller than n."""
    k = 1
    while k * 2 < n:
        k *= 2
    return k


class Nodes:
    """Complete nodes of a list of entries, by the definition."""

    def __init__(self, entries: Sequence[bytes]) -> None:
        self.entries = entries

    def __call__(self, level: int, index: int) -> bytes:
        covered = self.entries[index << level : (index + 1) << level]
        assert len(covered) == 1 << level, "only complete nodes are asked for"
        return mth(covered)


def entries_of(n: int) -> list[bytes]:
    return [hashlib.sha256(str(number).encode()).digest() for number in range(n)]
