"""A real host in a folder of its own, and a browser at an address that occurs nowhere else."""

from __future__ import annotations

import http.client
import json
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

AGENT = "Phone of the sender/7.3"
ADDRESS = "127.77.66.55"
PASSWORD = "a long pass phrase"
PREPARED = f"""
import django; django.setup()
import json, datetime as dt
from django.contrib.sessions.models import Session
from qorgau.foundation.identity.services import issue_api_token
from qorgau.foundation.identity.roles import Role
from qorgau.records.reporting.services import make_reporting_point
from tests.world import make_world
world = make_world()
sender = world.inside[Role.REPORTER]
sender.set_password({PASSWORD!r}); sender.save()
point = make_reporting_point(unit=world.company, place="Gate 2", acting_user=None)
Session.objects.all().delete()
Session.objects.create(
    session_key="leftlongagowithoutsigningout00", session_data="x",
    expire_date=dt.datetime(2020, 1, 1, tzinfo=dt.UTC),
)
token = issue_api_token(user=sender, name="phone", acting_user=None)
print(json.dumps([sender.username, point.code, world.company.code, token]))
"""


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
class Served:
    """A server in its folder, what it prints, and the folder for passing files beside it."""

    folder: Path
    port: int
    process: subprocess.Popen[bytes]

    def stop(self) -> None:
        self.process.send_signal(signal.SIGINT)
        self.process.wait(timeout=60)

    def kill(self) -> None:
        """End every process of the server: the one that was started only watches over another."""
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

    def every_byte(self) -> dict[str, bytes]:
        return {str(p): p.read_bytes() for p in self.folder.rglob("*") if p.is_file()}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


MAIN = "from qorgau.cli.main import main; main()"


def environment_of(folder: Path) -> dict[str, str]:
    gone = ("QORGAU_POSTGRES", "QORGAU_SQLITE")
    return {k: v for k, v in os.environ.items() if k not in gone} | {
        "QORGAU_DATA": str(folder),
        "TMPDIR": str(folder / "tmp"),
        "DJANGO_SETTINGS_MODULE": "qorgau.project.settings",
        "PYTHONPATH": str(Path(__file__).resolve().parents[2]),
        "LC_ALL": "C.UTF-8",
    }


def prepare(folder: Path) -> list[str]:
    """A register with users; the sender's name, a poster's code, a unit's code and a token."""
    (folder / "tmp").mkdir(parents=True)
    command(folder, "migrate")
    made = _python(folder, PREPARED)
    known: list[str] = json.loads(made.splitlines()[-1])
    return known


def command(folder: Path, *words: str) -> str:
    return _python(folder, MAIN, *words)


def _python(folder: Path, program: str, *words: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", program, *words],
        env=environment_of(folder), cwd=folder, timeout=300, text=True, capture_output=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def serve(folder: Path) -> Served:
    port = free_port()
    with (folder / "log.txt").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-c", MAIN, "serve", "--port", str(port)],
            cwd=folder, env=environment_of(folder), stdout=log, stderr=log,
            start_new_session=True,
        )  # fmt: skip
    served = Served(folder, port, process)
    wait_until_it_answers(served)
    return served


def wait_until_it_answers(served: Served) -> None:
    for _turn in range(600):
        if served.process.poll() is not None:
            raise AssertionError((served.folder / "log.txt").read_text())
        try:
            Browser(served.port).ask("GET", "/receipt/")
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("the server does not answer")
