"""Are the overview and the list of incidents still fast when the register is 100 times larger?

For each database it creates registers of 10,000 and of 1,000,000 synthetic incidents; a safety
officer of the whole brigade and one of a battalion open the pages. It prints the queries of each
page at both sizes, both median times, and their ratio; the limit of the ratio is 3.

    python benchmarks/register_at_size.py [--sizes 10000 1000000] [--databases sqlite postgres]
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.registers.apart import empty_register, measured_apart

ROUNDS = 15
LARGEST_RATIO = 3.0
PAGES = {"overview": "/", "incidents": "/incidents/"}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", type=int, nargs=2, default=[10_000, 1_000_000])
    parser.add_argument("--databases", nargs="+", default=["sqlite", "postgres"])
    parser.add_argument("--measure", type=int, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.measure:
        print(json.dumps(measure(arguments.measure)))
        return 0
    print(f"{'database':10}{'page':12}{'who':12}{'queries':>12}{'median ms':>20}{'ratio':>8}")
    is_good = True
    for database in arguments.databases:
        small, large = (measured_apart(__file__, database, size) for size in arguments.sizes)
        for key, (queries, milliseconds) in small.items():
            queries_then, milliseconds_then = large[key]
            ratio = milliseconds_then / milliseconds
            page, who = key.split()
            times = f"{milliseconds:.1f} > {milliseconds_then:.1f}"
            counts = f"{queries} > {queries_then}"
            print(f"{database:10}{page:12}{who:12}{counts:>12}{times:>20}{ratio:>8.2f}")
            is_good &= queries == queries_then and ratio <= LARGEST_RATIO
    print("Same queries and at most three times the time." if is_good else "Over the limit.")
    return 0 if is_good else 1


def measure(size: int) -> dict[str, tuple[int, float]]:
    empty_register()
    from django.core.management import call_command

    call_command("collectstatic", verbosity=0, interactive=False)
    from benchmarks.registers.brigade import fill_register

    people = fill_register(size)
    return {
        f"{page} {who}": opened(user, address)
        for who, user in people.items()
        for page, address in PAGES.items()
    }


def opened(user: object, address: str) -> tuple[int, float]:
    """Queries of the warm page, and its median time in milliseconds."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(headers={"host": "localhost"})
    client.force_login(user)
    answer = client.get(address)
    if answer.status_code != 200:
        raise SystemExit(f"{address} answered {answer.status_code}")
    with CaptureQueriesContext(connection) as captured:
        client.get(address)
    queries = len(captured)
    times = []
    for _round in range(ROUNDS):
        start = time.perf_counter()
        client.get(address)
        times.append(1000 * (time.perf_counter() - start))
    return queries, median(times)


if __name__ == "__main__":
    sys.exit(main())
