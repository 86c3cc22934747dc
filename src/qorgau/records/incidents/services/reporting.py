"""A report arrives."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils.translation import gettext as _

from qorgau.foundation import clock
from qorgau.foundation.bulk_writes import insert_if_new
from qorgau.foundation.identifiers import (
    digest_of_code,
    digest_of_key,
    plain_submission_key,
    receipt_code_for,
)
from qorgau.foundation.identity.authority import NotAuthorised, require_somewhere
from qorgau.foundation.identity.models import User
from qorgau.foundation.identity.roles import Capability
from qorgau.foundation.journal.services import append_anonymous_entry, append_entry
from qorgau.foundation.transactions import one_transaction
from qorgau.records.incidents.history import ReportReceived
from qorgau.records.incidents.models import Report
from qorgau.records.people.authority import NOTHING, capabilities_over, unknown_unit
from qorgau.records.people.models import Unit

# A phone's clock may run ahead of the server's by this much before "in the future" is said.
CLOCK_TOLERANCE = dt.timedelta(minutes=10)
# A year before this one is a slip of the finger, and near year 1 zones cannot be reckoned.
EARLIEST = dt.datetime(1800, 1, 1, tzinfo=dt.UTC)

_REFERENCES = frozenset({"unit", "reporter", "area", "site", "incident"})


@one_transaction
def report_incident(
    *,
    submission_key: str,
    kind: str,
    occurred_at: dt.datetime,
    narrative: str,
    unit: Unit | None,
    acting_user: User | None,
    is_anonymous: bool = False,
    **optional: Any,
) -> tuple[Report, str]:
    """Take in a report and return it with its receipt code.

    The sender makes ``submission_key``, a secret of 32 hexadecimal digits: the same one again
    returns the report that is already there. ``optional`` holds further fields of ``Report``
    (place, area, injured_count, ...). Of an anonymous report only the hour is kept in which it
    arrived.
    """
    key = _checked(submission_key)
    code = receipt_code_for(key)
    sender = None if is_anonymous else acting_user
    now = clock.now()
    report = Report(
        kind=kind,
        occurred_at=occurred_at,
        narrative=narrative.strip(),
        unit=unit,
        reporter=sender,
        reported_at=clock.hour_of(now) if sender is None else now,
        submission_digest=digest_of_key(key),
        receipt_digest=digest_of_code(code),
        **optional,
    )
    try:
        _require_unit(acting_user, unit, is_anonymous=is_anonymous)
        _check(report)
    except (ValidationError, NotAuthorised):
        # What was once taken is answered with its code, whatever became wrong with it since.
        already = _already(report, acting_user)
        if already is None:
            raise
        return already, code
    if not insert_if_new(report):
        # The same report is there, perhaps since this very moment.
        already = _already(report, acting_user)
        if already is None:
            raise IntegrityError("Another report has a random number of this one.")
        return already, code
    _journal_arrival(report, sender)
    return report, code


def _check(report: Report) -> None:
    require_past(report.occurred_at)
    if not report.narrative:
        raise ValidationError({"narrative": _("Describe what happened in a few words.")})
    # Of what it refers to the rows were just read, and the database holds the references.
    report.full_clean(exclude=_REFERENCES, validate_unique=False)


def _already(report: Report, acting_user: User | None) -> Report | None:
    """The report that was sent before with the same key, to the same sender."""
    found = Report.objects.filter(submission_digest=report.submission_digest).first()
    if found is not None:
        _require_own(found, acting_user)
    return found


def _require_unit(acting_user: User | None, unit: Unit | None, *, is_anonymous: bool) -> None:
    """A signed-in person reports about own units, without a name too; a visitor's has a poster."""
    if acting_user is None:
        return
    if unit is None:
        require_somewhere(acting_user, Capability.REPORT)
        if not is_anonymous:
            raise ValidationError({"unit": _("Choose the unit that this is about.")})
        return
    held = capabilities_over(acting_user, {unit.pk}).get(unit.pk, NOTHING)
    if Capability.REPORT not in held:
        raise unknown_unit(unit.code)


def _journal_arrival(report: Report, sender: User | None) -> None:
    received = ReportReceived(report.kind, report.unit.code if report.unit else None)
    if sender is None:
        append_anonymous_entry(received, subject=report.uuid)
    else:
        append_entry(received, subject=report.uuid, acting_user=sender)


def _checked(submission_key: str) -> str:
    key = plain_submission_key(submission_key)
    if key is None:
        raise ValidationError(
            {"submission_key": _("Send a key of 32 hexadecimal digits, made at random.")}
        )
    return key


def _require_own(report: Report, sender: User | None) -> None:
    """The code of a report that somebody signed is for that person alone."""
    if report.reporter_id is not None and (sender is None or sender.pk != report.reporter_id):
        raise ValidationError(
            {
                "submission_key": _(
                    "Someone else has already sent a report with this key. Create a new key."
                )
            }
        )


def require_past(occurred_at: dt.datetime) -> None:
    if occurred_at < EARLIEST:
        raise ValidationError(
            {"occurred_at": _("This year is not possible. Enter the year with 4 digits.")}
        )
    if occurred_at > clock.now() + CLOCK_TOLERANCE:
        raise ValidationError(
            {
                "occurred_at": _(
                    "This time is in the future. Enter the time when it happened. Report a"
                    " danger that is still there as a hazard seen now."
                )
            }
        )
