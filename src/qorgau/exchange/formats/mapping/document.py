"""Read the text of a mapping file as TOML, in time that grows with its length and no faster."""

from __future__ import annotations

import re
import tomllib

from qorgau.exchange.formats.format_errors import FormatError, gettext_noop

# A key of a mapping has at most four steps. Python's reader needs a time that grows with the
# square of the steps.
_LONG_KEY = re.compile(
    r"""(?<![\w"'-])(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')"""
    r"""(?:[ \t]*+\.[ \t]*+(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')){16}"""
)


def read_document(content: str) -> dict[str, object]:
    """Read the text of a mapping file.

    Parameters
    ----------
    content : str

    Returns
    -------
    dict

    Raises
    ------
    FormatError
        When it is not TOML, or has a key of more steps than any mapping needs.
    """
    if _LONG_KEY.search(content):
        raise FormatError(
            gettext_noop(
                "In the mapping, a key has too many parts with points between them. Put it in "
                "quotation marks if the points belong to a name."
            )
        )
    try:
        return tomllib.loads(content)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise FormatError(
            gettext_noop("The mapping is not valid TOML: %(problem)s."), problem=str(error)
        ) from error
