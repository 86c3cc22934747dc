"""``qorgau methods linkage-keys``: a register's cases as keyed digests, to hand over."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from qorgau.cli.terminal.language import gettext as _
from qorgau.cli.terminal.language import localised_number, ngettext, sentence_of
from qorgau.cli.terminal.output import say
from qorgau.exchange.formats.format_errors import FormatError
from qorgau.exchange.formats.linkage_keys import keys_of_register, read_secret, write_keys


def linkage_keys(
    file: Annotated[Path, typer.Argument(help="CSV or Excel with the columns person,day[,unit].")],
    secret_file: Annotated[
        Path, typer.Option(help="The secret that both registers share, 16 characters or more.")
    ],
    out: Annotated[Path, typer.Option(help="File for the keys, as CSV.")],
) -> None:
    """Write the linkage token, day and unit of each case, for another register to link."""
    try:
        keys = keys_of_register(file, read_secret(secret_file))
        write_keys(out, keys)
    except FormatError as error:
        say(sentence_of(error), err=True)
        raise typer.Exit(2) from None
    cases, repeated = len(keys.cases), keys.repeated
    stand = ngettext(
        "%(number)s case was written to %(path)s, without names or codes.",
        "%(number)s cases were written to %(path)s, without names or codes.",
        cases,
    )
    say(stand % {"number": localised_number(cases), "path": out})
    if repeated:
        once = ngettext(
            "%(number)s row repeats a person and day and was counted once.",
            "%(number)s rows repeat a person and day and were counted once.",
            repeated,
        )
        say(once % {"number": localised_number(repeated)})
    say(_("Hand over the file and the secret in different ways, and delete both afterwards."))
