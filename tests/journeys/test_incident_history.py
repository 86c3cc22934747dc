"""An incident is edited, moved on and reopened; each time its page says what was done."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.journeys.test_report_to_incident import accept_as_new, fill_in_report

STORY = "The winch cable snapped back and hit the fence beside the crew."


def accept_new_report(phone: Callable[[str], Page], officer: Page) -> str:
    fill_in_report(phone("inside.reporter"), STORY)
    return accept_as_new(officer, "winch cable")


def take_step(page: Page, address: str, field: str, text: str) -> None:
    form = page.locator(f'form[action="{address}"]')
    if not form.get_by_role("button").is_visible():
        page.locator("details", has=form).locator("summary").click()
    if field:
        form.locator(f"[name={field}]").fill(text)
    form.get_by_role("button").click()


def test_the_history_says_what_was_done_after_every_change(
    phone: Callable[[str], Page], desk: Callable[[str], Page]
) -> None:
    officer = desk("inside.safety_officer")
    number = accept_new_report(phone, officer)
    page_address = f"/incidents/{number}/"
    history = officer.locator("ol.history")

    for name, value, label in (
        ("narrative", "The winch cable snapped; nobody was near.", "what happened"),
        ("immediate_action", "The winch was locked.", "what was done at once"),
        ("weather", "frost", "weather"),
        ("cost_amount", "250", "cost of damage"),
    ):
        officer.goto(f"{page_address}edit/")
        officer.locator(f"[name={name}]").fill(value)
        officer.get_by_role("button", name="Save").click()
        expect(officer).to_have_url(re.compile(f"{page_address}$"))
        expect(history).to_contain_text(f"Changed: {label}")

    officer.goto(f"{page_address}people/add/")
    officer.get_by_role("button", name="Add").click()
    expect(history).to_contain_text("A person involved was added")

    for step, field, text, sentence in (
        ("investigate", "", "", "Under investigation"),
        ("endorse", "finding", "The cable was old.", "Awaiting endorsement"),
        ("return", "reason", "How old?", "How old?"),
        ("endorse", "finding", "The cable was 9 years old.", "Awaiting endorsement"),
        ("close", "finding", "The cable was 9 years old.", "Closed"),
        ("reopen", "reason", "A second cable snapped.", "A second cable snapped."),
    ):
        take_step(officer, f"{page_address}{step}/", field, text)
        expect(officer).to_have_url(re.compile(f"{page_address}$"))
        expect(history).to_contain_text(sentence)

    for language in ("ru", "kk", "en"):
        reader = desk("inside.commander")
        reader.set_extra_http_headers({"Accept-Language": language})
        reader.goto(page_address)
        expect(reader.locator("ol.history")).not_to_contain_text("incidents.")
