"""Every service is one transaction, has an acting user, and is journalled."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.source_tree import PACKAGE, place, tree_of

JOURNALLING = {"append_entry", "append_entries", "append_anonymous_entry"}


def services() -> Iterator[tuple[Path, ast.FunctionDef]]:
    """The public functions of every ``services.py``; for a folder, those in its ``__init__``."""
    records = PACKAGE / "records"
    for path in sorted(records.glob("*/services.py")):
        yield from ((path, f) for f in _functions(path) if not f.name.startswith("_"))
    for front in sorted(records.glob("*/services/__init__.py")):
        imports = [node for node in tree_of(front).body if isinstance(node, ast.ImportFrom)]
        offered = {alias.name for node in imports for alias in node.names}
        for path in sorted(front.parent.glob("[!_]*.py")):
            yield from ((path, f) for f in _functions(path) if f.name in offered)


def _functions(path: Path) -> list[ast.FunctionDef]:
    return [node for node in tree_of(path).body if isinstance(node, ast.FunctionDef)]


SERVICES = list(services())
NAMES = {function.name for _, function in SERVICES}
each_service = pytest.mark.parametrize(
    ("path", "function"), SERVICES, ids=[f"{p.parent.name}.{f.name}" for p, f in SERVICES]
)


def called_names(function: ast.FunctionDef) -> list[str]:
    calls = [node.func for node in ast.walk(function) if isinstance(node, ast.Call)]
    return [getattr(call, "attr", getattr(call, "id", "")) for call in calls]


def reached_names(path: Path, function: ast.FunctionDef) -> list[str]:
    """What a service calls, directly and through functions of its file."""
    own = {function.name: function for function in _functions(path)}
    found, waiting, seen = [], [function], set()
    while waiting:
        for name in called_names(waiting.pop()):
            found.append(name)
            if name in own and name not in seen:
                seen.add(name)
                waiting.append(own[name])
    return found


@each_service
def test_is_one_transaction(path: Path, function: ast.FunctionDef) -> None:
    decorators = {ast.unparse(decorator) for decorator in function.decorator_list}
    assert "one_transaction" in decorators, place(path, function)


@each_service
def test_takes_the_acting_user_and_only_named_arguments(
    path: Path, function: ast.FunctionDef
) -> None:
    assert "acting_user" in {argument.arg for argument in function.args.kwonlyargs}
    assert not function.args.args, f"{place(path, function)}: services take keywords only"


@each_service
def test_is_journalled(path: Path, function: ast.FunctionDef) -> None:
    reached = set(reached_names(path, function))
    assert reached & (JOURNALLING | (NAMES - {function.name})), place(path, function)
