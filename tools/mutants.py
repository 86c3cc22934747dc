"""Small faults that a test should notice: ``mutants.py [options] FILE ...`` tries some of them.

Each fault (``<`` for ``<=``, 2 for 1, ``and`` for ``or``) is made in a copy of the project, and
the tests for the file are run: the deepest folder of tests that mirrors its place. A fault that
they do not notice survives and is printed: a test is missing, or the change has no effect.
"""

from __future__ import annotations

import argparse
import ast
import os
import random
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from cosmic_ray.commands import init
from cosmic_ray.mutating import mutate_and_test
from cosmic_ray.work_db import use_db
from cosmic_ray.work_item import MutationSpec, TestOutcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ROOT = Path(__file__).resolve().parent.parent
LEFT_OUT = (".git", ".venv", "var", "dist", "__pycache__", ".*_cache", ".hypothesis")
# A change that makes a loop endless is noticed by its time.
PATIENCE, LEAST_SECONDS = 4, 20

# Whether two equal numbers or texts are one object is chance.
BY_CHANCE = re.compile(r"_(Eq|NotEq|LtE?|GtE?)_Is(Not)?$")

Span = tuple[tuple[int, int], tuple[int, int]]


def tests_near(file: Path, root: Path) -> Path:
    """The deepest folder of tests that mirrors the place of a file in the package."""
    parts = file.parts[file.parts.index("src") + 2 : -1]
    folder = root / "tests"
    for part in parts:
        if not (folder / part).is_dir():
            break
        folder /= part
    return folder.relative_to(root)


def annotations_in(source: str) -> list[Span]:
    """Lines with types, which Python ignores at run time."""
    written: list[ast.expr | None] = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.AnnAssign | ast.arg):
            written.append(node.annotation)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            written.append(node.returns)
    return [
        ((one.lineno, one.col_offset), (one.end_lineno or 0, one.end_col_offset or 0))
        for one in written
        if one is not None
    ]


def mutants_of(files: Iterable[Path], session: Path) -> Iterator[MutationSpec]:
    """Every possible change in the files, except in types and random ones."""
    with use_db(str(session)) as database:
        init([*files], database, {})
        specs = [spec for item in database.work_items for spec in item.mutations]
    spans = {file: annotations_in(file.read_text(encoding="utf-8")) for file in files}
    for spec in specs:
        if BY_CHANCE.search(spec.operator_name):
            continue
        around = spans[Path(spec.module_path)]
        if not any(first <= spec.start_pos and spec.end_pos <= last for first, last in around):
            yield spec


def copy_project(root: Path, folder: Path) -> Path:
    """A copy to change, with the same neighbouring data folders as the original."""
    copy = folder / root.name
    shutil.copytree(root, copy, ignore=shutil.ignore_patterns(*LEFT_OUT))
    if (root.parent / "shared").is_dir():
        (folder / "shared").symlink_to((root.parent / "shared").resolve())
    return copy


def run_unchanged(command: str) -> float:
    """How long the tests take; they must pass before the changes are tried."""
    began = time.monotonic()
    done = subprocess.run(shlex.split(command), capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"The tests fail without a change:\n{done.stdout[-3000:]}{done.stderr[-1000:]}")
    return time.monotonic() - began


def try_mutants(file: Path, specs: list[MutationSpec], tests: str) -> int:
    """Try the changes of one file; print those that survive and return their number."""
    command = f"{shlex.quote(sys.executable)} -m pytest -x -q -p no:cacheprovider {tests}"
    limit = max(PATIENCE * run_unchanged(command), LEAST_SECONDS)
    print(f"{file}: {len(specs)} changes against {tests}", flush=True)
    survivors = 0
    for spec in specs:
        result = mutate_and_test([spec], command, limit)
        if result.test_outcome == TestOutcome.SURVIVED:
            survivors += 1
            where = f"{file}:{spec.start_pos[0]} {spec.definition_name or ''}".rstrip()
            print(f"  survives: {where}\n{changed_lines(result.diff or '')}", flush=True)
    return survivors


def changed_lines(diff: str) -> str:
    lines = diff.splitlines()
    return "\n".join(
        f"    {line}" for line in lines if line[:1] in "+-" and line[:3] not in ("+++", "---")
    )


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("files", nargs="+", type=Path, help="files of src/")
    parser.add_argument("--sample", type=int, default=40, help="how many changes to try in all")
    parser.add_argument("--seed", type=int, default=1, help="which changes are drawn")
    parser.add_argument("--tests", default="", help="tests to run instead of those near the file")
    parser.add_argument("--root", type=Path, default=ROOT, help=argparse.SUPPRESS)
    chosen = parser.parse_args(arguments)
    root = chosen.root.resolve()
    files = [(root / file).resolve().relative_to(root) for file in chosen.files]
    with tempfile.TemporaryDirectory(prefix="qorgau-mutants-") as folder:
        os.chdir(copy_project(root, Path(folder)))
        # Takes precedence over the installed package; compiled once, with the tests that pass.
        os.environ["PYTHONPATH"] = str(Path("src").resolve())
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        found = list(mutants_of(files, Path(folder) / "session.sqlite"))
        drawn = random.Random(chosen.seed).sample(found, min(chosen.sample, len(found)))
        survivors = 0
        for file in files:
            mine = [spec for spec in drawn if Path(spec.module_path) == file]
            if mine:
                tests = chosen.tests or str(tests_near(file, root))
                survivors += try_mutants(file, mine, tests)
        os.chdir(root)
    print(f"{len(found)} changes are possible, {len(drawn)} were tried, {survivors} survived.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
