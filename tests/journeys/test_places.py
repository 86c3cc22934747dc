"""The map of areas in a real browser, and the page without a map."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

VENDORED_MAP = "**/maplibre-gl-csp*.js"


@pytest.fixture
def complaints() -> list[str]:
    return []


@pytest.fixture
def watched(complaints: list[str]) -> Callable[[Page], Page]:
    """A page that records script errors and refusals by the content-security policy."""

    def watch(page: Page) -> Page:
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console",
            lambda message: (
                complaints.append(message.text)
                if "Content Security Policy" in message.text
                else None
            ),
        )
        return page

    return watch


def test_the_map_is_drawn_and_names_the_area_under_the_pointer(
    desk: Callable[[str], Page], watched: Callable[[Page], Page], complaints: list[str]
) -> None:
    page = watched(desk("inside.analyst"))
    page.goto("/places/")
    expect(page.locator("#places-map canvas")).to_be_visible()
    expect(page.locator("#tile-map")).to_be_hidden()
    expect(page.locator(".map-label")).to_have_text(["Akmola", "Karaganda"])
    page.get_by_role("link", name="Karaganda Region").focus()
    expect(page.locator("#map-said")).to_have_text("Karaganda: 0")
    row = page.locator("#parts tr", has_text="Akmola Region")
    row.hover()
    expect(page.locator("#map-said")).to_have_text("Akmola: 0")
    assert complaints == []


def test_a_click_on_an_area_opens_its_page(desk: Callable[[str], Page]) -> None:
    page = desk("inside.analyst")
    page.goto("/places/?q=Karaganda")
    page.get_by_role("link", name="Karaganda Region").click()
    expect(page.locator("#places-map canvas")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text("Karaganda Region")
    page.goto("/places/")
    label = page.locator(".map-label", has_text="Akmola")
    expect(label).to_be_visible()
    box = label.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(page.get_by_role("heading", level=1)).to_have_text("Akmola Region")


def test_a_failed_map_affects_nothing_else(
    phone: Callable[[str], Page], watched: Callable[[Page], Page], complaints: list[str]
) -> None:
    page = watched(phone("inside.analyst"))
    page.route(VENDORED_MAP, lambda route: route.abort())
    page.goto("/places/")
    expect(page.locator("#places-map")).to_be_hidden()
    expect(page.locator("#tile-map .tile")).to_have_count(20)
    expect(page.get_by_role("link", name="Karaganda Region")).to_be_visible()
    page.get_by_role("link", name="Karaganda Region").click()
    expect(page.locator("#map-failed")).to_be_visible()
    assert complaints == []


def test_tiles_and_list_need_no_script(signed_in: Callable[..., BrowserContext]) -> None:
    page = signed_in("inside.analyst", language="kk", java_script_enabled=False).new_page()
    page.goto("/places/")
    expect(page.locator("#tile-map .tile").first).to_be_visible()
    expect(page.get_by_role("link", name="Солтүстік Қазақстан облысы")).to_be_visible()
