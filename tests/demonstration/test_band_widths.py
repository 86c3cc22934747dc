"""The page about disclosure shows the ranges that the demonstration has."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from qorgau.demonstration.band_widths import parameter_table, width_table
from tests.demonstration.first_run import LAST_DAY, FirstRun, first_run
from tests.shared_registers import shared_register

pytestmark = pytest.mark.django_db

first = shared_register(first_run, takes_long=True)
PAGE = Path(__file__).resolve().parents[2] / "docs" / "disclosure.md"
YEAR = 2023
FIRST_DAY = LAST_DAY - dt.timedelta(weeks=156, days=-1)


def table_on_the_page(name: str) -> list[str]:
    text = PAGE.read_text(encoding="utf-8")
    return text.split(f"<!-- {name} -->\n")[1].split("\n<!-- end -->")[0].splitlines()


@pytest.mark.one_database
def test_the_ranges_on_the_page_are_those_of_the_demonstration(first: FirstRun) -> None:
    assert width_table(YEAR) == table_on_the_page("widths")


@pytest.mark.only_long
@pytest.mark.one_database
def test_so_are_those_of_other_parameters(first: FirstRun) -> None:
    assert parameter_table(YEAR, FIRST_DAY, LAST_DAY) == table_on_the_page("parameters")
