"""``qorgau detect``: find rises, store them as signals, and print them."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated

import typer
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from rich.console import Console

from qorgau.analysis.answers import QuestionError
from qorgau.analysis.flat_answers import flat
from qorgau.analysis.signals.answer import rising_signals
from qorgau.analysis.signals.question import SignalQuestion
from qorgau.analysis.signals.results import RisingSignals
from qorgau.analysis.unit_cause_hierarchy.control import FALSE_DISCOVERY_RATE
from qorgau.analysis.unit_cause_hierarchy.watch import ALPHA, LEAST_CASES
from qorgau.cli.terminal.figures import short_moment
from qorgau.cli.terminal.look_ups import account_named, end_of, unit_of_code
from qorgau.cli.terminal.output import make_console, say
from qorgau.foundation import clock
from qorgau.foundation.identity.models import User
from qorgau.foundation.identity.roles import Capability
from qorgau.foundation.languages import short_day
from qorgau.jobs.detection import FinishedRun, run_detection
from qorgau.records.people.models import Unit
from qorgau.records.people.queries import may, top_units, users_who_may

app = typer.Typer(help="What is rising, by unit and cause.", add_completion=False)

_DAY = ["%Y-%m-%d"]


@app.command()
def detect(
    week: Annotated[
        dt.datetime | None,
        typer.Option(
            formats=_DAY, help="Any day of the week to test. Default: the last complete week."
        ),
    ] = None,
    unit: Annotated[
        str,
        typer.Option(
            help="Code of a unit, tested with all units below it. Default: every top-level unit."
        ),
    ] = "",
    backfill: Annotated[
        int, typer.Option(min=1, help="Number of weeks to test, ending with that week.")
    ] = 1,
    alpha: Annotated[
        float,
        typer.Option(min=1e-9, max=0.49, help="False-alarm probability of one series in one week."),
    ] = ALPHA,
    false_discovery_rate: Annotated[
        float,
        typer.Option(
            min=0.001, max=0.5, help="Largest expected share of false signals in the whole run."
        ),
    ] = FALSE_DISCOVERY_RATE,
    least_cases: Annotated[
        int, typer.Option(min=1, help="Smallest number of cases in a week that can give a signal.")
    ] = LEAST_CASES,
    as_of: Annotated[
        dt.datetime | None,
        typer.Option(
            formats=_DAY,
            help="Use the register as it was at the end of a past day. Nothing is stored.",
        ),
    ] = None,
    user: Annotated[
        str, typer.Option("--as", help="User to run as. Default: any user with access.")
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print the results as JSON.")] = False,
) -> None:
    """Test every unit and cause for one week, and store what is rising as signals."""
    tested: list[FinishedRun | RisingSignals] = []
    try:
        moment = _past_moment(as_of)
        for one in _units(unit):
            question = SignalQuestion(
                one,
                week.date() if week else None,
                as_of=moment,
                alpha=alpha,
                least_cases=least_cases,
                false_discovery_rate=false_discovery_rate,
            )
            tested += _detect(question, user, backfill)
    except QuestionError as error:
        say(str(error), err=True)
        raise typer.Exit(1) from error
    if as_json:
        results = [_as_json(one) for one in tested]
        say(json.dumps(results, ensure_ascii=False, default=str))
        return
    _print_all([_result(one) for one in tested], is_brief=backfill > 1)
    if moment:
        say(_("Nothing was stored: a past state of the register does not create signals today."))


def _past_moment(as_of: dt.datetime | None) -> dt.datetime | None:
    if as_of is None:
        return None
    if as_of.date() >= clock.today():
        raise QuestionError(
            _("%(day)s is not over yet. Give --as-of a past day, or leave it out.")
            % {"day": short_day(as_of.date())}
        )
    return end_of(as_of.date())


def _detect(
    question: SignalQuestion, username: str, weeks: int
) -> Sequence[FinishedRun | RisingSignals]:
    """Find rises and store them; those in a past state of the register are only printed."""
    reader = _reader(username, question.unit)
    if question.as_of:
        return rising_signals(reader, question, weeks=weeks)
    acting_user = reader if username else None
    return run_detection(question=question, reader=reader, acting_user=acting_user, weeks=weeks)


def _result(tested: FinishedRun | RisingSignals) -> RisingSignals:
    return tested.result if isinstance(tested, FinishedRun) else tested


def _print_all(results: Sequence[RisingSignals], *, is_brief: bool) -> None:
    console = make_console(highlight=False, markup=False)
    for result in results:
        _print(result, console, is_brief=is_brief)
    if results and is_brief:
        _print_caveats(results[-1], console)


def _units(code: str) -> list[Unit]:
    if not code:
        units = list(top_units().order_by("code"))
        if not units:
            raise QuestionError(_("There are no units yet. Import them with: qorgau units import"))
        return units
    return [unit_of_code(code)]


def _reader(username: str, unit: Unit) -> User:
    """The named account, or the first one that may run detection for the unit."""
    if username:
        named = account_named(username)
        if not may(named, Capability.RUN_DETECTION, unit):
            raise QuestionError(
                _("The user %(name)s may not run detection on the unit %(unit)s.")
                % {"name": username, "unit": unit.code}
            )
        return named
    reader = users_who_may(Capability.RUN_DETECTION, unit).first()
    if reader is None:
        raise QuestionError(
            _(
                "No user may run detection on the unit %(unit)s yet. Give someone the role "
                "of analyst with: qorgau users grant"
            )
            % {"unit": unit.code}
        )
    return reader


def _as_json(tested: FinishedRun | RisingSignals) -> dict[str, object]:
    found = _result(tested)
    result = asdict(flat(found))
    for rise, plain in zip(found.rises, result["rises"], strict=True):
        plain["sentence"] = found.sentence_of(rise)
    run = str(tested.run.uuid) if isinstance(tested, FinishedRun) else None
    return {"run": run} | result


def _print(result: RisingSignals, console: Console, *, is_brief: bool) -> None:
    console.print(
        _("%(unit)s, %(first)s to %(last)s. Series tested: %(series)s; rising: %(rises)s.")
        % {
            "unit": result.unit_code,
            "first": short_day(result.week_start),
            "last": short_day(result.provenance.last_day),
            "rises": len(result.rises),
            "series": number_format(result.series_tested, force_grouping=True),
        },
        soft_wrap=True,
    )
    for rise in result.rises:
        console.print(f"  {rise.unit_code}: {result.sentence_of(rise)}", soft_wrap=True)
    if not is_brief:
        _print_caveats(result, console)


def _print_caveats(result: RisingSignals, console: Console) -> None:
    source = result.provenance
    console.print(
        _("As of %(moment)s. Method: %(method)s. Qorgau %(version)s.")
        % {
            "moment": short_moment(source.as_of),
            "method": f"{source.method}; {result.false_alarm_method}",
            "version": source.version,
        },
        soft_wrap=True,
    )
    for caveat in result.caveats:
        console.print(_("Note: %(sentence)s") % {"sentence": caveat.sentence}, soft_wrap=True)
