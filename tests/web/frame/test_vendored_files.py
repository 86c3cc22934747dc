"""The package contains exactly the third-party files that the lock names."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

import qorgau

PACKAGE = Path(qorgau.__file__).parent
VENDOR = PACKAGE / "web" / "static" / "vendor"
LOCK = json.loads((VENDOR / "vendor.lock.json").read_text(encoding="utf-8"))
FILES = [(package["name"], file) for package in LOCK["packages"] for file in package["files"]]


@pytest.mark.parametrize(("name", "file"), FILES, ids=[file["to"] for _, file in FILES])
def test_file_has_the_recorded_hash(name: str, file: dict[str, str]) -> None:
    content = (PACKAGE / file["to"]).read_bytes()
    assert hashlib.sha256(content).hexdigest() == file["sha256"]


def test_nothing_is_shipped_that_the_lock_does_not_name() -> None:
    named = {PACKAGE / file["to"] for _, file in FILES} | {VENDOR / "vendor.lock.json"}
    folders = [VENDOR, PACKAGE / "web" / "charts" / "fonts"]
    shipped = {path for folder in folders for path in folder.rglob("*") if path.is_file()}
    assert shipped == named


def test_no_file_is_over_a_megabyte() -> None:
    assert [
        file["to"] for _, file in FILES if (PACKAGE / file["to"]).stat().st_size > 1_000_000
    ] == []


def test_every_package_names_a_permissive_licence() -> None:
    permissive = {"MIT", "0BSD", "BSD-3-Clause", "OFL-1.1", "ISC", "Apache-2.0"}
    assert {package["licence"] for package in LOCK["packages"]} <= permissive
