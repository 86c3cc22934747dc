"""Notes are those of C2SP signed-note, as Go's ``golang.org/x/mod/sumdb/note`` writes them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qorgau.foundation.proofs.signed_note import (
    NoteError,
    Signer,
    Verifier,
    open_note,
    split_note,
)

# From note_test.go of golang.org/x/mod.
PETER = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
PETERS_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
TEXT = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
)
NOTE = (
    TEXT + "\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZ"
    "SNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
# The example of signed-note.md.
EXAMPLE = (
    "Ognuno sta solo sul cuor della terra\n"
    "trafitto da un raggio di sole:\n"
    "\n"
    "ed è subito sera.\n"
    "\n"
    "— quasimodo.example/salvatore NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKON"
    "rMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=\n"
)


def test_the_note_of_gos_own_test() -> None:
    assert Signer.read(PETER).sign(TEXT) == NOTE
    assert open_note(NOTE, [Verifier.read(PETERS_KEY)]) == TEXT
    assert str(Signer.read(PETER).verifier) == PETERS_KEY
    assert str(Signer.read(PETER)) == PETER


def test_the_text_of_a_note_may_have_empty_lines() -> None:
    text, ((name, signature),) = split_note(EXAMPLE)
    assert text.endswith("sole:\n\ned è subito sera.\n")
    assert (name, len(signature)) == ("quasimodo.example/salvatore", 68)


def test_the_signature_of_a_changed_text_is_refused() -> None:
    changed = NOTE.replace("answer", "cause")
    with pytest.raises(NoteError, match="not of this text"):
        open_note(changed, [Verifier.read(PETERS_KEY)])


def test_signatures_of_unknown_keys_are_ignored_and_do_not_count() -> None:
    stranger = Signer.new("example.org/stranger")
    line = stranger.sign(TEXT).removeprefix(TEXT + "\n")
    assert open_note(NOTE + line, [Verifier.read(PETERS_KEY)]) == TEXT
    assert open_note(NOTE + line, [stranger.verifier]) == TEXT
    with pytest.raises(NoteError, match="None of the known keys"):
        open_note(NOTE, [stranger.verifier])
    with pytest.raises(NoteError, match="None of the known keys"):
        open_note(NOTE, [])


def test_a_wrong_signature_of_a_known_key_rejects_the_note_whoever_else_signed() -> None:
    other = Signer.new("example.org/other")
    wrong = other.sign("Another text.\n").removeprefix("Another text.\n\n")
    with pytest.raises(NoteError, match="not of this text"):
        open_note(NOTE + wrong, [Verifier.read(PETERS_KEY), other.verifier])


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1))
def test_what_is_signed_is_read_back(text: str) -> None:
    signer = Signer.new("example.org/log")
    assert open_note(signer.sign(text + "\n"), [signer.verifier]) == text + "\n"


@pytest.mark.parametrize(
    "note",
    [
        "",
        "\n\n",
        TEXT,
        TEXT + "\n",
        NOTE[:-1],
        NOTE.replace("— ", "- "),
        NOTE.replace("PeterNeumann ", "PeterNeumann"),
        NOTE.replace("x08go", "x08g%"),
        TEXT + "\n— PeterNeumann x08g\n",
        NOTE.replace("answer", "an\tswer"),
        NOTE.replace("answer", "an\rswer"),
        TEXT + "\n" + NOTE.removeprefix(TEXT + "\n") * 65,
        "x" * 1_000_001 + NOTE,
    ],
)
def test_what_is_no_note_is_refused(note: str) -> None:
    with pytest.raises(NoteError):
        open_note(note, [Verifier.read(PETERS_KEY)])


@pytest.mark.parametrize(
    "key",
    [
        "",
        "PeterNeumann",
        PETERS_KEY.replace("c74f20a3", "c74f20a4"),
        PETERS_KEY.replace("+ARpc", "+AxRp"),
        PETERS_KEY.replace("+ARpc", "+%Rpc"),
        PETERS_KEY.replace("PeterNeumann", "Peter Neumann"),
        PETERS_KEY.replace("PeterNeumann", ""),
    ],
)
def test_what_is_no_key_is_refused(key: str) -> None:
    with pytest.raises(NoteError):
        Verifier.read(key)
    with pytest.raises(NoteError):
        Signer.read(key)


@pytest.mark.parametrize("text", ["no newline", "a\tb\n", ""])
def test_what_cannot_stand_in_a_note_is_not_signed(text: str) -> None:
    with pytest.raises(NoteError):
        Signer.new("example.org/log").sign(text)
