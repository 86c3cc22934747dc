"""``make check`` notices a declared but unused dependency, and a used but undeclared one."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.architecture.source_tree import ROOT


def deptry(*arguments: object) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).with_name("deptry")
    words = [program, "--no-ansi", *map(str, arguments)]
    return subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)


def test_a_declared_and_unused_dependency_is_noticed(tmp_path: Path) -> None:
    declared = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    changed = tmp_path / "pyproject.toml"
    changed.write_text(
        declared.replace('    "altair', '    "xlsxwriter>=3.2",\n    "altair', 1), encoding="utf-8"
    )
    outcome = deptry("--config", changed, "src")
    assert outcome.returncode == 1
    assert "DEP002 'xlsxwriter' defined as a dependency but not used" in outcome.stderr


def test_a_used_and_undeclared_dependency_is_noticed(tmp_path: Path) -> None:
    # It is installed because a declared dependency needs it.
    (tmp_path / "reader.py").write_text("import jsonschema\n", encoding="utf-8")
    outcome = deptry("src", tmp_path)
    assert outcome.returncode == 1
    assert "DEP003 'jsonschema' imported but it is a transitive dependency" in outcome.stderr
