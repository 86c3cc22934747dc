"""C2SP signed-note v1.0.0: a text with signatures under it, here of Ed25519 (RFC 8032)."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ED25519 = b"\x01"
_PRIVATE = "PRIVATE+KEY+"
_MARK = "— "
MOST_SIGNATURES = 64
LONGEST_NOTE_BYTES = 1_000_000


class NoteError(ValueError):
    """The text is not a signed note, or no known key has signed it."""


@dataclass(frozen=True)
class Verifier:
    """A public key under a name; written as ``name+key id+base64``, as Go's ``note`` does."""

    name: str
    public: bytes

    def __post_init__(self) -> None:
        if not self.name or "+" in self.name or any(letter.isspace() for letter in self.name):
            raise NoteError("The name of a key is not empty and has no spaces and no plus signs.")
        if len(self.public) != 32:
            raise NoteError("A public key of Ed25519 has 32 bytes.")

    @property
    def key_id(self) -> bytes:
        """Four bytes; tells which key signed, and proves nothing."""
        return hashlib.sha256(self.name.encode() + b"\n" + ED25519 + self.public).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{_base64(ED25519 + self.public)}"

    @classmethod
    def read(cls, text: str) -> Verifier:
        """The key of such a line; ``NoteError`` where it is none, or its key id is wrong."""
        parts = text.strip().split("+", 2)
        if len(parts) != 3:
            raise NoteError("A key is written as name+key id+base64.")
        name, key_id, encoded = parts
        key = _bytes(encoded)
        if key[:1] != ED25519:
            raise NoteError("Only keys of Ed25519 (type 1) are known here.")
        verifier = cls(name, key[1:])
        if key_id.lower() != verifier.key_id.hex():
            raise NoteError("The key does not belong to its name and key id.")
        return verifier

    def accepts(self, text: bytes, signature: bytes) -> bool:
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, text)
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True)
class Signer:
    """A private key under a name; written as Go's ``note`` does."""

    name: str
    private: bytes

    @classmethod
    def new(cls, name: str) -> Signer:
        return cls(name, Ed25519PrivateKey.generate().private_bytes_raw())

    @classmethod
    def read(cls, text: str) -> Signer:
        """The key of such a line; ``NoteError`` where it is none, or its key id is wrong."""
        parts = text.strip().removeprefix(_PRIVATE).split("+", 2)
        if not text.startswith(_PRIVATE) or len(parts) != 3:
            raise NoteError("A private key is written as PRIVATE+KEY+name+key id+base64.")
        key = _bytes(parts[2])
        if key[:1] != ED25519 or len(key) != 33:
            raise NoteError("Only keys of Ed25519 (type 1) are known here.")
        signer = cls(parts[0], key[1:])
        if parts[1].lower() != signer.verifier.key_id.hex():
            raise NoteError("The key does not belong to its name and key id.")
        return signer

    @property
    def verifier(self) -> Verifier:
        key = Ed25519PrivateKey.from_private_bytes(self.private)
        return Verifier(self.name, key.public_key().public_bytes_raw())

    def __str__(self) -> str:
        key_id = self.verifier.key_id.hex()
        return f"{_PRIVATE}{self.name}+{key_id}+{_base64(ED25519 + self.private)}"

    def sign(self, text: str) -> str:
        """The note: the text, which ends in a newline, an empty line, and the signature's line."""
        _require_text(text)
        signature = Ed25519PrivateKey.from_private_bytes(self.private).sign(text.encode())
        line = _base64(self.verifier.key_id + signature)
        return f"{text}\n{_MARK}{self.name} {line}\n"


def open_note(note: str, verifiers: Sequence[Verifier]) -> str:
    """The text of a note that at least one of these keys has signed.

    Raises
    ------
    NoteError
        When the note is malformed, none of the keys has signed it, or the signature of one of them
        is wrong. Signatures of other keys are ignored.
    """
    text, signatures = split_note(note)
    known = {(one.name, one.key_id): one for one in verifiers}
    has_signed = False
    for name, signature in signatures:
        verifier = known.get((name, signature[:4]))
        if verifier is None:
            continue
        if not verifier.accepts(text.encode(), signature[4:]):
            raise NoteError(f"The signature of {name} is not of this text.")
        has_signed = True
    if not has_signed:
        raise NoteError("None of the known keys has signed this text.")
    return text


def split_note(note: str) -> tuple[str, list[tuple[str, bytes]]]:
    """The text, and of each signature the key's name and the bytes; nothing is verified yet."""
    if len(note.encode()) > LONGEST_NOTE_BYTES:
        raise NoteError("A note of more than a million bytes is not read.")
    body, separator, lines = note.rpartition("\n\n")
    text = body + "\n"
    if not separator or not lines.endswith("\n"):
        raise NoteError("A signed note is a text, an empty line, and lines of signatures.")
    _require_text(text)
    found = [_signature(line) for line in lines[:-1].split("\n")]
    if len(found) > MOST_SIGNATURES:
        raise NoteError(f"A note with more than {MOST_SIGNATURES} signatures is not read.")
    return text, found


def _signature(line: str) -> tuple[str, bytes]:
    name, _space, encoded = line.removeprefix(_MARK).partition(" ")
    signature = _bytes(encoded)
    if not line.startswith(_MARK) or not name or len(signature) < 5:
        raise NoteError("A line of a signature is a dash, a name and a signature in base64.")
    return name, signature


def _require_text(text: str) -> None:
    if not text.endswith("\n") or any(letter < " " and letter != "\n" for letter in text):
        raise NoteError("The text of a note ends in a newline and has no control characters.")


def _base64(value: bytes) -> str:
    return base64.b64encode(value).decode()


def _bytes(encoded: str) -> bytes:
    try:
        return base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        raise NoteError("This is not base64.") from None
