"""Proofs that a list only grew, for whoever kept an earlier head of it.

Bytes in, bytes out: no Django, no clock, no files. What is here follows public standards to the
letter, so that independent programs can check what the register claims:

- ``merkle_tree``, ``tree_proofs``: RFC 6962, section 2.1, checked as RFC 9162, section 2.1, says.
- ``signed_note``: C2SP signed-note v1.0.0, with Ed25519 (RFC 8032).
- ``checkpoint``: C2SP tlog-checkpoint v1.0.0, tlog-witness v1.0.0 (the body of ``add-checkpoint``)
  and tlog-proof.
"""
