"""Does detection find the injected clusters of the demonstration, and how many other signals?

For every seed it creates a register, loads the demonstration and runs detection on its last weeks,
like `qorgau demo`. It prints: for each injected cluster the week of its signal, or that it was
missed; the other signals; the effect of the injected action; and whether enough clusters were
found.

    python benchmarks/demonstration_detection.py [--seeds 20 21] [--last-day 2024-12-29] [--write]

With --write the tables of the first seed are written into docs/demonstration.md.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tools.page_tables import put_tables

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "demonstration.md"
LEAST_FOUND = 4


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, nargs="+", default=[20])
    parser.add_argument("--last-day", type=dt.date.fromisoformat, default=dt.date(2024, 12, 29))
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--evaluate", type=int, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.evaluate is not None:
        print(json.dumps(evaluate(arguments.evaluate, arguments.last_day), ensure_ascii=False))
        return 0
    is_good = True
    for place, seed in enumerate(arguments.seeds):
        answer = evaluate_apart(seed, arguments.last_day)
        found = answer["found"]
        print(f"seed {seed}, up to {arguments.last_day}")
        print("\n".join([*answer["verdicts"], "", *answer["effect"], ""]))
        print(answer["summary"], "\n")
        is_good = is_good and found >= LEAST_FOUND
        if arguments.write and place == 0:
            write_tables(answer)
    print(f"At least {LEAST_FOUND} clusters found for every seed: {'yes' if is_good else 'NO'}")
    return 0 if is_good else 1


def evaluate_apart(seed: int, last_day: dt.date) -> dict:
    """Run in a separate process and folder, because each seed needs an empty register."""
    with tempfile.TemporaryDirectory() as folder:
        finished = subprocess.run(
            [sys.executable, __file__, "--evaluate", str(seed), "--last-day", str(last_day)],
            env={**os.environ, "QORGAU_DATA": folder},
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
    return json.loads(finished.stdout)


def evaluate(seed: int, last_day: dt.date) -> dict:
    from qorgau.cli.main import start_django

    start_django()
    from qorgau.cli.migrate import migrate_database
    from qorgau.demonstration.evaluation import (
        cluster_table,
        summary,
        verdict_table,
    )
    from qorgau.demonstration.preparation import prepare_demonstration
    from qorgau.demonstration.register_evaluation import (
        effect_of_injected_action,
        effect_table,
        evaluate_demonstration,
    )

    migrate_database()
    prepared = prepare_demonstration(seed, last_day)
    expectations, evaluation = evaluate_demonstration(prepared.loaded)
    return {
        "clusters": cluster_table(expectations),
        "verdicts": verdict_table(evaluation),
        "effect": effect_table(effect_of_injected_action(prepared.loaded)),
        "summary": summary(evaluation, prepared.weeks_tested),
        "found": sum(verdict.found_in is not None for verdict in evaluation.verdicts),
    }


def write_tables(answer: dict) -> None:
    verdicts = [*answer["verdicts"], "", answer["summary"]]
    put_tables(
        PAGE,
        {"clusters": answer["clusters"], "verdicts": verdicts, "effect": answer["effect"]},
    )


if __name__ == "__main__":
    sys.exit(main())
