"""The committed table of the simulation comes out again."""

from __future__ import annotations

import pytest

from simulations.reporting_delay.lists import SETTINGS
from simulations.reporting_delay.measured import PAGE, first_rows

BY_NAME = {setting.name: setting for setting in SETTINGS}


@pytest.mark.parametrize("name", ["outbreak of 600", "outbreak, day by day", "register, 5 a week"])
def test_the_first_lists_give_the_rows_of_the_page(name):
    page = PAGE.read_text(encoding="utf-8").splitlines()
    rows = first_rows(BY_NAME[name])
    assert len(rows) == 4
    assert not [row for row in rows if row not in page]
