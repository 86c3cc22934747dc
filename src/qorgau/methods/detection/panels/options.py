"""Options that several detection methods share: checked in one place, refused in one sentence."""

from collections.abc import Sequence


def check_choice(name: str, value: str, allowed: Sequence[str]) -> None:
    """Refuse a value that is not one of those allowed.

    Raises
    ------
    ValueError
        With the values that are allowed.
    """
    if value not in allowed:
        raise ValueError(f"{name} must be one of {', '.join(allowed)}; it is {value!r}.")


def check_alpha(alpha: float) -> None:
    """Refuse a false-alarm probability outside (0, 0.5).

    Raises
    ------
    ValueError
        If `alpha` is outside.
    """
    if not 0 < alpha < 0.5:
        raise ValueError(f"alpha must be between 0 and 0.5; it is {alpha}.")


def check_threads(threads: int) -> None:
    """Refuse a number of threads below 1.

    Raises
    ------
    ValueError
        If `threads` is below 1.
    """
    if threads < 1:
        raise ValueError(f"threads must be at least 1; it is {threads}.")


def check_reference_population(mode: str, population: object) -> None:
    """Refuse a population in reference mode, for methods that have none in the R package.

    Raises
    ------
    ValueError
        If a population is given.
    """
    if mode == "reference" and population is not None:
        raise ValueError("R's package takes no population here; use mode 'corrected'.")
