"""Did it work? The form, the answer with its chart, and the link from a signal."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import numpy as np
import pytest
from django.template.loader import render_to_string
from django.urls import reverse

from qorgau.analysis.signals.question import SignalQuestion
from qorgau.foundation.identity.roles import Role
from qorgau.jobs.detection import run_detection
from qorgau.records.signals.models import Signal
from tests.analysis.register_of_weeks import WEEK, happen, make_units, make_user, weeks_before
from tests.shared_registers import shared_register

ASKED = {"unit": "B-1", "kind": "injury", "cause": "fall", "since": WEEK.isoformat()}


@shared_register
def units():
    """Two falls a week for two years in each battalion; from then on half as many in one."""
    made = make_units()
    counts = np.random.default_rng(5).poisson(2, (2, 156))
    for code, weeks in zip(("B-1-1", "B-2"), counts, strict=True):
        for week, number in zip(range(104, -52, -1), weeks, strict=True):
            kept = number if week > 0 or code == "B-2" else number // 2
            if kept:
                happen(made[code], weeks_before(week), number=int(kept))
    return made


@pytest.fixture
def analyst(client, units):
    client.force_login(make_user("analyst", Role.ANALYST, units["B"]))
    client.cookies["django_language"] = "en"
    return client


def text_of(response) -> str:
    return response.content.decode()


def test_the_empty_form_explains_itself(analyst):
    text = text_of(analyst.get(reverse("effects")))
    assert "Check whether an action worked" in text
    assert "View the signals" in text
    assert "This field is required" not in text


def test_the_answer_comes_first_with_its_numbers_and_limits(analyst):
    page = analyst.get(reverse("effects"), ASKED)
    text, effect = text_of(page), page.context["effect"]
    assert effect.estimate.verdict == "fell"
    assert effect.sentence in text.replace("&#x27;", "'")
    assert text.index("The rate fell by") < text.index("Rate before") < text.index("<svg viewBox")
    assert "95% confidence interval" in text
    assert "If something else changed at the same time" in text
    assert "interrupted series" in text
    assert text.count("<svg viewBox") == 2
    assert "Personnel strength is missing for some weeks" in text


@pytest.mark.parametrize(
    ("p_value", "words"), [(0.00004, "p-value below 0.001"), (0.012, "p-value 0.012"), (None, "")]
)
def test_no_p_value_is_shown_as_zero(analyst, p_value, words):
    effect = analyst.get(reverse("effects"), ASKED).context["effect"]
    estimate = replace(effect.estimate, p_value=p_value)
    context = {"effect": replace(effect, estimate=estimate)}
    figures = render_to_string("effects/figures.html", context)
    assert words in figures
    assert ("p-value" in figures) == bool(words)


def test_the_unit_compared_with_is_in_the_table(analyst):
    page = analyst.get(reverse("effects"), ASKED | {"compared": "B-2"})
    assert page.context["effect"].method_key == "compared_series"
    assert '<th scope="col" class="num">Unit B-2</th>' in text_of(page)
    assert page.context["form"].has_further


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"compared": "B-1-1"}, "B-1 and B-1-1 overlap."),
        ({"since": "2099-01-01"}, "Less than one whole week has passed"),
        ({"since": "1850-01-01"}, "The register begins on"),
        ({"since": "soon"}, "Enter a valid date."),
        ({"unit": "NOWHERE"}, "Select a valid choice."),
        ({"kind": "party"}, "Select a valid choice."),
        ({"cause": "fate"}, "Select a valid choice."),
        ({"before": "7"}, "Select a valid choice."),
    ],
)
def test_what_cannot_be_answered_is_explained_at_the_form(analyst, changed, sentence):
    page = analyst.get(reverse("effects"), ASKED | changed)
    assert page.status_code == 200
    assert sentence in text_of(page)
    assert "effect" not in page.context


def test_the_chart_can_be_downloaded(analyst):
    page = analyst.get(reverse("effects"), ASKED)
    address, name = page.context["downloads"][-1]
    assert name == "CSV"
    file = analyst.get(address)
    rows = list(csv.DictReader(io.StringIO(file.content.decode("utf-8-sig"))))
    assert len(rows) == len(page.context["effect"].periods)
    assert sum(float(row["observed"]) for row in rows if row["is_after"] == "True") == (
        page.context["effect"].after.cases
    )
    png = analyst.get(reverse("effect_chart", kwargs={"form": "png"}), ASKED)
    assert png.content.startswith(b"\x89PNG")
    for wrong in (ASKED | {"since": "soon"}, ASKED | {"since": "2099-01-01"}):
        assert (
            analyst.get(reverse("effect_chart", kwargs={"form": "png"}), wrong).status_code == 404
        )
    assert analyst.get(reverse("effect_chart", kwargs={"form": "exe"}), ASKED).status_code == 404


def test_units_of_others_cannot_be_chosen(client, units):
    client.force_login(make_user("officer", Role.SAFETY_OFFICER, units["B-2"]))
    page = client.get(reverse("effects"), ASKED)
    assert "effect" not in page.context
    compared = client.get(reverse("effects"), ASKED | {"unit": "B-2", "compared": "B-1"})
    assert "effect" not in compared.context


def test_a_signal_leads_here_with_the_monday_after_it(analyst, units):
    happen(units["B-1-1"], WEEK, number=14)
    user = make_user("another", Role.ANALYST, units["B"])
    run_detection(question=SignalQuestion(units["B"], WEEK), reader=user, acting_user=user)
    signal = Signal.objects.get(counted="all")
    page = analyst.get(reverse("signal", args=[signal.uuid]))
    assert "Was an action taken? Check whether it worked" in text_of(page)
    answer = analyst.get(page.context["effect_address"])
    form = answer.context["form"]
    assert form["since"].value() == "2024-05-13"
    assert f"{form['kind'].value()}:{form['cause'].value()}" == signal.measure
    assert answer.context["effect"].peak.is_signal
