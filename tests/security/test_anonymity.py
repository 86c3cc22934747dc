"""The attack: find out from the whole store who sent an anonymous report, and when.

Every row of every table that a report adds or changes is looked through, with the session, the
cookies, the cache, the log and the folder of uploads. The files of a real host are searched in
`test_anonymity_of_a_host.py`.
"""

from __future__ import annotations

import datetime as dt
import logging
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.cache import caches
from django.test import Client
from django.urls import reverse

from qorgau.foundation import clock
from qorgau.foundation.identifiers import digest_of_code, new_submission_key, receipt_code_for
from qorgau.foundation.identity.models import User
from qorgau.foundation.identity.roles import Role
from qorgau.foundation.journal.models import JournalEntry
from qorgau.foundation.rate_limits import CODES_PER_ADDRESS, REPORTS_PER_ADDRESS
from qorgau.records.incidents.models import Report
from qorgau.records.reporting.models import ReportingPoint
from qorgau.records.reporting.services import make_reporting_point
from tests.api.calling import Program
from tests.world import World

pytestmark = pytest.mark.django_db

ADDRESS, AGENT = "10.77.66.55", "Phone of the sender/7.3"
SENT_AT = dt.datetime(2026, 3, 2, 9, 37, 21, 123456, tzinfo=dt.UTC)
WORDS = "The handrail at the back stairs is loose."


@pytest.fixture(autouse=True)
def poster(world: World) -> ReportingPoint:
    return make_reporting_point(unit=world.company, place="Gate 2", acting_user=None)


Rows = dict[tuple[str, Any], dict[str, Any]]
Sender = Callable[[World, str], str]


@pytest.fixture(autouse=True)
def moment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: SENT_AT)


def every_row() -> Rows:
    """What every table holds, by model and primary key."""
    return {
        (model._meta.label, row[model._meta.pk.attname]): row
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed
        for row in model._base_manager.values()
    }


def what_differs(before: Rows) -> list[tuple[str, dict[str, Any]]]:
    now = every_row()
    return [(key[0], row) for key, row in now.items() if before.get(key) != row]


def form(key: str, **further: str) -> dict[str, str]:
    """The form as a browser sends it: the time that it began with comes back unchanged."""
    shown = clock.now().astimezone(dt.timezone(dt.timedelta(hours=5))).strftime("%Y-%m-%dT%H:%M")
    return {
        "submission_key": key,
        "kind": "hazard",
        "narrative": WORDS,
        "occurred_at": shown,
        "initial-occurred_at": shown,
        **further,
    }


def signed_in(world: World) -> Client:
    client = Client(REMOTE_ADDR=ADDRESS, HTTP_USER_AGENT=AGENT)
    client.force_login(world.inside[Role.REPORTER])
    return client


def by_page_signed_in(world: World, key: str) -> str:
    client = signed_in(world)
    answer = client.post(reverse("report"), form(key, unit=world.company.code, is_anonymous="on"))
    return answer.content.decode()


def by_public_page(world: World, key: str) -> str:
    client = Client(REMOTE_ADDR=ADDRESS, HTTP_USER_AGENT=AGENT)
    return client.post(reverse("public_report"), form(key)).content.decode()


def by_public_page_while_signed_in(world: World, key: str) -> str:
    return signed_in(world).post(reverse("public_report"), form(key)).content.decode()


def by_poster(world: World, key: str) -> str:
    client = Client(REMOTE_ADDR=ADDRESS, HTTP_USER_AGENT=AGENT)
    return client.post(poster_address(), form(key, about="here")).content.decode()


def by_poster_while_signed_in(world: World, key: str) -> str:
    return signed_in(world).post(poster_address(), form(key, about="here")).content.decode()


def poster_address() -> str:
    return reverse("report_at_point", kwargs={"code": ReportingPoint.objects.get().code})


def by_program(world: World, key: str) -> str:
    answer = Program(world.inside[Role.REPORTER]).post(
        "/reports",
        {
            "submission_key": key,
            "kind": "hazard",
            "narrative": WORDS,
            "occurred_at": "2026-03-02T00:00:00+05:00",
            "precision": "day",
            "is_anonymous": True,
        },
    )
    return answer.content.decode()


DOORS = [
    by_page_signed_in,
    by_public_page,
    by_public_page_while_signed_in,
    by_poster,
    by_poster_while_signed_in,
    by_program,
]
each_door = pytest.mark.parametrize("send", DOORS, ids=[door.__name__ for door in DOORS])


def values_in(row: dict[str, Any]) -> Iterator[Any]:
    for value in row.values():
        yield value
        if isinstance(value, str):
            yield from re.findall(r"\d{4}-\d\d-\d\dT[\d:.]+", value)


def is_exact(value: Any) -> bool:
    """Whether a time says more than the hour."""
    if isinstance(value, str):
        return not re.search(r"T\d\d:00(:00(\.0+)?)?$", value) and bool(re.search(r"T\d\d:", value))
    return isinstance(value, dt.datetime) and bool(value.minute or value.second)


def references_to_users(label: str) -> list[str]:
    fields = apps.get_model(label)._meta.concrete_fields
    return [field.attname for field in fields if field.related_model is User]


def traces(rows: list[tuple[str, dict[str, Any]]], secrets: list[str]) -> list[str]:
    found = []
    for label, row in rows:
        text = repr(row)
        found += [f"{label}: {secret}" for secret in secrets if secret in text]
        found += [f"{label}: the time {value}" for value in values_in(row) if is_exact(value)]
        found += [f"{label}.{name}" for name in references_to_users(label) if row[name] is not None]
    return found


def secrets_of(sender: User, key: str) -> list[str]:
    point = ReportingPoint.objects.get()
    code = receipt_code_for(key)
    sessions = Session.objects.values_list("session_key", flat=True)
    return [
        *(sender.username, str(sender.uuid), ADDRESS, AGENT, key, code, code.replace("-", "")),
        *(point.code, str(point.uuid), *sessions),
    ]


@each_door
def test_no_row_that_the_report_adds_or_changes_leads_to_its_sender(
    send: Sender, world: World
) -> None:
    sender, key = world.inside[Role.REPORTER], new_submission_key()
    signed_in(world)
    if send is by_program:
        # A token that is used for the first time is made in the test.
        Program(sender).get("/places")
    before = every_row()
    page = send(world, key)
    assert receipt_code_for(key) in page
    rows = [
        (label, row)
        for label, row in what_differs(before)
        # What signing in itself writes is there without any report.
        if label not in {"sessions.Session", "identity.User", "identity.ApiToken"}
    ]
    assert {label for label, _row in rows} == {
        "incidents.Report",
        "journal.AnonymousEntry",
        "journal.JournalHead",
    }
    assert traces(rows, secrets_of(sender, key)) == []


@each_door
def test_the_journal_says_only_that_a_report_came_in_some_hour(
    send: Sender, world: World, end_the_hour: Callable[[], None]
) -> None:
    sender, key = world.inside[Role.REPORTER], new_submission_key()
    send(world, key)
    report = Report.objects.get(receipt_digest=digest_of_code(receipt_code_for(key)))
    assert not JournalEntry.objects.filter(subject_uuid=report.uuid).exists()
    end_the_hour()
    entry = JournalEntry.objects.filter(subject_uuid=report.uuid)
    assert [(row.actor_kind, row.actor) for row in entry] == [("anonymous", "")]
    assert traces([("journal.JournalEntry", entry.values()[0])], secrets_of(sender, key)) == []


def test_the_session_and_the_cookies_know_nothing_of_it(world: World) -> None:
    client, key = signed_in(world), new_submission_key()
    client.get(reverse("report"))
    before = dict(client.session.items()), {n: m.value for n, m in client.cookies.items()}
    answer = client.post(reverse("report"), form(key, unit=world.company.code, is_anonymous="on"))
    after = dict(client.session.items()), {n: m.value for n, m in client.cookies.items()}
    assert after == before
    assert "no-store" in answer["Cache-Control"]


@each_door
def test_neither_log_nor_folder_holds_a_word_of_it(
    send: Sender, world: World, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    data = Path(settings.DATA)
    files = {path for path in data.rglob("*") if path.is_file()} if data.exists() else set()
    key = new_submission_key()
    with caplog.at_level(logging.DEBUG):
        send(world, key)
    written = "".join(capfd.readouterr()) + "".join(
        record.getMessage() for record in caplog.records if record.name != "django.db.backends"
    )
    for secret in (*secrets_of(world.inside[Role.REPORTER], key), WORDS):
        assert secret not in written
    now = {path for path in data.rglob("*") if path.is_file()} if data.exists() else set()
    assert now == files


@each_door
def test_the_cache_knows_nothing_of_it(send: Sender, world: World) -> None:
    key = new_submission_key()
    send(world, key)
    held = b"".join(
        str(name).encode() + value
        for cache in caches.all(initialized_only=False)
        for name, value in getattr(cache, "_cache", {}).items()
    )
    for secret in (*secrets_of(world.inside[Role.REPORTER], key), WORDS):
        assert secret.encode() not in held


def test_a_report_keeps_unit_and_place_of_a_poster_and_not_the_poster(
    world: World, poster: ReportingPoint
) -> None:
    by_poster(world, new_submission_key())
    report = Report.objects.get(narrative=WORDS)
    assert (report.unit, report.reporter) == (world.company, None)
    points = [f for f in Report._meta.get_fields() if f.related_model is ReportingPoint]
    assert points == []
    poster.refresh_from_db()
    assert {f.name for f in ReportingPoint._meta.concrete_fields} == {
        *("id", "uuid", "code", "unit", "site", "place", "made_at", "withdrawn_at")
    }


def test_the_uuid_of_a_report_does_not_lead_to_its_code(world: World) -> None:
    """Found before: sending a uuid that a page or the journal shows gave its code to anybody."""
    key = new_submission_key()
    by_public_page(world, key)
    report = Report.objects.get(narrative=WORDS)
    code = receipt_code_for(key)
    answer = by_public_page(world, report.uuid.hex)
    assert code not in answer
    assert receipt_code_for(report.uuid.hex) != code


def test_row_numbers_do_not_say_in_which_order_reports_came(world: World) -> None:
    for _turn in range(12):
        by_public_page(world, new_submission_key())
    numbers = list(Report.objects.filter(narrative=WORDS).values_list("pk", flat=True))
    assert len(numbers) == 12
    assert max(numbers) - min(numbers) > 10**15


def test_a_time_that_the_sender_chose_is_kept(world: World) -> None:
    key = new_submission_key()
    chosen = form(key) | {"occurred_at": "2026-03-01T06:45"}
    Client(REMOTE_ADDR=ADDRESS).post(reverse("public_report"), chosen)
    report = Report.objects.get(narrative=WORDS)
    assert (report.occurred_at, report.precision) == (
        dt.datetime(2026, 3, 1, 1, 45, tzinfo=dt.UTC),
        "minute",
    )


def test_who_sends_too_much_is_delayed_and_loses_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(REPORTS_PER_ADDRESS, "most", 2)
    client = Client(REMOTE_ADDR="10.77.66.56")
    answers = [client.post(reverse("public_report"), form(new_submission_key())) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert int(answers[2]["Retry-After"]) > 0
    page = answers[2].content.decode()
    assert WORDS in page
    assert "Nothing that you entered is lost" in page
    assert Report.objects.filter(narrative=WORDS).count() == 2


def test_codes_cannot_be_tried_at_will(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(CODES_PER_ADDRESS, "most", 2)
    client = Client(REMOTE_ADDR="10.77.66.57")
    tries = [client.post(reverse("receipt"), {"code": f"0000-0000-000{n}"}) for n in range(3)]
    assert [answer.status_code for answer in tries] == [200, 200, 429]


def test_a_program_cannot_try_codes_either_and_both_doors_count_as_one(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Found before: the same code could be tried over the API as often as one liked."""
    monkeypatch.setattr(CODES_PER_ADDRESS, "most", 2)
    page, program = Client(REMOTE_ADDR="10.77.66.58"), Client(REMOTE_ADDR="10.77.66.58")
    first = page.post(reverse("receipt"), {"code": "0000-0000-0001"})
    tries = [
        program.get("/api/v1/receipt", headers={"Receipt-Code": f"0000-0000-000{n}", **language})
        for n, language in ((2, {}), (3, {}), (4, {"Accept-Language": "ru"}))
    ]
    assert [first.status_code, *(t.status_code for t in tries)] == [200, 404, 429, 429]
    assert int(tries[1]["Retry-After"]) > 0
    assert "send it again in" in tries[1].json()["detail"]
    assert "повтор" in tries[2].json()["detail"].lower() or "сети" in tries[2].json()["detail"]
    assert page.post(reverse("receipt"), {"code": "0000-0000-0005"}).status_code == 429
