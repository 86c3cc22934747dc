"""The receipt code of a report."""

from __future__ import annotations

import re

import pytest

from qorgau.foundation.identifiers import (
    digest_of_code,
    digest_of_key,
    new_submission_key,
    plain_submission_key,
    receipt_code_for,
)

KEY = "3f333df690a44fda8dd39485d27cee36"


def test_a_code_is_three_groups_of_letters_that_are_not_mistaken_for_each_other() -> None:
    codes = {receipt_code_for(new_submission_key()) for _turn in range(200)}
    assert len(codes) == 200
    groups = "[0-9A-HJKMNP-TV-Z]{4}"
    assert all(re.fullmatch(f"{groups}-{groups}-{groups}", code) for code in codes)


def test_the_same_report_has_the_same_code() -> None:
    assert receipt_code_for(KEY) == receipt_code_for(KEY)


def test_another_installation_gives_another_code(settings: object) -> None:
    here = receipt_code_for(KEY)
    settings.SECRET_KEY = "the secret of another installation"
    assert receipt_code_for(KEY) != here


@pytest.mark.parametrize(
    "typed", ["7Q2K-0M9X-1B4T", "7q2k0m9x1b4t", " 7q2k 0m9x 1b4t ", "7Q2K-OM9X-IB4T", "7q2komgx"]
)
def test_a_code_is_recognised_in_any_spelling(typed: str) -> None:
    is_same = digest_of_code(typed) == digest_of_code("7Q2K-0M9X-1B4T")
    assert is_same is ("g" not in typed)


def test_the_digest_does_not_contain_the_code() -> None:
    digest = digest_of_code("7Q2K-0M9X-1B4T")
    assert re.fullmatch("[0-9a-f]{64}", digest)


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        (KEY, KEY),
        ("3F333DF6-90A4-4FDA-8DD3-9485D27CEE36", KEY),
        (KEY[:-1], None),
        (KEY + "0", None),
        ("g" * 32, None),
        ("", None),
    ],
)
def test_a_key_has_32_hexadecimal_digits(typed: str, plain: str | None) -> None:
    assert plain_submission_key(typed) == plain


def test_every_key_is_another_and_its_digest_does_not_contain_it() -> None:
    keys = {new_submission_key() for _turn in range(100)}
    assert len(keys) == 100
    assert all(plain_submission_key(key) == key and key not in digest_of_key(key) for key in keys)
