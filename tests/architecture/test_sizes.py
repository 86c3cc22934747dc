"""A file has at most 400 lines (fits into a head), a function 40 (fits on a screen).

Longer ones are listed in ``long_code.json`` with their lengths and may only become shorter. Rewrite
the file with ``pytest tests/architecture/test_sizes.py --rewrite-budgets`` and say in the commit
why the longer one is right.
"""

from __future__ import annotations

import json
from pathlib import Path

from tests.architecture.source_tree import ROOT, functions, place, source_files

FILE_LINES, FUNCTION_LINES = 400, 40
BUDGETS = Path(__file__).with_name("long_code.json")


def longer_than_wanted() -> dict[str, int]:
    lengths = {}
    for path in [*source_files(), *sorted((ROOT / "tests").rglob("*.py"))]:
        lines = len(path.read_text(encoding="utf-8").splitlines())
        if lines > FILE_LINES:
            lengths[place(path)] = lines
    for path in source_files():
        for function in functions(path):
            lines = _body_lines(function)
            if lines > FUNCTION_LINES:
                lengths[f"{place(path)}::{function.name}"] = lines
    return lengths


def _body_lines(function) -> int:  # type: ignore[no-untyped-def]
    """Lines of the body of a function, without its signature and docstring."""
    body = function.body
    is_documented = len(body) > 1 and hasattr(getattr(body[0], "value", None), "value")
    first = body[1] if is_documented else body[0]
    return function.end_lineno - first.lineno + 1


def test_nothing_grows_past_its_budget(rewrite_budgets: bool) -> None:
    now = longer_than_wanted()
    if rewrite_budgets:
        BUDGETS.write_text(json.dumps(now, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    budgets = json.loads(BUDGETS.read_text(encoding="utf-8"))
    grown = {name: lines for name, lines in now.items() if lines > budgets.get(name, 0)}
    assert not grown, f"Split these, or rewrite the budgets and say why: {grown}"


def test_budgets_name_only_what_is_still_long() -> None:
    now = longer_than_wanted()
    budgets = json.loads(BUDGETS.read_text(encoding="utf-8"))
    settled = sorted(set(budgets) - set(now))
    assert not settled, f"No longer long; rewrite the budgets: {settled}"
