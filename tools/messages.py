"""The catalogues: ``messages.py extract`` updates them, ``check`` lists their faults."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import polib

sys.path.insert(0, str(Path(__file__).resolve().parent))
from source_messages import PACKAGE, Message, borrowed_messages, messages_in_source
from values_in_sentences import value_faults

if TYPE_CHECKING:
    from collections.abc import Iterator

LOCALE = PACKAGE / "project" / "locale"
PLURALS = {
    "kk": "nplurals=2; plural=(n != 1);",
    "ru": (
        "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 &&"
        " (n%100<12 || n%100>14) ? 1 : 2);"
    ),
}
LANGUAGES = tuple(PLURALS)

_PLACEHOLDER = re.compile(r"%\(\w+\)[sdif]|%[sdif]|\{\w*(?:![rsa])?\}")
_NOT_WORDS = re.compile(r"%\(\w+\)[a-z]|%[sdif]|\{[^}]*\}|<[^>]*>|&\w+;|https?://\S+")
_WORD = re.compile(r"[^\W\d_]+")
_LATIN = re.compile(r"[A-Za-zÀ-ɏ]")
_CYRILLIC = re.compile(r"[\u0400-\u052F]")


def catalogue_path(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def wanted_messages(language: str) -> dict[tuple[str | None, str], Message]:
    own = messages_in_source()
    borrowed = {message.key: message for message in borrowed_messages(language)}
    return {**borrowed, **own}


def extract(language: str) -> tuple[int, int]:
    """Update one catalogue and keep its translations; return how many were added and removed."""
    path = catalogue_path(language)
    wanted = wanted_messages(language)
    old = {}
    if path.exists():
        old = {(entry.msgctxt, entry.msgid): entry for entry in polib.pofile(str(path))}
    fresh = polib.POFile(wrapwidth=98)
    fresh.metadata = {
        "Project-Id-Version": "qorgau",
        "Language": language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": PLURALS[language],
    }
    for message in sorted(wanted.values(), key=lambda each: (each.places[0], each.text)):
        fresh.append(_entry(message, old.get(message.key), language))
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh.save(str(path))
    return len(wanted.keys() - old.keys()), len(old.keys() - wanted.keys())


def _entry(message: Message, old: polib.POEntry | None, language: str) -> polib.POEntry:
    entry = polib.POEntry(
        msgid=message.text,
        msgctxt=message.context,
        occurrences=[(place, "") for place in sorted(message.places)],
    )
    if any(_PLACEHOLDER.findall(text) for text in (message.text, message.plural or "")):
        entry.flags = ["python-format"] if "{" not in message.text else ["python-brace-format"]
    if message.plural is None:
        entry.msgstr = old.msgstr if old is not None else ""
        return entry
    entry.msgid_plural = message.plural
    forms = range(int(PLURALS[language][len("nplurals=")]))
    kept = old.msgstr_plural if old is not None else {}
    entry.msgstr_plural = {form: kept.get(form, "") for form in forms}
    return entry


def faults(language: str) -> Iterator[str]:
    """One sentence for each fault of a catalogue."""
    path = catalogue_path(language)
    if not path.exists():
        yield f"{language}: there is no catalogue; run: tools/messages.py extract"
        return
    entries = {(e.msgctxt, e.msgid): e for e in polib.pofile(str(path)) if not e.obsolete}
    wanted = wanted_messages(language)
    for key in sorted(wanted.keys() - entries.keys(), key=str):
        yield f"{language}: not in the catalogue: {key[1]!r} ({wanted[key].places[0]})"
    for key in sorted(entries.keys() - wanted.keys(), key=str):
        yield f"{language}: no longer said anywhere: {key[1]!r}"
    for entry in entries.values():
        for fault in entry_faults(entry):
            yield f"{language}: {fault}: {entry.msgid!r}"


def entry_faults(entry: polib.POEntry) -> Iterator[str]:
    """The faults of one translation."""
    forms = list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]
    if entry.fuzzy:
        yield "marked as uncertain"
    if not forms or not all(form.strip() for form in forms):
        yield "not translated"
        return
    allowed = [_placeholders(entry.msgid)]
    if entry.msgid_plural:
        allowed.append(_placeholders(entry.msgid_plural))
    for form in forms:
        if _placeholders(form) not in allowed:
            yield f"other placeholders in {form!r}"
        for fault in value_faults(form):
            yield f"{fault} of {form!r}"
        for word in mixed_words(form):
            yield f"Latin and Cyrillic letters mixed in {word!r}"


def _placeholders(text: str) -> list[str]:
    return sorted(_PLACEHOLDER.findall(text))


def mixed_words(text: str) -> list[str]:
    """Words that mix the two alphabets: usually a letter typed on the wrong keyboard layout."""
    words = _WORD.findall(_NOT_WORDS.sub(" ", text))
    return [word for word in words if _LATIN.search(word) and _CYRILLIC.search(word)]


def main(arguments: list[str]) -> int:
    if arguments == ["extract"]:
        for language in LANGUAGES:
            came, went = extract(language)
            print(f"{language}: {came} new, {went} gone")
        return 0
    if arguments == ["check"]:
        found = [fault for language in LANGUAGES for fault in faults(language)]
        complete = f"Translations complete in {' and '.join(LANGUAGES)}."
        print("\n".join(found[:40]) if found else complete)
        if len(found) > 40:
            print(f"... and {len(found) - 40} more")
        return 1 if found else 0
    print(__doc__, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
