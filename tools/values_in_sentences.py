"""Which parts of a translation must not depend on a value, and which values are numbers.

A suffix, a case or a gender that suits one number does not suit the next. A value is therefore
alone, or next to a word that carries the case, as in «%(unit)s бөлімшесінің». A sign that never
varies may carry a suffix: «%(share)s %%-ы», because it is always read as the same word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

NUMBERS = (0, 1, 2, 5, 11, 21, 101, 2.5)


def _names(words: str) -> frozenset[str]:
    return frozenset(words.split())


# Names of counts, and of quantities that may be fractions.
_COUNTS = _names(
    """
    all bound cases changed corps count counted created days deaths duplicate false fewest_links
    filled hours hurt imported length limit more most n_cells n_columns number observed rates
    rejected required rises rows series settled shown signals small_count total tried unchanged
    units unused updated weeks years
    """
)
_QUANTITIES = _names(
    """
    averted averted_high averted_low change corps_years difference expected exposure high highest
    least low lower p percent person_years rate ratio rounding share share_lower share_upper size
    times upper weight
    """
)
# Where such a name is something else: the number of a record, a list, a period, a clause.
_OTHER_VALUES = re.compile(
    r"(?i)(?:incident|number|merged into|joined to|join to|edit) %\(number\)s"
    r"|no person-time: %\(units\)s|(?:army|Crimea), %\(years\)s|%\(observed\)s%\(times\)s"
    r"|one of: %\(expected\)s|larger than %\(limit\)s"
)
_PLACEHOLDER = re.compile(r"%\((\w+)\)([a-z])")

_VALUE = r"(?:%\(\w+\)[a-z]|\{\w*\})"
_GLUED = re.compile(rf"{_VALUE}[»”\"']?(?:[-‑–][^\W\d_]|[^\W\d_])\w*|\w[-‑]{_VALUE}")
_PARTICLE = re.compile(rf"{_VALUE}[»”\"']?[ \u00a0](?:[бмп]ен|[дт][ае]|[бмп][ае])(?!\w)")
_LOOSE_PERCENT = re.compile(rf"(?:{_VALUE}|\d) ?%%|\d ?%(?![%(\w])")
_LOOSE_UNIT = re.compile(rf"(?:{_VALUE}|\d) (?:[КМГ]Б|к?м|мм|кг|°C)(?!\w)")
_LOOSE_GROUP = re.compile(r"(?<![\d.,])\d{1,3} \d{3}(?!\d)")


def value_faults(translation: str) -> Iterator[str]:
    """Parts of a Kazakh or Russian sentence that depend on a value and do not suit every value."""
    for glued in _GLUED.finditer(translation):
        yield f"a suffix or prefix on a value in {glued[0]!r}"
    for particle in _PARTICLE.finditer(translation):
        yield f"a particle that sounds with the value in {particle[0]!r}"
    for loose in (_LOOSE_PERCENT, _LOOSE_UNIT, _LOOSE_GROUP):
        for found in loose.finditer(translation):
            yield f"no no-break space in {found[0]!r}"


def numbers_of(message: str) -> dict[str, bool]:
    """The numbers in a message by name, and whether they may be fractions."""
    others = {name for part in _OTHER_VALUES.findall(message) for name in re.findall(r"\w+", part)}
    found = {}
    for name, form in _PLACEHOLDER.findall(message):
        if form == "d":
            found[name] = False
        elif name in _COUNTS | _QUANTITIES and name not in others:
            found[name] = name in _QUANTITIES
    return found
