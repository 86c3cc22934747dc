"""Write the reference part of docs/cli.md from the commands: ``cli_reference.py --write``."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer

PAGE = Path(__file__).resolve().parent.parent / "docs" / "cli.md"
MARK = "<!-- What follows is written by tools/cli_reference.py --write. -->\n"


def commands() -> Iterator[tuple[str, Any]]:
    """Every command, by the words that call it."""
    os.environ["LC_ALL"] = "C.UTF-8"
    from qorgau.cli.main import WORDS, app

    root: Any = typer.main.get_command(app)
    for word in sorted(WORDS):
        yield from _below(root.get_command(None, word), f"qorgau {word}")


def _below(command: Any, words: str) -> Iterator[tuple[str, Any]]:
    inner = getattr(command, "commands", None)
    if not inner:
        yield words, command
        return
    for name, each in sorted(inner.items()):
        yield from _below(each, f"{words} {name}")


def long_options(command: Any) -> list[str]:
    return [name for each in command.params for name in each.opts if name.startswith("--")]


def reference() -> str:
    return "\n".join(_section(words, command) for words, command in commands())


def _section(words: str, command: Any) -> str:
    lines = [f"## `{words}`", "", _plain(command.help), ""]
    for each in command.params:
        text = _plain(getattr(each, "help", None) or "")
        if each.param_type_name == "argument":
            lines.append(f"- `{each.name.upper()}`: {text}".rstrip(": "))
        else:
            lines.append(f"- `{_name_of(each)}`: {text}{_default_of(each)}")
    return "\n".join(lines).rstrip() + "\n"


def _name_of(option: Any) -> str:
    name = next(opt for opt in option.opts if opt.startswith("--"))
    return name if getattr(option, "is_flag", False) else f"{name} {option.name.upper()}"


def _default_of(option: Any) -> str:
    if getattr(option, "is_flag", False) or option.default is None or callable(option.default):
        return " Required." if option.required else ""
    shown = getattr(option.default, "value", option.default)
    return "" if shown in ("", ()) else f" Default: `{shown}`."


def _plain(text: str | None) -> str:
    return " ".join((text or "").split())


def main(arguments: list[str]) -> int:
    head, mark, written = PAGE.read_text(encoding="utf-8").partition(MARK)
    if arguments == ["--write"]:
        PAGE.write_text(f"{head}{MARK}\n{reference()}", encoding="utf-8")
        return 0
    is_current = bool(mark) and written == f"\n{reference()}"
    if not is_current:
        print("docs/cli.md is behind the commands; run: tools/cli_reference.py --write")
    return 0 if is_current else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
