"""Every page on a phone and on a desktop, in three languages: drawn, complete, light, accessible.

Each page is visited once in each language and size. Pictures are taken for the folder named by
QORGAU_PICTURES, and of a page that fails; they take as long as a visit.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, Response

from tests.journeys.conftest import DESK, PHONE
from tests.web.batteries.pages import PAGES

LANGUAGES = ("kk", "ru", "en")
SIZES = {"phone": PHONE, "desk": DESK}
MOST_KILOBYTES = 150
# Two charts of two years of weeks; to be made lighter.
HEAVIER = {"effects": 160}
SERIOUS = {"serious", "critical"}

# The user, the first page, and the link from there, by the page's name in the battery. The map's
# own script and outlines are loaded last and do not count as weight.
LOOKS: dict[str, tuple[str | None, str, str | None]] = {
    "overview": ("inside.safety_officer", "/", None),
    "report": ("inside.reporter", "/report/", None),
    "my_reports": ("inside.reporter", "/reports/", None),
    "public_report": (None, "/r/", None),
    # No poster has this code: what somebody sees whose poster was withdrawn.
    "report_at_point": (None, "/r/7Q2K0M9X/", None),
    "receipt": (None, "/receipt/", None),
    "reporting_points": ("inside.safety_officer", "/reporting-points/", None),
    "account_login": (None, "/account/login/", None),
    "account_logout": ("inside.reporter", "/account/logout/", None),
    "account_change_password": ("inside.reporter", "/account/password/change/", None),
    "mfa_index": ("inside.reporter", "/account/2fa/", None),
    "triage": ("inside.safety_officer", "/triage/", None),
    "triage_report": ("inside.safety_officer", "/triage/", "main tbody a"),
    "incidents": ("inside.safety_officer", "/incidents/", None),
    "incident": ("inside.medical_officer", "/incidents/2024-0481903/", None),
    "incident_versions": ("inside.medical_officer", "/incidents/2024-0481903/versions/", None),
    "edit_incident": ("inside.safety_officer", "/incidents/2024-0481903/edit/", None),
    "add_involved": ("inside.safety_officer", "/incidents/2024-0481903/people/add/", None),
    "add_injury": ("inside.medical_officer", "/incidents/2024-0481903/", "main a[href$='/add/']"),
    "units": ("inside.commander", "/units/", None),
    "unit": ("inside.analyst", "/units/BDE-1/?since=2024-01-01&until=2024-12-31", None),
    "under_reporting": ("inside.medical_officer", "/under-reporting/", None),
    "signals": ("inside.analyst", "/signals/", None),
    "signal": ("inside.analyst", "/signals/", "main tbody a"),
    "effects": (
        "inside.analyst",
        "/effects/?unit=BDE-1&kind=injury&cause=fall&since=2024-06-10&before=26&after=26",
        None,
    ),
    "places": ("inside.analyst", "/places/", None),
    "place": ("inside.analyst", "/places/", "#parts a"),
    "imports": ("inside.safety_officer", "/imports/", None),
    "journal": ("inside.auditor", "/journal/", None),
    "accounts": ("inside.administrator", "/access/", None),
    "user_account": ("inside.administrator", "/access/", "main tbody a"),
    "invite_user": ("inside.administrator", "/access/new/", None),
    "access_requests": ("inside.administrator", "/access/requests/", None),
    # Nobody has this secret: what somebody sees whose link has expired.
    "set_password_by_link": (None, "/password/none/", None),
    "not found": ("inside.reporter", "/nothing-here/", None),
    "refused": ("inside.reporter", "/journal/", None),
}
# Kazakh, with the longest words, on the phone; English on the desktop.
ACCESSIBLE_IN = {"phone": "kk", "desk": "en"}
# The body of the page and of each thing it loaded, as sent.
SENT = """() => ["navigation", "resource"].flatMap(type => performance.getEntriesByType(type))
    .map(each => [each.name, each.encodedBodySize])"""
# Pages that need a link in an e-mail, a second factor, an uploaded file, or a poster.
LOOKED_AT_ELSEWHERE = re.compile(
    r"reporting_point$|account_|mfa_|(try_)?import|.*(chart|outlines)$"
)
each_look = pytest.mark.parametrize("size", sorted(SIZES))
each_page = pytest.mark.parametrize("name", sorted(LOOKS))


class Watched:
    """A page, what it loaded, and its complaints."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.address = address
        self.complaints: list[str] = []
        self.responses: list[Response] = []
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", self._hear)
        page.on("response", lambda response: self.responses.append(response))

    def _hear(self, message: object) -> None:
        if message.type == "error" and "status of 4" not in message.text:  # type: ignore[attr-defined]
            self.complaints.append(message.text)  # type: ignore[attr-defined]

    def foreign(self) -> list[str]:
        urls = [response.url for response in self.responses]
        return [url for url in urls if not url.startswith((self.address, "data:", "blob:"))]

    def kilobytes(self) -> float:
        return sum(self._bytes_sent()) / 1000

    def _bytes_sent(self) -> Iterator[int]:
        for url, size in self.page.evaluate(SENT):
            if "maplibre" not in url and "/outlines/" not in url:
                yield size


@pytest.fixture
def watched(
    signed_in: Callable[..., BrowserContext], browser: object, address: str
) -> Callable[..., Watched]:
    def open_as(name: str, size: str, language: str) -> Watched:
        who, path, link = LOOKS[name]
        context = signed_in(who, language=language, viewport=SIZES[size])
        page = context.new_page()
        page.goto(path)
        if link is not None:
            path = page.locator(link).first.get_attribute("href") or ""
            page.close()
            page = context.new_page()
        seen = Watched(page, address)
        page.goto(path)
        seen.page.evaluate("document.fonts.ready.then(() => true)")
        return seen

    return open_as


def test_every_page_is_visited() -> None:
    readable = {name for name, page in PAGES.items() if page.posted is None and page.roles}
    missing = {name for name in readable - set(LOOKS) if not LOOKED_AT_ELSEWHERE.match(name)}
    assert not missing
    assert set(LOOKS) <= readable | {"not found", "refused"}


@each_page
@each_look
def test_is_drawn_completely_in_three_languages_and_accessible(
    name: str, size: str, watched: Callable[..., Watched], wanted_pictures: Path | None
) -> None:
    faults: list[str] = []
    for language in LANGUAGES:
        seen = watched(name, size, language)
        if wanted_pictures:
            picture = wanted_pictures / f"{name}-{size}-{language}.png"
            seen.page.screenshot(path=picture, full_page=True)
        assert seen.complaints == []
        assert seen.foreign() == []
        assert seen.page.get_attribute("html", "lang") == language
        width = seen.page.evaluate("document.documentElement.scrollWidth")
        assert width <= SIZES[size]["width"], f"{language}: the page is {width} pixels wide"
        assert HEAVIER.get(name, MOST_KILOBYTES) > seen.kilobytes() > 0
        if ACCESSIBLE_IN[size] == language:
            faults = serious_faults(seen.page)
        seen.page.close()
    assert not faults, "\n".join(faults)


def serious_faults(page: Page) -> list[str]:
    """What a person with a screen reader or weak eyes cannot use."""
    found = Axe().run(page).response["violations"]
    return [
        f"{fault['id']}: {fault['help']} ({fault['nodes'][0]['html'][:120]})"
        for fault in found
        if fault["impact"] in SERIOUS
    ]


def test_the_keyboard_skips_to_the_content(watched: Callable[..., Watched]) -> None:
    page = watched("incidents", "desk", "en").page
    page.keyboard.press("Tab")
    assert "skip" in (page.evaluate("document.activeElement.className") or "")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
