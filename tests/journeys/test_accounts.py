"""An account from its invitation to its end: two administrators, its owner, and the auditor."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.journeys.conftest import DESK, PHONE

WHY = "Takes over the infirmary from May."
SENTENCE = "the geese fly north in April"
MEDICAL_PAGE = "/incidents/2024-0481903/"


def test_an_account_is_invited_approved_used_closed_and_read_in_the_journal(
    desk: Callable[[str], Page],
    signed_in: Callable[..., BrowserContext],
    browser: Browser,
    address: str,
    wanted_pictures: Path | None,
) -> None:
    administrator = desk("inside.administrator")
    first_link = invite(administrator)
    pictures_of("/access/requests/", "deputy", signed_in, wanted_pictures)

    second_link = approve(desk("deputy"))
    person = browser.new_context(base_url=address, viewport=PHONE).new_page()
    person.goto(first_link)
    expect(person.locator("main")).to_contain_text("It has expired, was used already")
    choose_password(person, second_link)
    code = turn_on_second_step(person)
    person.goto(MEDICAL_PAGE)
    expect(person.locator("main")).to_contain_text("S93.47")

    again = browser.new_context(base_url=address, viewport=PHONE).new_page()
    sign_in_with_code(again, code)
    again.goto("/")
    expect(again.get_by_role("heading", level=1)).to_be_visible()

    account = close(administrator)
    pictures_of(account, "inside.administrator", signed_in, wanted_pictures)
    for page in (person, again):
        page.goto(MEDICAL_PAGE)
        expect(page.get_by_role("button", name="Sign in")).to_be_visible()
        page.context.close()

    auditor = desk("auditor")
    auditor.goto("/journal/?action=people.")
    for sentence in (
        "Approval requested: Medical officer, unit: BDE-1",
        "Request approved: Medical officer, unit: BDE-1",
        "Role granted: Medical officer, unit: BDE-1",
        "Account closed",
    ):
        row = auditor.get_by_role("row", name=re.compile(re.escape(sentence)))
        expect(row.first).to_be_visible()
    approved = auditor.get_by_role("row", name=re.compile("Request approved"))
    expect(approved.first).to_contain_text("deputy")
    expect(approved.first).to_contain_text("requested by: inside.administrator")


def invite(page: Page) -> str:
    page.goto("/access/")
    page.get_by_role("link", name="New account").click()
    page.get_by_label("User name").fill("Saule")
    page.get_by_label("Name shown").fill("Сауле Нұрланова")
    page.get_by_label("Role", exact=True).select_option("medical_officer")
    page.get_by_role("button", name="Create the account").click()
    # Without a reason nobody could decide; what was typed is kept.
    expect(page.locator("main")).to_contain_text("Say why this person needs the role.")
    expect(page.get_by_label("User name")).to_have_value("Saule")
    page.get_by_label("Reason for the second administrator").fill(WHY)
    page.get_by_role("button", name="Create the account").click()
    return link_on(page)


def link_on(page: Page) -> str:
    expect(page.locator("svg.qr")).to_be_visible()
    shown = re.search(r"http://\S+(/password/\S+)", page.inner_text(".poster"))
    assert shown
    return shown[1]


def approve(deputy: Page) -> str:
    deputy.goto("/")
    expect(deputy.locator("main")).to_contain_text("request to decide")
    deputy.goto("/access/requests/")
    waiting = deputy.get_by_role("listitem").filter(has_text="saule")
    expect(waiting).to_contain_text(WHY)
    expect(waiting).to_contain_text("Nobody has signed in with this account yet.")
    waiting.get_by_role("button", name="Approve").click()
    return link_on(deputy)


def choose_password(page: Page, link: str) -> None:
    page.goto(link)
    expect(page.locator("main")).to_contain_text("saule")
    page.get_by_label("New password", exact=True).fill("short")
    page.get_by_label("Repeat the new password").fill("short")
    page.get_by_role("button", name="Set the password").click()
    expect(page.locator("main")).to_contain_text("at least 12 characters")
    page.get_by_label("New password", exact=True).fill(SENTENCE)
    page.get_by_label("Repeat the new password").fill(SENTENCE)
    page.get_by_role("button", name="Set the password").click()
    expect(page.locator("main")).to_contain_text("The password is set.")
    sign_in(page)


def sign_in(page: Page) -> None:
    page.goto("/account/login/")
    page.fill("input[name=login]", "SAULE")
    page.fill("input[name=password]", SENTENCE)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(re.compile("^(?!.*/account/login/).*$"))


def turn_on_second_step(page: Page) -> Callable[[], str]:
    """Turn it on, as an app on a phone would; return what says the code of now."""
    page.goto("/account/2fa/totp/activate/")
    if "reauthenticate" in page.url:
        page.fill("input[name=password]", SENTENCE)
        page.press("input[name=password]", "Enter")
    secret = re.search(r"\b[A-Z2-7]{32}\b", page.inner_text("main"))
    assert secret

    def code() -> str:
        counter = next(iter(yield_hotp_counters_from_time()))
        return str(format_hotp_value(hotp_value(secret[0], counter)))

    page.fill("input[name=code]", code())
    page.press("input[name=code]", "Enter")
    page.wait_for_url(re.compile("^(?!.*/activate/).*$"))
    return code


def sign_in_with_code(page: Page, code: Callable[[], str]) -> None:
    sign_in(page)
    expect(page.locator("main")).to_contain_text("Open the app on your phone")
    # A code is used once: the one of now may have turned the step on.
    while True:
        tried = code()
        page.fill("input[name=code]", tried)
        page.press("input[name=code]", "Enter")
        page.wait_for_load_state()
        if page.locator("input[name=code]").count() == 0:
            return
        while code() == tried:
            page.wait_for_timeout(1000)


def close(administrator: Page) -> str:
    # Two of the letters are Cyrillic, as on a keyboard that was left so.
    administrator.goto("/access/?text=s\u0430ul\u0435")
    administrator.get_by_role("link", name="saule").click()
    administrator.locator("summary", has_text="Close the account").click()
    administrator.get_by_role("button", name="Close the account").click()
    expect(administrator.locator("main")).to_contain_text("The account is closed.")
    expect(administrator.locator("summary", has_text="Reopen the account")).to_be_visible()
    return administrator.url


def pictures_of(
    where: str,
    username: str,
    signed_in: Callable[..., BrowserContext],
    wanted_pictures: Path | None,
) -> None:
    """With something on it: the page in every language and size, no wider than the screen."""
    for language in ("kk", "ru", "en"):
        for size, viewport in (("phone", PHONE), ("desk", DESK)):
            page = signed_in(username, language=language, viewport=viewport).new_page()
            page.goto(where)
            width = page.evaluate("document.documentElement.scrollWidth")
            assert width <= viewport["width"], f"{where}, {language}: {width} pixels wide"
            if wanted_pictures:
                name = "request" if "requests" in where else "account"
                picture = wanted_pictures / f"waiting-{name}-{size}-{language}.png"
                page.screenshot(path=picture, full_page=True)
            page.close()
