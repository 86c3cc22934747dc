"""Find every string to translate in the package, in Python and in templates."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import polib
from django.utils.translation.template import templatize

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "qorgau"

# Which arguments of a call contain the context, the message and its plural.
_ARGUMENTS = {
    "gettext": (None, 0, None),
    "_": (None, 0, None),
    "ngettext": (None, 0, 1),
    "pgettext": (0, 1, None),
    "npgettext": (0, 1, 2),
}
_STRING = r"u?('(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")"
_TEMPLATE_CALL = re.compile(
    rf"\b(n?p?gettext|_)\(\s*{_STRING}(?:,\s*{_STRING})?(?:,\s*{_STRING})?", re.DOTALL
)

# Sentences of Django and allauth that can appear on our own pages.
_BORROWED = {
    ("django", "conf/locale"): (
        "core/paginator.py",
        "core/validators.py",
        "db/models/base.py",
        "db/models/constraints.py",
        "forms/",
        "utils/dates.py",
        "utils/text.py",
        "utils/timesince.py",
    ),
    ("django", "contrib/auth/locale"): ("contrib/auth/password_validation.py",),
    ("allauth", "locale"): ("account/adapter.py", "account/forms.py", "mfa/adapter.py", "mfa/totp"),
}
# The frame of the command line: typer takes it from the standard library's gettext and has no
# catalogue of its own.
_BORROWED_SOURCES = {"typer": ("core.py", "rich_utils.py")}
# Django's Kazakh misspells words and capitalises months, so we do not use it.
_SAID_ANEW = frozenset({"kk"})
# Accounts here have neither an e-mail address nor a phone number, and no form has such a field.
_NEVER_SAID = re.compile(
    r"\b(e-?mail|phone|domain|IPv\d|slug|UUID|ManagementForm)\b", re.IGNORECASE
)


class ComputedMessageError(Exception):
    """The argument of a translation call is not a plain string."""


@dataclass
class Message:
    """One string to translate, with all places that use it."""

    text: str
    plural: str | None = None
    context: str | None = None
    places: list[str] = field(default_factory=list)

    @property
    def key(self) -> tuple[str | None, str]:
        return (self.context, self.text)


def messages_in_source() -> dict[tuple[str | None, str], Message]:
    """Every message of the package, by context and text."""
    found: dict[tuple[str | None, str], Message] = {}
    for message in _all_messages():
        kept = found.setdefault(message.key, message)
        if kept is not message:
            kept.places += [place for place in message.places if place not in kept.places]
            kept.plural = kept.plural or message.plural
    return found


def _all_messages() -> Iterator[Message]:
    for path in sorted(PACKAGE.rglob("*.py")):
        yield from messages_in_python(path, PACKAGE)
    for path in sorted((PACKAGE / "cli").rglob("*.py")):
        yield from _help_of_commands(path)
    for folder in sorted(PACKAGE.rglob("templates")):
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                yield from messages_in_template(path, PACKAGE)


def messages_in_python(path: Path, folder: Path) -> Iterator[Message]:
    place = path.relative_to(folder).as_posix()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else None
        name = node.func.id if isinstance(node.func, ast.Name) else name
        shape = _ARGUMENTS.get(re.sub(r"_(lazy|noop)$", "", name or ""))
        if shape is None or len(node.args) <= shape[1]:
            continue
        context, text, plural = (
            None if position is None else _constant(node.args[position], place)
            for position in shape
        )
        if text is not None:
            yield Message(text, plural, context, [place])


def _help_of_commands(path: Path) -> Iterator[Message]:
    """The help of commands and their options, which is translated when it is printed.

    The commands of `qorgau methods` are registered in its `__init__`: each is the function with
    the same name as its file.
    """
    place = path.relative_to(PACKAGE).as_posix()
    for statement in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(statement, ast.FunctionDef | ast.ClassDef):
            if not (_is_command(statement) or _is_method(statement, path)):
                continue
            yield Message(ast.get_docstring(statement) or "", places=[place])
        for node in ast.walk(statement):
            if isinstance(node, ast.keyword) and node.arg == "help":
                text = _constant(node.value, place)
                if text is not None:
                    yield Message(text, places=[place])


def _is_command(statement: ast.FunctionDef | ast.ClassDef) -> bool:
    calls = [each.func for each in statement.decorator_list if isinstance(each, ast.Call)]
    names = {call.attr for call in calls if isinstance(call, ast.Attribute)}
    return bool(names & {"command", "callback"})


def _is_method(statement: ast.FunctionDef | ast.ClassDef, path: Path) -> bool:
    return path.parent.name == "methods" and statement.name == path.stem


def _constant(node: ast.expr, place: str) -> str | None:
    if isinstance(node, ast.JoinedStr):
        raise ComputedMessageError(
            f"{place}, line {node.lineno}: an f-string cannot be translated;"
            " use placeholders such as %(name)s."
        )
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    return None


def messages_in_template(path: Path, folder: Path) -> Iterator[Message]:
    place = path.relative_to(folder).as_posix()
    for call in _TEMPLATE_CALL.finditer(templatize(path.read_text(encoding="utf-8"), place)):
        strings = [ast.literal_eval(part) for part in call.groups()[1:] if part]
        context, text, plural = (
            None if position is None else strings[position] for position in _ARGUMENTS[call[1]]
        )
        yield Message(text, plural, context, [place])


def borrowed_messages(language: str) -> list[Message]:
    """Sentences of libraries that are missing or wrong in this language."""
    lacking = [*_without_catalogues()]
    for (package, folder), files in _BORROWED.items():
        locale = _package_folder(package) / folder
        theirs = locale / language / "LC_MESSAGES" / "django.po"
        spoken = set() if language in _SAID_ANEW else _translated(theirs)
        # allauth has no English catalogue; its complete Russian one lists the same messages.
        listing = next(p for p in (locale / "en", locale / "ru") if (p / "LC_MESSAGES").is_dir())
        for entry in polib.pofile(str(listing / "LC_MESSAGES" / "django.po")):
            places = [place for place, _line in entry.occurrences if place.startswith(files)]
            if not places or entry.obsolete or _NEVER_SAID.search(entry.msgid):
                continue
            if (entry.msgctxt, entry.msgid) not in spoken:
                place = f"{package}/{places[0]}"
                plural = entry.msgid_plural or None
                lacking.append(Message(entry.msgid, plural, entry.msgctxt, [place]))
    return lacking


def _without_catalogues() -> Iterator[Message]:
    for package, files in _BORROWED_SOURCES.items():
        folder = _package_folder(package)
        for file in files:
            yield from messages_in_python(folder / file, folder.parent)


def _package_folder(package: str) -> Path:
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(f"{package} is not installed; run make setup.")
    return Path(spec.origin).parent


def _translated(catalogue: Path) -> set[tuple[str | None, str]]:
    if not catalogue.exists():
        return set()
    return {
        (entry.msgctxt, entry.msgid) for entry in polib.pofile(str(catalogue)) if entry.translated()
    }
