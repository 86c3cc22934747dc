"""``qorgau journal``: is it intact, and how does an outsider know?"""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qorgau.cli.terminal.output import say
from qorgau.cli.terminal.refusals import refusals_as_sentences
from qorgau.foundation.journal import heads
from qorgau.foundation.journal.keys import key_of_journal
from qorgau.foundation.journal.verification import verify_journal
from qorgau.foundation.proofs.checkpoint import Checkpoint
from qorgau.foundation.proofs.signed_note import NoteError, Verifier

app = typer.Typer(help="The journal of changes.")

_Key = Annotated[
    str,
    typer.Option(
        "--key",
        help="Line of the public key that signed the head. Default: the key of this register.",
    ),
]
_Kept = typer.Option(help="Head of the journal that was kept outside.", exists=True, dir_okay=False)


@app.callback()
def journal() -> None:
    """The journal of changes."""


@app.command()
def verify(
    as_json: Annotated[bool, typer.Option("--json", help="Print the verdict as JSON.")] = False,
    expect: Annotated[list[Path] | None, _Kept] = None,
    key: _Key = "",
) -> None:
    """Check the journal, and name every altered, missing or moved entry."""
    with refusals_as_sentences():
        kept = [_head_in(file, key) for file in expect or ()]
    verdict = verify_journal(kept=kept)
    if as_json:
        say(json.dumps({"is_intact": verdict.is_intact} | asdict(verdict), ensure_ascii=False))
    else:
        for fault in verdict.faults:
            say(f"{fault.kind}: {fault.explanation}")
        say(_summary(verdict.rows_checked, is_intact=verdict.is_intact))
        if kept and verdict.is_intact:
            say(_("It continues every head that was given with --expect."))
    if not verdict.is_intact:
        raise typer.Exit(1)


@app.command()
def key() -> None:
    """Print the public key that heads of the journal are signed with, on one line."""
    with refusals_as_sentences():
        say(str(_own_key()))


@app.command()
def head() -> None:
    """Print the signed head of the journal, to be kept outside. The journal notes that it was."""
    with refusals_as_sentences():
        _own_key()
        note = heads.take_head(acting_user=None)
    say(note, nl=False)


@app.command()
def prove(
    kept: Annotated[
        Path | None,
        typer.Option(
            "--from", help="Head of the journal that was kept outside.", exists=True, dir_okay=False
        ),
    ] = None,
    entry: Annotated[
        int, typer.Option(min=0, help="Number of an entry that is to be proven instead.")
    ] = 0,
    key: _Key = "",
) -> None:
    """Print the present head, with the proof that it continues an earlier one or has an entry."""
    with refusals_as_sentences():
        if (kept is None) == (entry == 0):
            raise ValidationError(_("Give either --from or --entry."))
        text = _proof_from(kept, key) if kept else _proof_of(entry)
    say(text, nl=False)


def _proof_from(kept: Path, key: str) -> str:
    old = _head_in(kept, key)
    try:
        return heads.proof_from(old)
    except heads.ContinuationError:
        raise ValidationError(
            _(
                "The journal does not continue the head in %(file)s: entries were removed or"
                " changed. Run: qorgau journal verify --expect"
            ),
            params={"file": kept},
        ) from None


def _proof_of(entry: int) -> str:
    try:
        return heads.proof_of_entry(entry)
    except ValueError:
        raise ValidationError(
            _("The journal has no entry %(number)s."), params={"number": entry}
        ) from None


def _head_in(file: Path, key: str) -> Checkpoint:
    """The head in a file, signed by the key that was given, or by that of this register."""
    try:
        verifier = Verifier.read(key) if key else None
    except NoteError:
        raise ValidationError(
            _("%(key)s is not the line of a key, as printed by: qorgau journal key"),
            params={"key": key},
        ) from None
    try:
        return heads.read_head(file.read_text(encoding="utf-8"), verifier or _own_key())
    except (NoteError, UnicodeDecodeError):
        raise ValidationError(
            _(
                "%(file)s is not a head of a journal that this key has signed. If the key was"
                " replaced since, give the earlier one with --key."
            ),
            params={"file": file},
        ) from None


def _own_key() -> Verifier:
    try:
        return key_of_journal().verifier
    except (NoteError, UnicodeDecodeError):
        raise ValidationError(
            _(
                "The file journal-key in the data folder is damaged. Restore it from a backup;"
                " without it heads cannot be signed."
            )
        ) from None


def _summary(rows: int, *, is_intact: bool) -> str:
    if is_intact:
        sentence = ngettext(
            "The journal is intact: %(rows)s entry checked.",
            "The journal is intact: %(rows)s entries checked.",
            rows,
        )
    else:
        sentence = ngettext(
            "The journal is broken: %(rows)s entry checked.",
            "The journal is broken: %(rows)s entries checked.",
            rows,
        )
    return sentence % {"rows": rows}
