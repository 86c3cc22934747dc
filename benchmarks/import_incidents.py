"""How much slower is an import than writing exactly the same rows with a plain executemany?

A file is generated and imported into an empty SQLite register with all steps: reading, mapping,
checking, journal and transactions. Then `sqlite3.executemany` writes every row of that register
into another empty register, with one statement per table and one transaction. Both run in turns,
several times; the medians give the rows of the file per second and the ratio.

    python benchmarks/import_incidents.py [--rows 20000] [--rounds 3]
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import random
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

KINDS = ("injury", "injury", "injury", "near_miss", "hazard")
CAUSES = ("fall.same_level", "force.struck", "exertion.lifting", "transport.road", "unknown")
NATURES = ("fracture", "sprain_strain", "contusion", "open_wound", "")
HEADER = ("id", "day", "time", "kind", "cause", "nature", "days", "unit", "story")
MAPPING = """
[mapping]
source = "benchmark"
[key]
columns = ["id"]
[fields]
occurred_on = { column = "day", forms = ["d.m.Y"] }
occurred_time = "time"
kind = "kind"
cause = "cause"
nature = "nature"
days_away = "days"
narrative = "story"
[units]
create = true
organisation = "benchmark"
opened_on = "2000-01-01"
[[units.levels]]
code = { constant = "TOP" }
[[units.levels]]
code = "unit"
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--import-into", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.import_into is not None:
        print(json.dumps(import_into(arguments.import_into)))
        return 0
    with tempfile.TemporaryDirectory() as name:
        compare(Path(name), arguments.rows, arguments.rounds)
    return 0


def compare(folder: Path, n_rows: int, n_rounds: int) -> None:
    empty = folder / "empty"
    empty.mkdir()
    apart("migrate", empty)
    write_file(empty, n_rows)
    imports, bare = [], []
    for number in range(n_rounds):
        target = shutil.copytree(empty, folder / f"import-{number}")
        imports.append(apart("import", target))
        bare.append(write_bare(target, empty, folder / f"bare-{number}.sqlite3"))
    through, plain = statistics.median(imports), statistics.median(seconds for seconds, _ in bare)
    written = bare[0][1]
    print(f"{n_rows} rows of a file, {written} rows of {len(tables(target))} tables written")
    print(f"import:           {n_rows / through:>9,.0f} rows/s ({through:.2f} s)")
    print(f"bare executemany: {n_rows / plain:>9,.0f} rows/s ({plain:.2f} s)")
    print(f"An import takes {through / plain:.1f} times as long as the bare writing.")


def apart(what: str, folder: Path) -> float:
    """Run in a separate process, because settings are read once; return the seconds."""
    environment = {**os.environ, "QORGAU_DATA": str(folder)}
    environment.pop("QORGAU_POSTGRES", None)
    if what == "migrate":
        code = "from qorgau.cli.main import main; main()"
        words = [sys.executable, "-c", code, "migrate"]
        subprocess.run(words, env=environment, check=True, stdout=subprocess.DEVNULL)
        return 0.0
    words = [sys.executable, __file__, "--import-into", str(folder)]
    finished = subprocess.run(words, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    return float(json.loads(finished.stdout)["seconds"])


def import_into(folder: Path) -> dict[str, float]:
    from qorgau.cli.main import start_django

    start_django()
    from qorgau.exchange.formats.mapping import mapping_from_toml
    from qorgau.exchange.incidents.fields import INCIDENT_SCHEMA
    from qorgau.exchange.incidents.importing import import_incidents

    mapping = mapping_from_toml(MAPPING, INCIDENT_SCHEMA)
    start = time.perf_counter()
    report = import_incidents(folder / "incidents.csv", mapping, acting_user=None)
    seconds = time.perf_counter() - start
    assert report.imported == report.row_count, report.rejections[:3]
    return {"seconds": seconds}


def write_file(folder: Path, n_rows: int) -> None:
    dice = random.Random(0)
    with (folder / "incidents.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        for number in range(n_rows):
            day = f"{dice.randint(1, 28):02d}.{dice.randint(1, 12):02d}.{dice.randint(2015, 2023)}"
            story = f"Оступился при разгрузке склада, ушиб левой ноги, случай {number}. " * 3
            writer.writerow(
                [
                    number, day, f"{dice.randint(0, 23):02d}:15", dice.choice(KINDS),
                    dice.choice(CAUSES), dice.choice(NATURES), dice.randint(0, 20),
                    f"U-{dice.randint(1, 60)}", story,
                ]
            )  # fmt: skip


def tables(folder: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every table that an import writes, with its rows."""
    connection = sqlite3.connect(folder / "qorgau.sqlite3")
    names = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name <> "
        "'incidents_severitythreshold' AND (name LIKE 'incidents_%' OR name LIKE 'people_%' "
        "OR name LIKE 'journal_%')"
    ).fetchall()
    held = {name: connection.execute(f"SELECT * FROM {name}").fetchall() for (name,) in names}
    connection.close()
    return {name: rows for name, rows in held.items() if rows}


def write_bare(imported: Path, empty: Path, target: Path) -> tuple[float, int]:
    rows = tables(imported)
    shutil.copy(empty / "qorgau.sqlite3", target)
    connection = sqlite3.connect(target, isolation_level=None)
    connection.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;")
    start = time.perf_counter()
    connection.execute("BEGIN IMMEDIATE")
    for name, held in rows.items():
        places = ", ".join("?" * len(held[0]))
        connection.executemany(f"INSERT INTO {name} VALUES ({places})", held)
    connection.execute("COMMIT")
    seconds = time.perf_counter() - start
    connection.close()
    return seconds, sum(map(len, rows.values()))


if __name__ == "__main__":
    sys.exit(main())
