"""Write all sentences with a number, in three languages, to one page: ``words.py --write``.

Each is written for the numbers 0, 1, 2, 5, 11, 21, 101 and 2.5; numbers with the same words share
one bracket.
"""

from __future__ import annotations

import datetime as dt
import os
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from gettext import c2py
from pathlib import Path

import django
import polib

sys.path.insert(0, str(Path(__file__).resolve().parent))
from messages import PLURALS, catalogue_path
from source_messages import ROOT, Message, messages_in_source
from values_in_sentences import NUMBERS, numbers_of

PAGE = ROOT / "tests" / "architecture" / "sentences_with_numbers.md"
LANGUAGES = ("en", "kk", "ru")
_HEAD = """# Sentences with numbers

Written by `make words` from the source and the catalogues, to be read: every sentence with a
number, in English, Kazakh and Russian. [0 · 5 · 11] are numbers that take the same words, ‹unit›
is a value that is no number, and […] repeats a bracket. A fraction takes the form of two.
A test refuses this page when a sentence has changed and the page has not.
"""
_PLACEHOLDER = re.compile(r"%\((\w+)\)([a-z])")
_ENGLISH_PLURAL = "nplurals=2; plural=(n != 1);"


@dataclass(frozen=True)
class _Rise:
    """A rise with these observed and expected counts."""

    observed: float
    expected: float
    p_value: float | None
    measure: str = "injury:fall"

    @property
    def upper_bound(self) -> float:
        return max(self.observed - 1, 0)


def page() -> str:
    """The whole page; Django must be set up."""
    sentences = sorted(_counted(), key=lambda one: (one.text, one.context or ""))
    parts = [_HEAD, "## Sentences made of parts\n", *_whole_sentences(), "## Sentences\n"]
    catalogues = {language: catalogue_of(language) for language in LANGUAGES[1:]}
    for message in sentences:
        lines = [_line("en", message, _english_forms(message))]
        lines += [_line(one, message, catalogues[one][message.key]) for one in LANGUAGES[1:]]
        parts.append("\n".join(lines) + "\n")
    return "\n".join(parts)


def _counted() -> list[Message]:
    return [one for one in messages_in_source().values() if numbers_of(one.plural or one.text)]


def catalogue_of(language: str) -> dict[tuple[str | None, str], tuple[str, ...]]:
    return {
        (entry.msgctxt, entry.msgid): tuple(entry.msgstr_plural.values()) or (entry.msgstr,)
        for entry in polib.pofile(str(catalogue_path(language)))
    }


def _english_forms(message: Message) -> tuple[str, ...]:
    return (message.text,) if message.plural is None else (message.text, message.plural)


def _line(language: str, message: Message, forms: tuple[str, ...]) -> str:
    numbers = numbers_of(message.plural or message.text)
    chosen = NUMBERS if any(numbers.values()) else NUMBERS[:-1]
    rule = PLURALS.get(language, _ENGLISH_PLURAL)
    form_of = c2py(rule.partition("plural=")[2].rstrip(";"))
    taken: dict[str, list[float]] = {}
    for number in chosen:
        place = 0 if len(forms) == 1 else form_of(2 if number % 1 else int(number))
        taken.setdefault(forms[place], []).append(number)
    written = (_with_numbers(form, numbers, some, language) for form, some in taken.items())
    return f"- {language}: " + "\n  ".join(written)


def _with_numbers(form: str, numbers: dict[str, bool], chosen: list[float], language: str) -> str:
    """The sentence with its numbers in a bracket, and the names of its other values."""
    brackets = iter([f"[{' · '.join(_number(one, language) for one in chosen)}]"])

    def value(found: re.Match[str]) -> str:
        return next(brackets, "[…]") if found[1] in numbers else f"‹{found[1]}›"

    return " ".join(_PLACEHOLDER.sub(value, form).replace("%%", "%").split("\n")).rstrip()


def _number(number: float, language: str) -> str:
    from django.utils.formats import number_format
    from django.utils.translation import override

    with override(language):
        return str(number_format(number, 1 if number % 1 else 0, force_grouping=True))


def _whole_sentences() -> Iterator[str]:
    """The sentences of a signal and of an action's effect, from the functions that write them."""
    from qorgau.analysis.effect.words import effect_sentence
    from qorgau.analysis.signals.words import signal_sentence

    def signal(number: float) -> str:
        expected, p_value = number / 2.5, 1 / max(number, 1)
        rise = _Rise(number, expected, p_value=p_value if number else None)
        return signal_sentence(rise, week=dt.date(2026, 5, 4), unit_name="SYN-R1")

    def expected_times(number: float) -> str:
        rise = _Rise(10 * number, 10.0, p_value=1e-9)
        return signal_sentence(rise, week=dt.date(2026, 5, 4), unit_name="SYN-R1")

    def effect(number: float, verdict: str) -> str:
        return effect_sentence(
            unit_name="SYN-R1",
            measure="‹measure›",
            held_from=dt.date(2026, 5, 4),
            observed=int(number),
            estimate=_estimate(number, verdict),
        )

    yield from _in_languages("The sentence of a signal", signal)
    yield from _in_languages("The sentence of a signal, so many times the expected", expected_times)
    for verdict in ("fell", "rose", "open", "unlimited", "nothing_before"):
        title = f"The sentence of an effect: {verdict}"
        numbers = NUMBERS if verdict == "fell" else (NUMBERS[-1],)
        yield from _in_languages(title, lambda number, said=verdict: effect(number, said), numbers)


def _estimate(number: float, verdict: str) -> object:
    from qorgau.analysis.effect.estimate import Estimate

    ratio = {"fell": 0.5, "rose": 2.0}.get(verdict, 1.0)
    low, high = (0.8 * ratio, 1.2 * ratio)
    return Estimate(
        verdict="open" if verdict == "unlimited" else verdict,
        ratio=ratio,
        ratio_lower=low,
        ratio_upper=None if verdict == "unlimited" else high,
        p_value=0.01,
        expected=number,
        expected_lower=number,
        expected_upper=number,
        averted=number,
        averted_lower=number,
        averted_upper=number,
    )


def _in_languages(
    title: str, sentence: Callable[[float], str], numbers: Sequence[float] = NUMBERS
) -> Iterator[str]:
    from django.utils.translation import override

    lines = [f"### {title}\n"]
    for language in LANGUAGES:
        with override(language):
            said = dict.fromkeys(sentence(number) for number in numbers)
        lines.append(f"- {language}: " + "\n  ".join(said))
    yield "\n".join(lines) + "\n"


def main(arguments: list[str]) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qorgau.project.settings")
    django.setup()
    if arguments == ["--write"]:
        PAGE.write_text(page(), encoding="utf-8")
        print(f"To be read: {PAGE.relative_to(ROOT)}")
        return 0
    if PAGE.read_text(encoding="utf-8") != page():
        print(f"{PAGE.relative_to(ROOT)} is behind the sentences; run: make words")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
