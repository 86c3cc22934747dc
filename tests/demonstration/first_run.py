"""The first run of ``qorgau demo``; the tests of the demonstration check its register."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass

from typer.testing import CliRunner

from qorgau.cli.main import app
from qorgau.demonstration.present import Loaded

SEED, LAST_DAY = 20, dt.date(2024, 12, 29)


@dataclass(frozen=True)
class FirstRun:
    """What the command printed, and how it ended."""

    exit_code: int
    stdout: str
    output: str

    @property
    def loaded(self) -> Loaded:
        printed = json.loads(self.stdout)
        return Loaded(printed["is_new"], printed["seed"], LAST_DAY, printed["counts"])


def first_run() -> FirstRun:
    """The command's first run."""
    words = ["demo", "--seed", str(SEED), "--last-day", LAST_DAY.isoformat(), "--json"]
    result = CliRunner().invoke(app, words)
    return FirstRun(result.exit_code, result.stdout, result.output)
