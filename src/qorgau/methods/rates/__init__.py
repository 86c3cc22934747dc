"""Rates of events over exposure: arrays in, frozen results with exact limits out."""

from qorgau.methods.arrays import InputError
from qorgau.methods.rates.comparison import (
    RateDifference,
    RateRatio,
    rate_difference,
    rate_ratio,
)
from qorgau.methods.rates.crude import CrudeRate, crude_rate
from qorgau.methods.rates.denominators import (
    DENOMINATORS,
    EXPOSURE_UNITS,
    Denominator,
    ExposureUnit,
    denominator,
)
from qorgau.methods.rates.direct import DirectlyStandardisedRate, directly_standardised_rate
from qorgau.methods.rates.dispersion import DispersionTest, dispersion_test
from qorgau.methods.rates.funnel import FunnelLimits, funnel_limits
from qorgau.methods.rates.indirect import StandardisedRatio, standardised_ratio
from qorgau.methods.rates.shrinkage import EmpiricalBayesRates, empirical_bayes_rates

__all__ = [
    "DENOMINATORS",
    "EXPOSURE_UNITS",
    "CrudeRate",
    "Denominator",
    "DirectlyStandardisedRate",
    "DispersionTest",
    "EmpiricalBayesRates",
    "ExposureUnit",
    "FunnelLimits",
    "InputError",
    "RateDifference",
    "RateRatio",
    "StandardisedRatio",
    "crude_rate",
    "denominator",
    "directly_standardised_rate",
    "dispersion_test",
    "empirical_bayes_rates",
    "funnel_limits",
    "rate_difference",
    "rate_ratio",
    "standardised_ratio",
]
