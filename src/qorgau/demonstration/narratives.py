"""Combine the sentences of ``narratives.toml``, in the language of the reporter."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from qorgau.demonstration.draws import pick
from qorgau.demonstration.injuries import GRAVE_OUTCOMES

LANGUAGES = ("kk", "ru", "en")
_SHARES = (0.52, 0.38, 0.10)


@dataclass(frozen=True)
class Narrative:
    """The texts about one event, all in one language."""

    language: str
    narrative: str
    immediate_action: str
    activity: str


@cache
def vocabulary() -> dict[str, Any]:
    """The sentences by purpose and language."""
    text = Path(__file__).with_name("narratives.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def write_narrative(
    rng: np.random.Generator,
    *,
    cause: str,
    cluster: str = "",
    is_harm: bool,
    ending: str,
    activity: str,
    who: str,
    language: str = "",
) -> Narrative:
    """Write the texts about an event.

    Parameters
    ----------
    rng : numpy.random.Generator
        Draws the sentences, and the language if none is given.
    cause : str
    cluster : str
        The key of the injected cluster that the event belongs to, if any.
    is_harm : bool
        Whether somebody was hurt or fell ill.
    ending : str
        The worst outcome, or the kind when nobody was hurt.
    activity, who : str
        Keys of the vocabulary.
    language : str
        One of ``LANGUAGES``.

    Returns
    -------
    Narrative
    """
    words = vocabulary()
    chosen = language or pick(rng, LANGUAGES, _SHARES)
    clause = pick(rng, _clauses(cluster or cause, is_harm, ending)[chosen])
    nominative, genitive, accusative = words["who"][who][chosen]
    clause = clause.format(who=nominative, who_genitive=genitive, who_accusative=accusative)
    name, opening = words["activity"][activity][chosen]
    how_it_ended = pick(rng, words["endings"][ending][chosen])
    separator = ", " if chosen == "en" else " "
    return Narrative(
        language=chosen,
        narrative=f"{opening}{separator}{clause}. {how_it_ended}".strip(),
        immediate_action=pick(rng, words["actions"][_action(cause, is_harm)][chosen])
        if rng.random() < 0.6
        else "",
        activity=name,
    )


def _clauses(key: str, is_harm: bool, ending: str) -> dict[str, list[str]]:
    """Possible sentences, by language, about an injected cluster or a cause."""
    words = vocabulary()
    branch = key.partition(".")[0]
    found: dict[str, list[str]]
    if key in words["injected"]:
        found = words["injected"][key]
    elif ending in GRAVE_OUTCOMES and branch != "biological":
        found = words["grave"].get(branch, words["grave"]["other"])
    else:
        found = words["clauses"][key]["harm" if is_harm else "near"]
    return found


def _action(cause: str, is_harm: bool) -> str:
    """The key of a suitable immediate action: ice and a bandage do not help against gas."""
    if not is_harm:
        return "near"
    is_blow = cause.partition(".")[0] in ("exertion", "fall", "force", "transport")
    return "blow" if is_blow else "harm"


def finding_on(cause: str, language: str) -> str:
    """The finding of an investigation of such an event."""
    branch = cause.partition(".")[0]
    findings = vocabulary()["findings"]
    found: str = findings.get(branch, findings["other"])[language][0]
    return found
