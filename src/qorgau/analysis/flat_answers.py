"""An answer as programs get it: one level of keys, its provenance and estimate among the others.

Inside, an answer holds what belongs together as a part of its own. The API and ``--json`` print the
fields of such a part beside those of the answer, so that keys stay as they are when parts change.
"""

from __future__ import annotations

import re
from dataclasses import fields, make_dataclass
from functools import cache
from inspect import cleandoc
from types import GenericAlias
from typing import TYPE_CHECKING, Any, get_args, get_origin, get_type_hints

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

_PRINTED_AS, _INSIDE_ONLY = "printed_as", "inside_only"


# Metadata of a field that is for pages and sentences, and is not printed.
INSIDE_ONLY = {_INSIDE_ONLY: True}


def spread_out(**printed_as: str) -> dict[str, dict[str, str]]:
    """Metadata of a field whose own fields are printed beside those of the answer.

    Parameters
    ----------
    **printed_as : str
        Names that some of these fields have in print.

    Returns
    -------
    dict
        For ``dataclasses.field(metadata=...)``.
    """
    return {_PRINTED_AS: printed_as}


def flat(answer: DataclassInstance) -> DataclassInstance:
    """The answer with one level of fields.

    Parameters
    ----------
    answer : dataclass instance

    Returns
    -------
    dataclass instance
        Of the `flat_type` of the answer's class.
    """
    values: dict[str, Any] = {}
    for one in fields(answer):
        value = getattr(answer, one.name)
        if _PRINTED_AS in one.metadata:
            names = one.metadata[_PRINTED_AS]
            values |= {names.get(f.name, f.name): getattr(value, f.name) for f in fields(value)}
        elif _INSIDE_ONLY not in one.metadata:
            values[one.name] = value
    made: DataclassInstance = flat_type(type(answer))(**values)
    return made


@cache
def flat_type(answer: Any) -> Any:
    """The class of flat answers, or a list of it where a list is given.

    Parameters
    ----------
    answer : type
        A dataclass of answers, or ``list`` of one.

    Returns
    -------
    type
        A dataclass of the same name, with the documentation of all its fields.
    """
    if get_origin(answer) is list:
        return GenericAlias(list, tuple(map(flat_type, get_args(answer))))
    hints, given = get_type_hints(answer), []
    words = cleandoc(answer.__doc__)
    for one in fields(answer):
        kind = hints[one.name]
        if _PRINTED_AS in one.metadata:
            names = one.metadata[_PRINTED_AS]
            inner = get_type_hints(kind)
            given += [(names.get(f.name, f.name), inner[f.name]) for f in fields(kind)]
            words = _described(words, one.name, _renamed(_attributes(kind), names))
        elif _INSIDE_ONLY in one.metadata:
            words = _described(words, one.name, "")
        else:
            given.append((one.name, kind))
    return make_dataclass(answer.__name__, given, frozen=True, namespace={"__doc__": words})


def _attributes(kind: type) -> str:
    """What the documentation of a class says of its fields."""
    return cleandoc(kind.__doc__ or "").partition("----------\n")[2].strip()


def _renamed(words: str, names: dict[str, str]) -> str:
    for name, printed in names.items():
        words = re.sub(rf"\b{name}\b", printed, words)
    return words


def _described(words: str, name: str, instead: str) -> str:
    """The documentation with other words in place of those of one field."""
    return re.sub(
        rf"^{name} : .*\n?(?: {{4}}.*\n?)*",
        lambda _found: instead and f"{instead}\n",
        words,
        flags=re.MULTILINE,
    ).rstrip()
