"""``qorgau serve``: the pages and the API, on this machine or for others."""

from __future__ import annotations

import hashlib
import os
import socket
from pathlib import Path
from typing import Annotated

import typer
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.utils.translation import gettext as _
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server import Server

from qorgau.cli.demo import print_accounts
from qorgau.cli.migrate import migrate_database, print_key_if_new
from qorgau.cli.terminal.output import say
from qorgau.demonstration.preparation import prepare_demonstration
from qorgau.demonstration.present import loaded_demonstration
from qorgau.foundation.journal.operator import operated_by

app = typer.Typer(add_completion=False)

# A client that is slower with the head of a request is not one.
_HEAD_MILLISECONDS = 10_000


@app.command()
def serve(
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 8000,
    host: Annotated[
        str, typer.Option(help="Address to listen on; 0.0.0.0 for all addresses.")
    ] = "127.0.0.1",
    workers: Annotated[
        int, typer.Option(min=1, help="Number of processes; more than one only with PostgreSQL.")
    ] = 1,
    demo: Annotated[
        bool, typer.Option("--demo", help="Load the demonstration first, if it is not loaded yet.")
    ] = False,
) -> None:
    """Update the database and the files of the pages, then serve until Ctrl-C."""
    _require_free(host, port)
    if workers > 1 and not settings.DATABASES["default"]["ENGINE"].endswith("postgresql"):
        say(_("SQLite allows only one process; use PostgreSQL for more."), err=True)
        raise typer.Exit(2)
    migrate_database()
    print_key_if_new()
    collect_static_files()
    if demo:
        _load_demonstration()
    address = f"http://{_name_of(host)}:{port}/"
    say(_("Qorgau is at %(address)s (Ctrl-C stops it).") % {"address": address})
    # What the server does for others is not what the person at the machine does.
    with operated_by(""):
        Server(
            "qorgau.project.rsgi:application",
            address=host,
            port=port,
            interface=Interfaces.RSGI,
            http=HTTPModes.http1,
            http1_settings=HTTP1Settings(header_read_timeout=_HEAD_MILLISECONDS),
            websockets=False,
            workers=workers,
            respawn_failed_workers=True,
            log_level=LogLevels.warning,
        ).serve()


def _load_demonstration() -> None:
    try:
        if loaded_demonstration() is None:
            say(_("Loading the demonstration; this happens once and takes about a minute…"))
        prepare_demonstration()
    except ValidationError as error:
        say("\n".join(error.messages), err=True)
        raise typer.Exit(1) from None
    print_accounts()


def _require_free(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            sentence = _(
                "Cannot listen on %(host)s, port %(port)s: %(problem)s. Stop the program "
                "that uses it, or choose another port with --port (make run PORT=8001)."
            ) % {"host": host, "port": port, "problem": error.strerror}
            say(sentence, err=True)
            raise typer.Exit(1) from None


def _name_of(host: str) -> str:
    return "localhost" if host in {"127.0.0.1", "0.0.0.0", "::", "::1"} else host


def collect_static_files() -> bool:
    """Collect the static files if any changed; return whether they had changed."""
    mark = Path(settings.STATIC_ROOT) / ".gathered"
    now = _fingerprint()
    if mark.exists() and mark.read_text(encoding="ascii") == now:
        return False
    call_command("collectstatic", interactive=False, verbosity=0, clear=mark.parent.exists())
    mark.write_text(now, encoding="ascii")
    return True


def _fingerprint() -> str:
    """A digest that changes when a file is added, removed or rewritten."""
    digest = hashlib.sha256(settings.STORAGES["staticfiles"]["BACKEND"].encode())
    for finder in get_finders():
        for name, storage in finder.list([]):
            status = os.stat(storage.path(name))
            digest.update(f"{name} {status.st_size} {status.st_mtime_ns}\n".encode())
    return digest.hexdigest()
