"""Small files that cost much to read are refused in a sentence, before the server reads them."""

from __future__ import annotations

import datetime as dt
import os
import signal
import subprocess
import sys
import time
import uuid
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from typer.testing import CliRunner

from qorgau.cli.main import app
from qorgau.exchange.apart import reading
from qorgau.exchange.apart.reading import MOST_BYTES, read_apart
from qorgau.exchange.formats.format_errors import FormatError
from qorgau.exchange.formats.tables import TableLayout
from qorgau.exchange.incidents.uploads import forget_old_uploads, keep_upload, uploads_of
from qorgau.foundation.identity.roles import Role
from tests.exchange.incidents.conftest import MAPPING
from tests.security.costly_files import COSTLY_FILES, COSTLY_MAPPINGS, high_row_number
from tests.world import World

TABLE = b"day,unit\n2024-05-06,A\n"


@pytest.fixture
def media(settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "files"
    return settings.MEDIA_ROOT


@pytest.fixture
def officer(world: World, media: Path) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(world.inside[Role.SAFETY_OFFICER])
    return client


def send(client: Client, content: bytes, *, name: str = "a.csv", mapping: str = ""):
    posted = {"file": SimpleUploadedFile(name, content)}
    if mapping:
        posted["mapping"] = SimpleUploadedFile("map.toml", mapping.encode())
    return client.post(reverse("imports"), posted)


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.django_db
@pytest.mark.parametrize("kind", COSTLY_FILES)
def test_a_costly_file_is_refused_and_not_kept(kind: str, officer: Client, media: Path) -> None:
    answer = send(officer, COSTLY_FILES[kind](), name="a.xlsx")
    assert answer.status_code == 422
    assert "ave the table as CSV" in answer.content.decode()
    assert files_in(media) == []


@pytest.mark.django_db
@pytest.mark.parametrize("kind", COSTLY_MAPPINGS)
def test_a_costly_mapping_is_refused_and_not_kept(kind: str, officer: Client, media: Path) -> None:
    answer = send(officer, TABLE, mapping=COSTLY_MAPPINGS[kind]())
    assert answer.status_code == 422
    assert "mapping" in answer.content.decode()
    assert files_in(media) == []


def limited(program: str) -> subprocess.CompletedProcess[bytes]:
    """A program in a process with the limits of an upload."""
    limits = f"from qorgau.exchange.apart.child import _limit; _limit({MOST_BYTES}, 1)\n"
    return subprocess.run(
        [sys.executable, "-c", limits + program], capture_output=True, check=False
    )


def test_the_process_is_limited_whatever_it_reads(tmp_path: Path) -> None:
    assert b"MemoryError" in limited("b'x' * 400_000_000").stderr
    assert limited("while True: pass").returncode in (-signal.SIGXCPU, -signal.SIGKILL)
    limited(f"open({str(tmp_path / 'x')!r}, 'w').write('x' * 10)")
    assert (tmp_path / "x").read_bytes() == b""


def test_what_no_rule_foresaw_ends_at_the_limits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rules of the formats come first; here the same file meets the limits alone."""
    monkeypatch.setattr(reading, "MOST_BYTES", 20 << 20)
    path = tmp_path / "a.csv"
    path.write_bytes(TABLE)
    with pytest.raises(FormatError, match="more memory or time"):
        read_apart(path, TableLayout())


def test_more_rows_than_a_page_takes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_ROWS", 10)
    path = tmp_path / "a.csv"
    path.write_bytes(b"day,unit\n" + b"2024-05-06,A\n" * 11)
    with pytest.raises(FormatError, match="more than 10 rows"):
        read_apart(path, TableLayout())


def test_the_process_knows_no_secret_and_no_django(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QORGAU_SECRET_KEY", "x")
    assert not [name for name in reading._environment() if name.startswith("QORGAU")]
    program = (
        "import sys, qorgau.exchange.apart.child as c, qorgau.exchange.formats.tables,"
        " qorgau.exchange.formats.mapping.document;"
        "print([m for m in sys.modules if m.startswith(('django', 'qorgau.records'))])"
    )
    assert limited(program).stdout.strip() == b"[]"


def test_together_the_files_of_a_user_have_a_limit(settings, media: Path, world: World) -> None:
    settings.QORGAU_UPLOADS_PER_USER_BYTES = 100
    owner, other = (world.inside[role].uuid for role in (Role.SAFETY_OFFICER, Role.ANALYST))
    keep_upload(owner=owner, file_name="a.csv", content=[b"x" * 60])
    with pytest.raises(FormatError, match="wait to be imported"):
        keep_upload(owner=owner, file_name="b.csv", content=[b"x" * 60])
    keep_upload(owner=other, file_name="a.csv", content=[b"x" * 60])
    assert len(uploads_of(owner)) == 1
    assert len(files_in(media)) == 2


def test_a_file_that_did_not_arrive_whole_is_no_upload(media: Path, world: World) -> None:
    def stopped():
        yield b"x"
        raise ConnectionError

    owner = world.inside[Role.SAFETY_OFFICER].uuid
    with pytest.raises(ConnectionError):
        keep_upload(owner=owner, file_name="a.csv", content=stopped())
    assert files_in(media) == []


KILLED = """
import sys, time, uuid
import django; django.setup()
from django.conf import settings
settings.MEDIA_ROOT = sys.argv[1]
from qorgau.exchange.incidents.uploads import keep_upload
def pieces():
    yield b"x"
    print("begun", flush=True)
    time.sleep(60)
keep_upload(owner=uuid.UUID(int=1), file_name="a.csv", content=pieces())
"""


def test_a_kill_while_a_file_arrives_leaves_no_upload(settings, media: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", KILLED, str(media)],
        stdout=subprocess.PIPE,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "qorgau.project.settings"},
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"begun\n"
    process.kill()
    process.wait()
    process.stdout.close()
    assert uploads_of(uuid.UUID(int=1)) == []
    now = dt.datetime.fromtimestamp(time.time(), dt.UTC)
    assert forget_old_uploads(now + dt.timedelta(days=2)) == 1
    assert files_in(media) == []


@pytest.mark.django_db
def test_a_mapping_changed_later_is_read_apart_too(officer: Client, world: World) -> None:
    assert send(officer, TABLE).status_code == 302
    (upload,) = uploads_of(world.inside[Role.SAFETY_OFFICER].uuid)
    answer = officer.post(
        reverse("import_mapping", args=[upload.uuid]),
        {"text": COSTLY_MAPPINGS["a key of many steps"]()},
    )
    assert answer.status_code == 422
    assert "too many parts" in answer.content.decode()


def test_the_command_line_refuses_what_stands_for_more_than_it_is(tmp_path: Path) -> None:
    table, mapping = tmp_path / "a.xlsx", tmp_path / "map.toml"
    table.write_bytes(high_row_number())
    mapping.write_text(MAPPING)
    done = CliRunner().invoke(app, ["import", "suggest", str(table)])
    assert done.exit_code == 1
    assert "far more rows or cells" in done.output
