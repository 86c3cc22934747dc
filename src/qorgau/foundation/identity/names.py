"""Names of accounts: one spelling for each, and none that looks like another.

Journal and pages name people by these names, so two that a reader cannot tell apart would let one
person's acts pass for another's. Names have letters of one alphabet, Latin or Cyrillic; what looks
the same in both, or as a digit, has one key (the idea is that of "skeletons" in Unicode Technical
Standard 39; its table covers every script, this one the characters that a name may have).
"""

from __future__ import annotations

import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

_LATIN = frozenset("abcdefghijklmnopqrstuvwxyz")
_CYRILLIC = frozenset("абвгдеёжзийклмнопрстуфхцчшщъыьэюяәғқңөұүһі")
_SIGNS = frozenset("0123456789@.+-_")

# By what a reader sees in a common typeface, small letters, marks left out.
_LOOKS_LIKE = str.maketrans(
    {
        "0": "o", "1": "l", "6": "b", "i": "l", "m": "rn", "w": "vv",
        "а": "a", "б": "b", "в": "b", "г": "r", "ғ": "r", "е": "e", "ё": "e", "з": "3", "й": "и",
        "і": "l", "к": "k", "қ": "k", "м": "rn", "н": "h", "ң": "h", "һ": "h", "о": "o", "ө": "o",
        "п": "n", "р": "p", "с": "c", "т": "t", "у": "y", "ұ": "y", "ү": "y", "х": "x", "щ": "ш",
        "ъ": "b", "ы": "bl", "ь": "b", "ю": "lo",
    }
)  # fmt: skip

# Who acts in the journal without being a person with an account, in every language of the pages,
# and names that a machine gives its owner.
_RESERVED = (
    "system", "the.system", "anonymous", "nobody", "demonstration", "operator", "root",
    "qorgau", "жүйе", "аноним", "анонимді", "анонимно", "система", "оператор",
    "демонстрация",
)  # fmt: skip


def normalised(username: str) -> str:
    """The one spelling in which a name is stored and looked for."""
    return unicodedata.normalize("NFKC", username).casefold().strip()


def name_key(username: str) -> str:
    """The same for names that a reader cannot tell apart."""
    return normalised(username).translate(_LOOKS_LIKE)


_RESERVED_KEYS = frozenset(name_key(name) for name in _RESERVED)


def require_plain_name(username: str) -> None:
    """Refuse a name that is reserved, or that is written so that it may deceive."""
    letters = set(username) - _SIGNS
    in_one_alphabet = letters <= _LATIN or letters <= _CYRILLIC
    if not in_one_alphabet or not any(sign.isalnum() for sign in username):
        raise ValidationError(
            {
                "username": _(
                    "A user name has letters of one alphabet, Latin or Cyrillic, digits, and the "
                    "signs @ . + - _"
                )
            }
        )
    if name_key(username) in _RESERVED_KEYS:
        raise ValidationError({"username": _("This name is reserved. Choose another one.")})
