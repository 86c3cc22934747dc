"""Long tests do a small share of their work in most runs, and all of it with --long."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import settings

from tests.how_long import LONG, SHORT, how_many, is_long, only_long

SAMPLE = """
import pytest
from hypothesis import given, settings, strategies
from tests.how_long import how_many, only_long

@pytest.mark.parametrize("each", range(how_many(1, 3)))
def test_a_share_or_all(each):
    pass

@only_long
def test_never_short():
    pass
"""


@only_long
def test_is_kept_only_with_the_option() -> None:
    assert is_long()


def test_the_option_decides_the_number_and_the_profile_of_hypothesis(
    request: pytest.FixtureRequest,
) -> None:
    wanted = bool(request.config.getoption("--long"))
    assert is_long() is wanted
    assert how_many("a share", "all") == ("all" if wanted else "a share")
    assert settings.default is not None
    assert (
        settings.default.max_examples
        == settings.get_profile(LONG if wanted else SHORT).max_examples
    )
    assert settings.get_profile(SHORT).max_examples < settings.get_profile(LONG).max_examples


def test_it_is_known_before_modules_are_read(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """In a run of the other kind."""
    options, count = ([], 1) if is_long() else (["--long"], 4)
    sample = tmp_path / "test_sample.py"
    sample.write_text(SAMPLE)
    root = request.config.rootpath
    words = [sys.executable, "-m", "pytest", "-q", "--rootdir", root, "-c", root / "pyproject.toml"]
    done = subprocess.run(
        [*words, "-p", "tests.conftest", "-p", "no:cacheprovider", *options, sample],
        cwd=root, env=os.environ, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert f"{count} passed" in done.stdout, done.stdout + done.stderr
