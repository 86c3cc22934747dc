"""How long do 64 clients wait for a durable report when all of them send at once?

A real host, started by ``qorgau serve``, on SQLite with its one process and on PostgreSQL with two;
64 clients send reports over the API with tokens, each the next one as soon as the last is answered.
An answer means that the report is on the disk: SQLite and PostgreSQL run with their full durability
here. The clients are non-blocking sockets in a process of their own, whose share of a processor is
printed, as it competes with the server for the same cores. At the end every answered report must be
in the register and the journal intact.

Printed are the times that half of the reports and 99 of 100 stayed below, and reports per second.
The limit is 300 ms for 99 of 100; it was 650 ms on SQLite and 440 ms on PostgreSQL before authority
was asked in the services. Reports without a name are printed too, without a limit: on SQLite each
of them empties the write-ahead log. What else the machine was doing is printed first, as two cores
that others use as well do not tell what the server can do.

    python benchmarks/reports_under_load.py [--reports 3000] [--databases sqlite postgres]
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from contextlib import nullcontext
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.load.register import COUNTED, REGISTER
from tests.security.host import Host
from tools.with_postgres import throw_away_server

CLIENTS = 64
WARM_UP = 256
LARGEST_P99_MILLISECONDS = 300
BEFORE = {"sqlite": 650, "postgres": 440}
WORKERS = {"sqlite": 1, "postgres": 2}
LINE = "{:10}{:14}{:>9}{:>9}{:>9}{:>9}{:>11}{:>9}{:>8}{:>9}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--reports", type=int, default=3000)
    parser.add_argument("--clients", type=int, default=CLIENTS)
    parser.add_argument("--databases", nargs="+", default=["sqlite", "postgres"])
    arguments = parser.parse_args()
    print(f"{os.cpu_count()} processors; load before: {os.getloadavg()[0]:.1f}")
    heads = "database reports processes p50,ms p99,ms most,ms per_second clients before limit"
    print(LINE.format(*(head.replace("_", " ") for head in heads.split())))
    is_good = True
    for database in arguments.databases:
        p99 = measured(database, arguments.reports, arguments.clients)
        is_good &= p99 <= LARGEST_P99_MILLISECONDS
    print("Within the limit." if is_good else "Over the limit.")
    return 0 if is_good else 1


def measured(database: str, n_reports: int, n_clients: int) -> float:
    """Serve a new register, put it under load, print, and return the p99 of signed reports."""
    server = throw_away_server(is_durable=True) if database == "postgres" else nullcontext()
    with tempfile.TemporaryDirectory(prefix="qorgau-bench-") as folder, server as postgres:
        environment = {"QORGAU_POSTGRES": postgres} if postgres else {}
        host = Host(Path(folder), environment, WORKERS[database])
        host.command("migrate")
        made = json.loads(run(REGISTER, host))
        served = host.serve()
        try:
            load = made | {"port": served.port, "clients": n_clients, "warm_up": WARM_UP}
            signed = under_load(load | {"reports": n_reports, "is_anonymous": False})
            unnamed = under_load(load | {"reports": n_reports // 3, "is_anonymous": True})
        finally:
            served.stop()
        p99 = print_line(database, "signed", signed, is_held_to_limit=True)
        print_line(database, "without name", unnamed, is_held_to_limit=False)
        sent = 2 * WARM_UP + len(signed["seconds"]) + len(unnamed["seconds"])
        require_all(host, sent)
    return p99


def under_load(load: dict[str, Any]) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, str(Path(__file__).parent / "load" / "clients.py")],
        input=json.dumps(load),
        text=True,
        stdout=subprocess.PIPE,
        check=True,
    )
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def print_line(database: str, kind: str, done: dict[str, Any], *, is_held_to_limit: bool) -> float:
    times = sorted(1000 * seconds for seconds in done["seconds"])
    p50, p99 = times[len(times) // 2], times[len(times) * 99 // 100]
    before, limit = (BEFORE[database], LARGEST_P99_MILLISECONDS) if is_held_to_limit else ("", "")
    figures = [f"{p50:.0f}", f"{p99:.0f}", f"{times[-1]:.0f}", f"{len(times) / done['wall']:.0f}"]
    share = f"{100 * done['worked'] / done['wall']:.0f} %"
    print(LINE.format(database, kind, WORKERS[database], *figures, share, before, limit))
    return p99


def run(program: str, host: Host) -> str:
    """What a program with the host's register prints last."""
    environment = {**os.environ, **host.environment, "QORGAU_DATA": str(host.folder)}
    environment["DJANGO_SETTINGS_MODULE"] = "qorgau.project.settings"
    if "QORGAU_POSTGRES" not in host.environment:
        environment.pop("QORGAU_POSTGRES", None)
    command = [sys.executable, "-c", program]
    done = subprocess.run(
        command, env=environment, text=True, stdout=subprocess.PIPE, check=True, cwd=host.folder
    )
    return done.stdout.splitlines()[-1]


def require_all(host: Host, sent: int) -> None:
    held = int(run(COUNTED, host))
    if held != sent:
        raise SystemExit(f"{sent} reports were answered, {held} are in the register.")
    verified = host.command("journal", "verify")
    if "intact" not in verified:
        raise SystemExit(verified)


if __name__ == "__main__":
    sys.exit(main())
