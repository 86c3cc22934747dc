"""Measuring in a separate process, with a temporary register that is deleted afterwards."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any


def measured_apart(script: str, database: str, incidents: int) -> Any:
    """What ``script --measure INCIDENTS`` prints, on a temporary SQLite or PostgreSQL."""
    tools = Path(__file__).resolve().parents[2] / "tools"
    command = [sys.executable, script, "--measure", str(incidents)]
    if database == "postgres":
        command = [sys.executable, str(tools / "with_postgres.py"), *command]
    with tempfile.TemporaryDirectory(prefix="qorgau-bench-") as folder:
        environment = {**os.environ, "QORGAU_DATA": folder}
        environment["DJANGO_SETTINGS_MODULE"] = "qorgau.project.settings"
        if database == "sqlite":
            environment.pop("QORGAU_POSTGRES", None)
        answer = subprocess.run(
            command, env=environment, stdout=subprocess.PIPE, text=True, check=True
        )
    return json.loads(answer.stdout)


def empty_register() -> None:
    """Start Django and create the tables of the temporary register."""
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
