"""A year in which a third of all incidents is confidential, planned finely so that it has boxes."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass

from qorgau.analysis.disclosure.plans import PlanParameters, make_plans
from qorgau.analysis.disclosure.publishing import publish_due
from tests.analysis.disclosure.conftest import (
    COMPANIES,
    NEW_YEAR,
    PUBLISHED,
    Brigade,
    make_brigade,
    record,
)

# Finer than anybody should plan: the more boxes are told, the more an attacker is given.
FINE = PlanParameters(target_expected=1.0, least_population=1.0)
KINDS = ("injury", "injury", "near_miss", "illness")
CAUSES = ("fall", "transport.road", "exertion.running", "exertion.lifting")
CLASSES = ("plain", "plain", "identity", "medical")
# Where much happened, besides what happened here and there.
CLUSTERS = (
    ("B-1-1", dt.date(2024, 3, 4), "illness", "exertion.running", "medical", 7),
    ("B-2-1", dt.date(2024, 8, 20), "injury", "fall", "identity", 9),
    ("B-1-2", dt.date(2024, 5, 14), "injury", "transport.road", "plain", 8),
)


@dataclass(frozen=True)
class Happened:
    """Some incidents of one day."""

    unit: str
    day: dt.date
    kind: str
    cause: str
    confidentiality: str
    number: int = 1


def what_happened(seed: int = 11, scattered: int = 60) -> list[Happened]:
    """The same list for the same seed."""
    rng = random.Random(seed)
    here_and_there = [
        Happened(
            rng.choice(COMPANIES),
            dt.date(2024, 1, 1) + dt.timedelta(days=rng.randrange(366)),
            rng.choice(KINDS),
            rng.choice(CAUSES),
            rng.choice(CLASSES),
        )
        for _each in range(scattered)
    ]
    return here_and_there + [Happened(*one) for one in CLUSTERS]


def keep(brigade: Brigade, happened: list[Happened]) -> None:
    """Record each on the day after."""
    for one in happened:
        record(
            brigade.units[one.unit],
            one.day,
            kind=one.kind,
            cause=one.cause,
            confidentiality=one.confidentiality,
            number=one.number,
        )


def make_unpublished() -> Brigade:
    """The register of the year, planned and with its incidents; nothing is published yet."""
    made = make_brigade()
    make_plans(2024, made_at=NEW_YEAR, acting_user=None, parameters=FINE)
    keep(made, what_happened())
    return made


def make_published() -> Brigade:
    """The same, with everything published."""
    made = make_unpublished()
    publish_due(PUBLISHED)
    return made
