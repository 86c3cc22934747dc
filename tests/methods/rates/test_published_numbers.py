"""Published military and occupational figures, recomputed from what was printed.

Sources: Medical Surveillance Monthly Report, annual updates on heat illness, exertional
rhabdomyolysis and cold injury (2019-2025); Defense Medical Epidemiology Database; state
guides to the OSHA rates; GAO-18-586R and GAO-21-361. Reports print counts and rates but not
person-years; the person-years that a rounded rate allows are an interval, and the intervals
of one year's reports must overlap.
"""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose

from qorgau.methods.rates import crude_rate, denominator, dispersion_test, rate_ratio

# year: [(cases, printed rate, printed per, decimals)], inclusive joint person-years
JOINT = {
    "2018": (
        [(578, 0.45, 1e3, 2), (2214, 1.71, 1e3, 2), (545, 42.0, 1e5, 1)],
        (1_296_076, 1_298_534),
    ),
    "2020": ([(475, 0.36, 1e3, 2), (1667, 1.26, 1e3, 2)], (1_317_787, 1_328_287)),
    "2021": (
        [(488, 0.37, 1e3, 2), (1864, 1.40, 1e3, 2), (513, 38.6, 1e5, 1)],
        (1_327_296, 1_330_739),
    ),
    "2022": ([(473, 36.5, 1e5, 1)], (1_294_118, 1_297_668)),
    "cold 2019-20": ([(363, 27.4, 1e5, 1)], (1_322_404, 1_327_239)),
    "cold 2020-21": ([(469, 35.4, 1e5, 1)], (1_322_990, 1_326_733)),
    "cold 2021-22": ([(435, 33.1, 1e5, 1)], (1_312_217, 1_316_188)),
    "cold 2022-23": ([(376, 28.5, 1e5, 1)], (1_316_988, 1_321_617)),
}


def allowed_person_years(cases, printed, per, decimals):
    """Least and greatest person-years at which the rate rounds to the printed one."""
    half = 0.5 * 10.0**-decimals
    return cases * per / (printed + half), cases * per / (printed - half)


@pytest.mark.parametrize("year", JOINT)
def test_one_person_time_explains_every_rate_of_a_year(year):
    rows, printed_interval = JOINT[year]
    intervals = [allowed_person_years(*row) for row in rows]
    low, high = max(i[0] for i in intervals), min(i[1] for i in intervals)
    assert low < high
    assert (round(low), round(high)) == printed_interval
    person_years = np.linspace(low, high, 101)
    for cases, printed, per, decimals in rows:
        rates = crude_rate(np.full_like(person_years, cases), person_years, per=per).rate
        assert_allclose(rates, printed, rtol=0, atol=0.5 * 10.0**-decimals * (1 + 1e-9))


@pytest.mark.parametrize("year", JOINT)
def test_a_person_time_outside_the_interval_breaks_a_printed_rate(year):
    rows, (low, high) = JOINT[year]
    for person_years in (low - 1, high + 1):
        misses = [
            abs(float(crude_rate(cases, person_years, per=per).rate) - printed)
            > 0.5 * 10.0**-decimals
            for cases, printed, per, decimals in rows
        ]
        assert any(misses)


@pytest.mark.parametrize(
    ("row", "interval"),
    [
        ((578, 0.45, 1e3, 2), (1_270_330, 1_298_876)),
        ((2214, 1.71, 1e3, 2), (1_290_962, 1_298_534)),
        ((545, 42.0, 1e5, 1), (1_296_076, 1_299_166)),
        ((488, 0.37, 1e3, 2), (1_301_333, 1_336_986)),
        ((1864, 1.40, 1e3, 2), (1_326_691, 1_336_201)),
    ],
)
def test_person_years_that_one_printed_rate_allows(row, interval):
    assert_allclose(allowed_person_years(*row), interval, rtol=0, atol=1)


def test_heat_illness_of_2022_from_its_rates():
    person_years = 1_295_900
    assert round(32.1 * person_years / 1e5) == 416
    assert round(147.7 * person_years / 1e5) == 1914


def test_heat_stroke_and_exhaustion_add_up_to_all_heat_illness_of_2016():
    low, high = allowed_person_years(2536, 1.96, 1e3, 2)
    for person_years in np.linspace(low, high, 11)[1:-1]:
        stroke, exhaustion = 0.31 * person_years / 1e3, 1.65 * person_years / 1e3
        assert_allclose(stroke + exhaustion, 2536, rtol=0, atol=0.01 * person_years / 1e3)


@pytest.mark.parametrize(
    ("active", "reserve", "total"),
    [(363, 52, 415), (469, 70, 539), (435, 47, 482), (376, 47, 423)],
)
def test_cold_injuries_of_active_and_reserve_add_up(active, reserve, total):
    assert_allclose(crude_rate([active, reserve], total, per=100).rate.sum(), 100.0)


@pytest.mark.parametrize(
    ("before", "after", "printed"),
    [
        (39.5, 38.0, -3.8),
        (38.0, 38.7, 1.8),
        (38.0, 40.0, 5.3),
        (38.0, 40.5, 6.6),
        (33.6, 28.5, -15.2),
        (43.1, 36.5, -15.3),
    ],
)
def test_percent_changes_are_those_of_the_rates(before, after, printed):
    ratio = float(rate_ratio(round(after * 10), 1.0, round(before * 10), 1.0).ratio)
    assert round((ratio - 1.0) * 100.0, 1) == printed


@pytest.mark.parametrize(("rate", "before", "printed"), [(40.0, 38.7, 5.3), (40.5, 40.0, 6.6)])
def test_percent_changes_of_rhabdomyolysis_are_not_year_on_year(rate, before, printed):
    ratio = float(rate_ratio(round(rate * 10), 1.0, round(before * 10), 1.0).ratio)
    assert round((ratio - 1.0) * 100.0, 1) != printed


@pytest.mark.parametrize(
    ("cases", "first", "revised"),
    [(473, 36.5, 40.0), (513, 38.6, 38.7), (435, 33.1, 33.6), (363, 27.4, 27.5), (469, 35.4, 35.5)],
)
def test_revised_rates_differ_from_the_first_print_beyond_rounding(cases, first, revised):
    """The same year printed twice needs another count or another person-time."""
    first_print = allowed_person_years(cases, first, 1e5, 1)
    later_print = allowed_person_years(cases, revised, 1e5, 1)
    assert later_print[1] <= first_print[0]


def test_types_of_cold_injury_add_up_to_more_than_the_people():
    persons, types = 376, np.array([203, 62, 114])
    shares = np.round(types / persons * 100, 1)
    assert_allclose(shares, [54.0, 16.5, 30.3])
    assert_allclose(shares.sum(), 100.8)
    assert types.sum() == 379 > persons


def test_heat_illness_in_basic_training_with_its_printed_limits():
    per = denominator("per_10000_person_weeks")
    person_weeks = 1210 / 3.6 * per.per
    assert round(person_weeks) == 3_361_111
    result = crude_rate(1210, person_weeks, per=per.per)
    assert [round(float(x), 1) for x in (result.rate, result.lower, result.upper)] == [
        3.6,
        3.4,
        3.8,
    ]
    assert [round(float(x), 2) for x in (result.lower, result.upper)] == [3.40, 3.81]


@pytest.mark.parametrize(
    ("cases", "population", "printed", "rate", "lower", "upper"),
    [
        (3, 18_606, 0.161, 0.1612, 0.033, 0.471),
        (14, 16_067, 0.871, 0.8714, 0.476, 1.462),
        (7, 48_221, 0.145, 0.1452, 0.058, 0.299),
    ],
)
def test_hospital_stays_for_heat_illness(cases, population, printed, rate, lower, upper):
    result = crude_rate(cases, population, per=denominator("per_1000_person_years").per)
    assert round(float(result.rate), 3) == printed
    assert round(float(result.rate), 4) == rate
    assert round(float(result.lower), 3) == lower
    assert round(float(result.upper), 3) == upper


@pytest.mark.parametrize(
    ("cases", "hours", "printed"),
    [
        (22, 645_089, 6.8),
        (25, 452_680, 11.0),
        (1, 10_000, 20.0),
        (1, 36_000, 5.6),
        (2, 36_000, 11.1),
        (10, 40_000, 50.0),
    ],
)
def test_occupational_rates_per_200000_hours(cases, hours, printed):
    result = crude_rate(cases, hours, per=denominator("per_200000_hours").per)
    assert round(float(result.rate), 1) == printed


@pytest.mark.parametrize(
    "elements", [(11, 17, 3, 4), (14, 14, 3, 4), (17, 10, 1, 7)], ids=["Navy", "Army", "Air Force"]
)
def test_audited_mishap_data_elements_are_35_for_each_service(elements):
    """Standardised, not standardised, not collected and not reported are shares of one 35."""
    assert_allclose(crude_rate(elements, 35, per=100).rate.sum(), 100.0)


def test_audited_vehicle_accidents_and_deaths_add_up():
    army_and_marines = crude_rate([101, 22], [3_091, 662], per=100)
    all_accidents = crude_rate(123, 3_753, per=100)
    weights = army_and_marines.exposure / all_accidents.exposure
    assert_allclose((army_and_marines.rate * weights).sum(), all_accidents.rate)
    assert dispersion_test([101, 22], exposure=[3_091, 662]).p_value_over > 0.9


def test_injury_risk_of_women_and_men_in_police_training():
    result = rate_ratio(667, 1000, 342, 1000)
    assert round(float(result.ratio), 2) == 1.95


@pytest.mark.parametrize(
    ("part", "whole", "percent"),
    [(1566, 1636 + 1566, 49), (404, 826 + 404, 33), (508, 1057, 48), (144, 219, 66)],
)
def test_surveys_of_injuries_not_reported(part, whole, percent):
    assert round(float(crude_rate(part, whole, per=100).rate)) == percent


@pytest.mark.parametrize(
    ("strata", "total"), [((53_340, 3_078, 12_606), 69_024), ((37_146, 3_608, 5_640), 46_394)]
)
def test_additive_rows_of_the_epidemiology_database(strata, total):
    assert_allclose(crude_rate(strata, total, per=100).rate.sum(), 100.0)


@pytest.mark.parametrize(("injuries", "person_years"), [(17, 100), (31, 100)])
def test_army_injury_rates_per_100_person_years(injuries, person_years):
    per = denominator("per_100_person_years").per
    assert float(crude_rate(injuries, person_years, per=per).rate) == injuries
