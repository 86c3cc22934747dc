"""How much of the newest week looked at had been reported, in a sentence of the pages."""

from __future__ import annotations

from qorgau.analysis.signals.words import completeness_sentence
from qorgau.records.signals.models import DetectionRun


def completeness_of(run: DetectionRun | None) -> str:
    """Empty where there is no run, or nothing to say of it."""
    if run is None:
        return ""
    facts = run.parameters.get("caveat_facts", {})
    return completeness_sentence(run.week_start, facts.get("share_reported"))
