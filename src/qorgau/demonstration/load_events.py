"""Load the incidents and reports of the demonstration through the services."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from itertools import groupby

from django.utils import timezone

from qorgau.demonstration import submitted_reports
from qorgau.demonstration.brigade import Brigade
from qorgau.demonstration.events import IncidentRow, InvolvedRow
from qorgau.demonstration.histories import BEGIN, CLOSE, REOPEN, RETURN, SUBMIT
from qorgau.demonstration.submitted_reports import ReportRow
from qorgau.foundation.identity.models import User
from qorgau.records.incidents import services
from qorgau.records.incidents.choices import DEMONSTRATION_SOURCE, Confidentiality
from qorgau.records.incidents.models import Incident, Report
from qorgau.records.people.models import Person, Unit
from qorgau.records.places.models import Site

_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "qorgau:demonstration")
_RETURNED = {
    "kk": "Көлік пен киімнің жай-күйі жазылмаған, толықтырыңыз.",
    "ru": "Не описано состояние техники и снаряжения, дополните.",
    "en": "The state of the equipment is missing; please add it.",
}
_REOPENED = {
    "kk": "Осындай оқиға қайталанды.",
    "ru": "Такое же происшествие повторилось.",
    "en": "The same has happened again.",
}


def record_all_incidents(
    brigade: Brigade,
    units: Mapping[str, Unit],
    persons: Mapping[str, Person],
    sites: Mapping[str, Site],
    officer: User,
) -> dict[str, Incident]:
    """Record the incidents week by week, then their later steps; return them by key."""
    recorded: dict[str, Incident] = {}
    for entered_at, rows in groupby(brigade.incidents, key=lambda row: row.recorded_at):
        batch = list(rows)
        made = services.record_incidents(
            drafts=[_draft(row, units, persons, sites) for row in batch],
            recorded_at=_aware(entered_at),
            acting_user=None,
        )
        recorded |= {row.key: incident for row, incident in zip(batch, made, strict=True)}
    for row in brigade.incidents:
        incident = recorded[row.key]
        for step in row.steps:
            _take(step, incident, row, _who_may(officer, incident))
        if row.duplicate_of:
            into = recorded[row.duplicate_of]
            services.merge_incidents(
                incident=incident, into=into, acting_user=_who_may(officer, incident, into)
            )
    return recorded


def _who_may(officer: User, *incidents: Incident) -> User | None:
    """The system, where a safety officer cannot open an incident and so cannot work on it."""
    levels = {incident.confidentiality for incident in incidents}
    return None if Confidentiality.MEDICAL in levels else officer


def _draft(
    row: IncidentRow,
    units: Mapping[str, Unit],
    persons: Mapping[str, Person],
    sites: Mapping[str, Site],
) -> services.IncidentDraft:
    site = sites.get(row.site)
    return services.IncidentDraft(
        kind=row.kind,
        unit=units[row.unit_code],
        occurred_at=_aware(row.occurred_at),
        cost_amount=row.cost_amount,
        cost_currency=row.cost_currency,
        involved=tuple(_involved(person, persons) for person in row.involved),
        fields={
            "uuid": uuid.uuid5(_NAMESPACE, row.key),
            "cause": row.cause,
            "precision": row.precision,
            "reported_at": _aware(row.reported_at),
            "area": site.area if site else None,
            "site": site,
            "place": row.place,
            "narrative": row.narrative,
            "immediate_action": row.immediate_action,
            "activity": row.activity,
            "weather": row.weather,
            "duty_status": row.duty_status,
            "confidentiality": row.confidentiality,
            "state": row.state,
            "finding": "" if row.steps else row.finding,
            "source": DEMONSTRATION_SOURCE,
            "source_key": row.key,
            "is_synthetic": True,
        },
    )


def _involved(row: InvolvedRow, persons: Mapping[str, Person]) -> services.InvolvedDraft:
    return services.InvolvedDraft(
        role=row.role,
        injuries=tuple(
            services.InjuryDraft(
                outcome=injury.outcome,
                treatment=injury.treatment,
                days_away=injury.days_away,
                days_limited=injury.days_limited,
                fields={
                    "body_region": injury.body_region,
                    "nature": injury.nature,
                    "overuse_type": injury.overuse_type,
                    "side": injury.side,
                    "icd_code": injury.icd_code,
                },
            )
            for injury in row.injuries
        ),
        fields={
            "person": persons[row.person_code] if row.person_code else None,
            "sex": row.sex,
            "age_years": row.age_years,
            "category": row.category,
            "occupation": row.occupation,
        },
    )


def _take(step: str, incident: Incident, row: IncidentRow, officer: User | None) -> None:
    if step == BEGIN:
        services.begin_investigation(incident=incident, acting_user=officer)
    elif step == SUBMIT:
        services.submit_for_endorsement(incident=incident, finding=row.finding, acting_user=officer)
    elif step == RETURN:
        services.return_to_investigation(
            incident=incident, reason=_RETURNED[row.language], acting_user=officer
        )
    elif step == CLOSE:
        services.close_incident(incident=incident, finding=row.finding, acting_user=officer)
    elif step == REOPEN:
        services.reopen_incident(
            incident=incident, reason=_REOPENED[row.language], acting_user=officer
        )
    else:
        raise ValueError(f"There is no step called {step}.")


def send_reports(
    brigade: Brigade,
    units: Mapping[str, Unit],
    sites: Mapping[str, Site],
    incidents: Mapping[str, Incident],
    users: Mapping[str, User],
) -> None:
    """Send the reports as ``reporter``, and decide on some of them as ``officer``."""
    for number, row in enumerate(brigade.reports, start=1):
        site = sites.get(row.site)
        key = f"{brigade.seed}-{brigade.last_day:%Y%m%d}-report-{number}"
        report, _code = services.report_incident(
            submission_key=uuid.uuid5(_NAMESPACE, key).hex,
            kind=row.kind,
            occurred_at=_aware(row.occurred_at),
            narrative=row.narrative,
            unit=units[row.unit_code] if row.unit_code else None,
            acting_user=users["reporter"],
            is_anonymous=row.is_anonymous,
            immediate_action=row.immediate_action,
            place=row.place,
            site=site,
            area=site.area if site else None,
            injured_count=row.injured_count,
            is_synthetic=True,
        )
        _settle(report, row, incidents, users["officer"])


def _settle(
    report: Report,
    row: ReportRow,
    incidents: Mapping[str, Incident],
    officer: User,
) -> None:
    if row.fate == submitted_reports.ACCEPTED:
        services.accept_report(report=report, acting_user=officer, corrections={"cause": row.cause})
    elif row.fate == submitted_reports.MERGED:
        incident = incidents[row.repeated_incident]
        services.merge_report(
            report=report, incident=incident, acting_user=_who_may(officer, incident)
        )
    elif row.fate == submitted_reports.CLOSED:
        services.close_report(report=report, reason=row.reason, note=row.note, acting_user=officer)


def _aware(wall_clock: dt.datetime) -> dt.datetime:
    """A local time of this installation as an aware moment."""
    moment: dt.datetime = timezone.make_aware(wall_clock)
    return moment
