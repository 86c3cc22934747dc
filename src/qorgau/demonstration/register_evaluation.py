"""What the register says about the injected clusters and the injected action."""

from __future__ import annotations

from qorgau.analysis.effect.answer import effect_of_action
from qorgau.analysis.effect.question import EffectQuestion
from qorgau.analysis.effect.results import EffectOfAction
from qorgau.demonstration.brigade import Expectation, make_brigade
from qorgau.demonstration.evaluation import Evaluation, evaluate_signals
from qorgau.demonstration.injected_clusters import ACTION
from qorgau.demonstration.present import Loaded, demonstration_account, demonstration_unit
from qorgau.demonstration.signal_decisions import signals_seen


def evaluate_demonstration(loaded: Loaded) -> tuple[tuple[Expectation, ...], Evaluation]:
    """The injected clusters, and what the signals in the register say about them."""
    expectations = make_brigade(loaded.seed, loaded.last_day).expectations
    return expectations, evaluate_signals(
        expectations, signals_seen(demonstration_account("analyst"))
    )


def effect_of_injected_action(loaded: Loaded) -> EffectOfAction:
    """The effect of the injected action according to the register, up to its last day."""
    analyst = demonstration_account("analyst")
    question = EffectQuestion(
        demonstration_unit(ACTION.unit_code),
        f"{ACTION.kind}:{ACTION.cause}",
        ACTION.held_from(loaded.last_day),
    )
    return effect_of_action(analyst, question)


def effect_table(effect: EffectOfAction) -> list[str]:
    """The effect as a Markdown table."""
    found = effect.estimate
    low, high = (0.0 if one is None else one for one in (found.ratio_lower, found.ratio_upper))
    averted = f"{found.averted:.0f} ({found.averted_lower:.0f} to {found.averted_upper:.0f})"
    return [
        "| unit | what is counted | from | injected | counted | expected | ratio (95 % limits) "
        "| averted (95 % limits) |",
        "|---|---|---|---:|---:|---:|---|---|",
        f"| `{ACTION.unit_code}` | {ACTION.kind}, {ACTION.cause} | {effect.held_from} "
        f"| {ACTION.share_averted:.0%} fewer | {effect.after.cases} | {found.expected:.0f} "
        f"| {found.ratio:.2f} ({low:.2f} to {high:.2f}) | {averted} |",
    ]
