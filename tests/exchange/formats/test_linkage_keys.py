"""Key files: what they contain, what they hide, and what is refused."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac

import pytest

from qorgau.exchange.formats.format_errors import FormatError
from qorgau.exchange.formats.linkage_keys import (
    Case,
    checked_secret,
    keys_of_register,
    once_each,
    read_keys,
    read_secret,
    tokens_under,
    write_keys,
)

SECRET = "correct horse battery staple"
TOKEN = "a" * 64


def write(tmp_path, text, name="register.csv"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_token_is_what_any_program_computes():
    expected = hmac.new(SECRET.encode(), b"p-0417", hashlib.sha256).hexdigest()
    assert tokens_under(checked_secret(SECRET))("P-0417") == expected


@pytest.mark.parametrize("other", ["p-0417", " P-0417 ", "P–0417", "P- 0417", "Ｐ-0417"])
def test_a_code_in_another_spelling_is_the_same_person(other):
    token_of = tokens_under(checked_secret(SECRET))
    assert token_of(other) == token_of("P-0417")


@pytest.mark.parametrize("other", ["P-417", "P0417", "Р-0417", "P-0418"])
def test_another_code_is_another_person(other):
    """The third begins with a Cyrillic letter; we do not guess which letter was meant."""
    token_of = tokens_under(checked_secret(SECRET))
    assert token_of(other) != token_of("P-0417")


def test_line_ends_and_spaces_around_the_secret_do_not_count(tmp_path):
    file = tmp_path / "secret.txt"
    file.write_bytes(b"\xef\xbb\xbf" + SECRET.encode() + b"\r\n")
    assert read_secret(file) == checked_secret(SECRET) == checked_secret(f"  {SECRET}\n")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b" \n", "empty"),
        (b"fifteen letters", "15 characters"),
        (b"\xff\xfe\x00", "not UTF-8"),
        (b"x" * 4097, "too large"),
    ],
)
def test_a_weak_secret_is_refused_in_a_sentence(tmp_path, content, words):
    file = tmp_path / "secret.txt"
    file.write_bytes(content)
    with pytest.raises(FormatError, match=words):
        read_secret(file)


def test_the_shortest_secret_is_accepted():
    assert checked_secret("sixteen letters.") == b"sixteen letters."


def test_the_largest_file_of_a_secret_is_accepted(tmp_path):
    file = tmp_path / "secret.txt"
    file.write_bytes(b"x" * 4096)
    assert read_secret(file) == b"x" * 4096


def test_no_file_with_the_secret(tmp_path):
    with pytest.raises(FormatError, match="There is no file"):
        read_secret(tmp_path / "none")


def test_a_key_file_contains_only_token_day_and_unit_and_is_read_back(tmp_path):
    register = write(
        tmp_path,
        "name;Person;day;unit;diagnosis\n"
        "Ахметов;P-2;06.05.2024;U1;S93.4\n"
        "Ким;P-1;2024-05-07;U2;S82\n"
        "Ахметов;p-2;2024-05-06;U1;S93.4\n",
    )
    keys = keys_of_register(register, checked_secret(SECRET))
    assert keys.repeated == 1
    out = tmp_path / "keys.csv"
    write_keys(out, keys)
    text = out.read_text(encoding="utf-8")
    assert text.splitlines()[0] == "token,day,unit"
    assert not [word for word in ("Ахметов", "P-1", "p-1", "S93") if word in text]
    again = read_keys(out)
    assert (again.cases, again.has_units) == (keys.cases, True)
    # Ordered by token, so that the order of the register is not revealed.
    assert [case.token for case in again.cases] == sorted(case.token for case in again.cases)
    assert {case.day for case in again.cases} == {dt.date(2024, 5, 6), dt.date(2024, 5, 7)}


def test_without_units_there_is_no_unit_column(tmp_path):
    register = write(tmp_path, "person,day\nP-1,2024-05-06\n")
    out = tmp_path / "keys.csv"
    write_keys(out, keys_of_register(register, checked_secret(SECRET)))
    header, row = out.read_text(encoding="utf-8").splitlines()
    assert header == "token,day"
    assert row.split(",")[1:] == ["2024-05-06"]
    assert not read_keys(out).has_units


def test_each_person_and_day_occurs_once():
    day = dt.date(2024, 5, 6)
    cases = [Case("b", day, "U1"), Case("a", day, ""), Case("b", day, "U2")]
    keys = once_each(cases, has_units=True)
    assert keys.cases == (Case("a", day, ""), Case("b", day, "U1"))
    assert keys.repeated == 1


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "is empty"),
        ("day,unit\n2024-05-06,U1\n", "no column “person”"),
        ("person,day\n", "no rows"),
        ("person,day\nP-1,yesterday\n", "Row 2: “yesterday” is not a date"),
        ("person,day\nP-1,05/06/2024\n", "is not a date"),
        ("person,day\nP-1,2024-02-30\n", "is not a date"),
        ("person,day\n ,2024-05-06\n", "Row 2 has no person code"),
        ("person,day\nP-1,2024-05-06\nP-2", "cut short"),
        ("person,day\nP-1,2024-05-06,x,y\nP-2,2024-05-06\n", "Cells in the row: 4"),
    ],
)
def test_a_register_that_cannot_be_digested_is_refused(tmp_path, text, words):
    with pytest.raises(FormatError, match=words):
        keys_of_register(write(tmp_path, text), checked_secret(SECRET))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("person,day\nP-1,2024-05-06\n", "no column “token”"),
        (f"token,day,diagnosis\n{TOKEN},2024-05-06,S93\n", "a column “diagnosis”"),
        ("token,day\nP-1,2024-05-06\n", "Row 2 has no token"),
        (f"token,day\n{TOKEN},soon\n", "is not a date"),
    ],
)
def test_a_file_that_is_not_a_key_file_is_refused(tmp_path, text, words):
    """Especially a file with identities: a mistake of the medical service is not imported."""
    with pytest.raises(FormatError, match=words):
        read_keys(write(tmp_path, text))
