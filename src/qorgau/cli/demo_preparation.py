"""Making the demonstration: the brigade laid in, detection run, older signals decided on."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from qorgau.analysis.effect.answer import (
    EffectOfAction,
    EffectQuestion,
    effect_of_action,
)
from qorgau.analysis.signals.results import SignalQuestion
from qorgau.exchange.demonstration.brigade import Expectation, make_brigade
from qorgau.exchange.demonstration.establishment import ROOT_CODE
from qorgau.exchange.demonstration.evaluation import Evaluation, evaluate_signals
from qorgau.exchange.demonstration.load import load_demonstration
from qorgau.exchange.demonstration.planted import ACTION
from qorgau.exchange.demonstration.present import Loaded
from qorgau.exchange.demonstration.signal_decisions import decide_on_signals, signals_seen
from qorgau.foundation.identity.models import User
from qorgau.foundation.identity.queries import user_of_name
from qorgau.jobs.detection import run_detection
from qorgau.records.people.queries import unit_at
from qorgau.records.signals.queries import runs_visible_to

# A year and a half: as far back as the planted clusters reach, whatever the season.
DETECTION_WEEKS = 78


def lay_and_detect(seed: int | None, last_day: dt.date | None) -> Loaded:
    """Lay the brigade in and run detection, each unless that is done already."""
    loaded = load_demonstration(seed=seed, last_day=last_day)
    analyst, officer = _sign_in("analyst"), _sign_in("officer")
    if not runs_visible_to(analyst).exists():
        brigade = make_brigade(loaded.seed, loaded.last_day)
        with transaction.atomic():
            run_detection(
                question=SignalQuestion(unit_at(analyst, ROOT_CODE), loaded.last_day),
                reader=analyst,
                acting_user=None,
                weeks=DETECTION_WEEKS,
            )
            decide_on_signals(brigade.expectations, last_day=loaded.last_day, acting_user=officer)
    return loaded


def evaluate_demonstration(loaded: Loaded) -> tuple[tuple[Expectation, ...], Evaluation]:
    """The planted clusters, and what the signals in the register say of them."""
    expectations = make_brigade(loaded.seed, loaded.last_day).expectations
    return expectations, evaluate_signals(expectations, signals_seen(_sign_in("analyst")))


def effect_of_planted_action(loaded: Loaded) -> EffectOfAction:
    """What the register answers of the action that was planted, asked up to its last day."""
    analyst = _sign_in("analyst")
    question = EffectQuestion(
        unit_at(analyst, ACTION.unit_code),
        f"{ACTION.kind}:{ACTION.cause}",
        ACTION.held_from(loaded.last_day),
    )
    return effect_of_action(analyst, question)


def effect_table(effect: EffectOfAction) -> list[str]:
    """The effect as a table of Markdown."""
    low, high = (0.0 if one is None else one for one in (effect.ratio_lower, effect.ratio_upper))
    averted = f"{effect.averted:.0f} ({effect.averted_lower:.0f} to {effect.averted_upper:.0f})"
    return [
        "| unit | what is counted | from | planted | counted | expected | ratio (95 % limits) "
        "| averted (95 % limits) |",
        "|---|---|---|---:|---:|---:|---|---|",
        f"| `{ACTION.unit_code}` | {ACTION.kind}, {ACTION.cause} | {effect.held_from} "
        f"| {ACTION.share_averted:.0%} fewer | {effect.after.cases} | {effect.expected:.0f} "
        f"| {effect.ratio:.2f} ({low:.2f} to {high:.2f}) | {averted} |",
    ]


def _sign_in(username: str) -> User:
    user = user_of_name(username)
    if user is None:
        raise ValidationError(
            _("The demonstration's sign-in %(username)s is gone or closed, and it is needed here."),
            params={"username": username},
        )
    return user
