"""Mapping files: all faults are reported together, in sentences."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qorgau.exchange.formats.format_errors import CompoundFormatError, FormatError, errors_of
from qorgau.exchange.formats.mapping import mapping_from_toml, read_mapping


def test_text_instead_of_a_table_names_a_column(read):
    mapping = read('story = "What happened"\n')
    assert dict(mapping.fields)["story"].source.columns == ("What happened",)
    assert mapping.target == "accidents"


@pytest.mark.parametrize(
    ("added", "sentence"),
    [
        ('storey = "a"\n', 'fields has no "storey"; the nearest is "story"'),
        ('[fields.story]\ncolum = "a"\n', r"fields.story must have exactly one of column, join"),
        ('[fields.story]\ncolumn = "a"\nconstant = "b"\n', "it has column, constant"),
        ('[fields.story]\ncolumn = "a"\nnull = ["x"]\n', 'has no "null"; the nearest is "nulls"'),
        ("[fields.story]\ncolumn = 3\n", "fields.story.column must be a text"),
        ("[fields.story]\njoin = []\n", "fields.story names no column"),
        ('[fields.story]\ntemplate = "{a"\n', "a brace without a column name"),
        ('[fields.story]\ncolumn = "a"\ndecimal_mark = ";"\n', 'must be "." or ","'),
        ('[fields.story]\ncolumn = "a"\npart = { place = 1 }\n', "needs a separator"),
        ('[fields.kind]\nconstant = "injry"\n', '"injry", which is not one of its values'),
        ('[fields.kind]\ncolumn = "k"\n[fields.kind.values]\na = "ilness"\n', '"illness"'),
        ('[fields.kind]\ncolumn = "k"\ndefault = "near-miss"\n', 'the nearest is "near_miss"'),
        ('[fields.review]\ncolumn = "a"\nforms = ["exel"]\n', 'no date format "exel"'),
        ('[fields.time]\ncolumn = "a"\nforms = ["clok"]\n', 'no time format "clok"'),
        ("[file]\nheader_row = 0\n", "header_row must be 1 or more"),
        ("[file]\nheader_row = true\n", "file.header_row must be a whole number"),
        ('[file]\ndelimiter = "ab"\n', "file.delimiter must be one character"),
        ('[file]\nencodin = "a"\n', 'file has no "encodin"; the nearest is "encoding"'),
        ("[unit]\nx = 1\n", 'the file has no "unit"; the nearest is "units"'),
        ("[units]\ncreate = true\n", "units has no level"),
        ('[units]\ncreate = true\n[[units.levels]]\ncode = "a"\n', "units.organisation must be"),
        ('[units]\nlanguage = "de"\n[[units.levels]]\ncode = "a"\n', "must be kk, ru or en"),
        ('[units]\nopened_on = "1.1.90"\n[[units.levels]]\ncode = "a"\n', "such as 1990-01-31"),
        ('[[units.levels]]\ncode = "a"\nkind = "compny"\n', 'the nearest is "company"'),
        ("[units]\nlevels = 3\n", "units.levels must be a list"),
    ],
)
def test_fault_is_a_sentence_that_names_the_place(read, added, sentence):
    with pytest.raises(FormatError, match=sentence):
        read(added)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("[mapping", "not valid TOML"),
        ('[mapping]\nsource = "Test System"\n', "lower-case Latin letters"),
        ('[mapping]\nsource = "a"\ntarget = "persons"\n', 'for "persons" and was given for'),
        ('[mapping]\nsource = "a"\n[key]\nrow_hash = true\n', 'does not fill "day"'),
        ('[mapping]\nsource = "a"\n[fields]\nday = "d"\n', "how to recognise a row"),
    ],
)
def test_what_every_mapping_needs(schema, content, sentence):
    with pytest.raises(FormatError, match=sentence):
        mapping_from_toml(content, schema)


def test_all_faults_are_reported_together(read):
    with pytest.raises(CompoundFormatError) as caught:
        read('storey = "a"\n[fields.kind]\nconstant = "x"\n[fil]\n')
    assert len(errors_of(caught.value)) == 3


def test_files_that_cannot_be_read(tmp_path, schema):
    with pytest.raises(FormatError, match="cannot be opened"):
        read_mapping(tmp_path / "none.toml", schema)
    path = tmp_path / "a.toml"
    path.write_bytes("[mapping] # имя".encode("cp1251"))
    with pytest.raises(FormatError, match="not UTF-8"):
        read_mapping(path, schema)
    path.write_bytes(b"#" * (1 << 20) + b"##")
    with pytest.raises(FormatError, match=r"too large \(the maximum is 1 MB\)"):
        read_mapping(path, schema)


WORDS = """
mapping source key columns row_hash fields day kind units levels code name file nulls values
column constant template forms default part place separator
"""
words = st.sampled_from(WORDS.split())
leaves = st.one_of(st.booleans(), st.integers(), st.text(max_size=5), st.just("excel"))
documents = st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=4),
    max_leaves=12,
)


def as_toml(value):
    if isinstance(value, dict):
        inside = ", ".join(f"{key} = {as_toml(item)}" for key, item in value.items())
        return f"{{ {inside} }}"
    if isinstance(value, list):
        return f"[{', '.join(map(as_toml, value))}]"
    if isinstance(value, str):
        return "'" + "".join(sign for sign in value if sign.isprintable() and sign != "'") + "'"
    return str(value).lower()


@given(st.dictionaries(words, documents, max_size=5))
def test_any_toml_is_a_mapping_or_sentences(schema, sentence_of, document):
    text = "\n".join(f"{key} = {as_toml(value)}" for key, value in document.items())
    assert sentence_of(lambda: mapping_from_toml(text, schema)).endswith(".")


@given(st.text(max_size=200))
def test_any_text_is_a_mapping_or_sentences(schema, sentence_of, text):
    assert sentence_of(lambda: mapping_from_toml(text, schema))
