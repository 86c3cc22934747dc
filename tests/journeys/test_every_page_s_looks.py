"""Every page on a phone and on a desk, in three languages: drawn, whole, light, and accessible.

The pictures lie in the folder that the first line of the output names (QORGAU_PICTURES chooses it).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, Response

from tests.journeys.conftest import DESK, PHONE

LANGUAGES = ("kk", "ru", "en")
SIZES = {"phone": PHONE, "desk": DESK}
MOST_KILOBYTES = 150
SERIOUS = {"serious", "critical"}

# Who looks, and what they open. The map's own script and outlines come last and are not counted.
PAGES = {
    "overview": ("inside.safety_officer", "/"),
    "report": ("inside.reporter", "/report/"),
    "my-reports": ("inside.reporter", "/reports/"),
    "receipt": (None, "/receipt/"),
    "sign-in": (None, "/account/login/"),
    "password": ("inside.reporter", "/account/password/change/"),
    "second-factor": ("inside.reporter", "/account/2fa/"),
    "triage": ("inside.safety_officer", "/triage/"),
    "incidents": ("inside.safety_officer", "/incidents/"),
    "incident": ("inside.medical_officer", "/incidents/2024-000001/"),
    "incident-edit": ("inside.safety_officer", "/incidents/2024-000001/edit/"),
    "units": ("inside.commander", "/units/"),
    "unit": ("inside.analyst", "/units/BDE-1/?since=2024-01-01&until=2024-12-31"),
    "places": ("inside.analyst", "/places/"),
    "journal": ("inside.auditor", "/journal/"),
    "access": ("inside.administrator", "/access/"),
    "not-found": ("inside.reporter", "/nothing-here/"),
    "refused": ("inside.reporter", "/journal/"),
}
each_look = pytest.mark.parametrize("size", sorted(SIZES))
each_page = pytest.mark.parametrize("name", sorted(PAGES))


class Watched:
    """A page, what it loaded, and what it complained of."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.address = address
        self.complaints: list[str] = []
        self.responses: list[Response] = []
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", self._hear)
        page.on("response", lambda response: self.responses.append(response))

    def _hear(self, message: object) -> None:
        if message.type == "error" and "status of 40" not in message.text:  # type: ignore[attr-defined]
            self.complaints.append(message.text)  # type: ignore[attr-defined]

    def foreign(self) -> list[str]:
        urls = [response.url for response in self.responses]
        return [url for url in urls if not url.startswith((self.address, "data:", "blob:"))]

    def kilobytes(self) -> float:
        return sum(self._bytes_sent()) / 1000

    def _bytes_sent(self) -> Iterator[int]:
        for response in self.responses:
            if "maplibre" not in response.url and "/outlines/" not in response.url:
                yield int(response.request.sizes()["responseBodySize"])


@pytest.fixture
def watched(
    signed_in: Callable[..., BrowserContext], browser: object, address: str
) -> Callable[..., Watched]:
    def open_as(name: str, size: str, language: str) -> Watched:
        who, path = PAGES[name]
        context = signed_in(who, language=language, viewport=SIZES[size])
        seen = Watched(context.new_page(), address)
        seen.page.goto(path)
        seen.page.evaluate("document.fonts.ready.then(() => true)")
        return seen

    return open_as


@each_page
@each_look
def test_is_drawn_whole_in_three_languages(
    name: str, size: str, watched: Callable[..., Watched], pictures: Path
) -> None:
    for language in LANGUAGES:
        seen = watched(name, size, language)
        seen.page.screenshot(path=pictures / f"{name}-{size}-{language}.png", full_page=True)
        assert seen.complaints == []
        assert seen.foreign() == []
        assert seen.page.get_attribute("html", "lang") == language
        width = seen.page.evaluate("document.documentElement.scrollWidth")
        assert width <= SIZES[size]["width"], f"{language}: the page is {width} pixels wide"
        assert seen.kilobytes() < MOST_KILOBYTES
        seen.page.close()


@each_page
@each_look
def test_has_no_serious_fault_of_accessibility(
    name: str, size: str, watched: Callable[..., Watched]
) -> None:
    # Kazakh, whose words are the longest, on the phone; English at the desk.
    seen = watched(name, size, "kk" if size == "phone" else "en")
    found = Axe().run(seen.page).response["violations"]
    faults = [
        f"{fault['id']}: {fault['help']} ({fault['nodes'][0]['html'][:120]})"
        for fault in found
        if fault["impact"] in SERIOUS
    ]
    seen.page.close()
    assert not faults, "\n".join(faults)


def test_the_keyboard_skips_to_the_content(watched: Callable[..., Watched]) -> None:
    page = watched("incidents", "desk", "en").page
    page.keyboard.press("Tab")
    assert "skip" in (page.evaluate("document.activeElement.className") or "")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
