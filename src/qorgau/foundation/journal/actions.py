"""What the journal holds of one kind of change: its key, its details, and how they are said.

Each app declares its actions in `history.py`, writes with them and reads with them; nothing here
knows any of them.
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
    """One kind of change; the fields of a subclass are what its journal entries hold.

    A name that Python reserves ends in an underscore here and not in the entry. What is None is
    left out of the entry.
    """

    key: ClassVar[str]
    # What was done, without details: for a reader who may not see these, and for an entry whose
    # details cannot be read.
    label: ClassVar[str | Promise]
    subject_kind: ClassVar[str]
    subject_label: ClassVar[str | Promise]

    def details(self) -> dict[str, object]:
        """What is stored of this change."""
        held = ((stored, getattr(self, name)) for name, stored in _stored_names(type(self)))
        return {stored: value for stored, value in held if value is not None}

    @classmethod
    def from_details(cls, details: Mapping[str, Any]) -> Self:
        """The change as it was stored; details that no field has a place for are passed over."""
        values = {}
        for name, stored in _stored_names(cls):
            if details.get(stored) is not None:
                values[name] = _converted(cls, name, details[stored])
        return cls(**values)

    def sentence(self) -> str:
        """What was done, in the active language."""
        return str(self.label)

    def note(self) -> str:
        """What a person said of it, or what else there is to know; often nothing."""
        return ""


@dataclass(frozen=True)
class EntrySaid:
    """An entry of the journal in the active language."""

    sentence: str
    note: str = ""


class JournalReader:
    """Says what entries hold, with the actions of all apps.

    An entry that nobody can read any longer is a plain sentence: a page must open in spite of it.
    """

    def __init__(self, actions: Iterable[type[JournalAction]]) -> None:
        self._actions = {action.key: action for action in actions}
        self._kinds = {a.subject_kind: a.subject_label for a in self._actions.values()}

    def read(self, key: str, details: str) -> EntrySaid:
        """What an entry says to a person who may read its details."""
        action = self._actions.get(key)
        if action is None:
            return EntrySaid(self.label_of(key))
        try:
            done = action.from_details(json.loads(details))
            return EntrySaid(str(done.sentence()), str(done.note() or ""))
        except Exception:  # Any fault of what was stored, by whatever code or hand wrote it.
            return EntrySaid(str(action.label))

    def label_of(self, key: str) -> str:
        """What an entry says to a person who may not read its details."""
        action = self._actions.get(key)
        return str(action.label) if action else _("A change of a kind that is no longer known")

    def kind_label(self, subject_kind: str) -> str:
        """What kind of record an entry is about."""
        return str(self._kinds.get(subject_kind) or _("record"))


@cache
def _stored_names(action: type[JournalAction]) -> tuple[tuple[str, str], ...]:
    return tuple((field.name, field.name.rstrip("_")) for field in fields(action))


@cache
def _types(action: type[JournalAction]) -> dict[str, Any]:
    return get_type_hints(action)


def _converted(action: type[JournalAction], name: str, stored: Any) -> Any:
    """A day is stored as its text; everything else as JSON has it."""
    wanted = _types(action)[name]
    is_day = wanted in (dt.date, dt.date | None)
    return dt.date.fromisoformat(stored) if is_day else stored
