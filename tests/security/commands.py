"""Every command of ``qorgau`` that reads the register, run for a reader."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import typer
import typer.main
from django.utils.translation import override
from typer.testing import CliRunner

from qorgau.cli.main import app
from qorgau.foundation.identity.models import User
from tests.how_long import is_long
from tests.linked_registers import SECRET

Words = list[str]
Question = Mapping[str, str]


def _rates(reader: User, question: Question) -> Iterator[Words]:
    words = ["rates", "--unit", question["unit"], *_conditions(question), *_as(reader, question)]
    yield from _in_both_forms(words)


def _effect(reader: User, question: Question) -> Iterator[Words]:
    unit, since = question["unit"], question["since"]
    words = ["effect", "--unit", unit, "--from", since, *_of(question, "kind", "cause")]
    yield from _in_both_forms([*words, *_as(reader, question)])


def _detect(reader: User, question: Question) -> Iterator[Words]:
    words = ["detect", "--unit", question["unit"], "--week", question["since"]]
    yield from _in_both_forms([*words, *_as(reader, question)])


def _under_reporting(reader: User, question: Question) -> Iterator[Words]:
    with tempfile.TemporaryDirectory() as folder:
        keys, secret = Path(folder, "keys.csv"), Path(folder, "secret.txt")
        keys.write_text(f"token,day\n{'a' * 64},{question['since']}\n", encoding="utf-8")
        secret.write_text(f"{SECRET}\n", encoding="utf-8")
        files = ["--keys", str(keys), "--secret-file", str(secret)]
        yield [
            *("under-reporting", "--unit", question["unit"], *files),
            *_as(reader, question),
        ]


def _places(_reader: User, _question: Question) -> Iterator[Words]:
    yield ["places", "list", "--json"]


READS: dict[str, Callable[[User, Question], Iterator[Words]]] = {
    "rates": _rates,
    "effect": _effect,
    "detect": _detect,
    "under-reporting": _under_reporting,
    "places list": _places,
}
# For whoever runs the host and may read its database, as SECURITY.md says: they write, or tell of
# the journal and of accounts.
FOR_OPERATORS = {
    *("demo", "import incidents", "migrate", "places import", "publish", "serve"),
    *(f"journal {name}" for name in ("head", "key", "prove", "verify")),
    *(f"tokens {name}" for name in ("issue", "list", "revoke")),
    *(f"units {name}" for name in ("import", "strength")),
    *(f"users {name}" for name in ("approve", "close", "create", "end-role", "grant", "invite")),
    *(f"users {name}" for name in ("link", "list", "rename", "reopen", "requests")),
}
# These know files alone.
WITHOUT_REGISTER = {"import suggest", "methods"}


def run_commands(reader: User, questions: list[Question]) -> dict[str, tuple[int, bytes]]:
    """The status and output of each reading command for each question, by what was typed."""
    found = {}
    with override("en"):
        for make in READS.values():
            for question in questions:
                for words in make(reader, question):
                    # Where the files of a question lie differs from run to run.
                    typed = " ".join(word for word in words if not word.startswith("/"))
                    if typed not in found:
                        done = CliRunner().invoke(app, words)
                        assert not isinstance(done.exception, AssertionError | TypeError), words
                        found[typed] = (done.exit_code, done.output.encode())
    return found


def every_command() -> set[str]:
    """Each command, with its word and the one below it; methods on files count as one."""
    top = typer.main.get_command(app)
    context = typer.Context(top)
    found = set()
    for word in top.list_commands(context):
        command = top.get_command(context, word)
        below = getattr(command, "commands", {}) if word != "methods" else {}
        found |= {f"{word} {name}" for name in below} or {word}
    return found


def _in_both_forms(words: Words) -> Iterator[Words]:
    yield [*words, "--json"]
    if is_long():
        yield words


def _conditions(question: Question) -> Words:
    period = ["--from", question["since"], *_of(question, "kind", "cause")]
    return [*period, "--to", question["until"]] if "until" in question else period


def _of(question: Question, *names: str) -> Words:
    return [
        word for name in names if name in question for word in (f"--{name}", str(question[name]))
    ]


def _as(reader: User, question: Question) -> Words:
    words = ["--as", reader.username]
    if "as_of" in question:
        words += ["--as-of", dt.datetime.fromisoformat(question["as_of"]).date().isoformat()]
    return words
