"""The chart of under-reporting: the reported share of injuries, by unit and in total."""

from __future__ import annotations

from django.utils.translation import gettext as _

from qorgau.analysis.under_reporting.ascertained_cases import AscertainedFigure
from qorgau.analysis.under_reporting.results import UnderReporting
from qorgau.analysis.under_reporting.words import percent
from qorgau.web.charts.bars_with_limits import bars_with_limits
from qorgau.web.charts.chart import Chart, Words
from qorgau.web.charts.rows import BarRow

WHOLE_PERCENT = 100.0


def shares_of(result: UnderReporting) -> Chart | None:
    """The total, then the units that may be shown, from the lowest reported share."""
    shown = [unit for unit in result.units if not unit.figure.withheld]
    if not shown or result.overall.withheld:
        return None
    shown.sort(key=lambda unit: unit.figure.first_share or 0.0)
    rows = [_row(_("All together"), result.overall)]
    rows += [_row(unit.name, unit.figure) for unit in shown]
    sentence = _(
        "Share of all injuries that are in the safety register, with 95%% confidence"
        " intervals. Units that report least come first. Units not shown: %(withheld)d."
    ) % {"withheld": len(result.units) - len(shown)}
    words = Words(
        title=_("Share of injuries reported, %(unit)s") % {"unit": result.unit_name},
        sentence=sentence,
        y=_("reported of 100 injuries"),
        mark=_("synthetic data") if result.provenance.is_synthetic else "",
    )
    return bars_with_limits(rows, words, x_max=WHOLE_PERCENT)


def _row(name: str, figure: AscertainedFigure) -> BarRow:
    share, lower, upper = figure.first_share, figure.first_share_lower, figure.first_share_upper
    # The numbers come first, because a phone shows only the beginning of a long name.
    label = _("%(share)s%% (%(lower)s to %(upper)s) %(unit)s") % {
        "unit": name,
        "share": percent(share),
        "lower": percent(lower),
        "upper": percent(upper),
    }
    return BarRow(
        label=label,
        value=WHOLE_PERCENT * (share or 0.0),
        lower=WHOLE_PERCENT * (lower or 0.0),
        upper=WHOLE_PERCENT * (upper or 0.0),
        events=figure.first,
    )
