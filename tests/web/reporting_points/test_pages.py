"""A poster: made on a page, and what the form at its address begins with."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from qorgau.foundation.identifiers import new_submission_key
from qorgau.foundation.identity.roles import Role
from qorgau.records.incidents.models import Report
from qorgau.records.places.choices import AreaLevel
from qorgau.records.places.models import Area, Site
from qorgau.records.reporting.models import ReportingPoint
from qorgau.records.reporting.services import make_reporting_point, withdraw_reporting_point
from tests.world import World

pytestmark = pytest.mark.django_db

WORDS = "The handrail is loose."


@pytest.fixture
def point(world: World) -> ReportingPoint:
    area = Area.objects.filter(level=AreaLevel.REGION).first()
    site = Site.objects.create(name="Gate house", area=area)
    return make_reporting_point(unit=world.company, site=site, acting_user=None)


def address_of(point: ReportingPoint) -> str:
    return reverse("report_at_point", kwargs={"code": point.code})


def sent(point: ReportingPoint, **changes: str) -> Report:
    page = Client().get(address_of(point)).content.decode()
    shown = re.search(r'name="occurred_at" value="([^"]+)"', page)
    assert shown
    fields = {
        "submission_key": new_submission_key(),
        "kind": "hazard",
        "narrative": WORDS,
        "occurred_at": shown[1],
        "initial-occurred_at": shown[1],
        "about": "here",
        "place": "Gate house",
    }
    answer = Client().post(address_of(point), fields | changes)
    assert "the report was received" in answer.content.decode()
    return Report.objects.get(narrative=WORDS)


def test_a_report_begins_with_the_unit_and_the_place_of_the_poster(
    world: World, point: ReportingPoint
) -> None:
    page = Client().get(address_of(point)).content.decode()
    assert "Gate house" in page
    report = sent(point)
    assert (report.unit, report.site, report.area, report.place) == (
        world.company,
        point.site,
        point.site.area,
        "Gate house",
    )
    assert report.is_anonymous


def test_the_sender_changes_both(point: ReportingPoint) -> None:
    report = sent(point, about="elsewhere", place="The other gate")
    assert (report.unit, report.site, report.area, report.place) == (
        None,
        None,
        None,
        "The other gate",
    )


def test_a_withdrawn_poster_takes_reports_all_the_same(point: ReportingPoint) -> None:
    withdraw_reporting_point(point=point, acting_user=None)
    page = Client().get(address_of(point)).content.decode()
    assert "no longer in use" in page
    assert "Gate house" not in page
    assert sent(point).unit is None


def test_a_poster_is_made_on_a_page_and_speaks_three_languages(world: World) -> None:
    client = Client()
    client.force_login(world.inside[Role.SAFETY_OFFICER])
    answer = client.post(
        reverse("reporting_points"), {"unit": world.company.code, "place": "Gate 2"}
    )
    point = ReportingPoint.objects.get()
    poster = client.get(answer["Location"]).content.decode()
    assert f"http://testserver/r/{point.code}/" in poster
    assert "<svg" in poster
    for language in ("kk", "ru", "en"):
        assert f'<h2 lang="{language}">' in poster
    assert "Сообщите" in poster
    assert "Gate 2" in client.get(reverse("reporting_points")).content.decode()


def test_a_unit_of_others_gets_no_poster(world: World) -> None:
    client = Client()
    client.force_login(world.outside[Role.SAFETY_OFFICER])
    answer = client.post(reverse("reporting_points"), {"unit": world.company.code})
    assert answer.status_code == 422
    assert not ReportingPoint.objects.exists()


def test_what_was_withdrawn_by_mistake_is_used_again_with_its_poster(
    world: World, point: ReportingPoint
) -> None:
    client = Client(headers={"accept-language": "en"})
    client.force_login(world.inside[Role.SAFETY_OFFICER])
    client.post(reverse("withdraw_point", args=[point.uuid]))
    assert "Use again" in client.get(reverse("reporting_points")).content.decode()
    client.post(reverse("restore_point", args=[point.uuid]))
    assert "Gate house" in Client().get(address_of(point)).content.decode()
    assert "Use again" not in client.get(reverse("reporting_points")).content.decode()
