"""The newest weeks are shown with their reported and their expected final counts."""

from __future__ import annotations

import csv
import datetime as dt
import io

import pytest
from django.db.models import F
from django.urls import reverse

from qorgau.analysis.signals.question import SignalQuestion
from qorgau.foundation import clock
from qorgau.foundation.identity.roles import Role
from qorgau.jobs.detection import run_detection
from qorgau.records.incidents.models import Incident
from qorgau.records.signals.models import Signal
from tests.analysis.register_of_weeks import happen, make_units, make_user


@pytest.fixture
def newest() -> dt.date:
    """Monday of the newest complete week."""
    today = clock.today()
    return today - dt.timedelta(days=today.weekday() + 7)


@pytest.fixture
def units(db, newest):
    """Four incidents a week, one of them recorded four weeks late; then six falls in a company."""
    made = make_units()
    days = [newest - dt.timedelta(weeks=week) for week in range(40, -1, -1)]
    for code, number, delay in (("B-2", 3, {"hours": 1}), ("B-1", 1, {"weeks": 4})):
        happen(made[code], *days, number=number, cause="exertion.running")
        recorded_at = F("occurred_at") + dt.timedelta(**delay)
        Incident.objects.filter(unit=made[code]).update(
            recorded_at=recorded_at, revised_at=recorded_at
        )
    Incident.objects.filter(recorded_at__gt=clock.now()).delete()
    happen(made["B-1-1"], newest, number=6, cause="fall.height")
    return made


@pytest.fixture
def analyst(client, units):
    user = make_user("analyst", Role.ANALYST, units["B"])
    run_detection(question=SignalQuestion(units["B"]), reader=user, acting_user=user)
    client.force_login(user)
    client.cookies["django_language"] = "en"
    return client


@pytest.fixture
def signal(analyst) -> Signal:
    return Signal.objects.get(counted="all")


def test_the_page_shows_reported_and_expected_final_counts(analyst, signal, newest):
    page = analyst.get(reverse("signal", args=[signal.uuid]))
    text = page.content.decode()
    week = page.context["detail"].history.incomplete_weeks[-1]
    assert (week.week, week.reported) == (newest, 6)
    assert 0.7 < week.share_reported < 0.9
    assert week.lower >= 6
    assert week.corrected == pytest.approx(6 / week.share_reported)
    assert "Hollow points show" in text
    assert "Latest weeks: more reports are expected" in text
    assert "incidents of B were recorded" in text
    assert "of the week&#x27;s incidents had been reported when it was tested" in text


def test_the_chart_s_numbers_contain_both(analyst, signal, newest):
    answer = analyst.get(reverse("signal_chart", args=[signal.uuid, "csv"]))
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    last = rows[-1]
    assert (last["starts_on"], last["observed"]) == (newest.isoformat(), "6.0")
    assert float(last["corrected_lower"]) <= float(last["corrected"])
    assert float(last["corrected"]) <= float(last["corrected_upper"])
    assert rows[-10]["corrected"] == ""


@pytest.mark.parametrize("name", ["overview", "signals"])
def test_first_page_and_list_say_how_complete_the_newest_week_was(analyst, name):
    text = analyst.get(reverse(name)).content.decode()
    assert "of the incidents in the week of" in text
    assert "had been reported when it was tested" in text


def test_a_user_who_does_not_see_the_unit_of_the_run_gets_delays_of_the_own_unit(
    client, units, signal
):
    officer = make_user("officer", Role.SAFETY_OFFICER, units["B-1-1"])
    client.force_login(officer)
    page = client.get(reverse("signal", args=[signal.uuid]))
    assert page.context["detail"].history.delay.unit_code == "B-1-1"
    assert page.context["detail"].history.incomplete_weeks == ()


def test_an_old_signal_shows_its_weeks_without_correction(analyst, signal, newest):
    Signal.objects.update(
        first_week=newest - dt.timedelta(weeks=30), last_week=newest - dt.timedelta(weeks=30)
    )
    page = analyst.get(reverse("signal", args=[signal.uuid]))
    assert page.context["detail"].history.delay is None
    assert "Hollow points" not in page.content.decode()
