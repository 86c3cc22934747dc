"""The temporary PostgreSQL: a real server that the command can reach, removed afterwards."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

TOOL = Path(__file__).resolve().parents[2] / "tools" / "with_postgres.py"
ASK = """
import os, sys, psycopg
from psycopg.conninfo import conninfo_to_dict
where = os.environ["QORGAU_POSTGRES"]
with psycopg.connect(where) as connection:
    (folded,) = connection.execute("SELECT lower('ҚОРҒАУ')").fetchone()
print(conninfo_to_dict(where)["host"], folded)
sys.exit(7)
"""


def run(*command: str, **settings: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name != "QORGAU_POSTGRES"}
    return subprocess.run(
        [sys.executable, TOOL, *command],
        env=environment | settings,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_command_sees_a_server_and_its_status_is_passed_on() -> None:
    outcome = run(sys.executable, "-c", ASK)
    assert outcome.returncode == 7, outcome.stderr
    folder, folded = outcome.stdout.split()
    assert folded == "қорғау"
    assert not Path(folder).exists()


def test_a_named_server_is_used_as_it_is() -> None:
    program = "import os; print(os.environ['QORGAU_POSTGRES'])"
    outcome = run(sys.executable, "-c", program, QORGAU_POSTGRES="host=elsewhere")
    assert outcome.stdout == "host=elsewhere\n"


def test_without_any_server_the_error_says_what_to_do(tmp_path: Path) -> None:
    outcome = run("true", QORGAU_POSTGRES_BIN=str(tmp_path))
    assert outcome.returncode == 1
    assert "No PostgreSQL was found" in outcome.stderr
    assert "QORGAU_POSTGRES" in outcome.stderr
