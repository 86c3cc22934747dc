"""A medical register for the synthetic brigade, with injuries that were never reported.

The brigade's injuries are the reported ones. This module adds unreported injuries, so that in each
part of the brigade the reported ones are the injected share. The medical register contains some of
both. The right answer for an estimate is therefore known.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from qorgau.demonstration.accounts import SECRET_OF_REGISTERS
from qorgau.demonstration.brigade import Brigade
from qorgau.demonstration.draws import pick
from qorgau.demonstration.establishment import ROOT_CODE
from qorgau.demonstration.events import Roll
from qorgau.exchange.formats.linkage_keys import (
    Case,
    KeyFile,
    checked_secret,
    once_each,
    tokens_under,
)

# Shares of injuries that reach the safety register, by part of the brigade.
REPORTED_SHARES = {
    f"{ROOT_CODE}-R1": 0.75,
    f"{ROOT_CODE}-R2": 0.6,
    f"{ROOT_CODE}-R3": 0.45,
    f"{ROOT_CODE}-LOG": 0.65,
}
REPORTED_ELSEWHERE = 0.6
# An injured person is equally likely to see a doctor whether the injury is reported or not.
TREATED_SHARE = 0.7
# Most see a doctor on the same day, the others within the three days that linkage allows.
_DAYS_UNTIL_SEEN = (0, 1, 2, 3)
_SHARES_UNTIL_SEEN = (0.75, 0.16, 0.06, 0.03)


@dataclass(frozen=True)
class InjuryOfPerson:
    """A person injured on a day, and the unit where it happened."""

    person_code: str
    day: dt.date
    unit_code: str


@dataclass(frozen=True)
class SyntheticMedicalRegister:
    """The medical register, and the truth that an estimate should find.

    Attributes
    ----------
    cases : tuple of InjuryOfPerson
        The cases of the medical register, with the days on which a doctor saw them.
    reported, happened : tuple of InjuryOfPerson
        Injuries in the safety register, and all injuries that happened.
    """

    cases: tuple[InjuryOfPerson, ...]
    reported: tuple[InjuryOfPerson, ...]
    happened: tuple[InjuryOfPerson, ...]


def make_medical_register(brigade: Brigade) -> SyntheticMedicalRegister:
    """Generate the medical register of a brigade; equal brigades have equal registers.

    Parameters
    ----------
    brigade : Brigade

    Returns
    -------
    SyntheticMedicalRegister
        Only people with codes; recruits have no codes.
    """
    rng = np.random.default_rng([brigade.seed, brigade.last_day.toordinal()])
    reported = _reported(brigade)
    happened = [*reported, *_unreported(rng, brigade, reported)]
    cases = []
    for injury in happened:
        if rng.random() < TREATED_SHARE:
            later = dt.timedelta(days=pick(rng, _DAYS_UNTIL_SEEN, _SHARES_UNTIL_SEEN))
            cases.append(InjuryOfPerson(injury.person_code, injury.day + later, injury.unit_code))
    return SyntheticMedicalRegister(tuple(cases), tuple(reported), tuple(happened))


def keys_of(made: SyntheticMedicalRegister) -> KeyFile:
    """The key file that the medical service would hand over, made with the public secret."""
    token_of = tokens_under(checked_secret(SECRET_OF_REGISTERS))
    cases = (Case(token_of(case.person_code), case.day, case.unit_code) for case in made.cases)
    return once_each(cases, has_units=True)


def reported_share(unit_code: str) -> float:
    """The injected share in the unit's part of the brigade."""
    for part, share in REPORTED_SHARES.items():
        if unit_code == part or unit_code.startswith(f"{part}-"):
            return share
    return REPORTED_ELSEWHERE


def _reported(brigade: Brigade) -> list[InjuryOfPerson]:
    """Injuries of people with codes, each person and day once."""
    found = {
        (person.person_code, row.occurred_at.date()): row.unit_code
        for row in brigade.incidents
        if row.kind == "injury" and not row.duplicate_of
        for person in row.involved
        if person.role == "injured" and person.person_code is not None
    }
    return [InjuryOfPerson(code, day, unit) for (code, day), unit in found.items()]


def _unreported(
    rng: np.random.Generator, brigade: Brigade, reported: list[InjuryOfPerson]
) -> list[InjuryOfPerson]:
    """As many as the injected shares require, at the places and times of other injuries."""
    roll = Roll.of(brigade.people, brigade.last_day)
    by_share: dict[float, list[InjuryOfPerson]] = defaultdict(list)
    for injury in reported:
        by_share[reported_share(injury.unit_code)].append(injury)
    found = []
    for share, alike in sorted(by_share.items()):
        for _ in range(round(len(alike) * (1 - share) / share)):
            model = pick(rng, alike)
            serving = roll.serving(model.unit_code, model.day)
            person = pick(rng, [p for p in serving if p.code != model.person_code] or serving)
            found.append(InjuryOfPerson(person.code, model.day, model.unit_code))
    return found
