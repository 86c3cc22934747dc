"""Load the brigade, run detection, and decide on the older signals as its officers would."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from qorgau.analysis.signals.question import SignalQuestion
from qorgau.demonstration.brigade import make_brigade
from qorgau.demonstration.establishment import ROOT_CODE
from qorgau.demonstration.load import load_demonstration
from qorgau.demonstration.present import Loaded, demonstration_account, demonstration_unit
from qorgau.demonstration.publications import publish_every_year
from qorgau.demonstration.signal_decisions import decide_on_signals
from qorgau.jobs.detection import run_detection
from qorgau.records.signals.queries import runs_visible_to

# A year and a half: as far back as the injected clusters reach, whatever the season.
DETECTION_WEEKS = 78


def load_and_detect(seed: int | None, last_day: dt.date | None) -> Loaded:
    """Load the brigade and run detection, each unless already done."""
    loaded = load_demonstration(seed=seed, last_day=last_day)
    analyst, officer = demonstration_account("analyst"), demonstration_account("officer")
    if not runs_visible_to(analyst).exists():
        brigade = make_brigade(loaded.seed, loaded.last_day)
        with transaction.atomic():
            run_detection(
                question=SignalQuestion(demonstration_unit(ROOT_CODE), loaded.last_day),
                reader=analyst,
                acting_user=None,
                weeks=DETECTION_WEEKS,
            )
            publish_every_year(brigade.first_day, loaded.last_day)
            decide_on_signals(brigade.expectations, last_day=loaded.last_day, acting_user=officer)
    return loaded
