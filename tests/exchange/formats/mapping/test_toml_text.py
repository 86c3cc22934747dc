"""Mappings written as TOML and read back."""

import tomllib

from hypothesis import given
from hypothesis import strategies as st

from qorgau.exchange.formats.mapping import mapping_from_toml, mapping_to_toml
from qorgau.exchange.formats.mapping.spec import (
    KeyRule,
    Mapping,
    Part,
    TextSource,
    UnitLevel,
    UnitRule,
    ValueRule,
)
from qorgau.exchange.formats.mapping.toml_text import toml_key, toml_text
from qorgau.exchange.formats.tables import TableLayout

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
columns = texts.filter(lambda text: text.strip() == text and text != "")
plain_columns = columns.filter(lambda text: not set(text) & set("{}"))
nulls = st.frozensets(texts.map(lambda text: text.strip().casefold()).map(str.strip), max_size=3)
nulls = nulls.map(lambda found: frozenset(t.strip().casefold() for t in found)).filter(
    lambda found: found == frozenset(t.strip().casefold() for t in found)
)
sources = st.one_of(
    columns.map(lambda column: TextSource("column", (column,))),
    texts.map(lambda text: TextSource("constant", text=text)),
    st.tuples(st.lists(columns, min_size=1, max_size=3), texts).map(
        lambda both: TextSource("join", tuple(both[0]), both[1])
    ),
    plain_columns.map(lambda column: TextSource("template", (column,), f"x {{{column}}}")),
    st.lists(columns, min_size=1).map(lambda found: TextSource("first_of", tuple(found), " ")),
    st.lists(columns, min_size=1).map(lambda found: TextSource("hash", tuple(found), " ")),
)
rules = st.builds(
    ValueRule,
    source=sources,
    nulls=nulls,
    strip_prefix=texts,
    strip_suffix=texts,
    add_prefix=texts,
    part=st.none() | st.builds(Part, separator=columns, place=st.integers(-2, 2)),
    values=st.dictionaries(texts, texts, max_size=3).map(lambda found: tuple(found.items())),
    default=st.none() | texts,
    decimal_mark=st.sampled_from(".,"),
)
levels = st.builds(
    UnitLevel, code=rules, name=rules, kind=st.sampled_from(["", "company", "platoon"])
)
mappings = st.builds(
    Mapping,
    target=st.just("accidents"),
    source=st.from_regex(r"[a-z0-9][a-z0-9_-]{0,9}", fullmatch=True),
    layout=st.builds(
        TableLayout,
        encoding=st.none() | columns,
        delimiter=st.none() | st.sampled_from(",;\t|"),
        sheet=st.none() | columns,
        header_row=st.integers(1, 9),
    ),
    nulls=nulls,
    key=st.builds(
        KeyRule, columns=st.lists(columns, max_size=2).map(tuple), with_row_hash=st.just(True)
    ),
    fields=st.tuples(
        rules.map(lambda rule: ("story", rule)),
        columns.map(lambda column: ("day", ValueRule(TextSource("column", (column,))))),
    ),
    units=st.none()
    | st.builds(
        UnitRule,
        levels=st.lists(levels, min_size=1, max_size=2).map(tuple),
        may_create=st.booleans(),
        organisation=columns,
        organisation_name=texts,
        under=texts,
        opened_on=st.just("1990-01-31"),
        country=st.sampled_from(["", "KZ"]),
        language=st.sampled_from(["kk", "ru", "en"]),
    ),
    title=texts,
)


@given(mappings)
def test_written_mapping_is_read_back_as_the_same(schema, mapping):
    remarks = {"key": "why", "fields.story": "a remark\nof two lines", "end": "more"}
    assert mapping_from_toml(mapping_to_toml(mapping, remarks), schema) == mapping


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_is_quoted(text):
    assert tomllib.loads(f"{toml_key(text)} = {toml_text(text)}") == {text: text}


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_no_remark_can_become_a_separate_line(schema, remark):
    mapping = Mapping(
        target="accidents",
        source="a",
        layout=TableLayout(),
        nulls=frozenset(),
        key=KeyRule(with_row_hash=True),
        fields=(("day", ValueRule(TextSource("column", ("d",)))),),
    )
    assert mapping_from_toml(mapping_to_toml(mapping, {"key": remark}), schema) == mapping
