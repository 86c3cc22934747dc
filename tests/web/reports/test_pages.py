"""Sending a report: nothing is lost, it is recorded once, and its code finds it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from qorgau.foundation.identifiers import digest_of_key, new_submission_key
from qorgau.foundation.identity.roles import Role
from qorgau.foundation.journal.models import JournalEntry
from qorgau.records.incidents.models import Report
from qorgau.records.incidents.services import accept_report, begin_investigation, close_report
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def reporter(world: World) -> Client:
    client = Client()
    client.force_login(world.inside[Role.REPORTER])
    return client


def filled_in(world: World, **changed: str) -> dict[str, str]:
    return {
        "submission_key": new_submission_key(),
        "kind": "near_miss",
        "narrative": "A crate slid off the ramp.",
        "occurred_at": "2024-05-06T14:30",
        "unit": world.company.code,
        "injured_count": "",
        **changed,
    }


def code_on(page: str) -> str:
    found = re.search(r'class="receipt code">([^<]+)<', page)
    assert found
    return found[1]


def test_the_form_opens_with_the_time_and_the_user_s_unit(reporter: Client, world: World) -> None:
    page = reporter.get(reverse("report")).content.decode()
    assert f'value="{world.battalion.code}" selected' in page
    assert (
        "4 fields are required. You can fill in the rest later. 2 of them are already filled in."
        in page
    )
    assert re.search(r'name="occurred_at" value="\d{4}-\d\d-\d\dT\d\d:\d\d"', page)


def test_a_report_is_recorded_and_answered_with_its_code(reporter: Client, world: World) -> None:
    answer = reporter.post(reverse("report"), filled_in(world), follow=True)
    report = Report.objects.get(narrative="A crate slid off the ramp.")
    assert report.reporter == world.inside[Role.REPORTER]
    assert report.occurred_at == dt.datetime(2024, 5, 6, 9, 30, tzinfo=dt.UTC)
    found = Client().post(reverse("receipt"), {"code": code_on(answer.content.decode())})
    assert "Near miss" in found.content.decode()


def test_the_same_form_sent_twice_is_one_report(reporter: Client, world: World) -> None:
    form = filled_in(world)
    first = reporter.post(reverse("report"), form, follow=True).content.decode()
    again = reporter.post(reverse("report"), form, follow=True).content.decode()
    assert code_on(first) == code_on(again)
    digest = digest_of_key(form["submission_key"])
    assert Report.objects.filter(submission_digest=digest).count() == 1


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("occurred_at", "2999-01-01T00:00", "This time is in the future."),
        ("narrative", "   ", "This field is required."),
        ("injured_count", "-1", "greater than or equal to 0"),
        ("injured_count", "1000000", "less than or equal to 2000"),
        ("kind", "attack", "Select a valid choice"),
        ("unit", "BDE-2", "Select a valid choice"),
        ("submission_key", "no", "32 hexadecimal digits"),
    ],
)
def test_what_is_wrong_is_reported_and_the_rest_is_kept(
    field: str, value: str, sentence: str, reporter: Client, world: World
) -> None:
    before = Report.objects.count(), JournalEntry.objects.count()
    form = filled_in(world, place="Behind the workshop", **{field: value})
    page = reporter.post(reverse("report"), form).content.decode()
    assert sentence in page
    assert "We kept what you entered." in page
    assert 'value="Behind the workshop"' in page
    assert (Report.objects.count(), JournalEntry.objects.count()) == before


def test_an_anonymous_report_leaves_no_name_anywhere(
    reporter: Client, world: World, end_the_hour: Callable[[], None]
) -> None:
    sender = world.inside[Role.REPORTER]
    page = reporter.post(
        reverse("report"), filled_in(world, is_anonymous="on"), follow=True
    ).content.decode()
    report = Report.objects.get(narrative="A crate slid off the ramp.")
    end_the_hour()
    entry = JournalEntry.objects.get(subject_uuid=report.uuid)
    assert report.reporter is None
    assert not {sender.username, str(sender.uuid)} & {entry.actor, *entry.details.split('"')}
    assert "Your name was not kept." in page
    assert "A crate slid" not in reporter.get(reverse("my_reports")).content.decode()


def test_the_code_shows_what_happened_to_it(reporter: Client, world: World) -> None:
    page = reporter.post(
        reverse("report"), filled_in(world, is_anonymous="on"), follow=True
    ).content.decode()
    close_report(
        report=Report.objects.get(narrative="A crate slid off the ramp."),
        reason="not_an_incident",
        note="The ramp was taken away.",
        acting_user=world.inside[Role.SAFETY_OFFICER],
    )
    # As typed after hearing it over a bad line: lower case, no dashes, O for 0.
    spoken = code_on(page).replace("-", "").replace("0", "o").lower()
    found = Client().post(reverse("receipt"), {"code": spoken}).content.decode()
    assert "The ramp was taken away." in found


def test_an_unknown_code_says_so_and_what_to_check() -> None:
    page = Client().post(reverse("receipt"), {"code": "0000-0000-0000"}).content.decode()
    assert "No report has this code." in page


def test_a_code_in_the_address_is_ignored(world: World) -> None:
    page = Client().get(reverse("receipt"), {"code": "0000-0000-0000"}).content.decode()
    assert "No report has this code." not in page


def test_my_reports_are_only_mine(reporter: Client, world: World) -> None:
    assert world.report.narrative[:20] in reporter.get(reverse("my_reports")).content.decode()
    other = Client()
    other.force_login(world.inside[Role.PLANNER])
    page = other.get(reverse("my_reports")).content.decode()
    assert world.report.narrative[:20] not in page
    assert "No report yet" in page


def test_a_damaged_page_address_shows_the_first_page_and_says_so(reporter: Client) -> None:
    page = reporter.get(reverse("my_reports"), {"after": "xyz"}).content.decode()
    assert "This page address is damaged." in page
    assert "A lorry rolled back" in page


def test_the_sender_reads_what_was_done_because_of_it(
    reporter: Client, world: World, client: Client
) -> None:
    """By page and program, with the state of the investigation in plain words."""
    told = "The ramp has a stop at its edge now."
    code = code_on(reporter.post(reverse("report"), filled_in(world), follow=True).content.decode())
    report = Report.objects.get(narrative="A crate slid off the ramp.")
    incident = accept_report(report=report, acting_user=None)
    doors: list[Callable[[], str]] = [
        lambda: Client().post(reverse("receipt"), {"code": code}).content.decode(),
        lambda: reporter.get(reverse("my_reports")).content.decode(),
        lambda: str(Client().get("/api/v1/receipt", headers={"Receipt-Code": code}).json()),
    ]
    assert "Accepted. The investigation has not begun yet." in doors[0]()
    begin_investigation(incident=incident, acting_user=None)
    assert "Under investigation." in doors[1]()
    assert all(told not in door() for door in doors)
    client.force_login(world.inside[Role.SAFETY_OFFICER])
    address = reverse("release_incident", kwargs={"number": incident.number})
    assert client.post(address, {"text": told}).status_code == 302
    assert all(told in door() for door in doors)
    page = client.get(reverse("incident", kwargs={"number": incident.number})).content.decode()
    assert told in page
    assert "Correct the text</button>" in page
    assert "Tell the reporter</button>" not in page
    corrected = client.post(address, {"text": told}, follow=True).content.decode()
    assert "Done: Correct the text." in corrected
    withdraw = reverse("withdraw_incident", kwargs={"number": incident.number})
    assert client.post(withdraw, {"reason": "It named the ramp."}).status_code == 302
    assert all(told not in door() for door in doors)


def test_what_nobody_reported_has_nobody_to_tell(world: World, client: Client) -> None:
    client.force_login(world.inside[Role.SAFETY_OFFICER])
    page = client.get(reverse("incident", kwargs={"number": world.incident.number}))
    assert "Tell the reporter" not in page.content.decode()
