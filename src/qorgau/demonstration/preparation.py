"""Prepare the demonstration: load it and run detection, unless already done."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from qorgau.demonstration.present import Loaded, loaded_demonstration
from qorgau.exchange.formats.linkage_keys import write_keys
from qorgau.foundation.identity.queries import user_of_name
from qorgau.records.signals.queries import runs_visible_to, signals_visible_to


@dataclass(frozen=True)
class Prepared:
    """The demonstration in the register, and the result of detection."""

    loaded: Loaded
    signals: int
    weeks_tested: int


def prepare_demonstration(seed: int | None = None, last_day: dt.date | None = None) -> Prepared:
    """Load the demonstration and run detection on it, unless already done."""
    present = loaded_demonstration()
    if present and seed is None and last_day is None:
        prepared = _prepared(present)
        # Somebody closed the analyst's account and now owns this register: do not change it.
        if prepared.weeks_tested or user_of_name("analyst") is None:
            return prepared
    # The generator takes a second to import; skip it when the demonstration is already loaded.
    from qorgau.demonstration.load_and_detect import load_and_detect

    return _prepared(load_and_detect(seed, last_day))


def _prepared(loaded: Loaded) -> Prepared:
    analyst = user_of_name("analyst")
    if analyst is None:
        return Prepared(loaded, signals=0, weeks_tested=0)
    signals, runs = signals_visible_to(analyst), runs_visible_to(analyst)
    return Prepared(loaded, signals=signals.count(), weeks_tested=runs.count())


def write_medical_register(path: Path, loaded: Loaded) -> None:
    """Write the key file of the brigade's medical register."""
    # The generator takes a second to import, as above.
    from qorgau.demonstration.brigade import make_brigade
    from qorgau.demonstration.medical_register import keys_of, make_medical_register

    write_keys(path, keys_of(make_medical_register(make_brigade(loaded.seed, loaded.last_day))))
