"""What do exact rates as of a past moment cost, beside those of the present?

For each database it creates a register of 1,000,000 synthetic incidents, every tenth of which was
corrected since, and asks the rates of the brigade and of one battalion over some periods, now and
as of a moment thirty days ago, in turns: as a safety officer, who sees exact counts, and as a
commander, whose rights are asked of a past state then and now. It prints both median times and
their ratio; the limit of the ratio is 2. The corrections are of causes alone, so that both answers
must count the same.

    python benchmarks/rates_as_of.py [--incidents 1000000] [--databases sqlite postgres]
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.registers.apart import empty_register, measured_apart

ROUNDS = 7
LARGEST_RATIO = 2.0
CORRECTED_EVERY = 10
AGO = dt.timedelta(days=30)
YEARS = (1, 5)
LINE = "{:10}{:32}{:>10}{:>10}{:>11}{:>8}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--incidents", type=int, default=1_000_000)
    parser.add_argument("--databases", nargs="+", default=["sqlite", "postgres"])
    parser.add_argument("--measure", type=int, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.measure:
        print(json.dumps(measure(arguments.measure)))
        return 0
    print(LINE.format("database", "question", "incidents", "now, ms", "as of, ms", "ratio"))
    is_good = True
    for database in arguments.databases:
        measured = measured_apart(__file__, database, arguments.incidents)
        for question, (cases, now, then) in measured.items():
            figures = (f"{now:.1f}", f"{then:.1f}", f"{then / now:.2f}")
            print(LINE.format(database, question, cases, *figures))
            is_good &= then / now <= LARGEST_RATIO
    print("At most twice the time." if is_good else "Over the limit.")
    return 0 if is_good else 1


def measure(incidents: int) -> dict[str, tuple[int, float, float]]:
    empty_register()
    from benchmarks.registers.brigade import OPENED, fill_register
    from qorgau.foundation.identity.roles import Role
    from qorgau.records.people.choices import Category
    from qorgau.records.people.models import Unit
    from qorgau.records.people.services import enrol_user, report_strength

    officer = fill_register(incidents, revised_every=CORRECTED_EVERY)["brigade"]
    top = Unit.objects.get(code="B")
    commander, _ = enrol_user(username="commander", role=Role.COMMANDER, unit=top, acting_user=None)
    for unit in Unit.objects.all():
        report_strength(
            unit=unit,
            category=Category.ALL,
            valid_from=OPENED,
            valid_until=dt.date(2100, 1, 1),
            strength=60,
            acting_user=None,
        )
    return {
        f"{name}: {unit}, {years} years, {cause or 'all'}": asked(user, unit, years, cause)
        for name, user in (("exact", officer), ("ranges", commander))
        for unit in ("B", "B0")
        for years in YEARS
        for cause in ("", "fall")
    }


def asked(user: object, code: str, years: int, cause: str) -> tuple[int, float, float]:
    """Incidents counted, and the median times now and as of the moment, in milliseconds."""
    from dataclasses import replace

    from qorgau.analysis.rates.answer import injury_rates
    from qorgau.analysis.rates.question import RateQuestion
    from qorgau.records.people.models import Unit

    moment = dt.datetime.now(dt.UTC) - AGO
    last = moment.date() - dt.timedelta(days=1)
    first = last - dt.timedelta(days=365 * years)
    now = RateQuestion(Unit.objects.get(code=code), first, last, cause=cause)
    questions = (now, replace(now, as_of=moment))
    answers = [injury_rates(user, question) for question in questions]
    cases = [answer.overall.cases_lower for answer in answers]
    if not cause and cases[0] != cases[1]:
        raise SystemExit(f"{code}: {cases[0]} incidents now, and {cases[1]} as of a moment")
    times: list[list[float]] = [[], []]
    for _round in range(ROUNDS):
        for question, taken in zip(questions, times, strict=True):
            taken.append(_milliseconds(injury_rates, user, question))
    return cases[0], median(times[0]), median(times[1])


def _milliseconds(ask: Callable[..., Any], *arguments: object) -> float:
    start = time.perf_counter()
    ask(*arguments)
    return 1000 * (time.perf_counter() - start)


if __name__ == "__main__":
    sys.exit(main())
