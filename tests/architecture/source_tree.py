"""The package's source as syntax trees, read once."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "qorgau"


@cache
def source_files() -> tuple[Path, ...]:
    """Every Python file of the package, except migrations, which Django writes."""
    return tuple(p for p in sorted(PACKAGE.rglob("*.py")) if "migrations" not in p.parts)


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def place(path: Path, node: ast.AST | None = None) -> str:
    name = path.relative_to(ROOT).as_posix()
    return name if node is None else f"{name}:{getattr(node, 'lineno', '?')}"


def floor_of(path: Path) -> str:
    """The floor of a file: the first folder inside the package."""
    return path.relative_to(PACKAGE).parts[0]


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node
