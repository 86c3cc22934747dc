"""Another system's file in a browser: sent, corrected, tried, imported; with and without script."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect

from tests.journeys.conftest import DESK, PHONE
from tests.journeys.test_every_page_s_looks import LANGUAGES, SERIOUS

HEADER = ("No", "Дата происшествия", "Время", "Вид", "Описание", "Подразделение")
STORY = "Оступился на лестнице при разгрузке склада и повредил левое колено, работу прекратил"


@pytest.fixture
def accidents(tmp_path: Path) -> Path:
    path = tmp_path / "accidents.csv"
    rows = [
        [n, f"{n % 27 + 1:02d}.03.2024", "09:45", "травма", f"{STORY}, {n}", "BDE-1-1"]
        for n in range(40)
    ]
    rows[7][1] = "31.02.2024"
    with path.open("w", encoding="cp1251", newline="") as file:
        csv.writer(file, delimiter=";").writerows([HEADER, *rows])
    return path


def send(page: Page, file: Path) -> None:
    page.goto("/imports/")
    page.locator("input[name=file]").set_input_files(file)
    page.locator("main form[enctype] button[type=submit]").click()
    expect(page).to_have_url(re.compile(r"/imports/files/[\w-]+/$"))


@pytest.mark.parametrize("has_script", [True, False])
def test_a_file_is_checked_tried_and_imported(
    signed_in: Callable[..., BrowserContext], accidents: Path, has_script: bool
) -> None:
    context = signed_in("inside.safety_officer", viewport=DESK, java_script_enabled=has_script)
    page = context.new_page()
    send(page, accidents)
    expect(page.get_by_label("Дата происшествия")).to_have_value("occurred_on")
    expect(page.get_by_label("Описание")).to_have_value("narrative")
    expect(page.get_by_label("Подразделение")).to_have_value("units")
    page.get_by_label("Short name of the system").fill("script" if has_script else "plain")
    page.get_by_role("button", name="Save and test").click()
    expect(page.locator("main")).to_contain_text("31.02.2024")
    page.get_by_role("button", name="Import the file").click()
    expect(page.locator("main")).to_contain_text("Finished")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download them").click()
    lines = Path(download.value.path()).read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) == 2
    assert lines[0].endswith("qorgau_reason")


@pytest.mark.parametrize("size", ["phone", "desk"])
def test_its_pages_are_complete_and_accessible(
    signed_in: Callable[..., BrowserContext],
    accidents: Path,
    wanted_pictures: Path | None,
    size: str,
) -> None:
    viewport = {"phone": PHONE, "desk": DESK}[size]
    for language in LANGUAGES:
        context = signed_in("inside.analyst", language=language, viewport=viewport)
        page = context.new_page()
        send(page, accidents)
        for name, path in (("columns", ""), ("trial", "trial/"), ("imports", "../../")):
            if path:
                page.goto(page.url + path)
            page.wait_for_load_state("networkidle")
            if wanted_pictures:
                picture = wanted_pictures / f"import-{name}-{size}-{language}.png"
                page.screenshot(path=picture, full_page=True)
            width = page.evaluate("document.documentElement.scrollWidth")
            assert width <= viewport["width"], f"{name}, {language}: {width} pixels wide"
            found = Axe().run(page).response["violations"]
            serious = [(v["id"], len(v["nodes"])) for v in found if v["impact"] in SERIOUS]
            assert not serious, f"{name}, {language}: {serious}"
            if path:
                page.go_back()
        context.close()
