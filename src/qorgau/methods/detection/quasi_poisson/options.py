"""Options of Farrington's method, the same for its two versions and both modes."""

from dataclasses import dataclass
from typing import Literal

from qorgau.methods.detection.baselines.baseline_weeks import WEEKS_PER_YEAR
from qorgau.methods.detection.bounds.thresholds import POWERS
from qorgau.methods.detection.panels.options import check_alpha, check_choice
from qorgau.methods.detection.panels.results import MODES

ThresholdMethod = Literal["delta", "muan", "nb-plugin", "nb-predictive"]
PowerTransform = Literal["2/3", "1/2", "none"]

THRESHOLD_METHODS: tuple[ThresholdMethod, ...] = ("delta", "muan", "nb-plugin", "nb-predictive")
FEWEST_YEARS_FOR_TREND = 3


@dataclass(frozen=True)
class FarringtonOptions:
    """Options of Farrington's method; meanings in `farrington_flexible`."""

    alpha: float
    years: int
    half_window: int
    periods: int
    past_weeks_not_included: int
    reweight: bool
    weights_threshold: float
    trend: bool
    p_threshold_trend: float
    threshold_method: ThresholdMethod
    power_transform: PowerTransform
    limit54: tuple[int, int]

    @property
    def first_week(self) -> int:
        """First row with a full history before it."""
        return WEEKS_PER_YEAR * self.years + self.half_window

    @property
    def needs_standard_errors(self) -> bool:
        """Whether a bound or a rule depends on how precise the fit is."""
        return self.threshold_method != "nb-plugin" or self.p_threshold_trend < 1.0


def check_farrington_options(options: FarringtonOptions, mode: str) -> None:
    """Refuse options that cannot be used.

    Raises
    ------
    ValueError
        With the option and what it may be.
    """
    check_choice("mode", mode, MODES)
    check_choice("threshold_method", options.threshold_method, THRESHOLD_METHODS)
    if mode == "reference" and options.threshold_method == "nb-predictive":
        raise ValueError("R's package has no prediction here; use mode 'corrected'.")
    check_choice("power_transform", options.power_transform, tuple(POWERS))
    check_alpha(options.alpha)
    if options.years < 1 or options.periods < 1:
        raise ValueError("years and periods must be at least 1.")
    if options.half_window < 0 or options.past_weeks_not_included < 0:
        raise ValueError("half_window and past_weeks_not_included must not be negative.")
    if options.half_window > (WEEKS_PER_YEAR - 1) // 2:
        raise ValueError("half_window must be at most 25 weeks, so that windows do not overlap.")
    if not 0 < options.p_threshold_trend <= 1:
        raise ValueError("p_threshold_trend must be above 0 and at most 1.")
    if options.weights_threshold <= 0:
        raise ValueError("weights_threshold must be positive.")
    if options.limit54[0] < 0 or options.limit54[1] < 1:
        raise ValueError("limit54 must be a number of cases and a number of weeks, such as (5, 4).")
