"""A poster: made at a desk, its address opened on a phone, its report read with unit and place."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.journeys.conftest import DESK, PHONE
from tests.journeys.test_report_to_incident import receipt_code


def test_a_poster_leads_to_a_form_that_knows_unit_and_place(
    desk: Callable[[str], Page],
    signed_in: Callable[..., BrowserContext],
    browser: Browser,
    address: str,
    wanted_pictures: Path | None,
) -> None:
    officer = desk("inside.safety_officer")
    officer.goto("/reporting-points/")
    officer.get_by_label("Where does the poster hang?").fill("Gate 2")
    officer.get_by_role("button", name="Make the poster").click()
    expect(officer.locator("svg.qr")).to_be_visible()
    shown = re.search(r"http\S+/r/(\w{8})/", officer.inner_text(".poster"))
    assert shown
    for language in ("kk", "ru", "en"):
        for size, viewport in (("phone", PHONE), ("desk", DESK)):
            who = signed_in("inside.safety_officer", language=language, viewport=viewport)
            page = who.new_page()
            page.goto(officer.url)
            width = page.evaluate("document.documentElement.scrollWidth")
            assert width <= viewport["width"]
            if wanted_pictures:
                picture = wanted_pictures / f"poster-{size}-{language}.png"
                page.screenshot(path=picture, full_page=True)
            page.close()

    phone = browser.new_context(base_url=address, viewport=PHONE).new_page()
    phone.goto(f"/r/{shown[1]}/")
    expect(phone.get_by_label("Where?")).to_have_value("Gate 2")
    phone.get_by_label("Hazard").check()
    phone.get_by_label("What happened?").fill("The barrier falls by itself.")
    phone.get_by_role("button", name="Send the report").click()
    receipt_code(phone)
    kept = "[JSON.stringify(localStorage), JSON.stringify(sessionStorage), document.cookie]"
    assert shown[1] not in str(phone.evaluate(kept))
    phone.context.close()

    officer.goto("/triage/")
    officer.get_by_role("row", name=re.compile("barrier falls")).get_by_role("link").click()
    expect(officer.locator("main")).to_contain_text("Gate 2")
