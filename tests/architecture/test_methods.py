"""Every public method is documented and has a reference case with its source."""

from __future__ import annotations

import dataclasses
import importlib
import inspect
import pkgutil
import re
import typing
from collections.abc import Callable, Iterator

import pytest

import qorgau.methods
from tests.architecture.source_tree import ROOT

# A publication has a year; a recomputed number names its program.
NAMES_A_SOURCE = re.compile(r"\b(1[89]|20)\d\d\b|\bpackage\b|\bfor R\b|source", re.IGNORECASE)


def public_methods() -> Iterator[tuple[str, Callable[..., object]]]:
    """The functions in ``__all__`` of a family of methods that return a frozen result."""
    for family in pkgutil.iter_modules(qorgau.methods.__path__, "qorgau.methods."):
        module = importlib.import_module(family.name)
        for name in getattr(module, "__all__", []):
            offered = getattr(module, name)
            is_answering = inspect.isfunction(offered) and _result_of(offered) is not None
            if is_answering and _takes_data(offered):
                yield name, offered


def _result_of(function: Callable[..., object]) -> type | None:
    answer = typing.get_type_hints(function).get("return")
    if isinstance(answer, type) and dataclasses.is_dataclass(answer):
        return answer
    return None


def _takes_data(function: Callable[..., object]) -> bool:
    """A look-up by key estimates nothing, so it is not a method."""
    hints = typing.get_type_hints(function)
    hints.pop("return", None)
    return any(hint is not str for hint in hints.values())


METHODS = dict(public_methods())
each_method = pytest.mark.parametrize("name", sorted(METHODS))


def test_there_are_methods() -> None:
    assert METHODS


@each_method
def test_result_is_frozen(name: str) -> None:
    result = _result_of(METHODS[name])
    assert result is not None
    assert result.__dataclass_params__.frozen  # type: ignore[attr-defined]


@each_method
def test_has_a_reference_case_with_its_source(name: str) -> None:
    folder = ROOT / "tests" / "reference" / name
    assert folder.is_dir(), f"{name} has no reference case in tests/reference/{name}/"
    readme = (folder / "README.md").read_text(encoding="utf-8")
    assert NAMES_A_SOURCE.search(readme), f"tests/reference/{name}/README.md names no source"
    assert [file for file in folder.iterdir() if file.suffix in {".json", ".csv", ".toml"}]


@each_method
def test_has_a_page_with_its_assumptions(name: str) -> None:
    page = ROOT / "docs" / "methods" / f"{name}.md"
    assert page.exists(), f"{name} has no page docs/methods/{name}.md"
    text = page.read_text(encoding="utf-8").lower()
    for part in ("question", "assum", "source", "example", "limits"):
        assert part in text, f"docs/methods/{name}.md says nothing under '{part}'"


@each_method
def test_docstring_is_numpydoc(name: str) -> None:
    text = inspect.getdoc(METHODS[name]) or ""
    for heading in ("Parameters\n-----", "Returns\n-----", "Raises\n-----"):
        assert heading in text, f"{name}: its docstring has no part '{heading.splitlines()[0]}'"


@each_method
def test_options_are_named(name: str) -> None:
    """Arguments after the data are keyword-only: nobody understands ``f(x, y, 0.95, True)``."""
    parameters = inspect.signature(METHODS[name]).parameters.values()
    positional_options = [
        parameter.name
        for parameter in parameters
        if parameter.kind is parameter.POSITIONAL_OR_KEYWORD
        and isinstance(parameter.default, bool | int | float | str)
    ]
    assert not positional_options
