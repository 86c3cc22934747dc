"""Putting the sentences of ``narratives.toml`` together, in the language of who reports."""

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
    """What is written of one event, all of it in one language."""

    language: str
    narrative: str
    immediate_action: str
    activity: str


@cache
def vocabulary() -> dict[str, Any]:
    """The sentences, by what they are for, and by language."""
    text = Path(__file__).with_name("narratives.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def tell(
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
    """Tell of an event.

    Parameters
    ----------
    rng : numpy.random.Generator
        Draws the language, unless one is given, and the sentences.
    cause : str
    cluster : str
        The key of the injected cluster that the event belongs to, if any.
    is_harm : bool
        Whether somebody was hurt or fell ill.
    ending : str
        The worst outcome, or the kind where nobody was hurt.
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
    """What may be written, by language, about an injected cluster or a cause."""
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
    """Ice and a bandage help against a blow or a strain, and not against gas."""
    if not is_harm:
        return "near"
    is_blow = cause.partition(".")[0] in ("exertion", "fall", "force", "transport")
    return "blow" if is_blow else "harm"


def finding_on(cause: str, language: str) -> str:
    """What the investigation of such an event established."""
    branch = cause.partition(".")[0]
    findings = vocabulary()["findings"]
    found: str = findings.get(branch, findings["other"])[language][0]
    return found
