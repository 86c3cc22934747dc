"""What do two armies' published histories show, recomputed from their own tables?

The Prussian army's deaths by horse kick (are they chance?) and the British Army in the Crimea
(do the printed annual rates follow from the printed strength and deaths?). The tables are part
of the package, so both questions are answered without a register, and a newcomer can check
every figure against print.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from importlib import metadata, resources

import numpy as np
import numpy.typing as npt

from qorgau.methods.rates import DispersionTest, crude_rate, denominator, dispersion_test

HORSE_KICK_SOURCE = "L. von Bortkiewicz, Das Gesetz der kleinen Zahlen, Leipzig 1898"
CRIMEA_SOURCE = (
    "F. Nightingale, Notes on Matters Affecting the Health, Efficiency, and Hospital "
    "Administration of the British Army, London 1858"
)
# The Guard and the corps I, VI and XI were of another make-up; Bortkiewicz sets them apart.
CORPS_OF_ANOTHER_SIZE = frozenset({"G", "I", "VI", "XI"})


def gettext_noop(message: str) -> str:
    """Mark a sentence for the translators and leave it as it is: this starts no Django."""
    return message


CRIMEA_CAUSES = (gettext_noop("disease"), gettext_noop("wounds"), gettext_noop("other"))
ALL_CAUSES = gettext_noop("all causes")
CONFIDENCE = 0.95
MONTHS_PER_YEAR = 12
# Rates printed to one decimal are off by up to half a unit of it.
PRINT_ROUNDING = 0.05


@dataclass(frozen=True)
class Dispersion:
    """One index-of-dispersion test, in plain numbers.

    Attributes
    ----------
    of : str
        What was compared.
    counts : int
        Number of counts compared.
    statistic, degrees_of_freedom, index, p_value_over : float
        Chi-square statistic, its degrees of freedom, their ratio (1 by pure chance), and the
        probability of so much variation by chance.
    """

    of: str
    counts: int
    statistic: float
    degrees_of_freedom: int
    index: float
    p_value_over: float


@dataclass(frozen=True)
class CorpsYears:
    """Corps-years with one number of deaths: observed, and expected by the Poisson law."""

    deaths: int
    observed: int
    expected: float


@dataclass(frozen=True)
class HorseKickHistory:
    """Deaths by horse kick in the Prussian army.

    Attributes
    ----------
    deaths, corps, years, corps_years : int
        Totals of the table.
    rate, lower, upper : float
        Deaths per corps-year with exact limits at level `confidence`.
    distribution : tuple of CorpsYears
        Corps-years by number of deaths.
    dispersion : tuple of Dispersion
        All corps-years; those of the ten corps of equal make-up; corps; years.
    period_start, period_end : date
        First and last day covered.
    as_of : str
        State of the data: the print they were taken from.
    inputs : dict
        What was counted.
    method, version : str
        Methods applied, and the version of Qorgau that applied them.
    caveats : tuple of str
        What a reader must know before using the figures.
    """

    deaths: int
    corps: int
    years: int
    corps_years: int
    rate: float
    lower: float
    upper: float
    confidence: float
    distribution: tuple[CorpsYears, ...]
    dispersion: tuple[Dispersion, ...]
    period_start: date
    period_end: date
    as_of: str
    inputs: dict[str, str]
    method: str
    version: str
    caveats: tuple[str, ...]


@dataclass(frozen=True)
class CrimeaRate:
    """One annual rate of mortality of one month, recomputed beside the printed one.

    Attributes
    ----------
    month : str
        Year and month, ISO.
    cause : str
        "disease", "wounds" or "other".
    strength : int
        Average strength of the month, persons.
    deaths : int
        Deaths of the month by the cause.
    rate, lower, upper : float
        Deaths per 1,000 person-years with exact limits.
    printed_rate : float
        The rate as printed, to one decimal.
    difference : float
        Recomputed less printed.
    """

    month: str
    cause: str
    strength: int
    deaths: int
    rate: float
    lower: float
    upper: float
    printed_rate: float
    difference: float


@dataclass(frozen=True)
class CauseTotal:
    """Deaths by one cause over the whole period, per 1,000 person-years with exact limits."""

    cause: str
    deaths: int
    rate: float
    lower: float
    upper: float


@dataclass(frozen=True)
class CrimeaHistory:
    """Mortality of the British Army in the East by month and cause.

    Attributes
    ----------
    rates : tuple of CrimeaRate
        24 months by three causes.
    totals : tuple of CauseTotal
        The causes over all months, and all causes together.
    person_years : float
        Sum of monthly strengths over twelve.
    largest_difference : float
        Largest distance of a recomputed rate from the printed one.
    is_reproduced : bool
        Whether every printed rate is met within `print_rounding`.
    print_rounding : float
        Half a unit of the last printed decimal.
    confidence : float
        Level of the limits.
    period_start, period_end : date
        First and last day covered.
    as_of, method, version : str
        The print the data come from, the method, the version of Qorgau.
    inputs : dict
        What was counted.
    caveats : tuple of str
        What a reader must know before using the figures.
    """

    rates: tuple[CrimeaRate, ...]
    totals: tuple[CauseTotal, ...]
    person_years: float
    largest_difference: float
    is_reproduced: bool
    print_rounding: float
    confidence: float
    period_start: date
    period_end: date
    as_of: str
    inputs: dict[str, str]
    method: str
    version: str
    caveats: tuple[str, ...]


def horse_kick_history() -> HorseKickHistory:
    """Rate, distribution and dispersion of the Prussian deaths by horse kick.

    Returns
    -------
    HorseKickHistory
        196 deaths in 280 corps-years, with exact limits and dispersion tests.
    """
    years, corps, deaths = _horse_kick_table()
    rate = crude_rate(deaths.sum(), deaths.size, confidence=CONFIDENCE)
    equal = np.array([name not in CORPS_OF_ANOTHER_SIZE for name in corps])
    everything = dispersion_test(deaths.ravel())
    return HorseKickHistory(
        deaths=int(deaths.sum()),
        corps=len(corps),
        years=len(years),
        corps_years=deaths.size,
        rate=float(rate.rate),
        lower=float(rate.lower),
        upper=float(rate.upper),
        confidence=CONFIDENCE,
        distribution=tuple(_corps_years(deaths)),
        dispersion=(
            _dispersion(gettext_noop("all corps-years"), everything),
            _dispersion(
                gettext_noop("corps-years of the ten corps of equal make-up"),
                dispersion_test(deaths[:, equal].ravel()),
            ),
            _dispersion(gettext_noop("totals of the corps"), dispersion_test(deaths.sum(axis=0))),
            _dispersion(gettext_noop("totals of the years"), dispersion_test(deaths.sum(axis=1))),
        ),
        period_start=date(years[0], 1, 1),
        period_end=date(years[-1], 12, 31),
        as_of=gettext_noop("as printed in 1898"),
        inputs={"source": HORSE_KICK_SOURCE, "counted": "deaths by horse kick by corps and year"},
        method=f"{rate.method}; {everything.method}",
        version=metadata.version("qorgau"),
        caveats=(
            gettext_noop(
                "Exposure is counted in corps-years: the table gives no strength, and the "
                "corps differ in size and in the number of horses."
            ),
            gettext_noop(
                "With 0.7 expected deaths per corps-year, the chi-square distribution of the "
                "dispersion test is an approximation; with 280 counts it is good enough."
            ),
        ),
    )


def crimea_history() -> CrimeaHistory:
    """Annual rates of mortality in the Crimea, each beside its printed value.

    Returns
    -------
    CrimeaHistory
        72 rates (24 months by three causes), totals, and the largest difference from print.
    """
    rows = _table("crimea_army.csv")
    strength = np.array([float(row["strength"]) for row in rows])
    person_years = float(strength.sum() / MONTHS_PER_YEAR)
    rates = tuple(rate for cause in CRIMEA_CAUSES for rate in _crimea_rates(rows, strength, cause))
    totals = tuple(_crimea_totals(rates, person_years))
    largest = max(abs(rate.difference) for rate in rates)
    return CrimeaHistory(
        rates=rates,
        totals=totals,
        person_years=person_years,
        largest_difference=largest,
        is_reproduced=largest <= PRINT_ROUNDING,
        print_rounding=PRINT_ROUNDING,
        confidence=CONFIDENCE,
        period_start=date(1854, 4, 1),
        period_end=date(1856, 3, 31),
        as_of=gettext_noop("as printed in 1858"),
        inputs={
            "source": CRIMEA_SOURCE,
            "counted": "deaths by month and cause over average monthly strength",
        },
        method=f"{crude_rate(0, 1).method}, per 1,000 person-years, a month as a twelfth of a year",
        version=metadata.version("qorgau"),
        caveats=(
            gettext_noop(
                "The annual rate of a month is what a whole year of such months would give: "
                "1,022.8 per 1,000 in January 1855 does not mean that more people died than "
                "there were."
            ),
            gettext_noop(
                "Strength is the printed average of the month; people who came or left "
                "within the month are included as in the printed source."
            ),
        ),
    )


def _table(name: str) -> list[dict[str, str]]:
    history = resources.files("qorgau.analysis.published_histories").joinpath(name)
    return list(csv.DictReader(history.read_text(encoding="utf-8").splitlines()))


def _horse_kick_table() -> tuple[list[int], list[str], npt.NDArray[np.int64]]:
    rows = [row for row in _table("horse_kick_deaths.csv") if row["year"] != "all"]
    corps = [name for name in rows[0] if name not in {"year", "all"}]
    deaths = np.array([[int(row[name]) for name in corps] for row in rows], dtype=np.int64)
    return [int(row["year"]) for row in rows], corps, deaths


def _corps_years(deaths: npt.NDArray[np.int64]) -> Iterator[CorpsYears]:
    mean = float(deaths.mean())
    probability = np.exp(-mean)
    for number in range(int(deaths.max()) + 1):
        yield CorpsYears(
            deaths=number,
            observed=int((deaths == number).sum()),
            expected=float(deaths.size * probability),
        )
        probability *= mean / (number + 1)


def _dispersion(of: str, test: DispersionTest) -> Dispersion:
    return Dispersion(
        of=of,
        counts=test.degrees_of_freedom + 1,
        statistic=float(test.statistic),
        degrees_of_freedom=test.degrees_of_freedom,
        index=float(test.index),
        p_value_over=float(test.p_value_over),
    )


def _crimea_rates(
    rows: list[dict[str, str]],
    strength: npt.NDArray[np.float64],
    cause: str,
) -> Iterator[CrimeaRate]:
    deaths = np.array([int(row[f"{cause}_deaths"]) for row in rows])
    per = denominator("per_1000_person_years").per
    result = crude_rate(deaths, strength / MONTHS_PER_YEAR, per=per, confidence=CONFIDENCE)
    for index, row in enumerate(rows):
        printed = float(row[f"{cause}_rate"])
        rate = float(result.rate[index])
        yield CrimeaRate(
            month=row["month"],
            cause=cause,
            strength=int(strength[index]),
            deaths=int(deaths[index]),
            rate=rate,
            lower=float(result.lower[index]),
            upper=float(result.upper[index]),
            printed_rate=printed,
            difference=rate - printed,
        )


def _crimea_totals(rates: tuple[CrimeaRate, ...], person_years: float) -> Iterator[CauseTotal]:
    per = denominator("per_1000_person_years").per
    by_cause = {
        cause: sum(rate.deaths for rate in rates if rate.cause == cause) for cause in CRIMEA_CAUSES
    }
    for cause, deaths in {**by_cause, ALL_CAUSES: sum(by_cause.values())}.items():
        total = crude_rate(deaths, person_years, per=per, confidence=CONFIDENCE)
        yield CauseTotal(cause, deaths, float(total.rate), float(total.lower), float(total.upper))
