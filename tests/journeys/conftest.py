"""A real server and a real browser for all journeys."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Generator, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.world import PASSWORD

HERE = Path(__file__).parent
START_LIMIT_SECONDS = 60
PATIENCE_MILLISECONDS = 15_000
BROWSER_NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
BROWSER_SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
HAS_FAILED = pytest.StashKey[bool]()
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1440, "height": 900}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.journey)


@pytest.fixture(scope="session")
def wanted_pictures() -> Path | None:
    """Where pictures of every page are wanted, if they are."""
    chosen = os.environ.get("QORGAU_PICTURES")
    if not chosen:
        return None
    folder = Path(chosen)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def browser_program() -> str:
    for name in (os.environ.get("QORGAU_BROWSER"), *BROWSER_NAMES):
        found = shutil.which(name) if name else None
        if found:
            return found
    pytest.skip("needs a Chromium: run make test-journeys, or name one in QORGAU_BROWSER")


@pytest.fixture(scope="session")
def browser(browser_program: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=browser_program, args=BROWSER_SWITCHES
        )
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a running new installation with the small register."""
    environment = {
        **os.environ,
        "QORGAU_DATA": str(tmp_path_factory.mktemp("installation")),
        "DJANGO_SETTINGS_MODULE": "qorgau.project.settings",
    }
    environment.pop("QORGAU_POSTGRES", None)
    qorgau = Path(sys.executable).with_name("qorgau")
    subprocess.run([qorgau, "migrate"], env=environment, check=True, stdout=subprocess.DEVNULL)
    subprocess.run([sys.executable, HERE / "small_register.py"], env=environment, check=True)
    port = free_port()
    server = subprocess.Popen(
        [qorgau, "serve", "--port", str(port)], env=environment, stdout=subprocess.DEVNULL
    )
    try:
        where = f"http://localhost:{port}"
        wait_until_served(where, server)
        yield where
    finally:
        server.terminate()
        server.wait(timeout=20)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_served(where: str, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_LIMIT_SECONDS
    while server.poll() is None and time.monotonic() < deadline:
        try:
            urllib.request.urlopen(f"{where}/account/login/", timeout=5).close()
        except urllib.error.HTTPError as refusal:
            pytest.fail(f"The server at {where} answered {refusal.code}.")
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
        else:
            return
    pytest.fail(f"The server at {where} did not answer.")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.when == "call":
        item.stash[HAS_FAILED] = report.failed
    return report


@pytest.fixture(scope="session")
def sessions() -> dict[str, dict[str, object]]:
    """The cookies of all users who have already signed in."""
    return {}


@pytest.fixture
def signed_in(
    browser: Browser,
    address: str,
    sessions: dict[str, dict[str, object]],
    request: pytest.FixtureRequest,
    tmp_path: Path,
) -> Iterator[Callable[..., BrowserContext]]:
    """Open a window for a user, who signs in once; None is a person without an account."""
    opened: list[BrowserContext] = []

    def window(username: str | None, *, language: str = "en", **options: object) -> BrowserContext:
        if username is not None:
            if username not in sessions:
                sessions[username] = sign_in(browser, address, username)
            options["storage_state"] = sessions[username]
        context = browser.new_context(base_url=address, **options)
        context.set_default_timeout(PATIENCE_MILLISECONDS)
        context.add_cookies([{"name": "django_language", "value": language, "url": address}])
        opened.append(context)
        return context

    yield window
    has_failed = request.node.stash.get(HAS_FAILED, False)
    for number, context in enumerate(opened):
        for page in context.pages if has_failed else []:
            picture = tmp_path / f"{number}.png"
            page.screenshot(path=picture, full_page=True)
            print(f"{page.url} showed ({picture}):\n{page.inner_text('body')[:1000]}\n")
        context.close()


def sign_in(browser: Browser, address: str, username: str) -> dict[str, object]:
    context = browser.new_context(base_url=address)
    page = context.new_page()
    page.goto("/account/login/")
    page.fill("input[name=login]", username)
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(f"{address}/")
    state = context.storage_state()
    context.close()
    return state


@pytest.fixture
def phone(signed_in: Callable[..., BrowserContext]) -> Callable[[str], Page]:
    return lambda username: signed_in(username, viewport=PHONE, has_touch=True).new_page()


@pytest.fixture
def desk(signed_in: Callable[..., BrowserContext]) -> Callable[[str], Page]:
    return lambda username: signed_in(username, viewport=DESK).new_page()
