"""A report arrives: few fields, twice the same, from nobody, from the future."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db import connection

from qorgau.foundation import clock
from qorgau.foundation.identifiers import new_submission_key
from qorgau.foundation.identity.models import User
from qorgau.foundation.identity.roles import Role
from qorgau.foundation.journal.models import AnonymousEntry, JournalEntry
from qorgau.records.incidents import queries
from qorgau.records.incidents.models import Report
from qorgau.records.incidents.services import begin_import, report_incident
from tests.world import OCCURRED, World
from tests.writers import at_once

MINUTE = dt.timedelta(minutes=1)


def send(world: World, **changes: Any) -> tuple[Report, str]:
    said = {
        "submission_key": new_submission_key(),
        "kind": "near_miss",
        "occurred_at": OCCURRED,
        "narrative": "A lorry rolled back a metre.",
        "unit": world.company,
        "acting_user": world.inside[Role.REPORTER],
    }
    return report_incident(**said | changes)


@pytest.mark.django_db
def test_the_receipt_code_opens_the_report(world: World) -> None:
    report, code = send(world)
    assert queries.report_of_receipt(code) == report
    assert queries.report_of_receipt(code.lower().replace("-", " ")) == report
    assert queries.report_of_receipt("0000-0000-0000") is None
    assert code not in str(Report.objects.filter(pk=report.pk).values().get())


@pytest.mark.django_db
def test_the_same_report_sent_again_is_one_report_with_one_code(world: World) -> None:
    made = new_submission_key()
    first = send(world, submission_key=made)
    rows = JournalEntry.objects.count()
    # A phone sends again what it has; even if its clock or its text has changed since.
    again = send(
        world, submission_key=made, narrative="Other words", occurred_at=clock.now() + 60 * MINUTE
    )
    assert again == first
    assert again[0].narrative == "A lorry rolled back a metre."
    assert JournalEntry.objects.count() == rows


def test_the_same_report_sent_twice_at_once_is_one_report(several_writers: None) -> None:
    made = new_submission_key()

    def send_anonymously() -> tuple[int, str]:
        report, code = report_incident(
            submission_key=made, kind="hazard", occurred_at=OCCURRED, narrative="A rotten step.",
            unit=None, acting_user=None,
        )  # fmt: skip
        return report.pk, code

    answers = at_once(*[send_anonymously] * 4)
    assert len(set(answers)) == 1
    assert Report.objects.count() == AnonymousEntry.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("ahead", [dt.timedelta(days=1), 11 * MINUTE])
def test_an_event_in_the_future_is_refused(world: World, ahead: dt.timedelta) -> None:
    before = Report.objects.count()
    with pytest.raises(ValidationError) as refusal:
        send(world, occurred_at=clock.now() + ahead)
    assert "is in the future" in refusal.value.message_dict["occurred_at"][0]
    assert Report.objects.count() == before


@pytest.mark.django_db
def test_a_year_that_cannot_be_right_is_refused(world: World) -> None:
    almaty = dt.timezone(dt.timedelta(hours=5))
    with pytest.raises(ValidationError) as refusal:
        send(world, occurred_at=dt.datetime(1, 1, 1, tzinfo=almaty))
    assert "4 digits" in refusal.value.message_dict["occurred_at"][0]


@pytest.mark.django_db
def test_the_code_of_a_signed_report_is_not_given_to_somebody_else(world: World) -> None:
    key = new_submission_key()
    send(world, submission_key=key)
    for other in (world.inside[Role.AUDITOR], None):
        with pytest.raises(ValidationError) as refusal:
            send(world, submission_key=key, acting_user=other)
        assert set(refusal.value.message_dict) == {"submission_key"}


@pytest.mark.django_db
def test_a_clock_a_little_ahead_is_let_through(world: World) -> None:
    report, _code = send(world, occurred_at=clock.now() + 9 * MINUTE)
    assert report.pk


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"narrative": "  \n "}, "narrative"),
        ({"narrative": "x" * 20_001}, "narrative"),
        ({"unit": None}, "unit"),
        ({"kind": "party"}, "kind"),
        ({"injured_count": -1}, "injured_count"),
        ({"injured_count": 100_000}, "injured_count"),
        ({"latitude": 91.0, "longitude": 0.0}, "latitude"),
        ({"latitude": 0.0, "longitude": -181.0}, "longitude"),
        ({"place": "x" * 201}, "place"),
    ],
)
def test_a_wrong_field_is_refused_beside_it_and_nothing_is_written(
    world: World, changes: dict[str, Any], field: str
) -> None:
    reports, rows = Report.objects.count(), JournalEntry.objects.count()
    with pytest.raises(ValidationError) as refusal:
        send(world, **changes)
    assert set(refusal.value.message_dict) == {field}
    assert (Report.objects.count(), JournalEntry.objects.count()) == (reports, rows)


@pytest.mark.django_db
def test_a_signed_in_person_may_report_anonymously_and_leaves_no_name(
    world: World, end_the_hour: Callable[[], None]
) -> None:
    sender = world.inside[Role.REPORTER]
    rows = JournalEntry.objects.count()
    report, code = send(world, is_anonymous=True)
    report.refresh_from_db()
    assert report.reporter is None
    assert report.is_anonymous
    end_the_hour()
    entry = JournalEntry.objects.order_by("sequence")[rows]
    assert (entry.actor_kind, entry.actor) == ("anonymous", "")
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM journal_journalentry WHERE sequence = %s", [entry.sequence])
        written = str(cursor.fetchall())
    assert sender.username not in written
    assert "lorry" not in written
    assert report not in queries.reports_sent_by(sender)
    assert queries.report_of_receipt(code) == report


@pytest.mark.django_db
def test_nobody_signed_in_may_report_without_a_unit_and_the_top_decides(world: World) -> None:
    report, _code = send(world, unit=None, acting_user=None)
    chief = User.objects.create(username="chief")
    chief.role_grants.create(role=Role.SAFETY_OFFICER, unit=world.brigade, valid_from=OCCURRED)
    assert report in queries.reports_to_triage(chief)
    battalion = world.inside[Role.SAFETY_OFFICER]
    assert report not in queries.reports_to_triage(battalion)
    assert report not in queries.reports_triaged_by(battalion)


@pytest.mark.django_db
def test_a_visitor_does_not_own_what_nobody_has_signed(world: World) -> None:
    """An anonymous report has no reporter, and a visitor has no number: they must not match."""
    begin_import(
        source="x", file_name="x.csv", file_digest="0", mapping_digest="0", mapping_text="x",
        columns=["x"], row_count=1, acting_user=None,
    )  # fmt: skip
    send(world, is_anonymous=True)
    for visitor in (AnonymousUser(), User(username="unsaved")):
        assert not queries.reports_triaged_by(visitor)
        assert not queries.reports_sent_by(visitor)
        assert not queries.imports_of(visitor)
        assert not queries.reports_to_triage(visitor)


@pytest.mark.django_db
def test_who_sent_a_report_reads_it_and_others_who_do_not_triage_do_not(world: World) -> None:
    report = world.report
    for role, user in world.inside.items():
        assert (report in queries.reports_triaged_by(user)) is (role == Role.SAFETY_OFFICER)
        assert (report in queries.reports_to_triage(user)) is (role == Role.SAFETY_OFFICER)
        assert (report in queries.reports_sent_by(user)) is (role == Role.REPORTER)
    for user in world.outside.values():
        assert report not in queries.reports_triaged_by(user)
        assert report not in queries.reports_sent_by(user)
