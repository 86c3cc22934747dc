"""Read a mapping file (TOML) into a checked `Mapping`; all faults are reported together.

The file has the tables ``[mapping]``, ``[file]``, ``[key]``, ``[fields.NAME]`` and ``[units]``.
It is data: it can name columns, texts and forms, and nothing in it is executed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from qorgau.exchange.formats.clock_times import TimeReader
from qorgau.exchange.formats.dates import date_form
from qorgau.exchange.formats.format_errors import FormatError, gettext_noop, nearest
from qorgau.exchange.formats.mapping.document import read_document
from qorgau.exchange.formats.mapping.schema import TargetField, TargetSchema
from qorgau.exchange.formats.mapping.spec import (
    KeyRule,
    Mapping,
    Part,
    SourceKind,
    TextSource,
    UnitLevel,
    UnitRule,
    ValueRule,
)
from qorgau.exchange.formats.mapping.templates import columns_of_template
from qorgau.exchange.formats.mapping.toml_tables import (
    TomlTable,
    gathered,
    raise_all,
    unknown_word,
)
from qorgau.exchange.formats.tables import TableLayout

_SOURCE_KINDS: tuple[SourceKind, ...] = (
    "column",
    "join",
    "template",
    "constant",
    "hash",
    "first_of",
)
_LARGEST_MAPPING_BYTES = 1 << 20
_SOURCE_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}\Z")


def read_mapping(path: Path, schema: TargetSchema) -> Mapping:
    """Read and check a mapping file.

    Parameters
    ----------
    path : Path
    schema : TargetSchema
        The fields that it may fill.

    Returns
    -------
    Mapping

    Raises
    ------
    FormatError
        When the file cannot be read or anything in it is wrong; `CompoundFormatError` for several.
    """
    try:
        if path.stat().st_size > _LARGEST_MAPPING_BYTES:
            raise FormatError(
                gettext_noop("The mapping %(path)s is too large (the maximum is 1 MB)."),
                path=path,
            )
        content = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise FormatError(
            gettext_noop("The mapping %(path)s cannot be opened: %(problem)s."),
            path=path,
            problem=error.strerror or str(error),
        ) from error
    except UnicodeDecodeError as error:
        raise FormatError(
            gettext_noop("The mapping %(path)s is not UTF-8 text. Save it as UTF-8."), path=path
        ) from error
    return mapping_from_toml(content, schema)


def mapping_from_toml(content: str, schema: TargetSchema) -> Mapping:
    """Check the text of a mapping file.

    Parameters
    ----------
    content : str
    schema : TargetSchema

    Returns
    -------
    Mapping

    Raises
    ------
    FormatError
        As `read_mapping`.
    """
    document = read_document(content)
    complaints: list[FormatError] = []
    top = TomlTable(document, "", complaints)
    head = top.table("mapping") or TomlTable({}, "mapping", complaints)
    mapping = Mapping(
        target=head.text("target", schema.name),
        source=head.text("source"),
        title=head.text("title"),
        nulls=_folded(head.texts("nulls")),
        layout=_layout(top.table("file")),
        key=_key(top.table("key"), complaints),
        fields=_fields(top.table("fields"), schema, complaints),
        units=_units(top.table("units"), schema.unit_kinds),
    )
    head.refuse_the_rest()
    top.refuse_the_rest()
    _check_head(mapping, schema, complaints)
    raise_all(complaints)
    return mapping


def _folded(texts: tuple[str, ...]) -> frozenset[str]:
    return frozenset(text.strip().casefold() for text in texts)


def _check_head(mapping: Mapping, schema: TargetSchema, complaints: list[FormatError]) -> None:
    if mapping.target != schema.name:
        complaints.append(
            FormatError(
                gettext_noop(
                    'The mapping is for "%(target)s" and was given for "%(schema)s". '
                    "Give the mapping that belongs to it."
                ),
                target=mapping.target,
                schema=schema.name,
            )
        )
    if not _SOURCE_NAME.match(mapping.source):
        complaints.append(
            FormatError(
                gettext_noop(
                    "In the mapping, mapping.source must name the system that the file comes "
                    "from, in at most 40 lower-case Latin letters, digits and hyphens."
                )
            )
        )
    filled = {name for name, _ in mapping.fields}
    complaints.extend(
        FormatError(
            gettext_noop(
                'The mapping does not fill "%(field)s" (%(label)s), which every record needs. '
                "Add [fields.%(field)s]."
            ),
            field=field.name,
            label=field.label,
        )
        for field in schema
        if field.is_required and field.name not in filled
    )


def _layout(table: TomlTable | None) -> TableLayout:
    if table is None:
        return TableLayout()
    layout = TableLayout(
        encoding=table.optional_text("encoding"),
        delimiter=table.optional_text("delimiter"),
        sheet=table.optional_text("sheet"),
        header_row=table.whole_number("header_row", 1),
    )
    table.refuse_the_rest()
    if layout.delimiter is not None and (
        len(layout.delimiter) != 1 or layout.delimiter in "\"\r\n '" or ord(layout.delimiter) < 9
    ):
        table.complaints.append(
            FormatError(
                gettext_noop(
                    'In the mapping, file.delimiter must be one character, for example ";".'
                )
            )
        )
    if layout.header_row < 1:
        table.complaints.append(
            FormatError(gettext_noop("In the mapping, file.header_row must be 1 or more."))
        )
    return layout


def _key(table: TomlTable | None, complaints: list[FormatError]) -> KeyRule:
    key = KeyRule()
    if table is not None:
        key = KeyRule(table.texts("columns"), table.truth("row_hash", default=False))
        table.refuse_the_rest()
    if not key.columns and not key.with_row_hash:
        complaints.append(
            FormatError(
                gettext_noop(
                    "The mapping does not say how to recognise a row. Under [key] write "
                    'columns = ["..."] with the columns that number the rows, or row_hash = '
                    "true."
                )
            )
        )
    return key


def _fields(
    table: TomlTable | None, schema: TargetSchema, complaints: list[FormatError]
) -> tuple[tuple[str, ValueRule], ...]:
    if table is None:
        return ()
    found: list[tuple[str, ValueRule]] = []
    for name in table.names():
        written = table.text_or_table(name)
        if name not in schema.names():
            complaints.append(unknown_word(name, schema.names(), table.place))
            continue
        rule = _value_rule(written, f"{table.place}.{name}", complaints)
        if rule is not None:
            field = schema.field(name)
            gathered(complaints, lambda r=rule, f=field: _check_rule(r, f))  # type: ignore[misc]
            found.append((name, rule))
    return tuple(found)


def _value_rule(
    written: str | TomlTable | None, place: str, complaints: list[FormatError]
) -> ValueRule | None:
    """Read a rule; a text instead of a table names a column."""
    if written is None:
        return None
    if isinstance(written, str):
        return ValueRule(TextSource("column", (written,)))
    source = _source(written, place)
    rule = ValueRule(
        source=source or TextSource("constant"),
        nulls=_folded(written.texts("nulls")),
        strip_prefix=written.text("strip_prefix"),
        strip_suffix=written.text("strip_suffix"),
        part=_part(written.table("part")),
        add_prefix=written.text("add_prefix"),
        values=written.value_map("values"),
        default=written.optional_text("default"),
        forms=written.texts("forms"),
        decimal_mark=written.text("decimal_mark", "."),
    )
    written.refuse_the_rest()
    if rule.decimal_mark not in (".", ","):
        complaints.append(
            FormatError(
                gettext_noop('In the mapping, %(place)s.decimal_mark must be "." or ",".'),
                place=place,
            )
        )
    return rule if source is not None else None


def _source(table: TomlTable, place: str) -> TextSource | None:
    given = [kind for kind in _SOURCE_KINDS if kind in table]
    texts = {kind: table.texts(kind) for kind in ("hash", "first_of", "join")}
    single = {kind: table.optional_text(kind) for kind in ("column", "template", "constant")}
    separator = table.text("separator", " ")
    if len(given) != 1:
        table.complaints.append(
            FormatError(
                gettext_noop(
                    "In the mapping, %(place)s must have exactly one of %(kinds)s; "
                    "it has %(given)s."
                ),
                place=place,
                kinds=", ".join(_SOURCE_KINDS),
                given=", ".join(given) or gettext_noop("none"),
            )
        )
        return None
    kind = given[0]
    if kind in texts:
        if not texts[kind]:
            table.complaints.append(
                FormatError(gettext_noop("In the mapping, %(place)s names no column."), place=place)
            )
        return TextSource(kind, texts[kind], separator)
    text = single[kind] or ""
    if kind == "column":
        return TextSource(kind, (text,))
    if kind == "constant":
        return TextSource(kind, text=text)
    try:
        return TextSource(kind, columns_of_template(text), text)
    except FormatError as fault:
        table.complaints.append(fault)
        return None


def _part(table: TomlTable | None) -> Part | None:
    if table is None:
        return None
    part = Part(table.text("separator"), table.whole_number("place", 0))
    table.refuse_the_rest()
    if not part.separator:
        table.complaints.append(
            FormatError(
                gettext_noop("In the mapping, %(place)s needs a separator."), place=table.place
            )
        )
    return part


def _units(table: TomlTable | None, kinds: tuple[str, ...]) -> UnitRule | None:
    if table is None:
        return None
    levels = []
    for inner in table.tables("levels"):
        code = _value_rule(inner.text_or_table("code"), f"{inner.place}.code", table.complaints)
        name = _value_rule(inner.text_or_table("name"), f"{inner.place}.name", table.complaints)
        kind = inner.text("kind")
        inner.refuse_the_rest()
        if kind and kinds and kind not in kinds:
            table.complaints.append(unknown_word(kind, kinds, f"{inner.place}.kind"))
        if code is not None:
            levels.append(UnitLevel(code, name or code, kind))
    rule = UnitRule(
        levels=tuple(levels),
        may_create=table.truth("create", default=False),
        organisation=table.text("organisation"),
        organisation_name=table.text("organisation_name"),
        under=table.text("under"),
        opened_on=table.text("opened_on"),
        language=table.text("language", "en"),
        country=table.text("country"),
    )
    table.refuse_the_rest()
    table.complaints.extend(_unit_complaints(rule))
    return rule


def _unit_complaints(rule: UnitRule) -> Iterator[FormatError]:
    if not rule.levels:
        yield FormatError(
            gettext_noop(
                "In the mapping, units has no level. Write [[units.levels]] with the code "
                "of the unit, from the highest unit to the lowest."
            )
        )
    if rule.may_create and not rule.organisation:
        yield FormatError(
            gettext_noop(
                "In the mapping, units.organisation must be the code of the organisation that "
                "new units belong to, because units.create is true."
            )
        )
    if rule.language not in ("kk", "ru", "en"):
        yield FormatError(gettext_noop("In the mapping, units.language must be kk, ru or en."))
    if rule.country and not (len(rule.country) == 2 and rule.country.isupper()):
        yield FormatError(
            gettext_noop("In the mapping, units.country must be two capital letters.")
        )
    if (rule.opened_on or rule.may_create) and date_form("iso")(rule.opened_on) is None:
        yield FormatError(
            gettext_noop(
                "In the mapping, units.opened_on must be the day from which new units exist, "
                "such as 1990-01-31."
            )
        )


def _check_rule(rule: ValueRule, field: TargetField) -> None:
    """Check that a rule suits the field that it fills."""
    if field.kind == "date":
        for form in rule.forms:
            date_form(form)
    elif field.kind == "time":
        TimeReader(rule.forms)
    elif field.kind == "choice":
        values = [value for _, value in rule.values if value]
        constant = [rule.source.text] if rule.source.kind == "constant" and not values else []
        for value in (*values, *constant, *([rule.default] if rule.default else [])):
            if value not in field.choices:
                raise _no_such_choice(value, field)


def _no_such_choice(value: str, field: TargetField) -> FormatError:
    return FormatError(
        gettext_noop(
            'In the mapping, fields.%(field)s gives "%(value)s", which is not one of its values; '
            'the nearest is "%(near)s". They are: %(choices)s.'
        ),
        field=field.name,
        value=value,
        near=nearest(value, field.choices) or field.choices[0],
        choices=", ".join(field.choices),
    )
