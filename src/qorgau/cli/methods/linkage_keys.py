"""``qorgau methods linkage-keys``: a register's cases under keyed digests, to be given over."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from qorgau.exchange.formats.format_errors import FormatError
from qorgau.exchange.formats.linkage_keys import keys_of_register, read_secret, write_keys


def linkage_keys(
    file: Annotated[Path, typer.Argument(help="person,day[,unit] as CSV or Excel.")],
    secret_file: Annotated[
        Path, typer.Option(help="The secret that both registers share, 16 characters or more.")
    ],
    out: Annotated[Path, typer.Option(help="Where the key file goes, as CSV.")],
) -> None:
    """Write token, day and unit of each case, and nothing else, for another register to link."""
    try:
        keys = keys_of_register(file, read_secret(secret_file))
        write_keys(out, keys)
    except FormatError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None
    typer.echo(f"{len(keys.cases):,} cases are in {out}, without a name or code.")
    if keys.repeated:
        typer.echo(f"{keys.repeated:,} rows repeat a person and day, and stand once.")
    typer.echo("Give the file and the secret over by different ways, and delete both afterwards.")
