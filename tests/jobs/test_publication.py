"""Plans are made once, replaced while nothing came of them, and what is due is published."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.utils.translation import override
from typer.testing import CliRunner

from qorgau.analysis.disclosure.plans import PlanParameters, make_plans
from qorgau.analysis.disclosure.publishing import publish_due
from qorgau.cli.main import app
from qorgau.foundation import clock
from qorgau.foundation.journal.models import JournalEntry
from qorgau.jobs.publication import publish, replan
from qorgau.records.publication.models import Publication, PublicationPlan
from qorgau.records.publication.services import publish_counts
from tests.analysis.disclosure.conftest import NEW_YEAR, Brigade, make_brigade, record
from tests.shared_registers import shared_register

pytestmark = pytest.mark.django_db

MISTAKEN = PlanParameters(target_expected=500.0)
MEANT = PlanParameters(target_expected=5.0)
IN_JANUARY = dt.datetime(2024, 1, 20, tzinfo=dt.UTC)
IN_MARCH = dt.datetime(2024, 3, 20, tzinfo=dt.UTC)


def make_mistaken() -> Brigade:
    """Planned so coarsely that there is one box of each class."""
    made = make_brigade()
    make_plans(2024, made_at=NEW_YEAR, acting_user=None, parameters=MISTAKEN)
    return made


mistaken = shared_register(make_mistaken)


def boxes() -> list[int]:
    return [len(plan.boxes) for plan in PublicationPlan.objects.order_by("confidentiality")]


def published_parameters() -> set[float]:
    return set(PublicationPlan.objects.values_list("target_expected", flat=True))


def test_a_plan_is_replaced_while_nothing_was_published(mistaken: Brigade) -> None:
    assert max(boxes()) == 1
    record(mistaken.units["B-1-1"], dt.date(2024, 1, 3), number=9)
    done = replan(IN_JANUARY, 2024, parameters=MEANT)
    assert (done.plans, max(boxes()) > 1) == (3, True)
    assert published_parameters() == {5.0}
    assert set(PublicationPlan.objects.values_list("made_at", flat=True)) == {IN_JANUARY}
    entries = JournalEntry.objects.filter(action="publication.replanned")
    assert entries.count() == 3
    assert '"target_before":500.0' in entries.first().details.replace(" ", "")


def test_the_new_plan_is_the_one_that_would_have_been_made_then(mistaken: Brigade) -> None:
    record(mistaken.units["B-1-1"], dt.date(2024, 1, 3), number=9)
    replan(IN_JANUARY, 2024, parameters=MEANT)
    plans = PublicationPlan.objects.order_by("confidentiality")
    replaced = list(plans.values_list("boxes", flat=True))
    plans.delete()
    make_plans(2024, made_at=IN_JANUARY, acting_user=None, parameters=MEANT)
    assert list(plans.values_list("boxes", flat=True)) == replaced


def test_after_a_publication_it_is_too_late_for_every_class(mistaken: Brigade) -> None:
    replan(IN_JANUARY, 2024, parameters=MEANT)
    first = PublicationPlan.objects.get(confidentiality="plain")
    publish_counts(
        plan=first,
        last_month=0,
        is_restatement=False,
        known_by=IN_MARCH,
        counts={},
        acting_user=None,
    )
    before = boxes()
    with pytest.raises(ValidationError, match="published already, the first as of 20 Mar 2024"):
        replan(IN_MARCH, 2024, parameters=MISTAKEN)
    assert (boxes(), published_parameters()) == (before, {5.0})


def test_counts_of_boxes_that_were_replaced_are_not_published(mistaken: Brigade) -> None:
    read = PublicationPlan.objects.get(confidentiality="plain")
    replan(IN_JANUARY, 2024, parameters=MEANT)
    with pytest.raises(ValidationError, match="replaced meanwhile"):
        publish_counts(
            plan=read,
            last_month=11,
            is_restatement=False,
            known_by=IN_MARCH,
            counts={},
            acting_user=None,
        )
    assert not Publication.objects.exists()


def test_what_was_due_is_published_by_the_new_plan_not_before_it_was_made(
    mistaken: Brigade,
) -> None:
    fine = PlanParameters(target_expected=1.0, least_population=1.0)
    replan(IN_MARCH, 2024, parameters=fine)
    known_by = set(Publication.objects.values_list("known_by", flat=True))
    assert known_by == {IN_MARCH}
    publish_due(dt.datetime(2024, 5, 1, tzinfo=dt.UTC))
    assert min(Publication.objects.values_list("known_by", flat=True)) == IN_MARCH


def test_the_command_replaces_and_says_when_it_is_too_late(
    mistaken: Brigade, monkeypatch: pytest.MonkeyPatch
) -> None:
    def run(*words: str) -> tuple[int, str]:
        with override("en"):
            done = CliRunner().invoke(app, ["publish", *words])
        return done.exit_code, done.output

    monkeypatch.setattr(clock, "now", lambda: IN_JANUARY)
    assert run("--replace", "2024", "--target-expected", "5") == (
        0,
        "Plans replaced: 3. Publications: 0.\n",
    )
    assert run("--replace", "2030") == (1, "There is no plan of 2030 to replace.\n")
    code, said = run("--replace", "2024", "--since", "2023")
    assert (code, "Give one of --since and --replace." in said) == (2, True)
    monkeypatch.setattr(clock, "now", lambda: dt.datetime(2025, 6, 1, tzinfo=dt.UTC))
    publish(clock.now(), since=2024)
    code, said = run("--replace", "2024")
    assert (code, said.startswith("Counts of 2024 are published already")) == (1, True)
