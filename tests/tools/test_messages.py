"""The check of the catalogues: which faults it reports, and which messages it finds."""

from __future__ import annotations

from pathlib import Path

import polib
import pytest

from tools.compile_translations import LOCALE, compile_translations
from tools.messages import catalogue_path, entry_faults, mixed_words
from tools.source_messages import (
    ComputedMessageError,
    borrowed_messages,
    messages_in_python,
    messages_in_source,
    messages_in_template,
)
from tools.values_in_sentences import numbers_of, value_faults


def faults(msgid: str, msgstr: str, **more: object) -> list[str]:
    return list(entry_faults(polib.POEntry(msgid=msgid, msgstr=msgstr, **more)))


def test_a_whole_translation_has_no_fault() -> None:
    assert faults("%(count)s rows", "%(count)s жол") == []


@pytest.mark.parametrize(
    ("msgid", "msgstr", "sentence"),
    [
        ("Save", "", "not translated"),
        ("Save", "  ", "not translated"),
        ("%(count)s rows", "%(caunt)s жол", "other placeholders"),
        ("%(count)s rows", "жол", "other placeholders"),
        ("{name} of {unit}", "{name}", "other placeholders"),
        ("No such {name!r}.", "Нет такого {name}.", "other placeholders"),
        ("Region", "Aймақ", "mixed in 'Aймақ'"),
    ],
)
def test_a_fault_is_reported(msgid: str, msgstr: str, sentence: str) -> None:
    assert sentence in " ".join(faults(msgid, msgstr))


@pytest.mark.parametrize(
    ("msgstr", "sentence"),
    [
        ("%(count)s-тен аз оқиға", "a suffix or prefix on a value in '%(count)s-тен'"),
        ("%(count)sсі", "a suffix or prefix on a value in '%(count)sсі'"),
        ("«%(count)s»-ға дейін", "a suffix or prefix on a value"),
        ("%(count)s-й файл", "a suffix or prefix on a value in '%(count)s-й'"),
        ("кв-%(count)s", "a suffix or prefix on a value"),
        ("{count}-ші", "a suffix or prefix on a value"),
        ("%(count)s бен екі аралығы", "a particle that sounds with the value"),
        ("%(count)s\N{NO-BREAK SPACE}де", "a particle that sounds with the value"),
        ("%(count)s %% ячеек", "no no-break space in '%(count)s %%'"),
        ("%(count)s%% ячеек", "no no-break space in '%(count)s%%'"),
        ("95 % ДИ", "no no-break space in '5 %'"),
        ("%(count)s МБ", "no no-break space in '%(count)s МБ'"),
        ("әр 1 000 адамға", "no no-break space in '1 000'"),
    ],
)
def test_a_form_that_depends_on_a_value_is_a_fault(msgstr: str, sentence: str) -> None:
    assert sentence in " ".join(value_faults(msgstr))
    assert sentence in " ".join(faults(msgstr, msgstr))


@pytest.mark.parametrize(
    "msgstr",
    [
        "ұяшықтардың %(count)s\N{NO-BREAK SPACE}%%-ы",
        "%(count)s\N{NO-BREAK SPACE}МБ; %(path)s файлы",
        "%(low)s–%(high)s, (%(code)s), «%(name)s»",
        "--%(option)s, %%d.%%m.%%Y, әр 1\N{NO-BREAK SPACE}000 адамға",
        "%(count)s данных",
    ],
)
def test_a_word_next_to_a_value_is_not_a_fault(msgstr: str) -> None:
    assert list(value_faults(msgstr)) == []


def test_numbers_are_known_by_form_and_name() -> None:
    assert numbers_of("%(number)d of %(share)s in %(unit)s") == {"number": False, "share": True}
    assert numbers_of("Incident %(number)s is now “%(state)s”") == {}
    assert numbers_of("Deaths by horse kick, Prussian army, %(years)s") == {}


def test_an_uncertain_translation_is_a_fault() -> None:
    assert faults("Save", "Сақтау", flags=["fuzzy"]) == ["marked as uncertain"]


def test_every_plural_form_is_needed() -> None:
    forms = {0: "%(n)s строка", 1: "", 2: "%(n)s строк"}
    entry = polib.POEntry(msgid="%(n)s row", msgid_plural="%(n)s rows", msgstr_plural=forms)
    assert list(entry_faults(entry)) == ["not translated"]
    entry.msgstr_plural[1] = "%(n)s строки"
    assert list(entry_faults(entry)) == []


@pytest.mark.parametrize(
    ("text", "mixed"),
    [
        ("қорғау жүйесі", []),
        ("CSV файлы, QORGAU_DATA", []),
        ("<strong>Жою</strong> %(unit)s &nbsp; {place}", []),
        ("жарaқат", ["жарaқат"]),
        ("kөмек және ұйым", ["kөмек"]),
    ],
)
def test_words_of_two_alphabets_are_found(text: str, mixed: list[str]) -> None:
    assert mixed_words(text) == mixed


def test_python_is_read_with_contexts_and_plurals(tmp_path: Path) -> None:
    file = tmp_path / "page.py"
    file.write_text(
        "a = _('One ' 'text')\n"
        "b = ngettext('%(n)s row', '%(n)s rows', n)\n"
        "c = pgettext_lazy('a month', 'May')\n"
        "d = gettext(variable)\n"
    )
    found = [(m.context, m.text, m.plural) for m in messages_in_python(file, tmp_path)]
    assert found == [
        (None, "One text", None),
        (None, "%(n)s row", "%(n)s rows"),
        ("a month", "May", None),
    ]


def test_an_f_string_cannot_be_translated_and_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "page.py"
    file.write_text("a = _(f'{count} rows')\n")
    with pytest.raises(ComputedMessageError, match=r"page.py, line 1.*placeholders"):
        list(messages_in_python(file, tmp_path))


def test_templates_are_read_with_contexts_and_plurals(tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    file.write_text(
        '{% translate "It\'s \\"here\\"" %}{% translate "May" context "a month" %}\n'
        "{% blocktranslate count n=rows %}{{ n }} row{% plural %}{{ n }} rows"
        '{% endblocktranslate %}{{ value|default:_("Nothing") }}\n'
    )
    found = {(m.context, m.text, m.plural) for m in messages_in_template(file, tmp_path)}
    assert ("a month", "May", None) in found
    assert (None, "%(n)s row", "%(n)s rows") in found
    assert (None, "Nothing", None) in found


def test_the_package_extracts_its_own_messages() -> None:
    found = messages_in_source()
    assert (None, "Near miss") in found
    assert "records/incidents/choices.py" in found[(None, "Near miss")].places


def test_django_s_own_sentences_are_borrowed_where_it_has_none() -> None:
    assert "The password is too similar to the %(verbose_name)s." in {
        message.text for message in borrowed_messages("kk")
    }
    assert not [m for m in borrowed_messages("ru") if m.places[0].startswith("django/")]


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_the_frame_of_the_command_line_is_borrowed(language: str) -> None:
    """Typer has no catalogue of its own, so a word without our translation is a fault."""
    asked_for = {m.text for m in borrowed_messages(language) if m.places[0].startswith("typer/")}
    assert {"Options", "[required]", "No such command {name!r}."} <= asked_for


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_catalogues_compile_to_what_django_reads(language: str) -> None:
    compiled = compile_translations()
    target = LOCALE / language / "LC_MESSAGES" / "django.mo"
    assert target in compiled
    source = polib.pofile(str(catalogue_path(language)))
    assert len(polib.mofile(str(target))) == len(source.translated_entries())
