"""``qorgau places``: areas, their boundaries and codes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from rich.table import Table

from qorgau.cli.terminal.output import make_console, say
from qorgau.cli.terminal.tables import print_table
from qorgau.exchange.formats.format_errors import FormatError, gettext_noop
from qorgau.exchange.place_import import PlaceImportOptions, PlaceImportReport, import_places
from qorgau.records.places.choices import AreaLevel
from qorgau.records.places.models import Area
from qorgau.records.places.queries import areas_of_country, subtree_of

app = typer.Typer(help="Areas, their boundaries and codes.")

_MOST_LISTED = 50
_Country = Annotated[str, typer.Option(help="Country code: two capital letters (ISO 3166).")]
_Json = Annotated[bool, typer.Option("--json", help="Print as JSON.")]


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="Boundaries as GeoJSON, or a code list as a table.")],
    country: _Country = "KZ",
    level: Annotated[
        str | None, typer.Option(help="Level of all areas, if the file does not give it.")
    ] = None,
    property_map: Annotated[
        list[str] | None,
        typer.Option(
            help="Which property holds which field, for example code=GID_1. May be repeated."
        ),
    ] = None,
    credit: Annotated[
        str, typer.Option(help="Source of the boundaries; shown under every map.")
    ] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Write nothing.")] = False,
    as_json: _Json = False,
) -> None:
    """Import boundaries or a list of codes. Importing the same file again changes nothing."""
    try:
        options = PlaceImportOptions(country, level, _pairs(property_map or []), dry_run, credit)
        report = import_places(file, options=options, acting_user=None)
    except FormatError as error:
        say(_(error.template) % error.values, err=True)
        raise typer.Exit(1) from error
    except ValidationError as error:
        say("\n".join(error.messages), err=True)
        raise typer.Exit(1) from error
    if as_json:
        say(json.dumps(report.as_plain(), ensure_ascii=False))
        return
    for line in _summary(report):
        say(line)


@app.command("list")
def list_(
    country: _Country = "KZ",
    level: Annotated[str | None, typer.Option(help="Only areas of this level.")] = None,
    within: Annotated[
        str | None, typer.Option(help="Code of an area: only this area and the areas in it.")
    ] = None,
    as_json: _Json = False,
) -> None:
    """List areas with their codes and names."""
    areas = areas_of_country(country).order_by("code")
    if level is not None:
        _require_known(level)
        areas = areas.filter(level=level)
    if within is not None:
        whole = areas_of_country(country).filter(code=within).first()
        if whole is None:
            say(_("There is no area with the code %(code)s.") % {"code": within}, err=True)
            raise typer.Exit(1)
        areas = areas.filter(pk__in=subtree_of(whole).values("pk"))
    if as_json:
        say(json.dumps([_plain(area) for area in areas], ensure_ascii=False))
        return
    table = Table(box=None)
    for heading in (_("Code"), _("Level"), _("Kazakh"), _("Russian"), _("English")):
        table.add_column(heading)
    for area in areas:
        table.add_row(
            area.code, str(area.get_level_display()), area.name_kk, area.name_ru, area.name_en
        )
    print_table(table, make_console(markup=False))


def _pairs(texts: list[str]) -> dict[str, str]:
    pairs = dict(text.partition("=")[::2] for text in texts)
    if not all(pairs.values()):
        raise FormatError(
            gettext_noop(
                'Write the field and its property as FIELD=PROPERTY, for example "code=GID_1".'
            )
        )
    return pairs


def _require_known(level: str) -> None:
    if level not in AreaLevel.values:
        known = ", ".join(AreaLevel.values)
        sentence = _('There is no level "%(level)s". Choose one of: %(known)s.')
        say(sentence % {"level": level, "known": known}, err=True)
        raise typer.Exit(1)


def _plain(area: Area) -> dict[str, object]:
    return {
        "uuid": str(area.uuid),
        "code": area.code,
        "level": area.level,
        "part_of": area.parent.code if area.parent else None,
        "name_kk": area.name_kk,
        "name_ru": area.name_ru,
        "name_en": area.name_en,
        "iso_3166_2": area.iso_3166_2,
        "latitude": area.latitude,
        "longitude": area.longitude,
    }


def _summary(report: PlaceImportReport) -> Iterator[str]:
    counts = report.counts()
    yield (
        _(
            "Areas read: %(read)d. Created: %(created)d, updated: %(updated)d, unchanged: "
            "%(unchanged)d, rejected: %(rejected)d."
        )
        % counts
    )
    if report.created_above:
        yield _("Higher-level areas created as well: %(created_above)d.") % counts
    for heading, lines in _lists(report):
        if lines:
            yield f"{heading} ({len(lines)})"
            yield from (f"  {line}" for line in lines[:_MOST_LISTED])
            if len(lines) > _MOST_LISTED:
                rest = len(lines) - _MOST_LISTED
                yield "  " + _("and %(rest)d more; --json lists all.") % {"rest": rest}
    if report.is_dry_run:
        yield _("Nothing was written: this was a dry run.")


def _lists(report: PlaceImportReport) -> Iterator[tuple[str, list[str]]]:
    yield (
        _("Rejected"),
        [
            f"{each.number}: {each.code} {each.name}: {_(each.fault.template) % each.fault.values}"
            for each in report.rejections
        ],
    )
    yield (
        _("Outlines repaired"),
        [f"{each.code} {each.name}: {each.problem}" for each in report.repaired],
    )
    yield (
        _("Names that mixed alphabets, corrected"),
        [f"{each.code} {each.language}: {each.after}" for each in report.corrected_names],
    )
    yield (
        _("Names that mix alphabets, left as they are"),
        [f"{each.code} {each.language}: {each.before}" for each in report.mixed_names],
    )
    yield (
        _("Kept under another code, because the code in the file belongs to a town"),
        [f"{each.code_in_file} {each.name}: {each.code_kept}" for each in report.recoded],
    )
    yield (
        _("In this file but not in the register before"),
        [f"{code} {name}" for code, name in report.only_in_file.items()],
    )
    yield (
        _("In the register but not in this file"),
        [f"{code} {name}" for code, name in report.only_in_register.items()],
    )
