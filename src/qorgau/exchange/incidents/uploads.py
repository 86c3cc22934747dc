"""Uploaded files that are not imported yet: stored on disk for each owner.

Each upload is a separate folder with the file, the mapping so far, and the name of its import once
that has begun. Only the owner reaches the folder; an unused upload is removed after a week. While a
file arrives its folder has another name: one that did not arrive whole is no upload, and is removed
after a day.
"""

from __future__ import annotations

import datetime as dt
import shutil
import uuid as uuids
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.text import get_valid_filename

from qorgau.exchange.formats.format_errors import FormatError, gettext_noop

KEPT, KEPT_UNFINISHED = dt.timedelta(days=7), dt.timedelta(days=1)
_UNFINISHED = ".part"
_MAPPING, _RUN, _FILES = "mapping.toml", "run.txt", "file"


@dataclass(frozen=True)
class Upload:
    """One uploaded file.

    Attributes
    ----------
    uuid : UUID
    folder : Path
    path : Path
        The file, under its original name.
    """

    uuid: uuids.UUID
    folder: Path
    path: Path

    @property
    def file_name(self) -> str:
        """The name of the file when it was sent."""
        return self.path.name

    @property
    def mapping_text(self) -> str:
        """The text of the mapping file; empty when there is none yet."""
        path = self.folder / _MAPPING
        return path.read_text(encoding="utf-8") if path.exists() else ""

    @property
    def run_uuid(self) -> str:
        """Identifier of the file's import; empty before it begins."""
        path = self.folder / _RUN
        return path.read_text(encoding="ascii") if path.exists() else ""

    def keep_mapping(self, text: str) -> None:
        """Save the current mapping."""
        _write_whole(self.folder / _MAPPING, text)

    def note_run(self, run_uuid: str) -> None:
        """Remember the import of this file."""
        _write_whole(self.folder / _RUN, run_uuid)

    def discard(self) -> None:
        """Remove the file and everything that belongs to it."""
        shutil.rmtree(self.folder, ignore_errors=True)


def keep_upload(*, owner: uuids.UUID, file_name: str, content: Iterable[bytes]) -> Upload:
    """Store an uploaded file.

    Parameters
    ----------
    owner : UUID
        Identifier of the user.
    file_name : str
        As sent by the device; only its last part is used.
    content : iterable of bytes
        Read piece by piece.

    Returns
    -------
    Upload

    Raises
    ------
    FormatError
        When the user's uploads together would be larger than one user may keep; then nothing of
        this one is left.
    """
    uuid = uuids.uuid4()
    folder = _folder_of(owner) / str(uuid)
    unfinished = folder.with_suffix(_UNFINISHED)
    path = unfinished / _FILES / _plain_name(file_name)
    path.parent.mkdir(parents=True, mode=0o700)
    try:
        with path.open("wb") as file:
            for piece in content:
                file.write(piece)
        _refuse_beyond_quota(owner)
        unfinished.replace(folder)
    except BaseException:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise
    return Upload(uuid, folder, folder / _FILES / path.name)


def _refuse_beyond_quota(owner: uuids.UUID) -> None:
    """Two files that arrive at once count each other, so neither slips past."""
    kept = (path for path in _folder_of(owner).rglob("*") if path.is_file())
    if sum(path.stat().st_size for path in kept) > settings.QORGAU_UPLOADS_PER_USER_BYTES:
        raise FormatError(
            gettext_noop(
                "Your files that wait to be imported would together be larger than %(limit)s, "
                "the limit for one person. Import some of them, or remove them from the list."
            ),
            limit=filesizeformat(settings.QORGAU_UPLOADS_PER_USER_BYTES),
        )


def uploads_of(owner: uuids.UUID) -> list[Upload]:
    """Return the files that a user has sent but not yet imported, newest first."""
    folder = _folder_of(owner)
    whole = (each for each in folder.glob("*") if each.suffix != _UNFINISHED)
    folders = sorted(whole, key=lambda p: p.stat().st_mtime, reverse=True)
    found = (_upload_in(each) for each in folders)
    return [upload for upload in found if upload is not None]


def upload_of(owner: uuids.UUID, uuid: uuids.UUID) -> Upload | None:
    """Return one upload of a user, or None if the user has no such upload."""
    return _upload_in(_folder_of(owner) / str(uuid))


def forget_old_uploads(now: dt.datetime) -> int:
    """Remove every upload that has not been used for a week.

    Parameters
    ----------
    now : datetime

    Returns
    -------
    int
        Number of removed uploads.
    """
    old = [
        folder for folder in _root().glob("*/*") if folder.stat().st_mtime < _latest(folder, now)
    ]
    for folder in old:
        shutil.rmtree(folder, ignore_errors=True)
    return len(old)


def _latest(folder: Path, now: dt.datetime) -> float:
    return (now - (KEPT_UNFINISHED if folder.suffix == _UNFINISHED else KEPT)).timestamp()


def _root() -> Path:
    return Path(settings.MEDIA_ROOT) / "imports"


def _folder_of(owner: uuids.UUID) -> Path:
    return _root() / str(owner)


def _upload_in(folder: Path) -> Upload | None:
    files = list((folder / _FILES).glob("*"))
    return Upload(uuids.UUID(folder.name), folder, files[0]) if len(files) == 1 else None


def _plain_name(file_name: str) -> str:
    name = get_valid_filename(Path(file_name.replace("\\", "/")).name or "file")
    stem, suffix = Path(name).stem[:100], Path(name).suffix[:10]
    return (stem or "file") + suffix


def _write_whole(path: Path, text: str) -> None:
    unfinished = path.with_suffix(".part")
    unfinished.write_text(text, encoding="utf-8")
    unfinished.replace(path)
