"""A whole force on one small machine: from Parquet to written signals, within the limits?

A synthetic force of 5,000 units in five levels and 50 causes in a tree is written as plain tables,
with ten million incidents and some outbreaks in the newest week. ``qorgau methods watch`` tests the
newest week of every pair of a unit and a cause, called as an ordinary command. It prints the wall
time and the peak memory with their limits, 60 seconds and 2 GB on two cores; how both grow with the
number of incidents; and how many of the outbreaks were found.

    python benchmarks/whole_force.py [--units 5000] [--causes 50] [--incidents 10000000]
"""

from __future__ import annotations

import argparse
import csv
import datetime as dt
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from simulations.force import FIRST_MONDAY, Force, incident_rows, make_force, unit_codes

WEEKS = 280
OUTBREAKS = 20
CASES_OF_AN_OUTBREAK = 12
MOST_SECONDS = 60.0
MOST_MEGABYTES = 2000.0
SEED = 7


@dataclass(frozen=True)
class Run:
    """Time and memory of one run, and its results."""

    incidents: int
    seconds: float
    processor_seconds: float
    megabytes: float
    output: str
    found: int
    others: int


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--units", type=int, default=5000)
    parser.add_argument("--causes", type=int, default=50)
    parser.add_argument("--incidents", type=int, default=10_000_000)
    arguments = parser.parse_args()
    runs = []
    for incidents in (arguments.incidents // 10, arguments.incidents):
        with tempfile.TemporaryDirectory(prefix="qorgau-bench-") as folder:
            force = make_force(
                units=arguments.units,
                causes=arguments.causes,
                incidents_a_week=incidents / WEEKS,
                seed=SEED,
            )
            planted = write_tables(force, Path(folder))
            runs.append(watched(Path(folder), planted))
            print_run(runs[-1])
    small, large = runs
    growth = np.log(large.processor_seconds / small.processor_seconds)
    growth /= np.log(large.incidents / small.incidents)
    print(f"Processor time grows with the incidents to the power {growth:.2f}.")
    is_within = large.seconds <= MOST_SECONDS and large.megabytes <= MOST_MEGABYTES
    print("Within the limits." if is_within else "OVER the limits.")
    return 0 if is_within else 1


def write_tables(force: Force, folder: Path) -> set[tuple[str, str]]:
    """Write the three tables; return the units and causes with an outbreak."""
    codes, causes = unit_codes(force), force.causes
    rows = [np.concatenate(parts) for parts in zip(*incident_rows(force, WEEKS, seed=SEED + 1),
                                                   strict=True)]  # fmt: skip
    rng = np.random.default_rng(SEED + 2)
    units = rng.choice(np.arange(len(codes) // 2, len(codes)), OUTBREAKS, replace=False)
    struck = rng.choice(np.flatnonzero(causes.parents >= 0), OUTBREAKS)
    newest = FIRST_MONDAY.toordinal() + 7 * (WEEKS - 1)
    days = newest + rng.integers(0, 7, OUTBREAKS * CASES_OF_AN_OUTBREAK)
    outbreaks = (
        np.repeat(units, CASES_OF_AN_OUTBREAK), np.repeat(struck, CASES_OF_AN_OUTBREAK), days,
    )  # fmt: skip
    unit, cause, day = (np.concatenate(pair) for pair in zip(rows, outbreaks, strict=True))
    # DuckDB finds the arrays and the tables by the names of these variables.
    drawn = {"unit": unit, "cause": cause, "day": day}  # noqa: F841
    base = duckdb.connect()
    for name, names in (("codes", codes), ("causes", causes.names)):
        base.execute(f"CREATE TABLE {name} AS SELECT unnest($1) AS name", [list(names)])
        base.execute(f"ALTER TABLE {name} ADD COLUMN place INTEGER")
        base.execute(f"UPDATE {name} SET place = rowid")
    base.execute(
        "COPY (SELECT codes.name AS unit, DATE '0001-01-01' + (t.day - 1)::INTEGER AS day, "
        "causes.name AS cause FROM drawn t JOIN codes ON codes.place = t.unit "
        "JOIN causes ON causes.place = t.cause) "
        f"TO '{folder / 'incidents.parquet'}' (FORMAT parquet)"
    )
    above = [codes[parent] if parent >= 0 else "" for parent in force.unit_parents.tolist()]
    write_csv(folder / "units.csv", ("unit", "parent", "strength"),
              zip(codes, above, force.strengths.tolist(), strict=True))  # fmt: skip
    wider = [causes.names[parent] if parent >= 0 else "" for parent in causes.parents.tolist()]
    write_csv(folder / "causes.csv", ("cause", "parent"), zip(causes.names, wider, strict=True))
    return {(codes[u], causes.names[c]) for u, c in zip(units, struck, strict=True)}


def write_csv(path: Path, header: tuple[str, ...], rows: object) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)


def watched(folder: Path, planted: set[tuple[str, str]]) -> Run:
    """Run the command in a separate process and read its output."""
    command = [
        str(Path(sys.executable).with_name("qorgau")), "methods", "watch",
        "incidents.parquet", "--units", "units.csv", "--causes", "causes.csv",
        "--out", "signals.csv",
    ]  # fmt: skip
    began = time.perf_counter()
    with (folder / "said").open("w") as output:
        process = subprocess.Popen(command, cwd=folder, stdout=output, stderr=subprocess.STDOUT)
        _, status, used = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - began
    text = (folder / "said").read_text(encoding="utf-8")
    if status:
        raise SystemExit(text)
    with (folder / "signals.csv").open(encoding="utf-8") as file:
        signals = [(r["unit"], r["cause"]) for r in csv.DictReader(file) if r["role"] == "signal"]
    count = duckdb.sql(f"SELECT count(*) FROM '{folder / 'incidents.parquet'}'").fetchall()[0]
    return Run(
        incidents=count[0],
        seconds=seconds,
        processor_seconds=used.ru_utime + used.ru_stime,
        megabytes=used.ru_maxrss / 1024,
        output=text,
        found=sum(one in planted for one in signals),
        others=sum(one not in planted for one in signals),
    )


def print_run(run: Run) -> None:
    print(f"\n{run.incidents:,} incidents to {newest_sunday()}:")
    print(run.output.strip())
    print(
        f"{run.seconds:.1f} s wall (limit {MOST_SECONDS:.0f}, {run.seconds / MOST_SECONDS:.2f} of "
        f"it; {run.processor_seconds:.1f} s of processor), {run.megabytes:,.0f} MB at most (limit "
        f"{MOST_MEGABYTES:,.0f}, {run.megabytes / MOST_MEGABYTES:.2f} of it). "
        f"{run.found} of {OUTBREAKS} outbreaks told where they are, {run.others} other signals."
    )


def newest_sunday() -> dt.date:
    return FIRST_MONDAY + dt.timedelta(weeks=WEEKS, days=-1)


if __name__ == "__main__":
    sys.exit(main())
