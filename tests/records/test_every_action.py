"""Every action that a service can write is declared, and reads back as a sentence."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import translation

from qorgau.foundation.identity import history as identity
from qorgau.foundation.journal.actions import JournalAction, JournalReader
from qorgau.foundation.journal.models import JournalEntry
from qorgau.records.incidents import history as incidents
from qorgau.records.incidents.services.investigation import EDITABLE
from qorgau.records.people import history as people
from qorgau.records.places import history as places
from qorgau.records.publication import history as publication
from qorgau.records.reporting import history as reporting
from qorgau.records.signals import history as signals
from tests.architecture.source_tree import PACKAGE, place, source_files, tree_of
from tests.records.acting_users import who_may_everything
from tests.records.further_calls import VARIANTS
from tests.records.service_calls import CALLS, FINDING
from tests.world import World

pytestmark = pytest.mark.django_db

APPS = (identity, places, people, incidents, reporting, publication, signals)
ACTIONS: list[type[JournalAction]] = [action for app in APPS for action in app.ACTIONS]
READER = JournalReader(ACTIONS)


EVERY_CALL = {**CALLS, **VARIANTS}
# What the calls enter in Latin letters; all other Latin words would be untranslated.
ENTERED = set(
    re.findall(
        r"\w+",
        "Guard duty accidents csv test new New API Old range Range GMT "
        "The week of the winter march A second fall at the same gate Who keeps the list " + FINDING,
    )
)
NAME_OF_ACCOUNT = re.compile(r"\binside\.\w+")
LATIN = re.compile(r"[A-Za-z][A-Za-z_]+")


def written(name: str, world: World) -> list[JournalEntry]:
    call = EVERY_CALL[name](world, who_may_everything(world))
    last = JournalEntry.objects.order_by("-sequence").values_list("sequence", flat=True).first()
    call()
    return list(JournalEntry.objects.filter(sequence__gt=last or 0).order_by("sequence"))


@pytest.mark.parametrize("name", sorted(EVERY_CALL))
def test_what_a_service_writes_reads_back_as_a_sentence(name: str, world: World) -> None:
    entries = written(name, world)
    assert entries
    for entry in entries:
        action = next(action for action in ACTIONS if action.key == entry.action)
        assert action.subject_kind == entry.subject_kind
        action.from_details(_plain(entry)).sentence()
        for language in ("kk", "ru", "en"):
            with translation.override(language):
                said = READER.read(entry.action, entry.details)
                texts = (said.sentence, said.note, READER.label_of(entry.action))
                kind = READER.kind_label(entry.subject_kind)
            assert not said.sentence[0].islower()
            assert entry.action not in " ".join(texts)
            if language != "en":
                assert not untranslated(*texts, kind), (language, texts, kind)


def untranslated(*texts: str) -> set[str]:
    without_names = (NAME_OF_ACCOUNT.sub("", text) for text in texts)
    words = {word for text in without_names for word in LATIN.findall(text)}
    codes = {word for word in words if word.isupper()}
    return words - codes - ENTERED


def _plain(entry: JournalEntry) -> dict[str, object]:
    details: dict[str, object] = json.loads(entry.details)
    return details


def test_a_change_of_every_field_that_can_be_edited_is_walked(world: World) -> None:
    (entry,) = written("incidents.edit_incident, every field", world)
    assert set(_plain(entry)["changed"]) == EDITABLE  # type: ignore[call-overload]
    assert "stays out" not in entry.details


def test_every_declared_action_is_written_by_its_own_app_and_no_other() -> None:
    names = {action.__name__: action.__module__ for action in ACTIONS}
    used: dict[str, set[str]] = {name: set() for name in names}
    for path in service_files():
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.Name) and node.id in names:
                used[node.id].add(_app_of(path))
    apps = {name: module.rpartition(".")[0].rpartition(".")[2] for name, module in names.items()}
    assert used == {name: {app} for name, app in apps.items()}


def test_keys_are_declared_once_and_only_in_a_history() -> None:
    keys = [action.key for action in ACTIONS]
    assert len(keys) == len(set(keys))
    key = re.compile(r"(identity|places|people|incidents|reporting|publication|signals)\.[a-z_]+")
    declared, elsewhere = set(), []
    for path in source_files():
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                if key.fullmatch(node.value) is None:
                    continue
                if path.name == "history.py":
                    declared.add(node.value)
                else:
                    elsewhere.append(place(path, node))
    assert declared == set(keys)
    assert not elsewhere


def service_files() -> Iterator[Path]:
    for floor in ("records", "foundation"):
        for path in sorted((PACKAGE / floor).rglob("*.py")):
            if path.name == "services.py" or path.parent.name == "services":
                yield path


def _app_of(path: Path) -> str:
    return path.parent.name if path.name == "services.py" else path.parents[1].name
