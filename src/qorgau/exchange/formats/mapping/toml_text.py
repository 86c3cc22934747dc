"""Write a `Mapping` as the text of a mapping file, with remarks as comments."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping as MappingOf

from qorgau.exchange.formats.mapping.spec import Mapping, TextSource, UnitRule, ValueRule

_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def mapping_to_toml(mapping: Mapping, remarks: MappingOf[str, str] | None = None) -> str:
    """Write a mapping as TOML from which `mapping_from_toml` reads the same mapping.

    Parameters
    ----------
    mapping : Mapping
    remarks : mapping of str to str, optional
        Comments by place: ``fields.NAME``, ``key``, ``units``, or ``end`` for the end of the
        file.

    Returns
    -------
    str
    """
    remarks = remarks or {}
    lines = ["[mapping]"]
    lines += _pairs(target=mapping.target, source=mapping.source, title=mapping.title)
    if mapping.nulls:
        lines.append(f"nulls = {_texts(sorted(mapping.nulls))}")
    lines += _file_lines(mapping)
    lines += ["", *_remark(remarks.get("key")), "[key]"]
    if mapping.key.columns:
        lines.append(f"columns = {_texts(mapping.key.columns)}")
    if mapping.key.with_row_hash:
        lines.append("row_hash = true")
    for name, rule in mapping.fields:
        lines += ["", *_remark(remarks.get(f"fields.{name}")), f"[fields.{toml_key(name)}]"]
        lines += _rule_lines(rule, f"fields.{toml_key(name)}")
    if mapping.units is not None:
        lines += ["", *_remark(remarks.get("units")), *_unit_lines(mapping.units)]
    if "end" in remarks:
        lines += ["", *_remark(remarks["end"])]
    return "\n".join(lines) + "\n"


def toml_text(text: str) -> str:
    """Write a text in TOML quotation marks."""
    written = "".join(
        _ESCAPES.get(sign, sign if sign.isprintable() else f"\\U{ord(sign):08X}") for sign in text
    )
    return f'"{written}"'


def toml_key(name: str) -> str:
    """Write a key, in quotation marks where TOML requires them."""
    bare = name.replace("_", "").replace("-", "")
    return name if bare.isascii() and bare.isalnum() else toml_text(name)


def _texts(texts: Iterable[str]) -> str:
    return f"[{', '.join(map(toml_text, texts))}]"


def _pairs(**texts: str) -> list[str]:
    return [f"{key} = {toml_text(text)}" for key, text in texts.items() if text]


def _remark(text: str | None) -> list[str]:
    """Comment lines, without characters that TOML forbids in comments."""
    lines = (text or "").splitlines()
    plain = ("".join(s for s in " ".join(line.split()) if s.isprintable()) for line in lines)
    return [f"# {line}" for line in plain]


def _file_lines(mapping: Mapping) -> list[str]:
    layout = mapping.layout
    lines = _pairs(
        encoding=layout.encoding or "", delimiter=layout.delimiter or "", sheet=layout.sheet or ""
    )
    if layout.header_row != 1:
        lines.append(f"header_row = {layout.header_row}")
    return ["", "[file]", *lines] if lines else []


def _source_line(source: TextSource) -> list[str]:
    if source.kind == "column":
        return [f"column = {toml_text(source.columns[0])}"]
    if source.kind in ("template", "constant"):
        return [f"{source.kind} = {toml_text(source.text)}"]
    lines = [f"{source.kind} = {_texts(source.columns)}"]
    if source.kind == "join":
        lines.append(f"separator = {toml_text(source.text)}")
    return lines


def _rule_lines(rule: ValueRule, place: str) -> list[str]:
    lines = _source_line(rule.source)
    if rule.nulls:
        lines.append(f"nulls = {_texts(sorted(rule.nulls))}")
    if rule.forms:
        lines.append(f"forms = {_texts(rule.forms)}")
    lines += _pairs(strip_prefix=rule.strip_prefix, strip_suffix=rule.strip_suffix)
    if rule.decimal_mark != ".":
        lines.append(f"decimal_mark = {toml_text(rule.decimal_mark)}")
    if rule.part is not None:
        separator = toml_text(rule.part.separator)
        lines.append(f"part = {{ separator = {separator}, place = {rule.part.place} }}")
    lines += _pairs(add_prefix=rule.add_prefix)
    if rule.default is not None:
        lines.append(f"default = {toml_text(rule.default)}")
    if rule.values:
        lines += ["", f"[{place}.values]"]
        lines += [f"{toml_key(text)} = {toml_text(value)}" for text, value in rule.values]
    return lines


def _unit_lines(rule: UnitRule) -> list[str]:
    lines = ["[units]", f"create = {'true' if rule.may_create else 'false'}"]
    lines += _pairs(
        organisation=rule.organisation,
        organisation_name=rule.organisation_name,
        under=rule.under,
        opened_on=rule.opened_on,
        language=rule.language,
        country=rule.country,
    )
    for level in rule.levels:
        lines += ["", "[[units.levels]]", *_pairs(kind=level.kind)]
        for part, value in (("code", level.code), ("name", level.name)):
            lines += ["", f"[units.levels.{part}]", *_rule_lines(value, f"units.levels.{part}")]
    return lines
