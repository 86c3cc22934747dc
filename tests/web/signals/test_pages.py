"""The list of signals, one signal with its weeks, and the decision about it."""

from __future__ import annotations

import csv
import datetime as dt
import io

import pytest
from django.urls import reverse

from qorgau.analysis.signals.question import SignalQuestion
from qorgau.foundation.identity.roles import Role
from qorgau.jobs.detection import run_detection
from qorgau.records.signals.models import Signal
from qorgau.records.signals.services import triage_signal
from tests.analysis.register_of_weeks import WEEK, happen, make_units, make_user, weeks_before
from tests.shared_registers import shared_register


@shared_register
def units():
    """Three quiet years, then six falls from a height in one company in two weeks."""
    made = make_units()
    happen(made["B-2"], *map(weeks_before, range(4, 160, 4)), cause="exertion.running")
    happen(made["B-1-1"], weeks_before(1), number=4, cause="fall.height")
    happen(made["B-1-1"], WEEK, number=6, cause="fall.height")
    return made


@pytest.fixture
def analyst(client, units):
    user = make_user("analyst", Role.ANALYST, units["B"])
    run_detection(question=SignalQuestion(units["B"], WEEK), reader=user, acting_user=user, weeks=2)
    client.force_login(user)
    client.cookies["django_language"] = "en"
    return client


@pytest.fixture
def signal(analyst) -> Signal:
    return Signal.objects.get(counted="all")


def text_of(response) -> str:
    return response.content.decode()


def signal_page(client, signal):
    return client.get(reverse("signal", args=[signal.uuid]))


def decide(client, signal, **posted):
    posted = {"to": "explained", "reason": "", "seen_version": signal.version} | posted
    return client.post(reverse("triage_signal", args=[signal.uuid]), posted)


def test_the_list_shows_what_rose_where_how_much_and_how_unusual(analyst, signal):
    page = analyst.get(reverse("signals"))
    text = text_of(page)
    (line,) = page.context["lines"]
    assert line.measure_label == "Injury: Fall from a height"
    assert line.unit_name == "Unit B-1-1"
    assert reverse("signal", args=[signal.uuid]) in text
    assert "Latest week tested: week of" in text
    assert line.chance == "less than 1 in 1,000,000 weeks"
    assert "New" in text


def test_the_page_says_it_in_one_sentence_and_shows_the_weeks(analyst, signal):
    page = signal_page(analyst, signal)
    text = text_of(page)
    assert "“Injury: Fall from a height” rose to 6" in text
    assert "Check the place, its surface and light" in text
    assert text.count("<svg viewBox") == 2
    assert "2 weeks are above the usual maximum" in text
    assert [week.observed for week in page.context["weeks"]] == [4, 6]
    assert page.context["weeks"][-1].upper_bound == signal.upper_bound
    assert page.context["weeks"][-1].expected == pytest.approx(signal.expected)


def test_the_page_shows_explained_signals_and_caveats(analyst, signal):
    text = text_of(signal_page(analyst, signal))
    assert "Also above their usual maximum because of this" in text
    assert "Injury: Fall, B-1: 6, usual maximum" in text
    assert "Reports come late" in text
    assert "Series tested: " in text
    assert "farrington_flexible, ears_c2" in text


def test_the_page_links_to_the_incidents(analyst, signal):
    page = signal_page(analyst, signal)
    records = analyst.get(page.context["incidents_address"])
    assert len(records.context["page"].rows) == 10


def test_a_decision_is_saved_with_its_reason_and_in_the_history(analyst, signal):
    answer = decide(analyst, signal, reason="A new climbing wall; its mats were missing.")
    assert answer.status_code == 302
    signal.refresh_from_db()
    assert (signal.state, signal.triaged_by.username) == ("explained", "analyst")
    text = text_of(signal_page(analyst, signal))
    assert "A new climbing wall; its mats were missing." in text
    assert "Explained" in text
    assert not analyst.get(reverse("signals")).context["lines"]
    every = analyst.get(reverse("signals"), {"state": "every"})
    assert [line.signal for line in every.context["lines"]] == [signal]
    explained = analyst.get(reverse("signals"), {"state": "explained", "unit": "B-1-1"})
    assert [line.signal for line in explained.context["lines"]] == [signal]
    assert not analyst.get(reverse("signals"), {"state": "dismissed"}).context["lines"]


def test_a_signal_is_not_explained_without_a_reason(analyst, signal):
    answer = decide(analyst, signal)
    assert answer.status_code == 422
    assert "Give the reason" in text_of(answer)
    signal.refresh_from_db()
    assert signal.state == "new"
    assert decide(analyst, signal, to="under_investigation").status_code == 302


def test_a_decision_on_an_older_version_is_refused_and_the_input_is_kept(analyst, signal, units):
    other = make_user("other", Role.SAFETY_OFFICER, units["B-1"])
    triage_signal(signal=signal, to="under_investigation", reason="", acting_user=other)
    answer = decide(analyst, signal, reason="Chance.", to="dismissed")
    assert answer.status_code == 422
    assert "Someone else changed this record" in text_of(answer)
    assert "Chance." in text_of(answer)
    again = {"to": "dismissed", "reason": "Chance.", "seen_version": signal.version + 1}
    assert analyst.post(reverse("triage_signal", args=[signal.uuid]), again).status_code == 302


def test_only_open_steps_are_offered(analyst, signal):
    decide(analyst, signal, reason="Known.")
    form = signal_page(analyst, signal).context["form"]
    assert [state for state, _ in form.fields["to"].choices] == ["under_investigation"]


def test_a_user_who_may_only_read_is_offered_no_decision(client, analyst, signal, units):
    client.force_login(make_user("medic", Role.MEDICAL_OFFICER, units["B"]))
    page = signal_page(client, signal)
    assert page.status_code == 200
    assert page.context["form"] is None
    assert decide(client, signal, reason="No.").status_code == 403


def test_the_chart_is_downloaded_with_its_numbers(analyst, signal):
    answer = analyst.get(reverse("signal_chart", args=[signal.uuid, "csv"]))
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    by_week = {row["starts_on"]: row for row in rows}
    assert by_week[WEEK.isoformat()]["observed"] == "6.0"
    assert by_week[WEEK.isoformat()]["is_signal"] == "True"
    assert len(rows) >= 53
    assert analyst.get(reverse("signal_chart", args=[signal.uuid, "svg"])).status_code == 200
    assert analyst.get(reverse("signal_chart", args=[signal.uuid, "pdf"])).status_code == 404


def test_the_weeks_after_the_signal_are_shown(analyst, signal, units):
    happen(units["B-1-1"], WEEK + dt.timedelta(weeks=2), cause="fall.height")
    answer = analyst.get(reverse("signal_chart", args=[signal.uuid, "csv"]))
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[-1]["starts_on"] == (WEEK + dt.timedelta(weeks=8)).isoformat()
    assert rows[-7]["observed"] == "1.0"


def test_empty_pages_explain_themselves(client, units):
    client.force_login(make_user("analyst", Role.ANALYST, units["B"]))
    client.cookies["django_language"] = "en"
    assert "qorgau detect" in text_of(client.get(reverse("signals")))
    filtered = client.get(reverse("signals"), {"state": "dismissed"})
    assert "No signal in your units matches" in text_of(filtered)


def test_a_register_without_open_signals_says_so(client, units):
    user = make_user("analyst", Role.ANALYST, units["B"])
    run_detection(
        question=SignalQuestion(units["B"], weeks_before(10)), reader=user, acting_user=user
    )
    client.force_login(user)
    client.cookies["django_language"] = "en"
    assert "No open signal" in text_of(client.get(reverse("signals")))
