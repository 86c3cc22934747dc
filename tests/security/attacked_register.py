"""A year in which a third of all incidents is confidential, planned finely so that it has boxes."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterable
from dataclasses import dataclass
from unittest import mock

from qorgau.analysis.disclosure.plans import PlanParameters, make_plans
from qorgau.analysis.disclosure.publishing import publish_due
from qorgau.foundation import clock
from qorgau.records.incidents.models import Incident
from qorgau.records.incidents.services import edit_incident
from tests.analysis.disclosure.conftest import (
    COMPANIES,
    NEW_YEAR,
    Brigade,
    make_brigade,
    record,
)

# Finer than anybody should plan: the more boxes are told, the more an attacker is given.
FINE = PlanParameters(target_expected=1.0, least_population=1.0)
KINDS = ("injury", "injury", "near_miss", "illness")
CAUSES = ("fall", "transport.road", "exertion.running", "exertion.lifting")
CLASSES = ("plain", "plain", "identity", "medical")
# After its box is published, after it is restated, or at once, as most are.
DAYS_LATE = (1, 1, 1, 1, 90, 300, 500, 900)
# Where much happened, besides what happened here and there; much of it recorded late.
CLUSTERS = (
    ("B-1-1", dt.date(2024, 3, 4), "illness", "exertion.running", "medical", 7),
    ("B-2-1", dt.date(2024, 8, 20), "injury", "fall", "identity", 9),
    ("B-1-2", dt.date(2024, 5, 14), "injury", "transport.road", "plain", 8),
    ("B-1-2", dt.date(2024, 5, 20), "injury", "transport.road", "plain", 7, 300),
    ("B-2-1", dt.date(2024, 8, 21), "injury", "fall", "identity", 4, 200),
    ("B-2-2", dt.date(2024, 2, 6), "illness", "exertion.lifting", "medical", 6, 400),
)
# Every box has been published and restated; some incidents will be recorded later still.
ALL_RESTATED = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)


@dataclass(frozen=True)
class Happened:
    """Some incidents of one day, and how many days later they were recorded.

    `becomes` is the class that they are given on the day after that, if any.
    """

    unit: str
    day: dt.date
    kind: str
    cause: str
    confidentiality: str
    number: int = 1
    days_late: int = 1
    becomes: str = ""

    @property
    def recorded_at(self) -> dt.datetime:
        noon = dt.datetime.combine(self.day, dt.time(12), tzinfo=dt.UTC)
        return noon + dt.timedelta(days=self.days_late)


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
            days_late=rng.choice(DAYS_LATE),
        )
        for _each in range(scattered)
    ]
    return here_and_there + [Happened(*one) for one in CLUSTERS]


def keep(brigade: Brigade, happened: Iterable[Happened]) -> None:
    """Record each, so many days later."""
    for one in happened:
        record(
            brigade.units[one.unit],
            one.day,
            kind=one.kind,
            cause=one.cause,
            confidentiality=one.confidentiality,
            number=one.number,
            days_late=one.days_late,
        )
        if one.becomes:
            change_class(one)


def change_class(one: Happened) -> None:
    """Give what was recorded last another class, on the day after it was recorded."""
    changed_at = one.recorded_at + dt.timedelta(days=1)
    newest = Incident.objects.order_by("-pk")[: one.number]
    with mock.patch.object(clock, "now", return_value=changed_at):
        for incident in newest:
            changes = {"confidentiality": one.becomes}
            edit_incident(incident=incident, changes=changes, acting_user=None)


def make_unpublished() -> Brigade:
    """The register of the year, planned and with its incidents; nothing is published yet."""
    made = make_brigade()
    make_plans(2024, made_at=NEW_YEAR, acting_user=None, parameters=FINE)
    keep(made, what_happened())
    return made


def make_restated() -> Brigade:
    """The same, with everything published and restated."""
    made = make_unpublished()
    publish_due(ALL_RESTATED)
    return made
