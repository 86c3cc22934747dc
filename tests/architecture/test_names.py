"""Names of folders, files and classes say what they are."""

from __future__ import annotations

import ast
import re
import subprocess
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.architecture.source_tree import ROOT, source_files, tree_of

SAYS_NOTHING = re.compile(
    r"(^|/)(utils?|helpers?|common|core|base|misc|extras?|managers?|stuff|general)(\.\w+|/|$)"
)
LEFT_OPEN = re.compile(r"\b(TODO|FIXME|XXX|NotImplementedError)\b")
BANNER = re.compile(r"^\s*#\s*([-=*#~])\1{3,}")
# Classes of different files that may share a name, with the reason.
MAY_SHARE_A_NAME: dict[str, str] = {}


def shared_class_names(paths: Iterable[Path]) -> dict[str, list[str]]:
    """Names of several classes, private ones included; nested classes (``Meta``) do not count."""
    places = defaultdict(list)
    for path in paths:
        for node in tree_of(path).body:
            if isinstance(node, ast.ClassDef):
                places[node.name].append(f"{path}:{node.lineno}")
    return {name: where for name, where in places.items() if len(where) > 1}


@pytest.fixture(scope="module")
def tracked() -> list[str]:
    listing = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if listing.returncode != 0:
        pytest.skip("not a git checkout: the list of the project's files is git's")
    return listing.stdout.splitlines()


def test_no_folder_or_file_has_a_meaningless_name(tracked: list[str]) -> None:
    # allauth looks for the frame of its own pages, and Django for a database, under a fixed name.
    theirs = re.compile(r"/vendor/|/templates/(allauth|account|mfa)/|/foundation/sqlite/base\.py$")
    ours = [name for name in tracked if not theirs.search(name)]
    assert not [name for name in ours if SAYS_NOTHING.search(name)]


@pytest.mark.parametrize("name", ["src/utils.py", "web/helpers/form.py", "tests/common/a.py"])
def test_a_meaningless_name_is_noticed(name: str) -> None:
    assert SAYS_NOTHING.search(name)


def test_no_class_name_has_two_meanings() -> None:
    shared = shared_class_names(source_files())
    assert {n: where for n, where in shared.items() if n not in MAY_SHARE_A_NAME} == {}
    assert set(MAY_SHARE_A_NAME) <= set(shared), "no longer shared: remove it from the list"


def test_a_class_name_with_two_meanings_is_noticed(tmp_path: Path) -> None:
    for name in ("weeks", "months"):
        (tmp_path / f"{name}.py").write_text("class _Row:\n    class Meta:\n        pass\n")
    assert set(shared_class_names(sorted(tmp_path.glob("*.py")))) == {"_Row"}


def test_there_are_no_open_ends_and_no_banners(tracked: list[str]) -> None:
    found = []
    for name in tracked:
        if not name.endswith(".py") or name.startswith("tests/architecture/"):
            continue
        path = ROOT / name
        if not path.exists():
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            if BANNER.search(line) or (name.startswith("src/") and LEFT_OPEN.search(line)):
                found.append(f"{name}:{number}")
    assert not found


def test_no_file_is_larger_than_a_megabyte(tracked: list[str]) -> None:
    sizes = {name: (ROOT / name).stat().st_size for name in tracked if (ROOT / name).is_file()}
    allowed = {"uv.lock"}
    large = {n: s for n, s in sizes.items() if s > 1_048_576 and n not in allowed}
    assert not large
