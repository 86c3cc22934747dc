"""Files to import: only their owner reaches them, and they are removed after a week."""

from __future__ import annotations

import datetime as dt
import os
import uuid
from pathlib import Path

import pytest

from qorgau.exchange.incidents.uploads import (
    KEPT,
    forget_old_uploads,
    keep_upload,
    upload_of,
    uploads_of,
)

OWNER, OTHER = uuid.uuid4(), uuid.uuid4()


@pytest.fixture(autouse=True)
def media(settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "files"
    return settings.MEDIA_ROOT


def keep(name: str = "accidents.csv", owner: uuid.UUID = OWNER):
    return keep_upload(owner=owner, file_name=name, content=[b"a,b\n", b"1,2\n"])


def test_file_is_kept_piece_by_piece_with_its_mapping() -> None:
    upload = keep()
    upload.keep_mapping("[mapping]")
    upload.note_run("x")
    again = upload_of(OWNER, upload.uuid)
    assert again == upload
    assert again.path.read_bytes() == b"a,b\n1,2\n"
    assert (again.mapping_text, again.run_uuid) == ("[mapping]", "x")


def test_no_other_user_reaches_it() -> None:
    upload = keep()
    assert upload_of(OTHER, upload.uuid) is None
    assert uploads_of(OTHER) == []
    assert uploads_of(OWNER) == [upload]


@pytest.mark.parametrize(
    "name",
    [
        "../../../etc/passwd",
        "C:\\Users\\me\\a.csv",
        "a/../../b.csv",
        "Ә б.csv",
        "x" * 300 + ".csv",
        "",
    ],
)
def test_name_of_a_file_cannot_leave_the_folder(media: Path, name: str) -> None:
    upload = keep(name or "file")
    assert media in upload.path.resolve().parents
    assert upload.path.parent == upload.folder / "file"
    assert upload_of(OWNER, upload.uuid) is not None


def test_discarded_upload_is_gone() -> None:
    upload = keep()
    upload.discard()
    assert upload_of(OWNER, upload.uuid) is None


def test_upload_unused_for_a_week_is_removed() -> None:
    now = dt.datetime.now(dt.UTC)
    old, fresh = keep(), keep(owner=OTHER)
    past = (now - KEPT - dt.timedelta(minutes=1)).timestamp()
    os.utime(old.folder, (past, past))
    assert forget_old_uploads(now) == 1
    assert uploads_of(OWNER) == []
    assert uploads_of(OTHER) == [fresh]
