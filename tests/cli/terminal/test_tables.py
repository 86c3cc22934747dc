"""A table on a narrow terminal: cells wrap, but no word is broken."""

from __future__ import annotations

import io

import pytest
from rich.console import Console
from rich.table import Table

from qorgau.cli.terminal.tables import print_table

WORDS = ("Подчинённое", "подразделение", "Артиллерийский", "дивизион", "1\N{NO-BREAK SPACE}234,5")


def printed(width: int) -> str:
    table = Table(box=None, pad_edge=False)
    table.add_column("Подчинённое подразделение")
    table.add_column("чел.-время", justify="right", no_wrap=True)
    table.add_row("SYN-ART Артиллерийский дивизион", "1\N{NO-BREAK SPACE}234,5")
    out = io.StringIO()
    print_table(table, Console(file=out, width=width))
    return out.getvalue()


@pytest.mark.parametrize("width", [5, 20, 40, 80])
def test_words_are_never_broken_on_any_terminal(width: int) -> None:
    assert all(word in printed(width) for word in WORDS)


def test_a_table_fits_a_wide_enough_terminal() -> None:
    assert max(map(len, printed(30).splitlines())) == 30
    assert "Артиллерийский дивизион" not in printed(30)
    assert "Артиллерийский дивизион" in printed(60)


def test_on_a_narrow_terminal_the_last_column_is_whole_too() -> None:
    table = Table("группа", box=None)
    for heading in ("случаи", "сглаж. показат.", "воронка"):
        table.add_column(heading, justify="right")
    table.add_row("Инженерно-саперная рота", "12", "0,81941", "внутри")
    out = io.StringIO()
    print_table(table, Console(file=out, width=30))
    assert "воронка" in out.getvalue()
    assert "внутри" in out.getvalue()
