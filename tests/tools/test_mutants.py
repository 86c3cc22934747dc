"""``make mutants``: a change noticed by the tests of a file is killed, another one is printed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.source_tree import ROOT
from tests.how_long import how_many
from tools import mutants

TOOL = ROOT / "tools" / "mutants.py"
ADULT = """
def is_adult(years: int | None) -> bool:
    return years is not None and years >= 18
"""
TEST = """
from qorgau.people.rules import is_adult

def test_the_years():
    assert is_adult(30)
    assert not is_adult(10)
    assert not is_adult(None)
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with one file and one test, which does not check the limit."""
    root = tmp_path / "project"
    files = {
        "src/qorgau/__init__.py": "",
        "src/qorgau/people/rules.py": ADULT,
        "tests/people/test_rules.py": TEST,
        "pytest.ini": "",
    }
    for name, text in files.items():
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return root


def run(*words: object) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if k != "DJANGO_SETTINGS_MODULE"}
    return subprocess.run(
        [sys.executable, TOOL, *map(str, words)],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_what_survives_is_printed_and_the_project_is_left_alone(project: Path) -> None:
    file = project / "src/qorgau/people/rules.py"
    done = run("--root", project, file, "--seed", 3, "--sample", how_many(3, 40))
    assert done.returncode == 0, done.stdout + done.stderr
    survivors = done.stdout.count("  survives: src/qorgau/people/rules.py:3 is_adult\n")
    assert survivors >= how_many(1, 3)
    assert f"{survivors} survived" in done.stdout
    # All of them move the limit, which the test does not check.
    edges = ("years > 18", "years >= 17", "years >= 19")
    assert sum(f"years is not None and {edge}" in done.stdout for edge in edges) == survivors
    assert file.read_text(encoding="utf-8") == ADULT


def test_tests_that_fail_without_a_change_are_said(project: Path) -> None:
    (project / "tests/people/test_rules.py").write_text("assert False\n", encoding="utf-8")
    done = run("--root", project, project / "src/qorgau/people/rules.py")
    assert done.returncode == 1
    assert "The tests fail without a change" in done.stderr


def test_types_are_not_changed() -> None:
    source = "def f(one: int | None, *, two: str) -> bool | None: ...\nname: str | int = 1\n"
    lines = source.splitlines()
    texts = {
        lines[first[0] - 1][first[1] : last[1]] for first, last in mutants.annotations_in(source)
    }
    assert texts == {"int | None", "str", "bool | None", "str | int"}


@pytest.mark.parametrize(
    ("file", "tests"),
    [
        ("src/qorgau/methods/detection/cusum.py", "tests/methods/detection"),
        ("src/qorgau/foundation/clock.py", "tests/foundation"),
        ("src/qorgau/records/people/services/units.py", "tests/records/people"),
    ],
)
def test_the_tests_near_a_file_mirror_its_place(file: str, tests: str) -> None:
    assert mutants.tests_near(Path(file), ROOT) == Path(tests)
