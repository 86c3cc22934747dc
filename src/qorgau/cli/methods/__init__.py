"""``qorgau methods``: methods for plain files, without a register."""

from __future__ import annotations

import typer

from qorgau.cli.methods.ascertainment import ascertainment
from qorgau.cli.methods.delay import delay
from qorgau.cli.methods.detect import detect
from qorgau.cli.methods.effect import effect
from qorgau.cli.methods.linkage_keys import linkage_keys
from qorgau.cli.methods.rates import rates
from qorgau.cli.methods.watch import watch

app = typer.Typer(help="The methods, for plain files; no register is needed.")
app.command()(ascertainment)
app.command()(delay)
app.command()(detect)
app.command()(effect)
app.command()(linkage_keys)
app.command()(rates)
app.command()(watch)
