"""A report: sent from a phone, decided at a desk, and its outcome read by the sender."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.journeys.conftest import PHONE

WHAT_STANDS_IN_FIELDS = "[...document.querySelectorAll('input, textarea')].map((f) => f.value)"
STORY = "A pallet slid off the lorry's tail lift and fell beside the loader's foot."


def fill_in_report(page: Page, story: str = STORY) -> None:
    page.goto("/report/")
    page.get_by_label("Near miss").check()
    page.get_by_label("What happened?").fill(story)
    page.get_by_role("button", name="Send the report").click()


def accept_as_new(officer: Page, words: str) -> str:
    """Accept the waiting report with these words, and return the number of its incident.

    Where a similar incident is known, the form is folded, and a person unfolds it.
    """
    officer.goto("/triage/")
    officer.get_by_role("row", name=re.compile(words)).get_by_role("link").click()
    accept = officer.get_by_role("button", name="Accept as a new incident")
    expect(officer.locator("main h2", has_text="Decide")).to_be_visible()
    if not accept.is_visible():
        officer.locator("summary", has_text="Accept as a new incident").click()
    accept.click()
    number = re.search(r"\b20\d\d-\d{7}\b", officer.inner_text("main"))
    assert number, "nothing says under which number the report was accepted"
    return number[0]


def receipt_code(page: Page) -> str:
    expect(page.locator("main h1")).to_contain_text("the report was received")
    found = re.search(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}\b", page.inner_text("main"))
    assert found, "the page after sending shows no receipt code"
    return found[0]


def test_a_report_becomes_an_incident_and_the_sender_reads_it(
    phone: Callable[[str], Page], desk: Callable[[str], Page], browser: Browser, address: str
) -> None:
    reporter = phone("inside.reporter")
    fill_in_report(reporter)
    code = receipt_code(reporter)

    officer = desk("inside.safety_officer")
    number = accept_as_new(officer, "pallet slid")

    officer.goto(f"/incidents/{number}/")
    expect(officer.locator("main")).to_contain_text(STORY)

    anybody = browser.new_context(base_url=address, viewport=PHONE).new_page()
    anybody.goto("/receipt/")
    anybody.locator("input[name=code]").fill(code.lower())
    anybody.locator("main form button[type=submit]").click()
    expect(anybody.locator("main")).to_contain_text(number)
    anybody.context.close()


def test_reporting_works_without_script(
    signed_in: Callable[..., BrowserContext],
) -> None:
    page = signed_in("inside.reporter", viewport=PHONE, java_script_enabled=False).new_page()
    fill_in_report(page, "The handrail by the armoury is loose.")
    receipt_code(page)


def test_anybody_reports_without_an_account_and_looks_it_up(browser: Browser, address: str) -> None:
    page = browser.new_context(base_url=address, viewport=PHONE).new_page()
    page.goto("/account/login/")
    page.get_by_role("link", name="Report without an account").click()
    page.get_by_label("Hazard").check()
    page.get_by_label("What happened?").fill("A manhole by the canteen is open.")
    page.get_by_role("button", name="Send the report").click()
    code = receipt_code(page)
    assert code not in str(page.evaluate("[JSON.stringify(localStorage), history.state]"))
    page.get_by_role("link", name="What happened to my report").click()
    page.locator("input[name=code]").fill(code)
    page.locator("main form button[type=submit]").click()
    expect(page.locator("main")).to_contain_text("Not read yet")
    page.context.close()


@pytest.mark.parametrize("address_of_form", ["/r/", "/report/"])
def test_on_a_shared_phone_going_back_shows_neither_text_nor_code(
    address_of_form: str, signed_in: Callable[..., BrowserContext]
) -> None:
    """Found before: the browser filled the form in again, and sent it again to show the code."""
    story, page = "The sergeant sleeps at the gate.", signed_in("inside.reporter").new_page()
    page.goto(address_of_form)
    page.get_by_label("Hazard").check()
    page.get_by_label("What happened?").fill(story)
    if address_of_form == "/report/":
        page.get_by_label("Send without my name").check()
    page.get_by_role("button", name="Send the report").click()
    code = receipt_code(page)
    kept = "[JSON.stringify(localStorage), JSON.stringify(sessionStorage), history.state]"
    assert story not in str(page.evaluate(kept))
    page.get_by_role("link", name="Send another").click()
    for _step in range(4):
        shown = page.content() + str(page.evaluate(WHAT_STANDS_IN_FIELDS))
        assert story not in shown
        assert code not in shown
        page.go_back()
    page.goto(address_of_form)
    for _step in range(2):
        page.reload()
        assert story not in page.content() + str(page.evaluate(WHAT_STANDS_IN_FIELDS))


def test_a_report_with_a_fault_keeps_the_input(phone: Callable[[str], Page]) -> None:
    page = phone("inside.reporter")
    page.goto("/report/")
    page.get_by_label("Hazard").check()
    page.get_by_label("What happened?").fill(STORY)
    page.locator("input[name=occurred_at]").fill("2099-01-01T10:00")
    page.get_by_role("button", name="Send the report").click()
    expect(page.locator("main")).to_contain_text("is in the future")
    expect(page.get_by_label("What happened?")).to_have_value(STORY)
    expect(page.get_by_label("Hazard")).to_be_checked()


def test_the_same_form_sent_twice_is_one_report(phone: Callable[[str], Page]) -> None:
    story = "The forklift's horn is dead."
    page = phone("inside.reporter")
    fill_in_report(page, story)
    code = receipt_code(page)
    page.go_back()
    page.get_by_label("Near miss").check()
    page.get_by_label("What happened?").fill(story)
    page.get_by_role("button", name="Send the report").click()
    assert receipt_code(page) == code
    page.goto("/reports/")
    expect(page.get_by_text(story)).to_have_count(1)
