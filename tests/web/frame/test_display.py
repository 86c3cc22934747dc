"""The theme (light, dark, or that of the device), chosen without a script."""

from __future__ import annotations

import pytest
from django.db.models.fields import BLANK_CHOICE_DASH
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from qorgau.analysis.figures.denominator_words import DENOMINATOR_LABELS
from qorgau.records.incidents.models import InvolvedPerson
from qorgau.web.templatetags.qorgau import figure, percent_sign


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("chosen", "attribute"), [("dark", 'data-bs-theme="dark"'), ("light", 'data-bs-theme="light"')]
)
def test_the_choice_is_in_the_next_page(chosen: str, attribute: str) -> None:
    client = Client()
    client.post(reverse("set_theme"), {"theme": chosen})
    assert attribute in client.get(reverse("account_login")).content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("chosen", ["auto", '"><script>', ""])
def test_any_other_value_means_the_theme_of_the_device(chosen: str) -> None:
    client = Client()
    client.post(reverse("set_theme"), {"theme": chosen})
    assert "data-bs-theme" not in client.get(reverse("account_login")).content.decode()


@pytest.mark.parametrize("elsewhere", ["https://elsewhere.example/", "//elsewhere.example", "x:y"])
def test_the_return_address_cannot_lead_to_another_site(elsewhere: str) -> None:
    answer = Client().post(reverse("set_theme"), {"theme": "dark", "next": elsewhere})
    assert answer.headers["Location"] == "/"


def test_the_return_address_is_the_previous_page() -> None:
    answer = Client().post(
        reverse("set_theme"), {"theme": "dark", "next": "/incidents/?state=open"}
    )
    assert answer.headers["Location"] == "/incidents/?state=open"


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_each_language_has_its_own_name(language: str) -> None:
    page = Client(headers={"accept-language": language}).get(reverse("account_login"))
    for name in ("Қазақша", "Русский", "English"):
        assert f'aria-label="{name}"' in page.content.decode()


@pytest.mark.parametrize(
    ("language", "percentage"), [("en", "88%"), ("kk", "88\u00a0%"), ("ru", "88\u00a0%")]
)
def test_a_percentage_is_written_as_the_language_does(language: str, percentage: str) -> None:
    with override(language):
        assert percent_sign(88) == percentage


@pytest.mark.parametrize(
    ("value", "places", "shown"),
    [
        (-1.44, 1, "\u22121.4"),
        (1.44, 1, "1.4"),
        (-1234.5, "1g", "\u22121,234.5"),
        (None, 1, "–"),
        ("under 5", 1, "under 5"),
    ],
)
def test_a_figure_below_zero_has_a_true_minus_sign(
    value: object, places: object, shown: str
) -> None:
    with override("en"):
        assert figure(value, places) == shown


@pytest.mark.parametrize(
    ("language", "label"), [("en", "not given"), ("kk", "көрсетілмеген"), ("ru", "не указано")]
)
def test_an_empty_choice_is_a_word(language: str, label: str) -> None:
    field = InvolvedPerson._meta.get_field("sex").formfield(initial="")
    field.choices = [*BLANK_CHOICE_DASH, *field.choices]
    with override(language):
        drawn = field.widget.render("sex", "")
    assert label in drawn
    assert "---" not in drawn


@pytest.mark.parametrize(
    ("language", "drawn"),
    [
        ("en", "107.3 <span>per 1,000 person-years</span>"),
        ("kk", "<span>әр 1\u00a0000 адам-жылға</span> 107,3"),
        ("ru", "107,3 <span>на 1\u00a0000 человеко-лет</span>"),
    ],
)
def test_a_rate_has_the_word_order_of_the_language(language: str, drawn: str) -> None:
    with override(language):
        figure_of = {
            "value": 107.3,
            "places": 1,
            "per": DENOMINATOR_LABELS["per_1000_person_years"],
        }
        page = render_to_string("components/figure.html", figure_of)
    assert drawn in page.replace(' class="figure-unit"', "")
