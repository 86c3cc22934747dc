"""The attack: somebody with a role over another unit, or another confidentiality, writes here.

Found by hand on a local copy: an analyst of one battalion overwrote a medical incident of another
by importing a row with its key, and a trial told whether a key exists.
"""

from __future__ import annotations

import ast
import inspect

import pytest
from django.core.exceptions import ValidationError

from qorgau.foundation.identity import services as accounts
from qorgau.foundation.identity.authority import NotAuthorised
from qorgau.records.people.authority import unknown_unit
from tests.architecture.source_tree import PACKAGE, place, tree_of
from tests.architecture.test_services import SERVICES
from tests.records.test_every_service import contents
from tests.security.authority_attacks import ATTACKS
from tests.world import World

pytestmark = pytest.mark.django_db


def services() -> set[str]:
    found = set()
    for path, function in SERVICES:
        app = path.parent if path.name == "services.py" else path.parents[1]
        found.add(f"{app.name}.{function.name}")
    for name, function in inspect.getmembers(accounts, inspect.isfunction):
        if "acting_user" in inspect.signature(function).parameters:
            found.add(f"identity.{name}")
    return found


def test_every_service_is_attacked() -> None:
    identity = {"identity.require_somewhere", "identity.require_oneself", "identity.append_entry"}
    assert {name.partition(",")[0] for name in ATTACKS} == services() - identity


@pytest.mark.parametrize("name", sorted(ATTACKS))
def test_who_may_act_elsewhere_changes_nothing_here(name: str, world: World) -> None:
    call = ATTACKS[name](world)
    before = contents()
    if name.startswith("incidents.report_incident"):
        # As a code that no unit has: which codes there are is told to nobody.
        with pytest.raises(ValidationError) as refused:
            call()
        assert refused.value.message_dict == unknown_unit(world.company.code).message_dict
    else:
        with pytest.raises(NotAuthorised):
            call()
    assert contents() == before


def test_no_page_and_no_endpoint_acts_as_the_system() -> None:
    """Only the machine's own commands, jobs and the demonstration act as nobody in particular."""
    for door in ("web", "api"):
        for path in sorted((PACKAGE / door).rglob("*.py")):
            for node in ast.walk(tree_of(path)):
                if isinstance(node, ast.keyword) and node.arg == "acting_user":
                    is_none = isinstance(node.value, ast.Constant) and node.value.value is None
                    assert not is_none, place(path, node.value)
