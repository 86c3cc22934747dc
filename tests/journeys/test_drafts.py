"""Typed text survives a lost connection, a closed page and an expired session, until sent."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.journeys.conftest import PHONE, sign_in

STORY = "The chain of the crane slipped by a hand's breadth."
KEPT = "Object.keys(localStorage).filter((key) => key.startsWith('qorgau-draft:')).length"


@pytest.fixture
def window(signed_in: Callable[..., BrowserContext]) -> BrowserContext:
    return signed_in("inside.reporter", viewport=PHONE)


def typed(window: BrowserContext) -> Page:
    page = window.new_page()
    page.goto("/report/")
    page.get_by_label("Hazard").check()
    page.get_by_label("What happened?").fill(STORY)
    expect(page.get_by_text("Draft saved in this browser.")).to_be_visible()
    return page


def test_a_closed_page_opens_with_the_typed_text(window: BrowserContext) -> None:
    typed(window).close()
    page = window.new_page()
    page.goto("/report/")
    expect(page.get_by_text("Your draft was restored.")).to_be_visible()
    expect(page.get_by_label("What happened?")).to_have_value(STORY)
    expect(page.get_by_label("Hazard")).to_be_checked()


def test_offline_the_page_says_so_and_sends_later(window: BrowserContext) -> None:
    page = typed(window)
    window.set_offline(True)
    page.get_by_role("button", name="Send the report").click()
    expect(page.get_by_text("No connection.")).to_be_visible()
    expect(page.get_by_label("What happened?")).to_have_value(STORY)
    window.set_offline(False)
    page.get_by_role("button", name="Send the report").click()
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    assert page.evaluate(KEPT) == 0


def test_an_expired_session_loses_nothing(window: BrowserContext) -> None:
    page = typed(window)
    window.clear_cookies(name="sessionid")
    page.get_by_role("button", name="Send the report").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    assert page.evaluate(KEPT) == 1


def test_signing_out_leaves_nothing_for_the_next_person(browser: Browser, address: str) -> None:
    # A separate session, because it ends here.
    state = sign_in(browser, address, "inside.reporter")
    window = browser.new_context(base_url=address, viewport=PHONE, storage_state=state)
    page = typed(window)
    page.goto("/account/logout/")
    page.locator("main form[data-clears-drafts] button").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    assert page.evaluate(KEPT) == 0
    window.close()


def test_every_kazakh_letter_is_in_a_font_that_the_package_ships(window: BrowserContext) -> None:
    page = window.new_page()
    page.goto("/report/")
    loaded = page.evaluate(
        "document.fonts.load(\"16px 'Source Sans 3'\", 'әғқңөұүһіӘҒҚҢӨҰҮҺІ')"
        ".then((faces) => faces.map((face) => face.status))"
    )
    assert loaded == ["loaded", "loaded"]
