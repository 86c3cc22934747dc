"""C2SP tlog-checkpoint: the head of a log as a note; and the proofs that travel with one.

``add-checkpoint`` of tlog-witness v1.0.0 carries a consistency proof, tlog-proof an inclusion
proof; both end with the checkpoint that they lead to.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass

from qorgau.foundation.proofs.merkle_tree import HASH_BYTES
from qorgau.foundation.proofs.signed_note import NoteError
from qorgau.foundation.proofs.tree_proofs import MOST_HASHES

TLOG_PROOF = "c2sp.org/tlog-proof@v1"


@dataclass(frozen=True)
class Checkpoint:
    """Which log, how many entries, and the root of 32 bytes over them."""

    origin: str
    size: int
    root: bytes

    def __str__(self) -> str:
        """The text to be signed. It has no time: nobody could check one."""
        return f"{self.origin}\n{self.size}\n{_base64(self.root)}\n"

    @classmethod
    def read(cls, text: str) -> Checkpoint:
        """From the text of a note; further lines are left alone, as the standard says.

        Raises
        ------
        NoteError
            When it is not the text of a checkpoint.
        """
        lines = text.split("\n")
        if len(lines) < 4 or lines[-1] or not all(lines[:-1]):
            raise NoteError("A checkpoint has three lines: the log, the size and the root.")
        return cls(lines[0], _number(lines[1]), _hash(lines[2]))


@dataclass(frozen=True)
class ConsistencyRequest:
    """The body of ``add-checkpoint``: an old size, the proof from it, and a signed checkpoint."""

    old_size: int
    proof: tuple[bytes, ...]
    note: str

    def __str__(self) -> str:
        return f"old {self.old_size}\n{_lines(self.proof)}\n{self.note}"

    @classmethod
    def read(cls, text: str) -> ConsistencyRequest:
        head, separator, note = text.partition("\n\n")
        first, *hashes = head.split("\n")
        if not separator or not first.startswith("old ") or len(hashes) > MOST_HASHES:
            raise NoteError("A proof begins with the line “old” and the size of the older head.")
        return cls(_number(first[4:]), tuple(map(_hash, hashes)), note)


@dataclass(frozen=True)
class InclusionProof:
    """A tlog-proof: the place of an entry, from 0, its proof, and a signed checkpoint."""

    index: int
    proof: tuple[bytes, ...]
    note: str

    def __str__(self) -> str:
        return f"{TLOG_PROOF}\nindex {self.index}\n{_lines(self.proof)}\n{self.note}"

    @classmethod
    def read(cls, text: str) -> InclusionProof:
        head, separator, note = text.partition("\n\n")
        lines = head.split("\n")
        if len(lines) > 2 and lines[1].startswith("extra "):
            del lines[1]
        if not separator or lines[0] != TLOG_PROOF or not "".join(lines[1:2]).startswith("index "):
            raise NoteError("A proof of an entry begins with its format and the line “index”.")
        if len(lines) - 2 > MOST_HASHES:
            raise NoteError("A proof has at most 63 hashes.")
        return cls(_number(lines[1][6:]), tuple(map(_hash, lines[2:])), note)


def _lines(hashes: Sequence[bytes]) -> str:
    return "".join(f"{_base64(one)}\n" for one in hashes)


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or (text[0] == "0" and text != "0"):
        raise NoteError("A size is a number in decimal digits without leading zeros.")
    if len(text) > 19:
        raise NoteError("This size is larger than any log can be.")
    return int(text)


def _hash(line: str) -> bytes:
    try:
        value = base64.b64decode(line, validate=True)
    except (binascii.Error, ValueError):
        value = b""
    if len(value) != HASH_BYTES:
        raise NoteError("A hash is 32 bytes in base64.")
    return value


def _base64(value: bytes) -> str:
    return base64.b64encode(value).decode()
