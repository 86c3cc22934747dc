"""What methods are shown, and where its outbreaks are."""

from __future__ import annotations

from simulations.scenarios.series import SCENARIOS, TESTED
from simulations.scenarios.trials import FIRST_SHOWN, draw_trials


def test_a_replicate_can_be_drawn_alone() -> None:
    together = draw_trials(SCENARIOS[20], [1, 2, 3], seed=5)
    alone = draw_trials(SCENARIOS[20], [3], seed=5)
    assert (together.counts[:, 2] == alone.counts[:, 0]).all()
    assert (together.first[2] == alone.first[0]).all()


def test_an_outbreak_lasts_from_its_first_case_to_its_last() -> None:
    trials = draw_trials(SCENARIOS[7], range(1, 21), seed=5)
    added = trials.counts - trials.counts[:, :, :1]
    assert (added[: TESTED.start - FIRST_SHOWN] == 0).all()
    has_case = added[TESTED.start - FIRST_SHOWN :] > 0
    assert (has_case <= trials.is_outbreak).all()
    assert (has_case.any(axis=0) == (trials.first >= 0)).all()
    assert not trials.is_outbreak[:, :, 0].any()
