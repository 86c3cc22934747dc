"""What every lane shares: where the data of others lies, and how a test run differs from a host."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import typer.main

from tests.how_long import choose, is_long
from tests.shared_registers import LENDER, register_of, shared_register, side_by_side

if TYPE_CHECKING:
    from tests.world import World

ROOT = Path(__file__).resolve().parent.parent
# Folders in which no test touches the database: on a second one they are not even read.
WITHOUT_DATABASE = ("architecture", "methods", "simulations")
# The doors ask the database through the floors below, whose tests run on both, and each page and
# operation is tried on both. Other tests of the doors run on a second database with --long alone.
DOORS = ("api", "cli", "demonstration", "web")
EVERY_ADDRESS = ("tests/web/batteries/", "tests/api/test_every_operation.py")


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("qorgau")
    group.addoption(
        "--only-database", action="store_true", help="run only the tests that touch the database"
    )
    group.addoption(
        "--rewrite-budgets",
        action="store_true",
        help="write the budgets' files anew from what is measured; look at the difference in git",
    )
    group.addoption(
        "--long", action="store_true", help="do in full what other runs do a small share of"
    )


def pytest_configure(config: pytest.Config) -> None:
    from django.conf import settings

    choose(is_long=config.getoption("--long"))

    # Typer reads the parameters of a function anew for each call of a command.
    typer.main.get_params_from_function = cache(typer.main.get_params_from_function)
    # A test signs in often and serves no files to browsers: no slow digests, no manifest.
    settings.STATIC_ROOT = str(ROOT / "src" / "qorgau" / "web" / "static")
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    if settings.DATABASES["default"]["ENGINE"] == "qorgau.foundation.sqlite":
        # Said by name, as pytest-django knows only Django's own engine to test in memory.
        settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = ":memory:"
    # Tests name sentences by their English words; what is translated has tests of its own.
    settings.LANGUAGE_CODE = "en"
    os.environ["LC_ALL"] = "C.UTF-8"
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    is_left_out = collection_path.parent == ROOT / "tests" and (
        collection_path.name in WITHOUT_DATABASE
    )
    return True if is_left_out and config.getoption("--only-database") else None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    touching = [item for item in items if _touches_database(item)]
    others = [item for item in items if not _touches_database(item)]
    left_out = set() if is_long() else {"only_long"}
    if config.getoption("--only-database"):
        others = []
        if not is_long():
            left_out.add("one_database")
            touching = [item for item in touching if not _is_of_a_door(item)]
    kept = [
        item
        for item in (*side_by_side(touching), *others)
        if not any(item.get_closest_marker(name) for name in left_out)
    ]
    config.hook.pytest_deselected(items=[*set(items).difference(kept)])
    items[:] = kept


def _is_of_a_door(item: pytest.Item) -> bool:
    folders = tuple(f"tests/{door}/" for door in DOORS)
    return item.nodeid.startswith(folders) and not item.nodeid.startswith(EVERY_ADDRESS)


def _touches_database(item: pytest.Item) -> bool:
    fixtures = set(getattr(item, "fixturenames", ()))
    return item.get_closest_marker("django_db") is not None or bool(
        fixtures & {"db", "transactional_db", "live_server"}
    )


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of other people's data, which lies beside the checkout and is never part of it."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("needs the data of others in ../shared/data, which is not here")
    return folder


@pytest.fixture(scope="session")
def rewrite_budgets(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--rewrite-budgets"))


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """As pytest-django has it; from here on shared registers can be prepared before each test."""
    LENDER.unblock = django_db_blocker.unblock
    LENDER.prepare_wanted()
    yield
    LENDER.close()


def pytest_collection_finish() -> None:
    """What was collected stays to the end: the search for garbage need not go through it.

    Nor need it begin after every 700 new objects, as in a process that lives for long.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


def pytest_runtest_setup(item: pytest.Item) -> None:
    if _touches_database(item):
        LENDER.want(register_of(item))


def make_world() -> World:
    """A small register with users of every role: see tests/world.py."""
    from tests.world import make_world

    return make_world()


world = shared_register(make_world)


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Django took the installation's language when it started; each test begins in English."""
    from django.utils import translation

    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def nobody_has_tried_before() -> Iterator[None]:
    """All tests come from one address; each begins with its whole allowance, and none has more."""
    from qorgau.foundation import rate_limits

    yield
    rate_limits.REPORTS_PER_ADDRESS.forget()
    rate_limits.CODES_PER_ADDRESS.forget()
    rate_limits.LINKS_PER_ADDRESS.forget()


@pytest.fixture
def end_the_hour(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Ends the hour, so that what happened anonymously in it goes into the journal."""
    from qorgau.foundation import clock
    from qorgau.foundation.journal.services import write_finished_hours

    def end() -> None:
        later = clock.now() + clock.HOUR
        monkeypatch.setattr(clock, "now", lambda: later)
        write_finished_hours()

    return end
