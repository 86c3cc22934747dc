"""Reports sent by people of the synthetic brigade: some triaged, fifteen waiting."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from qorgau.demonstration.establishment import ROOT_CODE
from qorgau.demonstration.events import IncidentRow

WAITING, ACCEPTED, MERGED, CLOSED = "waiting", "accepted", "merged", "closed"
REPORTS_WAITING = 15
_RETOLD = 2
_ACCEPTED = 3

_RETELLING = {
    "kk": "Көзіммен көрдім:",
    "ru": "Видел сам:",
    "en": "I saw it happen:",
}


@dataclass(frozen=True)
class ReportRow:
    """A report, and what happened to it.

    Attributes
    ----------
    repeated_incident : str
        Key of the known incident that this report describes again.
    reason, note : str
        Why it was closed, and the message to the reporter.
    """

    kind: str
    cause: str
    occurred_at: dt.datetime
    unit_code: str | None
    narrative: str
    immediate_action: str = ""
    place: str = ""
    site: str = ""
    injured_count: int = 0
    is_anonymous: bool = False
    fate: str = WAITING
    repeated_incident: str = ""
    reason: str = ""
    note: str = ""


def make_reports(
    rng: np.random.Generator,
    incidents: Sequence[IncidentRow],
    fresh: Sequence[IncidentRow],
    last_day: dt.date,
) -> list[ReportRow]:
    """The reports of the last days.

    Parameters
    ----------
    rng : numpy.random.Generator
        Chooses which incidents are reported again.
    incidents : sequence of IncidentRow
        Incidents already in the register, with keys.
    fresh : sequence of IncidentRow
        Events of the newest week that the register knows only from these reports.
    last_day : datetime.date
        The Sunday on which the period ends.
    """
    recent = [
        row
        for row in incidents
        if (last_day - row.occurred_at.date()).days < 7
        and row.kind == "injury"
        and not row.duplicate_of
        and row.occurred_at.weekday() < 6
    ]
    chosen = rng.choice(len(recent), size=_RETOLD + 1, replace=False)
    again = [_reported_again(recent[index]) for index in chosen]
    settled = [
        _as_report(fresh[0], ACCEPTED),
        _as_report(fresh[1], ACCEPTED),
        _as_report(fresh[2], ACCEPTED),
        _with_fate(again.pop(), MERGED),
        *_closed_reports(last_day),
    ]
    waiting = [*again, _anonymous_report(last_day)]
    missing = REPORTS_WAITING - len(waiting)
    waiting += [_as_report(row, WAITING) for row in fresh[_ACCEPTED : _ACCEPTED + missing]]
    return [*settled, *sorted(waiting, key=lambda report: report.occurred_at)]


def _as_report(row: IncidentRow, fate: str) -> ReportRow:
    return ReportRow(
        kind=row.kind,
        cause=row.cause,
        occurred_at=row.occurred_at,
        unit_code=row.unit_code,
        narrative=row.narrative,
        immediate_action=row.immediate_action,
        place=row.place,
        site=row.site,
        injured_count=len(row.involved),
        fate=fate,
    )


def _reported_again(row: IncidentRow) -> ReportRow:
    """The same event described by another person, with a time 40 minutes different."""
    return ReportRow(
        kind=row.kind,
        cause=row.cause,
        occurred_at=row.occurred_at + dt.timedelta(minutes=40),
        unit_code=row.unit_code,
        narrative=f"{_RETELLING[row.language]} {row.narrative.partition('. ')[0]}.",
        place=row.place,
        injured_count=len(row.involved),
        repeated_incident=row.key,
    )


def _with_fate(report: ReportRow, fate: str) -> ReportRow:
    return ReportRow(**(vars(report) | {"fate": fate}))


def _anonymous_report(last_day: dt.date) -> ReportRow:
    """A report without a name and a unit; it goes to the triage of the whole brigade."""
    return ReportRow(
        kind="hazard",
        cause="chemical.gas",
        occurred_at=dt.datetime.combine(last_day - dt.timedelta(days=1), dt.time(18, 30)),
        unit_code=None,
        narrative="В гараже № 2 вторую неделю не работает вытяжка, ворота велено держать "
        "закрытыми. У людей болит голова. Говорить вслух боятся.",
        place="гараж № 2",
        is_anonymous=True,
    )


def _closed_reports(last_day: dt.date) -> list[ReportRow]:
    noon = dt.datetime.combine(last_day - dt.timedelta(days=4), dt.time(12, 0))
    return [
        ReportRow(
            kind="hazard",
            cause="unknown",
            occurred_at=noon,
            unit_code=f"{ROOT_CODE}-SIG-2",
            narrative="Тест хабарламасы, телефоннан жіберіп көрдім.",
            fate=CLOSED,
            reason="test",
            note="Рақмет, хабарлама жетті.",
        ),
        ReportRow(
            kind="near_miss",
            cause="unknown",
            occurred_at=noon - dt.timedelta(hours=3),
            unit_code=f"{ROOT_CODE}-ENG-1",
            narrative="Что-то громко стукнуло за забором.",
            fate=CLOSED,
            reason="too_little",
            note="Спасибо. Дежурный осмотрел участок и ничего не нашёл; если повторится, сообщите, "
            "где именно.",
        ),
    ]
