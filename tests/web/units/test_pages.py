"""The tree of units, and one unit with its rates."""

from __future__ import annotations

import csv
import datetime as dt
import io

import pytest
from django.urls import reverse

from qorgau.foundation.identity.roles import Role
from qorgau.records.people.services import UnitDraft, create_units, report_strength
from qorgau.web.units.tree import tree_of

YEAR = {"since": "2024-01-01", "until": "2024-12-31"}


@pytest.fixture
def analyst(client, world):
    client.force_login(world.inside[Role.ANALYST])
    client.cookies["django_language"] = "en"
    return client


def unit_page(client, code="BDE-1", **query):
    return client.get(reverse("unit", args=[code]), YEAR | query)


def test_the_list_shows_only_the_user_s_own_tree(analyst):
    page = analyst.get(reverse("units"))
    text = page.content.decode()
    assert "Unit BDE-1-1" in text
    assert "BDE-2" not in text
    (top,) = page.context["tops"]
    assert top.version.unit.code == "BDE-1"
    assert [branch.version.unit.code for branch in top.below] == ["BDE-1-1"]


def test_a_unit_is_found_by_a_part_of_its_name_or_code(analyst):
    found = analyst.get(reverse("units"), {"q": "bde-1-1"}).context["found"]
    assert [version.unit.code for version in found] == ["BDE-1-1"]
    assert len(analyst.get(reverse("units"), {"q": "Unit"}).context["found"]) == 2
    nothing = analyst.get(reverse("units"), {"q": "BDE-2"})
    assert "Nothing matches" in nothing.content.decode()


def test_the_headline_has_rate_limits_exposure_and_a_link_to_the_records(analyst):
    page = unit_page(analyst)
    text = page.content.decode()
    assert "1 incident in 200 person-years" in text
    assert "5.0" in text
    assert "95% confidence interval 0.1 to 27.8" in text
    injury = page.context["kinds"][0]
    assert injury.address.startswith(reverse("incidents"))
    records = analyst.get(injury.address)
    assert len(records.context["page"].rows) == injury.figure.cases == 1


def test_sub_units_are_compared_in_a_funnel(analyst, world):
    drafts = [
        UnitDraft(f"BDE-1-{n}", dt.date(2022, 1, 1), {"en": f"Company {n}"}, "BDE-1")
        for n in (2, 3)
    ]
    for unit in create_units(organisation=world.organisation, drafts=drafts, acting_user=None):
        report_strength(
            unit=unit,
            category="all",
            valid_from=dt.date(2024, 1, 1),
            valid_until=dt.date(2025, 1, 1),
            strength=300,
            acting_user=None,
        )
    page = unit_page(analyst)
    assert [line.unit.code for line in page.context["compared"]] == [
        "BDE-1-1",
        "BDE-1-2",
        "BDE-1-3",
    ]
    text = page.content.decode()
    assert "Each point is one of the units compared (3 in total)" in text
    assert "In the unit itself, or moved since then" in text
    assert 'role="img"' in text


def test_months_are_drawn_and_listed(analyst):
    page = unit_page(analyst)
    assert len(page.context["rates"].months) == 12
    assert "Highest rate: May 2024" in page.content.decode()


def test_the_form_limits_what_is_counted(analyst):
    assert unit_page(analyst, kind="near_miss").context["rates"].overall.cases == 0
    assert unit_page(analyst, cause="fall").context["rates"].overall.cases == 1
    assert unit_page(analyst, cause="fire").context["rates"].overall.cases == 0
    assert unit_page(analyst, severity="A").context["rates"].overall.cases == 0
    # Cyrillic letters; the list shows the class that they mean.
    assert unit_page(analyst, severity="А").context["rates"].overall.cases == 0
    assert unit_page(analyst, severity="с").context["rates"].overall.cases == 1
    assert '<option value="C" selected>' in unit_page(analyst, severity="с").content.decode()
    weeks = unit_page(analyst, per="per_10000_person_weeks").context["rates"]
    assert weeks.exposure_unit == "person_weeks"


def test_the_default_is_the_last_twelve_months(analyst):
    page = analyst.get(reverse("unit", args=["BDE-1"]))
    rates = page.context["rates"]
    assert len(rates.months) == 12
    assert rates.provenance.first_day.day == 1


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"since": "2024-06-01", "until": "2024-01-01"}, "The period ends before it begins."),
        ({"since": "yesterday"}, "Enter a valid date."),
        ({"until": "soon"}, "Enter a valid date."),
        ({"kind": "party"}, "Select a valid choice."),
    ],
)
def test_a_question_without_an_answer_is_explained_at_the_form(analyst, query, sentence):
    page = unit_page(analyst, **query)
    assert page.status_code == 200
    assert sentence in page.content.decode()
    assert "rates" not in page.context


def test_a_role_that_sees_units_but_no_rates_gets_a_message(client, world):
    client.force_login(world.inside[Role.LIAISON])
    client.cookies["django_language"] = "en"
    page = unit_page(client)
    assert page.status_code == 200
    assert "does not let you see rates" in page.content.decode()
    assert "rates" not in page.context


def test_a_planner_sees_rates_without_links_to_the_records(client, world):
    client.force_login(world.inside[Role.PLANNER])
    page = unit_page(client)
    assert page.context["rates"].overall.is_band
    # Nothing is published in the small register.
    assert "Not published yet" in page.content.decode()
    assert "at least 0" not in page.content.decode()
    assert "trend" not in page.context["charts"]
    assert {line.address for line in page.context["kinds"]} == {""}
    assert reverse("incidents") + "?" not in page.content.decode()


@pytest.mark.parametrize("code", ["BDE-2", "BDE", "NOWHERE"])
def test_a_unit_of_others_is_not_found(analyst, code):
    assert unit_page(analyst, code).status_code == 404


def test_the_trend_can_be_downloaded(analyst):
    page = unit_page(analyst)
    by_form = {form: address for address, form in page.context["downloads"]["trend"]}
    rows = list(csv.reader(io.StringIO(analyst.get(by_form["CSV"]).content.decode("utf-8-sig"))))
    assert rows[0] == ["starts_on", "rate", "lower", "upper", "events", "caution"]
    assert len(rows) == 13
    assert analyst.get(by_form["PNG"]).content.startswith(b"\x89PNG")
    assert b"<svg" in analyst.get(by_form["SVG"]).content


@pytest.mark.parametrize(
    ("chart", "form", "query"),
    [
        ("pie", "png", {}),
        ("trend", "exe", {}),
        ("trend", "png", {"since": "never"}),
        ("trend", "png", {"since": "2024-12-31", "until": "2024-01-01"}),
        ("funnel", "png", {}),
    ],
)
def test_an_unknown_file_is_not_found(analyst, chart, form, query):
    address = reverse("unit_chart", kwargs={"code": "BDE-1", "chart": chart, "form": form})
    assert analyst.get(address, YEAR | query).status_code == 404


def test_a_code_with_a_slash_has_its_page(analyst, world):
    create_units(
        organisation=world.organisation,
        drafts=[UnitDraft("BDE-1/7", dt.date(2022, 1, 1), {"en": "Seventh"}, "BDE-1")],
        acting_user=None,
    )
    assert "Seventh" in unit_page(analyst, "BDE-1/7").content.decode()


def test_synthetic_units_are_marked(client, world):
    create_units(
        organisation=world.organisation,
        drafts=[
            UnitDraft("SYN", dt.date(2022, 1, 1), {"en": "Made up"}, "BDE-1", is_synthetic=True)
        ],
        acting_user=None,
    )
    client.force_login(world.inside[Role.ANALYST])
    assert unit_page(client, "SYN").context["data_mark"] == "synthetic"
    assert client.get(reverse("units")).context["data_mark"] == "synthetic"
    assert unit_page(client, "BDE-1-1").context["data_mark"] == ""


def test_a_level_without_room_is_hidden_completely(world):
    from qorgau.records.people.queries import versions_on

    versions = list(versions_on([unit.pk for unit in world.units.values()], dt.date(2024, 1, 1)))
    (top,), hidden = tree_of(versions, room=3)
    assert hidden == 0
    assert [branch.version.unit.code for branch in top.below] == ["BDE-1", "BDE-2"]
    assert [(branch.below, branch.hidden) for branch in top.below] == [([], 1), ([], 0)]
    tops, hidden = tree_of([v for v in versions if v.unit.code in {"BDE-1", "BDE-2"}], room=1)
    assert (len(tops), hidden) == (1, 1)
