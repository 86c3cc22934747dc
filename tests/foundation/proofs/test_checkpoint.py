"""Heads and proofs travel in the formats of C2SP, to the letter."""

from __future__ import annotations

import base64

import pytest

from qorgau.foundation.proofs.checkpoint import (
    Checkpoint,
    ConsistencyRequest,
    InclusionProof,
)
from qorgau.foundation.proofs.signed_note import NoteError, split_note

# The example of tlog-checkpoint.md.
NOTE = (
    "example.com/behind-the-sofa\n"
    "20852163\n"
    "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
    "\n"
    "— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/"
    "Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"
)
BODY, _SIGNATURES = split_note(NOTE)
# The example of tlog-witness.md.
REQUEST = (
    "old 20852014\n"
    "PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=\n"
    "jrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=\n"
    "5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=\n"
    "/6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=\n"
    "\n" + NOTE
)
# As tlog-proof.md writes one, with three hashes of its example.
PROOF = (
    "c2sp.org/tlog-proof@v1\n"
    "index 73894\n"
    "gSKyXoYZUgZ6jduWYrkDOARinOMGJveXjgMkBTcdPlQ=\n"
    "B95lDa8R83lS8n0eG+o0buTxRKQTYFi//1U8anccXmA=\n"
    "\n" + NOTE
)


def test_the_checkpoint_of_the_standard() -> None:
    read = Checkpoint.read(BODY)
    assert (read.origin, read.size) == ("example.com/behind-the-sofa", 20852163)
    assert read.root == base64.b64decode("CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=")
    assert str(read) == BODY


def test_further_lines_of_a_checkpoint_are_left_alone() -> None:
    assert Checkpoint.read(BODY + "a line of a later time\n") == Checkpoint.read(BODY)


def test_the_request_of_the_standard() -> None:
    read = ConsistencyRequest.read(REQUEST)
    assert (read.old_size, len(read.proof), read.note) == (20852014, 4, NOTE)
    assert str(read) == REQUEST
    assert str(ConsistencyRequest.read("old 0\n\n" + NOTE)) == "old 0\n\n" + NOTE


def test_the_proof_of_an_entry_of_the_standard() -> None:
    read = InclusionProof.read(PROOF)
    assert (read.index, len(read.proof), read.note) == (73894, 2, NOTE)
    assert str(read) == PROOF
    with_extra = PROOF.replace("index", "extra YWdl\nindex", 1)
    assert InclusionProof.read(with_extra) == read


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a\n1\n",
        BODY[:-1],
        BODY.replace("20852163", "020852163"),
        BODY.replace("20852163", "-1"),
        BODY.replace("20852163", "²"),
        BODY.replace("20852163", "9" * 20),
        BODY.replace("CsUY", "Cs"),
        BODY.replace("CsUY", "%sUY"),
        BODY.replace("example.com/behind-the-sofa", ""),
        BODY + "\n",
    ],
)
def test_what_is_no_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(NoteError):
        Checkpoint.read(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        NOTE,
        REQUEST.replace("old ", "old  "),
        REQUEST.replace("\n\n", "\n"),
        "old 5\n" + "PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=\n" * 64 + "\n" + NOTE,
        REQUEST.replace("PlRN", "Pl"),
    ],
)
def test_what_is_no_request_is_refused(text: str) -> None:
    with pytest.raises(NoteError):
        ConsistencyRequest.read(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        NOTE,
        PROOF.replace("@v1", "@v2"),
        PROOF.replace("index 73894\n", ""),
        PROOF.replace("index 73894", "index 073894"),
        "c2sp.org/tlog-proof@v1\n\n",
    ],
)
def test_what_is_no_proof_of_an_entry_is_refused(text: str) -> None:
    with pytest.raises(NoteError):
        InclusionProof.read(text)
