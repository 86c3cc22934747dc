"""``qorgau demo``: the synthetic brigade, detection over it, and who signs in."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from django.core.exceptions import ValidationError
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qorgau.cli.migrate import migrate_database
from qorgau.exchange.demonstration.present import Loaded, loaded_demonstration
from qorgau.exchange.demonstration.sign_ins import PASSWORD, SECRET_OF_REGISTERS, SIGN_INS
from qorgau.exchange.formats.format_errors import FormatError
from qorgau.exchange.formats.linkage_keys import write_keys
from qorgau.exchange.sentences import sentence_of
from qorgau.foundation.identity.queries import user_of_name
from qorgau.foundation.identity.roles import Role
from qorgau.records.signals.queries import runs_visible_to, signals_visible_to

app = typer.Typer(add_completion=False)

_DAY = ["%Y-%m-%d"]
_COUNTED = {
    "units": gettext_lazy("Units"),
    "people": gettext_lazy("People"),
    "strength_reports": gettext_lazy("Strength reports"),
    "sites": gettext_lazy("Sites"),
    "incidents": gettext_lazy("Incidents"),
    "reports": gettext_lazy("Reports"),
    "sign_ins": gettext_lazy("Sign-ins"),
}


@dataclass(frozen=True)
class Prepared:
    """The demonstration in the register, and what detection has made of it."""

    loaded: Loaded
    signals: int
    weeks_looked_at: int


@app.command()
def demo(
    seed: Annotated[
        int | None, typer.Option(min=0, help="Equal seeds and days give equal brigades.")
    ] = None,
    last_day: Annotated[
        dt.datetime | None,
        typer.Option(formats=_DAY, help="The Sunday to end with; else the last before today."),
    ] = None,
    medical_register: Annotated[
        Path | None,
        typer.Option(help="Also write the key file of a medical register of the brigade here."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the counts as JSON.")] = False,
) -> None:
    """Lay a synthetic brigade into an empty register and run detection over it."""
    migrate_database()
    try:
        prepared = prepare_demonstration(seed, last_day.date() if last_day else None)
        if medical_register is not None:
            _write_medical_register(medical_register, prepared.loaded)
    except (FormatError, ValidationError) as error:
        sentences = [sentence_of(error)] if isinstance(error, FormatError) else error.messages
        typer.echo("\n".join(sentences), err=True)
        raise typer.Exit(1) from None
    if as_json:
        typer.echo(json.dumps(_as_json(prepared), ensure_ascii=False))
        return
    _tell_counts(prepared)
    if medical_register is not None:
        _tell_medical_register(medical_register)
    tell_sign_ins()


def prepare_demonstration(seed: int | None = None, last_day: dt.date | None = None) -> Prepared:
    """The demonstration, laid in and looked over by detection unless that is done already."""
    present = loaded_demonstration()
    if present and seed is None and last_day is None:
        prepared = _prepared(present)
        # Who closed the analyst's account has taken the demonstration over: leave it as it is.
        if prepared.weeks_looked_at or user_of_name("analyst") is None:
            return prepared
    # What makes it takes a second to import: nobody waits for that while it is there.
    from qorgau.cli.demo_preparation import lay_and_detect

    return _prepared(lay_and_detect(seed, last_day))


def _prepared(loaded: Loaded) -> Prepared:
    analyst = user_of_name("analyst")
    if analyst is None:
        return Prepared(loaded, signals=0, weeks_looked_at=0)
    signals, runs = signals_visible_to(analyst), runs_visible_to(analyst)
    return Prepared(loaded, signals=signals.count(), weeks_looked_at=runs.count())


def _write_medical_register(path: Path, loaded: Loaded) -> None:
    # What makes it takes a second to import, as above.
    from qorgau.exchange.demonstration.brigade import make_brigade
    from qorgau.exchange.demonstration.medical_register import keys_of, make_medical_register

    write_keys(path, keys_of(make_medical_register(make_brigade(loaded.seed, loaded.last_day))))


def _tell_medical_register(path: Path) -> None:
    typer.echo(
        _("The key file of a medical register is in %(path)s; its secret is: %(secret)s")
        % {"path": path, "secret": SECRET_OF_REGISTERS}
    )


def tell_sign_ins() -> None:
    """Print who signs in, and the one password."""
    typer.echo(
        _("Sign in as one of these, with the password %(password)s") % {"password": PASSWORD}
    )
    labels = [str(Role(sign_in.role).label) for sign_in in SIGN_INS]
    width = max(map(len, labels))
    for sign_in, label in zip(SIGN_INS, labels, strict=True):
        typer.echo(f"  {sign_in.username:10} {label:{width}} {sign_in.unit_code}")
    typer.echo(
        _("Everybody can read this password: keep a demonstration off networks that others use.")
    )


def _tell_counts(prepared: Prepared) -> None:
    loaded = prepared.loaded
    if not loaded.is_new:
        typer.echo(_("The demonstration is there already; nothing was changed."))
    for name, count in loaded.counts.items():
        typer.echo(f"{number_format(count, force_grouping=True):>7}  {_COUNTED[name]}")
    typer.echo(
        _(
            "Synthetic brigade of seed %(seed)s up to %(day)s: %(signals)s signals in the"
            " %(weeks)s weeks that detection looked at."
        )
        % {
            "seed": loaded.seed,
            "day": loaded.last_day,
            "signals": prepared.signals,
            "weeks": prepared.weeks_looked_at,
        }
    )


def _as_json(prepared: Prepared) -> dict[str, object]:
    loaded = prepared.loaded
    return {
        "is_new": loaded.is_new,
        "seed": loaded.seed,
        "last_day": loaded.last_day.isoformat(),
        "counts": dict(loaded.counts),
        "signals": prepared.signals,
        "weeks_looked_at": prepared.weeks_looked_at,
        "sign_ins": [
            {"username": one.username, "role": one.role, "unit": one.unit_code} for one in SIGN_INS
        ],
        "password": PASSWORD,
    }
