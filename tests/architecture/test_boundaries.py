"""What the import contracts cannot see: who touches the database, and where references point."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps

from qorgau.records.incidents import counted as counted_incidents
from tests.architecture.source_tree import PACKAGE, floor_of, place, source_files, tree_of

FLOORS_WITH_ROWS = {"records", "foundation"}
ROOMS_OF_COUNTS = ("records", "analysis/counting", "analysis/disclosure")
# These count incidents that their reader may not open.
QUERIES_OF_COUNTS = {
    *("counted_incidents", "counted_incidents_of", "first_counted_day", "incidents_known"),
}
WAYS_TO_ROWS = {"objects", "_default_manager", "_base_manager", "get_model", "cursor"}
ORDER_OF_APPS = [
    "identity", "entrance", "journal", "outbox",
    "places", "people", "hazards", "incidents", "reporting", "publication", "readiness", "signals",
    "actions", "emergencies", "alerts", "partners",
]  # fmt: skip


def ways_to_rows(tree: ast.Module) -> Iterator[ast.AST]:
    for node in ast.walk(tree):
        named = isinstance(node, ast.Attribute) and node.attr in WAYS_TO_ROWS
        called = isinstance(node, ast.Name) and node.id == "get_model"
        if named or called:
            yield node


def test_rows_are_reached_only_through_records_and_foundation() -> None:
    reached = [
        place(path, node)
        for path in source_files()
        if floor_of(path) not in FLOORS_WITH_ROWS
        for node in ways_to_rows(tree_of(path))
    ]
    assert not reached, "Ask a query of records/ instead of the table itself: " + ", ".join(reached)


def queries_of_counts(tree: ast.Module) -> Iterator[ast.AST]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id in QUERIES_OF_COUNTS:
            yield node
        if isinstance(node, ast.Attribute) and node.attr in QUERIES_OF_COUNTS:
            yield node


def test_incidents_are_counted_in_one_room() -> None:
    """A count that did not pass the rule of disclosure could be shown to anybody."""
    counted = [
        place(path, node)
        for path in source_files()
        if not any(path.is_relative_to(PACKAGE / room) for room in ROOMS_OF_COUNTS)
        for node in queries_of_counts(tree_of(path))
    ]
    assert not counted, "Ask analysis/disclosure for counts: " + ", ".join(counted)


def test_the_queries_of_counts_are_those_of_the_register() -> None:
    """Each by its name, so that a new one is not forgotten."""
    named = {
        node.name
        for node in tree_of(Path(counted_incidents.__file__)).body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
    }
    # Those injured are shown to who may open every one of them.
    assert named == QUERIES_OF_COUNTS | {"injured_people"}


@pytest.mark.parametrize(
    "source",
    [
        "counted_incidents(user, unit, span)",
        "queries.counted_incidents_of(user, units, span)",
    ],
)
def test_a_way_to_counts_is_noticed(source: str) -> None:
    assert list(queries_of_counts(ast.parse(source)))


@pytest.mark.parametrize(
    "source",
    [
        "Incident.objects.all()",
        "apps.get_model('incidents', 'Incident')",
        "from django.apps.registry import get_model\nget_model('a', 'b')",
        "connection.cursor()",
    ],
)
def test_a_way_to_rows_is_noticed(source: str) -> None:
    assert list(ways_to_rows(ast.parse(source)))


def own_models() -> Iterator[type]:
    for model in apps.get_models():
        if model.__module__.startswith("qorgau."):
            yield model


def test_every_app_has_a_place_in_the_order() -> None:
    assert {model._meta.app_label for model in own_models()} <= set(ORDER_OF_APPS)


def test_references_point_to_the_same_or_an_earlier_app() -> None:
    upward = []
    for model in own_models():
        own_place = ORDER_OF_APPS.index(model._meta.app_label)
        for relation in model._meta.get_fields():
            target = relation.related_model
            if not relation.concrete or target is None or target == "self":
                continue
            label = target._meta.app_label
            if label in ORDER_OF_APPS and ORDER_OF_APPS.index(label) > own_place:
                upward.append(f"{model._meta.label}.{relation.name} points to {label}")
    assert not upward, upward


def test_no_model_lives_outside_records_and_foundation() -> None:
    floors = {model.__module__.split(".")[1] for model in own_models()}
    assert floors <= FLOORS_WITH_ROWS


def test_migrations_contain_no_calls_upward() -> None:
    allowed = ("qorgau.foundation.", "qorgau.records.")
    wrong = []
    for path in sorted(PACKAGE.rglob("migrations/*.py")):
        for node in ast.walk(tree_of(path)):
            module = getattr(node, "module", None) or ""
            if module.startswith("qorgau.") and not module.startswith(allowed):
                wrong.append(place(path, node))
    assert not wrong, wrong
