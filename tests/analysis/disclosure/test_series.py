"""Series that methods are applied to: of everything, of what is not confidential, or none."""

from __future__ import annotations

import datetime as dt

import pytest

from qorgau.analysis.answers import QuestionError
from qorgau.analysis.effect.answer import effect_of_action
from qorgau.analysis.effect.question import EffectQuestion
from qorgau.analysis.reporting_delay.answer import reporting_delay
from qorgau.analysis.reporting_delay.question import DelayQuestion
from qorgau.analysis.signals.answer import rising_signals
from qorgau.analysis.signals.question import SignalQuestion
from qorgau.foundation.identity.models import User
from qorgau.foundation.identity.roles import Role
from qorgau.jobs.detection import run_detection
from qorgau.records.incidents.models import Incident
from qorgau.records.people.services import grant_role
from qorgau.records.signals.models import Signal
from qorgau.records.signals.queries import signals_visible_to
from tests.analysis.disclosure.conftest import Brigade, record

pytestmark = pytest.mark.django_db

WEEK = dt.date(2024, 11, 4)
AS_OF = dt.datetime(2025, 1, 15, tzinfo=dt.UTC)
ACTION = dt.date(2024, 7, 1)


def effect(brigade: Brigade, role: str):
    question = EffectQuestion(brigade.units["B"], "injury", ACTION, as_of=AS_OF)
    return effect_of_action(brigade.readers[role], question)


def delay(brigade: Brigade, role: str):
    return reporting_delay(brigade.readers[role], DelayQuestion(brigade.units["B"], AS_OF))


def rises(brigade: Brigade, role: str):
    question = SignalQuestion(brigade.units["B"], WEEK, as_of=AS_OF, least_cases=2)
    (found,) = rising_signals(brigade.readers[role], question)
    return found


def keys(result) -> set[str]:
    return {caveat.key for caveat in result.caveats}


@pytest.mark.parametrize("ask", [effect, delay, rises])
def test_who_may_open_what_is_not_confidential_is_answered_from_that(brigade, ask) -> None:
    assert "exact_counts" in keys(ask(brigade, Role.ANALYST))
    before = ask(brigade, Role.COMMANDER)
    assert "plain_only" in keys(before)
    # Whatever happens to the confidential ones, nothing of the answer changes.
    Incident.objects.exclude(confidentiality="plain").delete()
    assert ask(brigade, Role.COMMANDER) == before


def test_who_may_open_nothing_is_refused_in_a_sentence(brigade) -> None:
    with pytest.raises(QuestionError, match="exact counts"):
        effect(brigade, Role.PLANNER)


def test_detection_is_stored_for_both_kinds_of_readers(brigade: Brigade) -> None:
    analyst = brigade.readers[Role.ANALYST]
    grant_role(user=analyst, role=Role.SAFETY_OFFICER, unit=brigade.units["B"], acting_user=None)
    for day in range(5):
        record(
            brigade.units["B-1-1"],
            WEEK + dt.timedelta(days=day),
            kind="illness",
            cause="biological",
            confidentiality="medical",
            number=2,
        )
    question = SignalQuestion(brigade.units["B"], WEEK, least_cases=2)
    runs = run_detection(question=question, reader=analyst, acting_user=None)
    assert [one.run.counted for one in runs] == ["all"]

    def measures(user: User) -> set[str]:
        return set(signals_visible_to(user).values_list("measure", flat=True))

    assert any(measure.startswith("illness") for measure in measures(analyst))
    commander = brigade.readers[Role.COMMANDER]
    assert not any(measure.startswith("illness") for measure in measures(commander))
    assert not signals_visible_to(brigade.readers[Role.PLANNER])
    assert Signal.objects.filter(counted="all").exists()
