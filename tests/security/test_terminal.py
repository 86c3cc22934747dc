"""Data cannot steer the terminal of whoever runs a command."""

from __future__ import annotations

import ast
import io
import unicodedata
from pathlib import Path

import pytest
from rich.table import Table
from typer.testing import CliRunner

import qorgau.cli
from qorgau.cli.main import app
from qorgau.cli.terminal.output import escape_controls, make_console
from qorgau.cli.terminal.tables import print_table
from tests.world import World

EVIL = "Bad\x1b]0;title\x07\x1b[2J\x9b31m\u202egnp\u2066\r\x7f\u2028name"


def steers(text: str) -> list[str]:
    """What a terminal would obey: controls but tab and line feed, and marks of direction."""
    direction = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
    return [
        sign
        for sign in text
        if (unicodedata.category(sign) in ("Cc", "Zl", "Zp") and sign not in "\t\n")
        or unicodedata.bidirectional(sign) in direction
        or sign in "\u061c\u200e\u200f"
    ]


def test_every_character_that_a_terminal_obeys_is_escaped() -> None:
    for number in (*range(0xD800), *range(0xE000, 0x20000)):
        assert not steers(escape_controls(chr(number))), hex(number)
    assert escape_controls("Ақтөбе, Қазақстан\t1\n") == "Ақтөбе, Қазақстан\t1\n"


def test_texts_and_cells_of_tables_are_escaped() -> None:
    out = io.StringIO()
    console = make_console(file=out, width=200)
    table = Table(title=EVIL)
    table.add_column(EVIL)
    table.add_row(EVIL)
    print_table(table, console)
    console.print(EVIL)
    assert out.getvalue().count("name") == 4
    assert not steers(out.getvalue())


@pytest.mark.django_db
def test_a_name_in_the_register_does_not_reach_the_terminal_as_it_is(world: World) -> None:
    world.battalion.versions.update(name_en=EVIL, name_kk=EVIL, name_ru=EVIL)
    for further in ([], ["--json"]):
        done = CliRunner().invoke(app, ["rates", "--unit", world.battalion.code, *further])
        assert done.exit_code == 0, done.output
        assert "\\u001b" in done.output
        assert not steers(done.output)


def test_commands_write_through_one_door() -> None:
    """The kind: no command has another way to a terminal."""
    folder = Path(qorgau.cli.__path__[0])
    ways = {"typer.echo", "typer.secho", "click.echo", "print", "Console", "sys.stdout.write"}
    for path in folder.rglob("*.py"):
        if path.name == "output.py":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                assert ast.unparse(node.func) not in ways, f"{path}:{node.lineno}"
