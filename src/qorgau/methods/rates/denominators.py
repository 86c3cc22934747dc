"""The denominators rates are published per, as data.

Each says how many units of which exposure one rate stands for, who publishes rates so, and
how the exposure follows from person-days when it does at all: hours worked, training days and
flight hours have records of their own and follow from no calendar.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from qorgau.methods.arrays import InputError

DAYS_PER_YEAR = 365.25
DAYS_PER_WEEK = 7.0


@dataclass(frozen=True)
class ExposureUnit:
    """A unit of exposure.

    Attributes
    ----------
    key, label : str
        Stable key and English label.
    person_days : float or None
        Person-days in one unit; None where exposure must be recorded in this unit itself.
    """

    key: str
    label: str
    person_days: float | None


@dataclass(frozen=True)
class Denominator:
    """A denominator of published rates.

    Attributes
    ----------
    key, label : str
        Stable key and English label.
    per : float
        Units of exposure that one rate is per.
    exposure_unit : ExposureUnit
        The unit of exposure.
    used_by : str
        Who publishes rates so.
    source : str
        Where that is stated.
    """

    key: str
    label: str
    per: float
    exposure_unit: ExposureUnit
    used_by: str
    source: str

    def exposure_from_person_days(self, person_days: float) -> float:
        """Exposure in this denominator's unit.

        Parameters
        ----------
        person_days : float
            Person-time in days.

        Returns
        -------
        float
            Exposure in `exposure_unit`.

        Raises
        ------
        InputError
            If this unit of exposure does not follow from person-time.
        """
        if self.exposure_unit.person_days is None:
            raise InputError(
                "denominator",
                "not_from_person_time",
                f"{self.exposure_unit.label.capitalize()} do not follow from person-time; "
                "record them, or choose a denominator of person-time.",
            )
        return person_days / self.exposure_unit.person_days


def _by_key(units: tuple[ExposureUnit, ...]) -> Mapping[str, ExposureUnit]:
    return MappingProxyType({unit.key: unit for unit in units})


EXPOSURE_UNITS = _by_key(
    (
        ExposureUnit("person_days", "person-days", 1.0),
        ExposureUnit("person_weeks", "person-weeks", DAYS_PER_WEEK),
        ExposureUnit("person_months", "person-months", DAYS_PER_YEAR / 12.0),
        ExposureUnit("person_years", "person-years", DAYS_PER_YEAR),
        ExposureUnit("training_days", "training days", None),
        ExposureUnit("hours_worked", "hours worked", None),
        ExposureUnit("flight_hours", "flight hours", None),
    )
)

_ROWS: tuple[tuple[str, str, float, str, str, str], ...] = (
    (
        "per_100_person_years",
        "per 100 person-years",
        100.0,
        "person_years",
        "forces that count every injury",
        "published Australian army injury rates: 17 (regular) and 31 (reserve) per 100 a year",
    ),
    (
        "per_1000_person_years",
        "per 1,000 person-years",
        1_000.0,
        "person_years",
        "military health surveillance; British rates per 1,000 strength a year",
        "Medical Surveillance Monthly Report, annual updates on heat illness",
    ),
    (
        "per_10000_person_years",
        "per 10,000 person-years",
        10_000.0,
        "person_years",
        "military health surveillance of rarer conditions",
        "Medical Surveillance Monthly Report",
    ),
    (
        "per_100000_person_years",
        "per 100,000 person-years",
        100_000.0,
        "person_years",
        "military and national mortality and rare conditions",
        "Medical Surveillance Monthly Report, exertional rhabdomyolysis and cold injury",
    ),
    (
        "per_1000_person_months",
        "per 1,000 person-months",
        1_000.0,
        "person_months",
        "deployed forces with monthly strength returns",
        "monthly strength returns of deployed forces",
    ),
    (
        "per_10000_person_weeks",
        "per 10,000 person-weeks",
        10_000.0,
        "person_weeks",
        "basic training, where people are exposed for weeks",
        "Medical Surveillance Monthly Report, heat illness in recruit training",
    ),
    (
        "per_1000_training_days",
        "per 1,000 training days",
        1_000.0,
        "training_days",
        "recruit and course injuries",
        "training injury surveillance; one person in training for one day",
    ),
    (
        "per_200000_hours",
        "per 200,000 hours",
        200_000.0,
        "hours_worked",
        "occupational recordable rates: 100 full-time workers for a year",
        "29 CFR 1904; incidence rate N x 200,000 / hours worked",
    ),
    (
        "per_1000000_hours",
        "per 1,000,000 hours",
        1_000_000.0,
        "hours_worked",
        "lost-time injury frequency rate",
        "Australian and international practice; the standard itself was not checked",
    ),
    (
        "per_100000_flight_hours",
        "per 100,000 flight hours",
        100_000.0,
        "flight_hours",
        "military aviation mishap rates",
        "practice of air force safety centres; no one document was checked",
    ),
)

DENOMINATORS: Mapping[str, Denominator] = MappingProxyType(
    {
        key: Denominator(key, label, per, EXPOSURE_UNITS[unit], used_by, source)
        for key, label, per, unit, used_by, source in _ROWS
    }
)


def denominator(key: str) -> Denominator:
    """The denominator of a key.

    Parameters
    ----------
    key : str
        A key of `DENOMINATORS`.

    Returns
    -------
    Denominator
        The denominator.

    Raises
    ------
    InputError
        If no denominator has that key.
    """
    found = DENOMINATORS.get(key)
    if found is None:
        raise InputError(
            "denominator",
            "unknown",
            f"{key!r} is not a denominator; choose one of {', '.join(DENOMINATORS)}.",
        )
    return found
