"""``qorgau journal``: is the journal intact?"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated

import typer
from django.utils.translation import ngettext

from qorgau.foundation.journal.verification import verify_journal

app = typer.Typer(help="The journal of changes.")


@app.callback()
def journal() -> None:
    """The journal of changes."""


@app.command()
def verify(
    as_json: Annotated[bool, typer.Option("--json", help="Print the verdict as JSON.")] = False,
) -> None:
    """Check the journal, and name every altered, missing or moved entry."""
    verdict = verify_journal()
    if as_json:
        typer.echo(
            json.dumps({"is_intact": verdict.is_intact} | asdict(verdict), ensure_ascii=False)
        )
    else:
        for fault in verdict.faults:
            typer.echo(f"{fault.kind}: {fault.explanation}")
        typer.echo(_summary(verdict.rows_checked, is_intact=verdict.is_intact))
    if not verdict.is_intact:
        raise typer.Exit(1)


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
