"""``qorgau publish``: plan and publish the counts of those who may not see exact ones."""

from __future__ import annotations

from typing import Annotated

import typer
from django.utils.translation import gettext as _

from qorgau.analysis.disclosure.plans import PlanParameters
from qorgau.cli.terminal.output import say
from qorgau.cli.terminal.refusals import refusals_as_sentences
from qorgau.foundation import clock
from qorgau.jobs.publication import publish as publish_all
from qorgau.jobs.publication import replan

app = typer.Typer(
    help="Publish the counts of those who may not see exact ones.", add_completion=False
)

_DEFAULTS = PlanParameters()


@app.command()
def publish(
    since: Annotated[
        int | None,
        typer.Option(
            min=1900, max=9998, help="First year to plan. Default: this year. For imported years."
        ),
    ] = None,
    replace: Annotated[
        int | None,
        typer.Option(
            min=1900,
            max=9998,
            help="Year whose plan is replaced, as long as nothing of it was published.",
        ),
    ] = None,
    target_expected: Annotated[
        float,
        typer.Option(min=5, max=1_000, help="Expected incidents of a box of a new plan."),
    ] = _DEFAULTS.target_expected,
    least_population: Annotated[
        float, typer.Option(min=1, max=1_000_000, help="Fewest people of a box of a new plan.")
    ] = _DEFAULTS.least_population,
    least_count: Annotated[
        int, typer.Option(min=3, max=1_000, help="Fewest incidents of a box that is shown.")
    ] = _DEFAULTS.least_count,
) -> None:
    """Plan this year (in December also the next) if it has no plan, and publish what is due."""
    if since is not None and replace is not None:
        raise typer.BadParameter(_("Give one of --since and --replace."))
    parameters = PlanParameters(target_expected, least_population, least_count)
    with refusals_as_sentences():
        if replace is not None:
            made = replan(clock.now(), replace, parameters=parameters)
            done = _("Plans replaced: %(plans)s. Publications: %(publications)s.")
        else:
            made = publish_all(clock.now(), since=since, parameters=parameters)
            done = _("Plans made: %(plans)s. Publications: %(publications)s.")
    say(done % {"plans": made.plans, "publications": made.publications})
