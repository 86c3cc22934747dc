"""The incidents of the synthetic brigade: those by chance, and those injected."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

import numpy as np

from qorgau.demonstration.draws import pick
from qorgau.demonstration.establishment import first_monday
from qorgau.demonstration.event_rates import Hazard
from qorgau.demonstration.injuries import OUTCOMES, InjuryRow, make_injury
from qorgau.demonstration.narratives import write_narrative
from qorgau.demonstration.postings import PersonRow
from qorgau.demonstration.sites import site_of

_WEEKDAY_WEIGHTS = (1.0, 1.05, 1.05, 1.0, 1.0, 0.6, 0.4)
_SHARE_OF_KNOWN_PEOPLE = 0.9
_SHARE_KNOWN_TO_THE_DAY = 0.08
# Reports arrive within hours; some are entered only weeks later.
_MEDIAN_DELAY_HOURS = 5.0
_SHARE_ENTERED_LATE = 0.08
_EVENING = dt.time(23, 0)
_SHARE_IN_TENGE = 0.1
_TENGE_PER_USD = 500


@dataclass(frozen=True)
class InvolvedRow:
    role: str
    person_code: str | None
    sex: str
    age_years: int | None
    category: str
    occupation: str
    injuries: tuple[InjuryRow, ...]


@dataclass(frozen=True)
class IncidentRow:
    """One incident; times are local times of the brigade."""

    kind: str
    cause: str
    unit_code: str
    occurred_at: dt.datetime
    precision: str
    reported_at: dt.datetime
    recorded_at: dt.datetime
    site: str
    place: str
    narrative: str
    immediate_action: str
    activity: str
    weather: str
    duty_status: str
    confidentiality: str
    language: str
    involved: tuple[InvolvedRow, ...]
    cost_amount: Decimal | None = None
    cost_currency: str = "USD"
    state: str = "triaged"
    finding: str = ""
    steps: tuple[str, ...] = ()
    cluster: str = ""
    key: str = ""
    duplicate_of: str = ""


@dataclass(frozen=True)
class Occasion:
    """An event to describe: a hazard in a unit in a week."""

    hazard: Hazard
    unit_code: str
    arm: str
    week: int
    cluster: str = ""
    site: str = ""
    weather: str = ""


@dataclass
class Roll:
    """Who serves where on a day."""

    last_day: dt.date
    by_unit: dict[str, list[tuple[dt.date, dt.date, PersonRow]]] = field(
        default_factory=lambda: defaultdict(list)
    )

    @classmethod
    def of(cls, people: Iterable[PersonRow], last_day: dt.date) -> Roll:
        roll = cls(last_day)
        for person in people:
            for posting in person.postings:
                until = posting.valid_until or last_day + dt.timedelta(days=1)
                roll.by_unit[posting.unit_code].append((posting.valid_from, until, person))
        return roll

    def serving(self, unit_code: str, day: dt.date) -> list[PersonRow]:
        return [p for since, until, p in self.by_unit[unit_code] if since <= day < until]


def make_incident(rng: np.random.Generator, occasion: Occasion, roll: Roll) -> IncidentRow:
    hazard = occasion.hazard
    occurred_at = _moment(rng, occasion, roll.last_day)
    involved = _involved(rng, occasion, occurred_at.date(), roll)
    injuries = [injury for person in involved for injury in person.injuries]
    worst = max((i.outcome for i in injuries), key=OUTCOMES.index, default=hazard.kind)
    activity = pick(rng, hazard.activities)
    who = involved[0].category if involved else "contract"
    texts = write_narrative(
        rng,
        cause=hazard.cause,
        cluster=occasion.cluster,
        is_harm=bool(injuries),
        ending=worst,
        activity=activity,
        who="recruit" if who == "conscript" and occasion.arm == "training" else who,
    )
    site, place = site_of(rng, activity, occasion.site, texts.language)
    reported_at, recorded_at = _entered(rng, occasion, occurred_at, roll.last_day)
    amount, currency = _cost(rng, hazard)
    return IncidentRow(
        kind=hazard.kind,
        cause=hazard.cause,
        unit_code=occasion.unit_code,
        occurred_at=occurred_at,
        precision="day" if rng.random() < _SHARE_KNOWN_TO_THE_DAY else "minute",
        reported_at=reported_at,
        recorded_at=recorded_at,
        site=site,
        place=place,
        narrative=texts.narrative,
        immediate_action=texts.immediate_action,
        activity=texts.activity,
        weather=occasion.weather or _weather(rng, hazard.cause),
        duty_status="off_duty" if hazard.cause == "violence.other" else "on_duty",
        confidentiality=_confidentiality(hazard.cause, worst),
        language=texts.language,
        involved=involved,
        cost_amount=amount,
        cost_currency=currency,
        cluster=occasion.cluster,
    )


def _moment(rng: np.random.Generator, occasion: Occasion, last_day: dt.date) -> dt.datetime:
    """A day and time in the week; on Sundays before the evening, when entry for the week ends."""
    weekday = pick(rng, range(7), _WEEKDAY_WEIGHTS)
    mean, spread = occasion.hazard.hours
    hour = float(rng.normal(mean, spread)) % 24
    if weekday == 6:
        hour = min(hour, 21.0)
    monday = first_monday(last_day) + dt.timedelta(weeks=occasion.week)
    midnight = dt.datetime.combine(monday + dt.timedelta(days=weekday), dt.time())
    return midnight + dt.timedelta(minutes=5 * int(hour * 12))


def end_of_entry(last_day: dt.date) -> dt.datetime:
    """The last evening on which incidents are entered."""
    return dt.datetime.combine(last_day, _EVENING)


def _entered(
    rng: np.random.Generator, occasion: Occasion, occurred_at: dt.datetime, last_day: dt.date
) -> tuple[dt.datetime, dt.datetime]:
    """When it was reported, and when entered: on the next Sunday evening, or after the end."""
    hours = float(rng.lognormal(np.log(_MEDIAN_DELAY_HOURS), 1.1))
    if rng.random() < _SHARE_ENTERED_LATE:
        hours += float(rng.uniform(7, 40)) * 24
    reported_at = occurred_at + dt.timedelta(minutes=5 * int(hours * 12))
    sunday = reported_at.date() + dt.timedelta(days=6 - reported_at.weekday())
    recorded_at = dt.datetime.combine(sunday, _EVENING)
    if recorded_at < reported_at:
        recorded_at += dt.timedelta(weeks=1)
    if occasion.cluster:
        # Clusters in the newest weeks must be complete.
        end = end_of_entry(last_day)
        return min(reported_at, end), min(recorded_at, end)
    return reported_at, recorded_at


def _involved(
    rng: np.random.Generator, occasion: Occasion, day: dt.date, roll: Roll
) -> tuple[InvolvedRow, ...]:
    hazard = occasion.hazard
    if hazard.kind not in ("injury", "illness"):
        return ()
    hurt = 1
    while hurt < hazard.most_injured and rng.random() < 0.3:
        hurt += 1
    serving = roll.serving(occasion.unit_code, day)
    return tuple(_injured_person(rng, occasion, serving, day) for _ in range(hurt))


def _injured_person(
    rng: np.random.Generator, occasion: Occasion, serving: Sequence[PersonRow], day: dt.date
) -> InvolvedRow:
    hazard = occasion.hazard
    injury = make_injury(rng, hazard.cause, hazard.course)
    # Recruits of the training companies are only counted; they have no codes.
    is_recruit = occasion.arm == "training" and (bool(occasion.cluster) or rng.random() < 0.85)
    if serving and not is_recruit:
        person = pick(rng, serving)
        return InvolvedRow(
            role="injured",
            person_code=person.code if rng.random() < _SHARE_OF_KNOWN_PEOPLE else None,
            sex=person.sex,
            age_years=day.year - person.birth_year,
            category=person.category,
            occupation=person.occupation,
            injuries=(injury,),
        )
    return InvolvedRow(
        role="injured",
        person_code=None,
        sex="male",
        age_years=int(rng.integers(18, 24)),
        category="conscript",
        occupation="",
        injuries=(injury,),
    )


def _weather(rng: np.random.Generator, cause: str) -> str:
    if cause == "environment.cold":
        return f"−{int(rng.integers(12, 33))} °C"
    if cause == "environment.heat":
        return f"+{int(rng.integers(29, 41))} °C"
    return ""


def _confidentiality(cause: str, worst: str) -> str:
    if cause.startswith("biological"):
        return "medical"
    return "identity" if cause.startswith("violence") or worst == "fatal" else "plain"


def _cost(rng: np.random.Generator, hazard: Hazard) -> tuple[Decimal | None, str]:
    if rng.random() >= hazard.share_with_cost:
        return None, "USD"
    dollars = float(rng.lognormal(np.log(hazard.median_cost_usd), 1.4))
    if rng.random() < _SHARE_IN_TENGE:
        return Decimal(round(dollars * _TENGE_PER_USD, -3)), "KZT"
    return Decimal(round(dollars, -1)), "USD"
