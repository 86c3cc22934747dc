"""The denominators rates are published per."""

from __future__ import annotations

import pytest
from numpy.testing import assert_allclose

from qorgau.methods.rates import DENOMINATORS, InputError, crude_rate, denominator


def test_keys_are_unique_and_say_what_they_hold():
    assert len(DENOMINATORS) == 10
    for key, one in DENOMINATORS.items():
        assert one.key == key
        assert f"{one.per:,.0f}" in one.label
        assert one.exposure_unit.label in one.label.replace("hours", one.exposure_unit.label)


@pytest.mark.parametrize(
    ("key", "person_days", "exposure"),
    [
        ("per_1000_person_years", 365.25, 1.0),
        ("per_10000_person_weeks", 70.0, 10.0),
        ("per_1000_person_months", 365.25, 12.0),
    ],
)
def test_exposure_follows_from_person_time(key, person_days, exposure):
    assert_allclose(denominator(key).exposure_from_person_days(person_days), exposure)


@pytest.mark.parametrize(
    "key", ["per_1000_training_days", "per_200000_hours", "per_100000_flight_hours"]
)
def test_exposure_with_records_of_its_own_does_not(key):
    with pytest.raises(InputError, match="do not follow from person-time"):
        denominator(key).exposure_from_person_days(100.0)


def test_an_unknown_denominator_names_the_known_ones():
    with pytest.raises(InputError, match="per_200000_hours"):
        denominator("per_head")


def test_one_injury_among_a_hundred_full_time_workers_is_one_per_200000_hours():
    hours = 100 * 2000
    assert float(crude_rate(1, hours, per=denominator("per_200000_hours").per).rate) == 1.0
