"""Kinds and causes as one tree of what is watched."""

from __future__ import annotations

import pytest
from django.utils.translation import override

from qorgau.analysis.figures.measures import (
    ALL_MEASURES,
    MEASURES,
    cause_of,
    kind_of,
    measure_label,
    measure_of,
)
from qorgau.records.incidents.choices import Cause, Kind
from qorgau.records.signals.models import Signal


@pytest.mark.parametrize(
    ("cause", "measures"),
    [
        ("fall.same_level", ("injury", "injury:fall", "injury:fall.same_level")),
        ("fall", ("injury", "injury:fall")),
        ("unknown", ("injury",)),
        ("other", ("injury",)),
    ],
)
def test_an_incident_counts_in_its_kind_its_branch_and_its_cause(cause, measures):
    path = MEASURES.paths[MEASURES.index[measure_of("injury", cause)]]
    assert tuple(MEASURES.names[place] for place in path if place >= 0) == measures


def test_every_kind_and_cause_is_watched_and_fits_the_register():
    narrowest = {measure_of(kind, cause) for kind in Kind.values for cause in Cause.values}
    assert narrowest == set(ALL_MEASURES) == set(MEASURES.names)
    room = Signal._meta.get_field("measure").max_length
    assert max(map(len, ALL_MEASURES)) <= room


def test_a_measure_is_within_its_branch_and_its_kind():
    leaf = "near_miss:force.firearm"
    assert (kind_of(leaf), cause_of(leaf)) == ("near_miss", "force.firearm")
    assert MEASURES.is_within(leaf, "near_miss:force")
    assert MEASURES.is_within(leaf, "near_miss")
    assert MEASURES.is_within(leaf, leaf)
    assert not MEASURES.is_within("near_miss", leaf)
    assert not MEASURES.is_within(leaf, "injury:force")
    assert not MEASURES.is_within("injury:fall", "injury:fall.height")
    assert not MEASURES.is_within("injury:fire.flame", "injury:fi")


def test_a_measure_has_the_words_of_the_register():
    with override("en"):
        assert measure_label("injury") == "Injury"
        assert measure_label("injury:exertion.load_carriage") == "Injury: March with load"
