"""Which columns contain the unit of a row, and which level each one is."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from qorgau.exchange.formats.mapping.spec import TextSource, UnitLevel, UnitRule, ValueRule
from qorgau.exchange.formats.suggestion.likeness import best_likeness, words_of
from qorgau.exchange.formats.suggestion.profile import ColumnProfile
from qorgau.exchange.formats.suggestion.vocabulary import SuggestionVocabulary
from qorgau.exchange.formats.tables import Row

_LIKE = 0.45
_MOST_LEVELS = 3
_CODE_WORDS = frozenset(("id", "code", "number", "key", "код", "номер", "коды", "нөмірі"))
_NAME_WORDS = frozenset(("name", "title", "название", "наименование", "атауы"))
# Few rows that break the order are errors or moved units; more mean that there is no order.
_SHARE_THAT_HOLDS = 0.85


def suggest_units(
    profiles: Sequence[ColumnProfile],
    columns: Sequence[str],
    rows: Sequence[Row],
    vocabulary: SuggestionVocabulary,
    source: str,
    earliest: date | None,
) -> tuple[UnitRule | None, tuple[str, ...]]:
    """Suggest how units are found.

    Parameters
    ----------
    profiles : sequence of ColumnProfile
        Profiles of the columns that may contain units.
    columns : sequence of str
        All columns of the rows.
    rows : sequence of Row
    vocabulary : SuggestionVocabulary
    source : str
        Prefix of the codes of new units and name of their organisation.
    earliest : date or None
        Day of the first event in the sample; new units exist from the start of that century.

    Returns
    -------
    rule : UnitRule or None
    columns : tuple of str
        The columns that the rule reads, the top unit first.
    """
    candidates = [profile for profile in profiles if _may_be_unit(profile, vocabulary)]
    return units_from(candidates, columns, rows, source, earliest)


def units_from(
    profiles: Sequence[ColumnProfile],
    columns: Sequence[str],
    rows: Sequence[Row],
    source: str,
    earliest: date | None,
) -> tuple[UnitRule | None, tuple[str, ...]]:
    """Sort columns that are known to contain units and return a rule for them.

    For parameters and results see `suggest_units`.
    """
    by_stem: dict[tuple[str, ...], list[ColumnProfile]] = defaultdict(list)
    for profile in profiles:
        by_stem[_stem(profile.name)].append(profile)
    places = {name: place for place, name in enumerate(columns)}
    tops_first = sorted(by_stem.values(), key=lambda group: min(p.n_distinct for p in group))
    chain: list[list[ColumnProfile]] = []
    for group in tops_first:
        if not chain or _determines(rows, places[group[0].name], places[chain[-1][0].name]):
            chain.append(group)
    if not chain:
        return None, ()
    chain = chain[-_MOST_LEVELS:]
    below = (_level(chain[: depth + 1], source) for depth in range(len(chain)))
    rule = UnitRule(
        levels=(_top_level(source), *below),
        may_create=True,
        organisation=source,
        organisation_name=source,
        opened_on=_opening_day(earliest),
    )
    read = {
        column
        for level in rule.levels
        for part in (level.code, level.name)
        for column in part.source.columns
    }
    return rule, tuple(p.name for group in chain for p in group if p.name in read)


def _opening_day(earliest: date | None) -> str:
    """A day before all events of a file, because the file does not say when its units began."""
    year = min(earliest.year, 1900) if earliest else 1900
    return f"{max(year - year % 100, 1):04d}-01-01"


def _may_be_unit(profile: ColumnProfile, vocabulary: SuggestionVocabulary) -> bool:
    stem = " ".join(_stem(profile.name))
    is_named = best_likeness(stem, vocabulary.units) >= _LIKE
    is_filled = profile.n_filled >= 0.5 * profile.n_rows
    return is_named and is_filled and profile.dates.share < 0.5 and profile.mean_characters < 120


def _stem(name: str) -> tuple[str, ...]:
    """The words of a name without those that mean "code" or "name"."""
    words = words_of(name)
    return tuple(word for word in words if word not in _CODE_WORDS | _NAME_WORDS) or words


def _determines(rows: Sequence[Row], lower: int, upper: int) -> bool:
    """Whether each text of the lower column occurs with only one text of the upper column."""
    pairs: dict[str, str] = {}
    n_rows = n_breaking = 0
    for row in rows:
        if row.fault is None and row.cells[lower].strip():
            n_rows += 1
            n_breaking += pairs.setdefault(row.cells[lower], row.cells[upper]) != row.cells[upper]
    return bool(n_rows) and n_breaking <= (1 - _SHARE_THAT_HOLDS) * n_rows


def _top_level(source: str) -> UnitLevel:
    """One unit above all others, so that a role for it gives access to the whole file."""
    return UnitLevel(
        ValueRule(TextSource("constant", text=_prefix(source))),
        ValueRule(TextSource("constant", text=source)),
    )


def _prefix(source: str) -> str:
    return re.sub(r"[^A-Z0-9]+", "-", source.upper()).strip("-")


def _level(groups: Sequence[Sequence[ColumnProfile]], source: str) -> UnitLevel:
    """The level of the last group; its code contains those above, because names can repeat."""
    *above, group = groups
    columns = [_code_column(each) for each in (*above, group)]
    name = next((p.name for p in group if p.name != columns[-1]), columns[-1])
    has_codes = all(set(words_of(column)) & _CODE_WORDS for column in columns)
    if has_codes and not set("".join(columns)) & set("{}"):
        text = "-".join((_prefix(source), *(f"{{{column}}}" for column in columns)))
        code = ValueRule(TextSource("template", tuple(columns), text))
    else:
        code = ValueRule(TextSource("hash", tuple(columns), " "), add_prefix=f"{_prefix(source)}-")
    return UnitLevel(code, ValueRule(TextSource("column", (name,))), "")


def _code_column(group: Sequence[ColumnProfile]) -> str:
    codes = [p.name for p in group if set(words_of(p.name)) & _CODE_WORDS]
    return codes[0] if codes else group[0].name
