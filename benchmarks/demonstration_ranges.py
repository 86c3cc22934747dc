"""Write into docs/disclosure.md how wide ranges are in the demonstration.

    qorgau demo --seed 20 --last-day 2024-12-29
    python benchmarks/demonstration_ranges.py

It reads the register that `QORGAU_DATA` names, which must hold this demonstration, and leaves it as
it was. A test of the demonstration checks that the page shows what this would write.
"""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tools.page_tables import put_tables

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "disclosure.md"
YEAR, LAST_DAY = 2023, dt.date(2024, 12, 29)
FIRST_DAY = LAST_DAY - dt.timedelta(weeks=156, days=-1)


def main() -> None:
    from qorgau.cli.main import start_django

    start_django()
    from qorgau.demonstration.band_widths import parameter_table, width_table

    widths = width_table(YEAR)
    parameters = parameter_table(YEAR, FIRST_DAY, LAST_DAY)
    put_tables(PAGE, {"widths": widths, "parameters": parameters})
    print("\n".join([*widths, "", *parameters]))


if __name__ == "__main__":
    main()
