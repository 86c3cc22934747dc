"""A synthetic brigade with any number of incidents, loaded without the services for speed."""

from __future__ import annotations

import datetime as dt
import json
import operator
import random
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Any

from django.db import connection, models, transaction

from qorgau.foundation.identity.models import User
from qorgau.foundation.identity.roles import Role
from qorgau.records.incidents.choices import Cause, IncidentState, Kind
from qorgau.records.incidents.models import Incident, IncidentRevision, InvolvedPerson
from qorgau.records.people.choices import Echelon
from qorgau.records.people.models import Unit
from qorgau.records.people.services import (
    UnitDraft,
    create_organisation,
    create_units,
    enrol_user,
)

YEARS = 10
SEED = 20240506
BATCH = 20_000
OPENED = dt.date(2010, 1, 1)
KINDS = [Kind.INJURY] * 4 + [Kind.NEAR_MISS] * 4 + [Kind.HAZARD, Kind.ILLNESS]
RECENT = dt.timedelta(days=90)


def fill_register(incidents: int, *, revised_every: int = 0) -> dict[str, User]:
    """Create the brigade and its incidents; return the users who open the pages.

    Of one in ``revised_every`` the cause was corrected since, at some moment.
    """
    units = make_units()
    top, battalion = units[0], units[1]
    now = dt.datetime.now(dt.UTC)
    with without_durability(), transaction.atomic():
        load(Incident, incident_rows(incidents, units, now, revised_every))
        load(InvolvedPerson, involved_rows(incidents))
        if revised_every:
            load(IncidentRevision, _revision_rows(incidents, units, now, revised_every))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return {
        "brigade": _officer("brigade.officer", top),
        "battalion": _officer("battalion.officer", battalion),
    }


@contextmanager
def without_durability() -> Iterator[None]:
    """A temporary register may be lost on power loss."""
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous=OFF")
        cursor.execute("PRAGMA cache_size=-1000000")
        yield
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


def make_units() -> list[Unit]:
    """One brigade, four battalions, four companies in each, three platoons in each company."""
    drafts = [UnitDraft("B", OPENED, {"en": "Brigade"}, None, Echelon.BRIGADE)]
    levels = [(Echelon.BATTALION, 4), (Echelon.COMPANY, 4), (Echelon.PLATOON, 3)]
    above = ["B"]
    for echelon, width in levels:
        codes = [(f"{parent}{n}", parent) for parent in above for n in range(width)]
        drafts += [UnitDraft(c, OPENED, {"en": f"Unit {c}"}, p, echelon) for c, p in codes]
        above = [code for code, _parent in codes]
    organisation = create_organisation(code="FORCE", names={"en": "Force"}, acting_user=None)
    return create_units(organisation=organisation, drafts=drafts, acting_user=None)


def _officer(name: str, unit: Unit) -> User:
    return enrol_user(username=name, role=Role.SAFETY_OFFICER, unit=unit, acting_user=None)[0]


def incident_rows(
    count: int, units: list[Unit], now: dt.datetime, revised_every: int = 0
) -> Iterator[Incident]:
    chance = random.Random(SEED)
    causes = list(Cause)
    span_seconds = YEARS * 365 * 86_400
    for serial in range(1, count + 1):
        at = now - dt.timedelta(seconds=chance.randrange(span_seconds))
        is_open = now - at < RECENT and chance.random() < 0.3
        is_revised = revised_every > 0 and serial % revised_every == 0
        yield Incident(
            id=serial,
            uuid=uuid.UUID(int=serial),
            number=f"{at.year}-{serial:07d}",
            kind=KINDS[chance.randrange(len(KINDS))],
            unit_id=units[chance.randrange(len(units))].pk,
            occurred_at=at,
            occurred_on=at.date(),
            reported_at=at,
            recorded_at=at,
            revised_at=_corrected(at, now, serial) if is_revised else at,
            version=2 if is_revised else 1,
            cause=causes[chance.randrange(len(causes))],
            state=IncidentState.TRIAGED if is_open else IncidentState.CLOSED,
            severity_class="CDE"[chance.randrange(3)],
            narrative="Synthetic: slipped on the ramp while carrying a box.",
            is_synthetic=True,
        )


def _corrected(at: dt.datetime, now: dt.datetime, serial: int) -> dt.datetime:
    """Some moment since an incident."""
    return at + (now - at) * (serial * 7919 % 1000 / 1000)


def _revision_rows(
    count: int, units: list[Unit], now: dt.datetime, revised_every: int
) -> Iterator[IncidentRevision]:
    """What the register said before of those that were corrected: the same but for the cause."""
    causes = list(Cause)
    for incident in incident_rows(count, units, now, revised_every):
        if incident.version == 1:
            continue
        yield IncidentRevision(
            id=incident.pk,
            incident_id=incident.pk,
            version=1,
            valid_from=incident.recorded_at,
            valid_until=incident.revised_at,
            kind=incident.kind,
            unit_id=incident.unit_id,
            occurred_on=incident.occurred_on,
            cause=causes[incident.pk * 31 % len(causes)],
            severity_class=incident.severity_class,
            state=incident.state,
            confidentiality=incident.confidentiality,
            is_synthetic=True,
            recorded_at=incident.recorded_at,
            # As text: rows are loaded without the fields of the model.
            fields=json.dumps({"narrative": incident.narrative}),
            involved="[]",
        )


def involved_rows(incidents: int) -> Iterator[InvolvedPerson]:
    """Somebody was hurt in two of five incidents."""
    for serial in range(1, incidents + 1):
        if serial % 5 < 2:
            yield InvolvedPerson(
                id=serial,
                uuid=uuid.UUID(int=serial),
                incident_id=serial,
                age_years=19 + serial % 30,
            )


def load(model: type[models.Model], rows: Iterable[models.Model]) -> None:
    """Insert in large batches: with COPY in PostgreSQL, with one prepared statement in SQLite."""
    fields = model._meta.concrete_fields
    columns = ", ".join(connection.ops.quote_name(field.column) for field in fields)
    table = connection.ops.quote_name(model._meta.db_table)
    of_row = operator.attrgetter(*(field.attname for field in fields))
    with connection.cursor() as cursor:
        while batch := list(islice(rows, BATCH)):
            if connection.vendor == "postgresql":
                with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                    for row in batch:
                        copy.write_row(of_row(row))
            else:
                marks = ", ".join(["?"] * len(fields))
                cursor.connection.executemany(
                    f"INSERT INTO {table} ({columns}) VALUES ({marks})",
                    ([_as_sqlite(value) for value in of_row(row)] for row in batch),
                )


def _as_sqlite(value: Any) -> Any:
    """In the form in which Django stores it."""
    if isinstance(value, uuid.UUID):
        return value.hex
    if isinstance(value, dt.datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S.%f")
    if isinstance(value, dt.date):
        return value.isoformat()
    return str(value) if isinstance(value, str) else value
