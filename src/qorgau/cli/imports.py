"""``qorgau import``: incidents from another system's file."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from qorgau.cli.terminal.output import make_console, say
from qorgau.exchange.formats.format_errors import FormatError
from qorgau.exchange.formats.mapping import read_mapping
from qorgau.exchange.incidents.fields import INCIDENT_SCHEMA
from qorgau.exchange.incidents.importing import IncidentImport
from qorgau.exchange.incidents.report import IncidentImportReport
from qorgau.exchange.incidents.suggesting import suggest_incident_mapping
from qorgau.exchange.sentences import sentence_of
from qorgau.foundation.identity.authority import NotAuthorised
from qorgau.foundation.identity.models import User
from qorgau.foundation.identity.queries import user_of_name

app = typer.Typer(help="Incidents from another system's file.")

_LISTED_REJECTIONS = 10
_File = Annotated[Path, typer.Argument(help="A table, CSV or Excel.")]


@app.command()
def incidents(
    file: _File,
    mapping: Annotated[
        Path,
        typer.Option(
            help="Mapping of columns to fields; qorgau import suggest writes a first version."
        ),
    ],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would change, without writing anything.")
    ] = False,
    rejects: Annotated[
        Path | None,
        typer.Option(
            help="File for rejected rows and the reasons. Default: FILE-rejects.csv in this folder."
        ),
    ] = None,
    user: Annotated[str, typer.Option(help="User to import as, into this user's units only.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print the counts as JSON.")] = False,
) -> None:
    """Import incidents from a file. Importing the same file again adds nothing twice."""
    if rejects is None and not dry_run:
        rejects = Path(f"{file.stem}-rejects.csv")
    with _refusals_as_sentences():
        wanted = IncidentImport(
            file,
            read_mapping(mapping, INCIDENT_SCHEMA),
            acting_user=_user_of(user),
            is_dry_run=dry_run,
        )
        with _progress_bar(is_shown=not as_json) as show:
            report = wanted.run(rejects_path=rejects, on_progress=show)
    if as_json:
        say(json.dumps(report.as_json(), ensure_ascii=False))
        return
    for line in _summary(report, rejects):
        say(line)


@app.command()
def suggest(
    file: _File,
    source: Annotated[
        str,
        typer.Option(
            help="Short name of the system that the file comes from. Default: the name of the file."
        ),
    ] = "",
) -> None:
    """Print a first mapping for an unknown file, for you to correct."""
    with _refusals_as_sentences():
        suggestion = suggest_incident_mapping(file, source=source)
    say(suggestion.to_toml(), nl=False)


def _summary(report: IncidentImportReport, rejects: Path | None) -> Iterator[str]:
    if report.was_resumed:
        yield _("An interrupted import of this file was continued from where it stopped.")
    for rejection in report.rejections[:_LISTED_REJECTIONS]:
        yield _("Row %(row)s: %(reason)s") % {"row": rejection.row, "reason": rejection.reason}
    if report.rejected > _LISTED_REJECTIONS:
        yield _("… and %(count)s more.") % {"count": report.rejected - _LISTED_REJECTIONS}
    yield _(
        "Rows: %(rows)s. Imported: %(imported)s, updated: %(updated)s, unchanged: "
        "%(unchanged)s, duplicate: %(duplicate)s, rejected: %(rejected)s. Units created: "
        "%(units)s."
    ) % {
        "rows": report.row_count,
        "imported": report.imported,
        "updated": report.updated,
        "unchanged": report.unchanged,
        "duplicate": report.duplicate,
        "rejected": report.rejected,
        "units": report.units_created,
    }
    if report.rejected and rejects is not None:
        yield _(
            "Rejected rows with their reasons: %(path)s. Correct them and import that file."
        ) % {"path": rejects}
    if report.is_dry_run:
        yield _("This was a dry run: nothing was written.")


@contextmanager
def _progress_bar(*, is_shown: bool) -> Iterator[Callable[[int, int], None] | None]:
    console = make_console(stderr=True)
    if not is_shown or not console.is_terminal:
        yield None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TimeRemainingColumn(), console=console) as progress:
        task = progress.add_task(_("Rows"), total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total)


def _user_of(name: str) -> User | None:
    if not name:
        return None
    user = user_of_name(name)
    if user is None:
        raise ValidationError(_("There is no user called %(name)s."), params={"name": name})
    return user


@contextmanager
def _refusals_as_sentences() -> Iterator[None]:
    try:
        yield
    except FormatError as error:
        say(sentence_of(error), err=True)
        raise typer.Exit(1) from None
    except ValidationError as error:
        say("\n".join(error.messages), err=True)
        raise typer.Exit(1) from None
    except NotAuthorised as error:
        say(str(error), err=True)
        raise typer.Exit(1) from None
