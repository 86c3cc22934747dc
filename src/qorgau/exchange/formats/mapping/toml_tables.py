"""Read the tables of a mapping file strictly: every fault says where it is and what to write."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from qorgau.exchange.formats.format_errors import (
    CompoundFormatError,
    FormatError,
    errors_of,
    gettext_noop,
    nearest,
)

_KIND_NAMES = {
    str: gettext_noop("a text in quotation marks"),
    bool: gettext_noop("true or false"),
    int: gettext_noop("a whole number"),
    dict: gettext_noop("a table"),
    list: gettext_noop("a list in square brackets"),
}


class TomlTable:
    """One table of the file; every key is read once, and an unread key is a fault.

    Parameters
    ----------
    content : dict
        As read by ``tomllib``.
    place : str
        Name of the table in the file, for the sentences.
    complaints : list of FormatError
        List that collects the faults of all tables of a file.
    """

    def __init__(
        self, content: dict[str, object], place: str, complaints: list[FormatError]
    ) -> None:
        self.place = place
        self._content = dict(content)
        self._asked: list[str] = []
        self.complaints = complaints

    def __contains__(self, key: str) -> bool:
        return key in self._content

    def text(self, key: str, default: str = "") -> str:
        """Read a text."""
        value = self._take(key, str)
        return value if isinstance(value, str) else default

    def optional_text(self, key: str) -> str | None:
        """Read a text; None when it is absent."""
        value = self._take(key, str)
        return value if isinstance(value, str) else None

    def truth(self, key: str, default: bool) -> bool:
        """Read true or false."""
        value = self._take(key, bool)
        return value if isinstance(value, bool) else default

    def whole_number(self, key: str, default: int) -> int:
        """Read a whole number."""
        value = self._take(key, int)
        return value if isinstance(value, int) else default

    def texts(self, key: str) -> tuple[str, ...]:
        """Read a list of texts; a single text is a list of one, a number becomes its digits."""
        value = self._content.get(key)
        if isinstance(value, str):
            self._take(key, str)
            return (value,)
        items = self._take(key, list)
        if not isinstance(items, list):
            return ()
        return tuple(self._plain(item, key) for item in items)

    def value_map(self, key: str) -> tuple[tuple[str, str], ...]:
        """Read a table of texts."""
        value = self._take(key, dict)
        if not isinstance(value, dict):
            return ()
        return tuple((str(name), self._plain(item, key)) for name, item in value.items())

    def table(self, key: str) -> TomlTable | None:
        """Read a table inside this one."""
        value = self._take(key, dict)
        if not isinstance(value, dict):
            return None
        return TomlTable(value, self._inside(key), self.complaints)

    def tables(self, key: str) -> list[TomlTable]:
        """Read a list of tables."""
        value = self._take(key, list)
        found = []
        for number, item in enumerate(value if isinstance(value, list) else [], start=1):
            if isinstance(item, dict):
                place = f"{self._inside(key)} {number}"
                found.append(TomlTable(item, place, self.complaints))
            else:
                self._complain_of_kind(key, dict)
        return found

    def text_or_table(self, key: str) -> str | TomlTable | None:
        """Read a value that may be a text (short form) or a table (long form)."""
        value = self._content.get(key)
        if isinstance(value, dict):
            return self.table(key)
        return self.optional_text(key)

    def names(self) -> tuple[str, ...]:
        """Return the keys of the table."""
        return tuple(self._content)

    def refuse_the_rest(self) -> None:
        """Add a fault for every key that nothing has read."""
        for key in self._content:
            if key not in self._asked:
                self.complaints.append(unknown_word(key, self._asked, self.place))

    def _inside(self, key: str) -> str:
        return f"{self.place}.{key}" if self.place else key

    def _take(self, key: str, kind: type) -> object:
        self._asked.append(key)
        if key not in self._content:
            return None
        value = self._content[key]
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            self._complain_of_kind(key, kind)
            return None
        return value

    def _plain(self, item: object, key: str) -> str:
        if isinstance(item, str):
            return item
        if isinstance(item, int | float) and not isinstance(item, bool):
            return str(item)
        self._complain_of_kind(key, str)
        return ""

    def _complain_of_kind(self, key: str, kind: type) -> None:
        self.complaints.append(
            FormatError(
                gettext_noop("In the mapping, %(place)s must be %(kind)s."),
                place=self._inside(key),
                kind=_KIND_NAMES[kind],
            )
        )


def unknown_word(word: str, known: Iterable[str], place: str) -> FormatError:
    """Return the fault of a word that mapping files do not have."""
    names = list(dict.fromkeys(known))
    return FormatError(
        gettext_noop(
            'In the mapping, %(place)s has no "%(word)s"; the nearest is "%(near)s". '
            "It may have: %(names)s."
        ),
        place=place or "the file",
        word=word,
        near=nearest(word, names) or names[0],
        names=", ".join(names),
    )


def gathered(complaints: list[FormatError], read: Callable[[], None]) -> None:
    """Run ``read`` and add its fault to the complaints instead of raising it."""
    try:
        read()
    except FormatError as fault:
        complaints.extend(errors_of(fault))


def raise_all(complaints: list[FormatError]) -> None:
    """Raise all collected faults together."""
    if len(complaints) == 1:
        raise complaints[0]
    if complaints:
        raise CompoundFormatError(complaints)
