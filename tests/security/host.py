"""A real host in a folder of its own, and a browser at an address that occurs nowhere else."""

from __future__ import annotations

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.parse
from dataclasses import dataclass, field
from pathlib import Path

from tools.with_postgres import Cluster

AGENT = "Phone of the sender/7.3"
ADDRESS = "127.77.66.55"
PASSWORD = "a long pass phrase"


@dataclass
class Browser:
    """Just enough of one: it keeps cookies, and comes from the sender's address."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)

    def ask(self, method: str, path: str, body: str = "", **headers: str) -> tuple[int, str]:
        connection = http.client.HTTPConnection(
            "127.0.0.1", self.port, timeout=60, source_address=(ADDRESS, 0)
        )
        sent = {"User-Agent": AGENT, "Accept-Language": "en", **headers}
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        connection.request(method, path, body, sent)
        answer = connection.getresponse()
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                self.cookies[key] = rest.partition(";")[0]
        text = answer.read().decode()
        connection.close()
        return answer.status, text

    def send(self, path: str, **fields: str) -> tuple[int, str]:
        """Fill the form at an address in and send it."""
        _status, page = self.ask("GET", path)
        found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        assert found, page
        shown = re.search(r'name="occurred_at" value="([^"]+)"', page)
        if shown:
            fields |= {"occurred_at": shown[1], "initial-occurred_at": shown[1]}
        body = urllib.parse.urlencode(fields | {"csrfmiddlewaretoken": found[1]})
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        return self.ask("POST", path, body, **form)


@dataclass
class Host:
    """A folder with its own log and folder for passing files, and its database."""

    folder: Path
    environment: dict[str, str] = field(default_factory=dict)
    workers: int = 1
    # A PostgreSQL of its own is killed with its server, and started with it again.
    cluster: Cluster | None = None

    def serve(self) -> Served:
        (self.folder / "tmp").mkdir(parents=True, exist_ok=True)
        self.start_cluster()
        port = free_port()
        workers = str(self.workers)
        with self.log.open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-c", MAIN, "serve", "--port", str(port), "--workers", workers],
                cwd=self.folder, env=self._environment(), stdout=log, stderr=log,
                start_new_session=True,
            )  # fmt: skip
        served = Served(self, port, process)
        served.wait_until_it_answers()
        return served

    def command(self, *words: str) -> str:
        done = subprocess.run(
            [sys.executable, "-c", MAIN, *words],
            env=self._environment(), cwd=self.folder, timeout=300, text=True, capture_output=True,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout

    def start_cluster(self) -> None:
        if self.cluster is not None and not self.cluster.is_running():
            self.cluster.start()

    @property
    def log(self) -> Path:
        return self.folder / "log.txt"

    def every_byte(self) -> dict[str, bytes]:
        return {str(p): p.read_bytes() for p in self.folder.rglob("*") if p.is_file()}

    def _environment(self) -> dict[str, str]:
        gone = ("QORGAU_POSTGRES", "QORGAU_SQLITE")
        return {k: v for k, v in os.environ.items() if k not in gone} | {
            "QORGAU_DATA": str(self.folder),
            "TMPDIR": str(self.folder / "tmp"),
            "DJANGO_SETTINGS_MODULE": "qorgau.project.settings",
            "PYTHONPATH": str(Path(__file__).resolve().parents[2]),
            "LC_ALL": "C.UTF-8",
            **self.environment,
        }


@dataclass
class Served:
    """A server that runs."""

    host: Host
    port: int
    process: subprocess.Popen[bytes]

    def stop(self) -> None:
        self.process.send_signal(signal.SIGINT)
        self.process.wait(timeout=60)

    def kill(self) -> None:
        """End every process of the server: the one that was started only watches over another.

        A PostgreSQL of its own goes first, so that it has no moment more for what it put off.
        """
        if self.host.cluster is not None:
            self.host.cluster.kill()
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        # The other one is not ours to wait for: it is over a moment later.
        for _turn in range(100):
            if not self.is_listening():
                break
            time.sleep(0.05)

    def is_listening(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def wait_until_it_answers(self) -> None:
        for _turn in range(1200):
            if self.process.poll() is not None:
                raise AssertionError(self.host.log.read_text())
            try:
                Browser(self.port).ask("GET", "/receipt/")
            except OSError:
                time.sleep(0.05)
            else:
                return
        raise AssertionError("the server does not answer")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


MAIN = "from qorgau.cli.main import main; main()"
