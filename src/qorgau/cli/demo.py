"""``qorgau demo``: the synthetic brigade, detection on it, and its accounts."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Annotated

import typer
from django.core.exceptions import ValidationError
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qorgau.cli.migrate import migrate_database
from qorgau.cli.terminal.output import say
from qorgau.demonstration.accounts import ACCOUNTS, PASSWORD, SECRET_OF_REGISTERS
from qorgau.demonstration.preparation import (
    Prepared,
    prepare_demonstration,
    write_medical_register,
)
from qorgau.exchange.formats.format_errors import FormatError
from qorgau.exchange.sentences import sentence_of
from qorgau.foundation.identity.roles import Role
from qorgau.foundation.languages import short_day

app = typer.Typer(add_completion=False)

_DAY = ["%Y-%m-%d"]
_COUNTED = {
    "units": gettext_lazy("Units"),
    "people": gettext_lazy("People"),
    "strength_reports": gettext_lazy("Strength reports"),
    "sites": gettext_lazy("Sites"),
    "incidents": gettext_lazy("Incidents"),
    "reports": gettext_lazy("Reports"),
    "accounts": gettext_lazy("User accounts"),
}


@app.command()
def demo(
    seed: Annotated[
        int | None, typer.Option(min=0, help="The same seed and day give the same brigade.")
    ] = None,
    last_day: Annotated[
        dt.datetime | None,
        typer.Option(formats=_DAY, help="Last day, a Sunday. Default: the most recent Sunday."),
    ] = None,
    medical_register: Annotated[
        Path | None,
        typer.Option(help="Also write a key file of the brigade's medical register to this path."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the counts as JSON.")] = False,
) -> None:
    """Load a synthetic brigade into an empty register and run detection on it."""
    migrate_database()
    try:
        prepared = prepare_demonstration(seed, last_day.date() if last_day else None)
        if medical_register is not None:
            write_medical_register(medical_register, prepared.loaded)
    except (FormatError, ValidationError) as error:
        sentences = [sentence_of(error)] if isinstance(error, FormatError) else error.messages
        say("\n".join(sentences), err=True)
        raise typer.Exit(1) from None
    if as_json:
        say(json.dumps(_as_json(prepared), ensure_ascii=False))
        return
    _print_counts(prepared)
    if medical_register is not None:
        _print_medical_register(medical_register)
    print_accounts()


def _print_medical_register(path: Path) -> None:
    say(
        _("The key file of a medical register is in %(path)s; its secret is: %(secret)s")
        % {"path": path, "secret": SECRET_OF_REGISTERS}
    )


def print_accounts() -> None:
    """Print the accounts and their common password."""
    say(_("Sign in as one of these, with the password %(password)s") % {"password": PASSWORD})
    labels = [str(Role(account.role).label) for account in ACCOUNTS]
    width = max(map(len, labels))
    for account, label in zip(ACCOUNTS, labels, strict=True):
        say(f"  {account.username:10} {label:{width}} {account.unit_code}")
    say(
        _(
            "Everybody can read this password: do not run a demonstration on a network that "
            "others use."
        )
    )


def _print_counts(prepared: Prepared) -> None:
    loaded = prepared.loaded
    if not loaded.is_new:
        say(_("The demonstration is already loaded; nothing was changed."))
    for name, count in loaded.counts.items():
        say(f"{number_format(count, force_grouping=True):>7}  {_COUNTED[name]}")
    say(
        _(
            "Synthetic brigade with seed %(seed)s, up to %(day)s. Weeks tested: %(weeks)s; "
            "signals: %(signals)s."
        )
        % {
            "seed": loaded.seed,
            "day": short_day(loaded.last_day),
            "signals": prepared.signals,
            "weeks": prepared.weeks_tested,
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
        "weeks_tested": prepared.weeks_tested,
        "accounts": [
            {"username": one.username, "role": one.role, "unit": one.unit_code} for one in ACCOUNTS
        ],
        "password": PASSWORD,
    }
