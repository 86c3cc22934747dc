"""The lines of a unit's page: each rate with its words and the address of its records."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import urlencode

from qorgau.analysis.figures.rate_figures import RateFigure
from qorgau.analysis.rates.comparison import UnitRate
from qorgau.analysis.rates.results import InjuryRates
from qorgau.foundation.identity.roles import Capability
from qorgau.records.incidents.choices import Kind
from qorgau.records.people.queries import capabilities_of
from qorgau.web.frame.badges import FUNNEL_POSITIONS


@dataclass(frozen=True)
class KindLine:
    """The main rate of one kind; the address is empty for users who may not see records."""

    label: str | Promise
    figure: RateFigure
    address: str


@dataclass(frozen=True)
class UnitRateLine:
    """A sub-unit compared with the others, and the mark of its rate among them."""

    unit: UnitRate
    address: str
    icon: str
    tone: str
    place: str | Promise


def lines_of(request: HttpRequest, rates: InjuryRates) -> dict[str, list[KindLine | UnitRateLine]]:
    """Lines for `units/figures.html` and `units/comparison.html`."""
    kinds = rates.provenance.inputs["kinds"]
    sees_records = Capability.SEE_INCIDENTS in capabilities_of(request.user)

    def address(unit: str, kind: str) -> str:
        return _records(rates, unit, kind) if sees_records else ""

    return {
        "kinds": [
            KindLine(Kind(one.kind).label, one.figure, address(rates.unit_code, one.kind))
            for one in rates.by_kind
        ],
        "compared": [
            UnitRateLine(unit, address(unit.code, kinds), *FUNNEL_POSITIONS[unit.position])
            for unit in rates.comparison.units
        ],
    }


def _records(rates: InjuryRates, unit: str, kind: str) -> str:
    """The address of the incidents that a rate counts."""
    source = rates.provenance
    conditions = {
        "unit": unit,
        "kind": kind,
        "cause": source.inputs["cause"],
        "severity": source.inputs["severity_classes"],
        "since": source.first_day.isoformat(),
        "until": source.last_day.isoformat(),
    }
    query = urlencode({name: value for name, value in conditions.items() if value != "all"})
    return f"{reverse('incidents')}?{query}"
