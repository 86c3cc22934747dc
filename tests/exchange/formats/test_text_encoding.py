"""The encoding of another system's text file."""

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qorgau.exchange.formats.format_errors import FormatError
from qorgau.exchange.formats.text_encoding import check_encoding, detect_encoding

RUSSIAN = (
    "Дата;Подразделение;Описание\n"
    "01.02.2020;3-я рота;Рядовой упал с лестницы и повредил колено при разгрузке склада\n"
)
KAZAKH = (
    "Күні;Бөлімше;Сипаттама\n"
    "01.02.2020;Үшінші рота;Қызметкер баспалдақтан құлап, тізесін ауыртып алды, көмек көрсетілді\n"
)
FRENCH = "date;unité;récit\n01/02/2020;3e compagnie;blessé à la tête, évacué vers l'hôpital\n"


@pytest.mark.parametrize(
    ("text", "encoding", "found"),
    [
        ("id,text\n1,plain\n", "ascii", "utf-8"),
        (KAZAKH, "utf-8", "utf-8"),
        (KAZAKH, "utf-8-sig", "utf-8-sig"),
        (KAZAKH, "utf-16", "utf-16"),
        ("id,text\n1,plain\n", "utf-16-le", "utf-16-le"),
        ("id,text\n1,plain\n", "utf-16-be", "utf-16-be"),
        (RUSSIAN, "cp1251", "cp1251"),
        (RUSSIAN, "koi8-r", "koi8-r"),
        (RUSSIAN, "cp866", "cp866"),
        (RUSSIAN, "iso8859-5", "iso8859-5"),
        (KAZAKH, "kz1048", "kz1048"),
        (FRENCH, "cp1252", "cp1252"),
        (FRENCH, "latin-1", "cp1252"),
    ],
)
def test_encoding_is_found(tmp_path, text, encoding, found):
    path = tmp_path / "a.csv"
    path.write_bytes(text.encode(encoding))
    name = detect_encoding(path).name
    assert name == found
    assert path.read_text(encoding=name).lstrip("\ufeff") == text


def test_unusual_bytes_late_in_the_file_are_detected(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(b"a,b\n" + b"plain,text\n" * 300_000 + RUSSIAN.encode("cp1251"))
    assert detect_encoding(path).name == "cp1251"


@pytest.mark.parametrize(
    ("head", "word"),
    [(b"%PDF-1.4", "PDF"), (b"\x89PNG\r\n", "picture"), (b"\xd0\xcf\x11\xe0", "xls")],
)
def test_other_formats_are_named(tmp_path, head, word):
    path = tmp_path / "a.csv"
    path.write_bytes(head + b"\0" * 100)
    with pytest.raises(FormatError, match=word):
        detect_encoding(path)


def test_file_cut_off_inside_a_character(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(KAZAKH.strip().encode()[:-1])
    with pytest.raises(FormatError, match="cut short"):
        detect_encoding(path)


def test_declared_encoding_that_is_wrong_names_line_and_the_right_one(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(b"date;text\n1;plain\n" + RUSSIAN.encode("cp1251"))
    with pytest.raises(FormatError) as caught:
        check_encoding(path, "utf-8")
    assert "line 3" in caught.value.sentence
    assert 'encoding = "cp1251"' in caught.value.sentence


def test_unknown_encoding(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(b"a\n")
    with pytest.raises(FormatError, match='no encoding called "utf-88"'):
        check_encoding(path, "utf-88")


@given(st.binary(min_size=1, max_size=300))
def test_any_bytes_give_a_known_codec_or_a_sentence(tmp_path_factory, sentence_of, content):
    path = tmp_path_factory.mktemp("bytes") / "a.csv"
    path.write_bytes(content)
    assert sentence_of(lambda: codecs.lookup(detect_encoding(path).name)).endswith(".")
