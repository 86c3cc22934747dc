#!/usr/bin/env python3
"""Does a journal continue a head that was kept outside? Nothing of Qorgau is needed or used.

    python3 check_journal_head.py KEY OLD_HEAD PROOF

KEY is the line that `qorgau journal key` printed at installation; OLD_HEAD the file of a head that
was kept; PROOF what `qorgau journal prove --from OLD_HEAD` printed now. The signatures are checked
by the `openssl` command (3.0 or later), the proof as RFC 9162, section 2.1.4.2, says.
"""

import base64
import hashlib
import os
import subprocess
import sys
import tempfile

DER = bytes.fromhex("302a300506032b6570032100")  # An Ed25519 public key follows (RFC 8410).


def main(key_line: str, old_file: str, proof_file: str) -> int:
    key = base64.b64decode(key_line.strip().split("+", 2)[2])
    name = key_line.strip().split("+", 2)[0]
    with open(old_file, encoding="utf-8", newline="") as file:
        old_size, old_root = opened(file.read(), name, key)
    with open(proof_file, encoding="utf-8", newline="") as file:
        head, _empty_line, note = file.read().partition("\n\n")
    new_size, new_root = opened(note, name, key)
    first, *hashes = head.split("\n")
    if first != f"old {old_size}":
        sys.exit(f"The proof begins at another head: {first}")
    proof = [base64.b64decode(line) for line in hashes]
    if not is_consistent(old_size, old_root, new_size, new_root, proof):
        sys.exit(
            f"CONVICTED: the {new_size} entries do not continue the {old_size} of the old head."
        )
    print(f"The {new_size} entries continue the {old_size} of the old head.")
    return 0


def opened(note: str, name: str, key: bytes) -> tuple[int, bytes]:
    """Size and root of a head that this key has signed (C2SP signed-note, tlog-checkpoint)."""
    body, _empty_line, signatures = note.rpartition("\n\n")
    text = (body + "\n").encode()
    key_id = hashlib.sha256(name.encode() + b"\n" + key).digest()[:4]
    for line in signatures.splitlines():
        _dash, signer, encoded = line.split(" ")
        signature = base64.b64decode(encoded)
        if (signer, signature[:4]) == (name, key_id) and is_signed(text, signature[4:], key[1:]):
            _origin, size, root = body.split("\n")[:3]
            return int(size), base64.b64decode(root)
    sys.exit("This key has not signed the head.")


def is_signed(text: bytes, signature: bytes, public: bytes) -> bool:
    with tempfile.TemporaryDirectory() as folder:
        for name, content in (("key", DER + public), ("text", text), ("signature", signature)):
            with open(os.path.join(folder, name), "wb") as file:
                file.write(content)
        command = "openssl pkeyutl -verify -pubin -keyform DER -inkey key -rawin -in text"
        command += " -sigfile signature"
        return subprocess.run(command.split(), cwd=folder, capture_output=True).returncode == 0


def is_consistent(m: int, old_root: bytes, n: int, new_root: bytes, proof: list[bytes]) -> bool:
    if m > n or m == n:
        return m == n and not proof and old_root == new_root
    if m == 0:
        return not proof
    if m & (m - 1) == 0:
        proof = [old_root, *proof]
    if not proof:
        return False
    fn, sn = m - 1, n - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    fr = sr = proof[0]
    for c in proof[1:]:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            fr, sr = node(c, fr), node(c, sr)
            while fn and not fn & 1:
                fn, sn = fn >> 1, sn >> 1
        else:
            sr = node(sr, c)
        fn, sn = fn >> 1, sn >> 1
    return (fr, sr, sn) == (old_root, new_root, 0)


def node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
