"""One kind of change in the journal: its key, its details, and its sentence.

Each app declares its actions in `history.py` and uses them to write and to read entries; this
module does not know any of them.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from functools import cache
from typing import Any, ClassVar, Self, get_type_hints

from django.utils.functional import Promise
from django.utils.translation import gettext as _


@dataclass(frozen=True)
class JournalAction:
    """One kind of change; the fields of a subclass are the details of its journal entries.

    A name reserved in Python ends in an underscore here, but not in the entry. A field that is
    None is left out of the entry.
    """

    key: ClassVar[str]
    # What was done, without details: for readers who may not see them, and when the details of an
    # entry cannot be read.
    label: ClassVar[str | Promise]
    subject_kind: ClassVar[str]
    subject_label: ClassVar[str | Promise]

    def details(self) -> dict[str, object]:
        """The details to store."""
        held = ((stored, getattr(self, name)) for name, stored in _stored_names(type(self)))
        return {stored: value for stored, value in held if value is not None}

    @classmethod
    def from_details(cls, details: Mapping[str, Any]) -> Self:
        """The change from stored details; details without a field are ignored."""
        values = {}
        for name, stored in _stored_names(cls):
            if details.get(stored) is not None:
                values[name] = _converted(cls, name, details[stored])
        return cls(**values)

    def sentence(self) -> str:
        """What was done, in the active language."""
        return str(self.label)

    def note(self) -> str:
        """A person's remark or other information; often empty."""
        return ""


@dataclass(frozen=True)
class EntryText:
    """An entry of the journal in the active language."""

    sentence: str
    note: str = ""


class JournalReader:
    """Reads entries, with the actions of all apps.

    An entry with unknown or damaged content gives a general sentence, so that its page still opens.
    """

    def __init__(self, actions: Iterable[type[JournalAction]]) -> None:
        self._actions = {action.key: action for action in actions}
        self._kinds = {a.subject_kind: a.subject_label for a in self._actions.values()}

    def read(self, key: str, details: str) -> EntryText:
        """The text of an entry for a person who may read its details."""
        action = self._actions.get(key)
        if action is None:
            return EntryText(self.label_of(key))
        try:
            done = action.from_details(json.loads(details))
            return EntryText(str(done.sentence()), str(done.note() or ""))
        except Exception:  # Any fault in the stored details, whoever wrote them.
            return EntryText(str(action.label))

    def label_of(self, key: str) -> str:
        """The text of an entry for a person who may not read its details."""
        action = self._actions.get(key)
        return str(action.label) if action else _("A change of a kind that is no longer known")

    def kind_label(self, subject_kind: str) -> str:
        """The kind of record that an entry is about."""
        return str(self._kinds.get(subject_kind) or _("record"))


@cache
def _stored_names(action: type[JournalAction]) -> tuple[tuple[str, str], ...]:
    return tuple((field.name, field.name.rstrip("_")) for field in fields(action))


@cache
def _types(action: type[JournalAction]) -> dict[str, Any]:
    return get_type_hints(action)


def _converted(action: type[JournalAction], name: str, stored: Any) -> Any:
    """Convert a stored value: days are stored as text, everything else as in JSON."""
    wanted = _types(action)[name]
    is_day = wanted in (dt.date, dt.date | None)
    return dt.date.fromisoformat(stored) if is_day else stored
