"""Counts of a file larger than memory: cut into parts, and reported in the order of the rows."""

from __future__ import annotations

import numpy as np

from qorgau.analysis.signals import detection_on_counts
from qorgau.analysis.signals.detection_on_counts import CountsQuestion, detect_in_counts
from qorgau.methods.detection import ears


def test_cut_into_parts_or_whole_is_the_same_in_the_order_of_the_rows(tmp_path, monkeypatch):
    rng = np.random.default_rng(4)
    order = rng.permutation([(s, t) for s in range(9) for t in range(1, 41)])
    rows = [(f"s{s}", int(t), float(rng.poisson(4)), float("nan")) for s, t in order]

    def run(rows_per_part):
        question = CountsQuestion(
            test=lambda panel: ears(panel.counts, weeks=panel.weeks),
            has_trend=False,
            is_dated=False,
            has_population=False,
            rows_per_part=rows_per_part,
        )
        return detect_in_counts(rows, question, tmp_path)

    whole = run(10_000)
    monkeypatch.setattr(detection_on_counts, "ROWS_PER_READING", 50)
    cut = run(100)
    assert (len(whole.parts), len(cut.parts)) == (1, 4)
    one, other = (np.concatenate(list(found.in_order())) for found in (whole, cut))
    assert one.tobytes() == other.tobytes()
    reported = [(cut.names[row["series"]], int(row["time"])) for row in other]
    assert reported == [row[:2] for row in rows]
    assert cut.remarks.series["unsorted_times"] == 9
