"""Texts with ``{column}`` placeholders. Nothing is evaluated; ``{{`` and ``}}`` are braces."""

from __future__ import annotations

import re

from qorgau.exchange.formats.format_errors import FormatError, gettext_noop

_TOKEN = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")


def parse_template(text: str) -> tuple[tuple[str, str | None], ...]:
    """Split a template into literal texts and the column after each.

    Parameters
    ----------
    text : str

    Returns
    -------
    tuple of (str, str or None)
        In order; the last column is None.

    Raises
    ------
    FormatError
        When a brace is not closed or a placeholder has no column name.
    """
    pieces: list[tuple[str, str | None]] = []
    literal, at = "", 0
    for match in _TOKEN.finditer(text):
        literal += text[at : match.start()]
        at = match.end()
        token, column = match.group(), match.group(1)
        if token in ("{{", "}}"):
            literal += token[0]
        elif column is None or not column.strip():
            raise FormatError(
                gettext_noop(
                    'The template "%(template)s" has a brace without a column name. Write '
                    "{column name}, or {{ and }} for plain braces."
                ),
                template=text,
            )
        else:
            pieces.append((literal, column.strip()))
            literal = ""
    return (*pieces, (literal + text[at:], None))


def columns_of_template(text: str) -> tuple[str, ...]:
    """Return the columns that a template reads, in order.

    Raises
    ------
    FormatError
        As `parse_template`.
    """
    return tuple(column for _, column in parse_template(text) if column is not None)
