"""Coding, treatment and outcome of injuries in the synthetic brigade."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from qorgau.demonstration.draws import pick


@dataclass(frozen=True)
class InjuryRow:
    body_region: str
    nature: str
    overuse_type: str
    side: str
    icd_code: str
    outcome: str
    treatment: str
    days_away: int
    days_limited: int


# (weight, body region, nature, overuse type, ICD-10, has sides)
_Coding = tuple[float, str, str, str, str, bool]

_CODINGS: dict[str, tuple[_Coding, ...]] = {
    "exertion.running": (
        (4, "lower_leg", "sprain_strain", "", "S93.4", True),
        (3, "knee", "unspecified", "inflammation", "M76.5", True),
        (3, "lower_leg", "unspecified", "inflammation", "M76.8", True),
        (1, "foot", "unspecified", "inflammation", "M72.2", True),
        (0.5, "lower_leg", "fracture", "stress_fracture", "M84.3", True),
    ),
    "exertion.sport": (
        (4, "knee", "sprain_strain", "", "S83.6", True),
        (3, "lower_leg", "sprain_strain", "", "S93.4", True),
        (2, "shoulder", "sprain_strain", "", "S43.4", True),
        (2, "hand", "dislocation", "", "S63.1", True),
        (1, "forearm", "fracture", "", "S52.5", True),
        (1, "knee", "unspecified", "joint_derangement", "M23.3", True),
    ),
    "exertion.load_carriage": (
        (3, "back", "unspecified", "inflammation", "M54.5", False),
        (3, "foot", "contusion", "", "S90.8", True),
        (2, "knee", "unspecified", "inflammation", "M76.5", True),
        (2, "foot", "unspecified", "inflammation", "M77.4", True),
        (0.6, "foot", "fracture", "stress_fracture", "M84.3", True),
    ),
    "exertion.lifting": (
        (5, "spine_lumbar", "sprain_strain", "", "S33.5", False),
        (2, "shoulder", "sprain_strain", "sprain_rupture", "S43.4", True),
        (1, "back", "unspecified", "inflammation", "M54.5", False),
    ),
    "fall.same_level": (
        (4, "lower_leg", "sprain_strain", "", "S93.4", True),
        (3, "hand", "sprain_strain", "", "S63.5", True),
        (3, "knee", "contusion", "", "S80.0", True),
        (1, "forearm", "fracture", "", "S52.5", True),
        (1, "head_other", "contusion", "", "S00.8", False),
    ),
    "fall.height": (
        (3, "foot", "contusion", "", "S90.3", True),
        (2, "foot", "fracture", "", "S92.0", True),
        (2, "lower_leg", "fracture", "", "S82.6", True),
        (1, "spine_lumbar", "fracture", "", "S32.0", False),
        (1, "tbi_2", "internal", "", "S06.0", False),
    ),
    "force.struck": (
        (3, "head_other", "contusion", "", "S00.8", False),
        (3, "hand", "contusion", "", "S60.2", True),
        (2, "foot", "contusion", "", "S90.3", True),
        (2, "forearm", "open_wound", "", "S51.8", True),
    ),
    "force.caught": (
        (4, "hand", "contusion", "", "S60.0", True),
        (2, "hand", "crush", "", "S67.0", True),
        (1, "hand", "fracture", "", "S62.6", True),
    ),
    "force.machinery": (
        (3, "hand", "open_wound", "", "S61.0", True),
        (1, "hand", "amputation", "", "S68.1", True),
        (1, "forearm", "open_wound", "", "S51.8", True),
    ),
    "force.hand_tool": (
        (4, "hand", "open_wound", "", "S61.0", True),
        (2, "hand", "contusion", "", "S60.1", True),
    ),
    "force.firearm": ((1, "thigh", "open_wound", "", "S71.1", True),),
    "force.animal": ((1, "lower_leg", "open_wound", "", "S81.8", True),),
    "transport.road": (
        (3, "spine_cervical", "sprain_strain", "", "S13.4", False),
        (2, "chest", "contusion", "", "S20.2", False),
        (2, "tbi_2", "internal", "", "S06.0", False),
        (1, "lower_leg", "fracture", "", "S82.2", True),
    ),
    "transport.off_road": (
        (3, "head_other", "open_wound", "", "S01.8", False),
        (2, "shoulder", "contusion", "", "S40.0", True),
        (2, "chest", "fracture", "", "S22.3", True),
        (1, "tbi_2", "internal", "", "S06.0", False),
    ),
    "transport.pedestrian": ((1, "thigh", "contusion", "", "S70.1", True),),
    "environment.cold": (
        (3, "hand", "unspecified", "", "T33.5", True),
        (2, "foot", "unspecified", "", "T69.0", True),
        (2, "head_other", "unspecified", "", "T33.0", False),
    ),
    "environment.heat": (
        (3, "system_wide", "unspecified", "", "T67.3", False),
        (1, "system_wide", "unspecified", "", "T67.2", False),
        (0.4, "system_wide", "unspecified", "", "T67.0", False),
    ),
    "environment.noise": ((1, "head_other", "unspecified", "", "H83.3", False),),
    "fire.hot_substance": (
        (3, "hand", "burn", "", "T23.2", True),
        (1, "forearm", "burn", "", "T22.2", True),
    ),
    "electricity": ((1, "hand", "burn", "", "T75.4", True),),
    "chemical.substance": ((1, "eye", "burn", "", "T26.6", True),),
    "chemical.gas": ((1, "system_wide", "unspecified", "", "T58", False),),
    "biological.infection": (
        (4, "system_wide", "unspecified", "", "J06.9", False),
        (2, "system_wide", "unspecified", "", "A09", False),
    ),
    "biological.heart": ((1, "chest", "unspecified", "", "I20.9", False),),
    "violence.other": (
        (2, "face", "contusion", "", "S00.8", False),
        (1, "face", "fracture", "", "S02.2", False),
    ),
}
_STRESS_FRACTURES: tuple[_Coding, ...] = (
    (3, "foot", "fracture", "stress_fracture", "M84.3", True),
    (2, "lower_leg", "fracture", "stress_fracture", "M84.3", True),
)

OUTCOMES = (
    "first_aid",
    "medical_treatment",
    "restricted",
    "days_away",
    "permanent_partial",
    "fatal",
)
GRAVE_OUTCOMES = frozenset({"permanent_partial", "fatal"})
# Shares of the outcomes above, by the course of the injury.
_COURSES: dict[str, tuple[float, ...]] = {
    "light": (0.55, 0.28, 0.11, 0.06, 0, 0),
    "moderate": (0.32, 0.33, 0.20, 0.147, 0.003, 0),
    "heavy": (0.14, 0.30, 0.20, 0.345, 0.010, 0.005),
    "overuse": (0.12, 0.40, 0.35, 0.13, 0, 0),
    "stress_fracture": (0, 0, 0.35, 0.65, 0, 0),
    "illness": (0.15, 0.45, 0.10, 0.30, 0, 0),
    "heart": (0, 0.10, 0.20, 0.63, 0, 0.07),
}
_SHARE_OF_INPATIENTS = 0.35


def make_injury(rng: np.random.Generator, cause: str, course: str) -> InjuryRow:
    """One injury that suits the cause, with an outcome that suits the course."""
    codings = _STRESS_FRACTURES if course == "stress_fracture" else _CODINGS[cause]
    coding = pick(rng, codings, [c[0] for c in codings])
    outcome = pick(rng, OUTCOMES, _COURSES[course])
    if outcome in GRAVE_OUTCOMES and course != "heart":
        coding = _grave_coding(cause, outcome)
    _, region, nature, overuse, icd, has_sides = coding
    days_away, days_limited = _days(rng, outcome, course)
    return InjuryRow(
        body_region=region,
        nature=nature,
        overuse_type=overuse,
        side=pick(rng, ("left", "right"), (1, 1)) if has_sides else "not_applicable",
        icd_code=icd,
        outcome=outcome,
        treatment=_treatment(rng, outcome),
        days_away=days_away,
        days_limited=days_limited,
    )


def _grave_coding(cause: str, outcome: str) -> _Coding:
    """Nobody dies of a bruise: the coding of injuries with a grave outcome."""
    if outcome == "fatal":
        return (1, "tbi_1", "internal", "", "S06.2", False)
    if cause.startswith("force"):
        return (1, "hand", "amputation", "", "S68.1", True)
    return (1, "lower_leg", "fracture", "", "S82.2", True)


def _days(rng: np.random.Generator, outcome: str, course: str) -> tuple[int, int]:
    slow = 3.0 if course == "stress_fracture" else 1.0
    away = 1 + int(min(rng.lognormal(1.7, 0.8) * slow, 120))
    limited = 1 + int(min(rng.lognormal(2.0, 0.7) * slow, 90))
    if outcome == "days_away":
        return away, limited if rng.random() < 0.5 else 0
    if outcome == "permanent_partial":
        return 40 + away, limited
    return 0, limited if outcome == "restricted" else 0


def _treatment(rng: np.random.Generator, outcome: str) -> str:
    if outcome == "first_aid":
        return "first_aid"
    if outcome in GRAVE_OUTCOMES:
        return "inpatient"
    is_inpatient = outcome == "days_away" and rng.random() < _SHARE_OF_INPATIENTS
    return "inpatient" if is_inpatient else "outpatient"
