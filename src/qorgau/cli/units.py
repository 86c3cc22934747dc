"""``qorgau units``: the units of an organisation and their strength."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from django.utils.translation import gettext as _

from qorgau.cli.terminal.output import say
from qorgau.exchange.unit_files import FileReport, import_strength, import_units
from qorgau.records.people.queries import organisation_of_code
from qorgau.records.people.services import create_organisation

app = typer.Typer(help="The units of an organisation and their strength.")

_File = Annotated[Path, typer.Argument(help="A table, CSV or Excel.")]
_DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Show what would change, without writing anything.")
]
_Json = Annotated[bool, typer.Option("--json", help="Print the counts as JSON.")]


@app.command("import")
def import_(
    file: _File,
    organisation: Annotated[
        str, typer.Option(help="Code of the organisation; created if it is new.")
    ],
    dry_run: _DryRun = False,
    as_json: _Json = False,
) -> None:
    """Import units: columns code and from, and any of parent, name, name_kk/ru/en, echelon."""
    owner = organisation_of_code(organisation) or create_organisation(
        code=organisation, names={"en": organisation}, acting_user=None
    )
    _report(import_units(file, organisation=owner, acting_user=None, is_dry_run=dry_run), as_json)


@app.command()
def strength(file: _File, dry_run: _DryRun = False, as_json: _Json = False) -> None:
    """Import strength: columns unit, from, until, strength, and optionally category."""
    _report(import_strength(file, acting_user=None, is_dry_run=dry_run), as_json)


def _report(report: FileReport, as_json: bool) -> None:
    if as_json:
        say(json.dumps(asdict(report), ensure_ascii=False))
    else:
        for fault in report.faults:
            line = _("Row %(row)s: %(reason)s") % {"row": fault.row, "reason": fault.sentence}
            say(line if fault.row else fault.sentence, err=True)
        counts = _(
            "Rows: %(rows)s. Created: %(created)s, changed: %(changed)s, unchanged: %(unchanged)s."
        )
        say(counts % asdict(report))
        if report.faults:
            say(_("Nothing was written; correct the file and import it again."))
    if report.faults:
        raise typer.Exit(1)
