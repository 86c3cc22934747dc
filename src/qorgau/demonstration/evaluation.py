"""Which injected clusters the register's signals found and when, and which other signals exist."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from qorgau.demonstration.brigade import Expectation
from qorgau.demonstration.establishment import units_above
from qorgau.demonstration.injected_clusters import InjectedCluster

# A rise that detection extends to the week after the last event still belongs to the cluster.
WEEKS_AFTER = 1


@dataclass(frozen=True)
class SignalSeen:
    """A signal in the register.

    Attributes
    ----------
    measure : str
        A kind of incident, or a kind and a node of the cause tree: ``injury:fall.same_level``.
    first_week, last_week : datetime.date
        Mondays; both weeks are included.
    """

    unit_code: str
    measure: str
    first_week: dt.date
    last_week: dt.date
    observed: float
    expected: float


@dataclass(frozen=True)
class ClusterVerdict:
    """The result of detection for one injected cluster.

    Attributes
    ----------
    cluster : InjectedCluster
    weeks : tuple of datetime.date
        The Mondays of its weeks.
    expected : float
        Events that the model of the brigade expects in these weeks without the injected ones.
    found_in : datetime.date or None
        The first week with a signal about it; None if there is none.
    signal : SignalSeen or None
        That signal.
    """

    cluster: InjectedCluster
    weeks: tuple[dt.date, ...]
    expected: float
    found_in: dt.date | None
    signal: SignalSeen | None

    @property
    def week_number(self) -> int | None:
        """1 for the cluster's first week."""
        return (self.found_in - self.weeks[0]).days // 7 + 1 if self.found_in else None


@dataclass(frozen=True)
class Evaluation:
    """All clusters, and the signals that were about one of them or about none."""

    verdicts: tuple[ClusterVerdict, ...]
    telling: tuple[SignalSeen, ...]
    others: tuple[SignalSeen, ...]


def evaluate_signals(
    expectations: Iterable[Expectation],
    signals: Sequence[SignalSeen],
) -> Evaluation:
    """Compare signals with what was injected.

    A signal is about a cluster when it is in the cluster's weeks or the week after and counts the
    cluster's kind: with its cause or the branch of its cause, in its unit or a unit above or
    below; or with any cause, in its unit or below.

    Parameters
    ----------
    expectations : iterable of Expectation
        The clusters with their weeks.
    signals : sequence of SignalSeen

    Returns
    -------
    Evaluation
    """
    verdicts = []
    telling: set[SignalSeen] = set()
    for expectation in expectations:
        matching = [signal for signal in signals if is_about(signal, expectation)]
        telling.update(matching)
        first = min(matching, key=lambda signal: _found_in(signal, expectation), default=None)
        verdicts.append(
            ClusterVerdict(
                cluster=expectation.cluster,
                weeks=expectation.weeks,
                expected=expectation.expected,
                found_in=_found_in(first, expectation) if first else None,
                signal=first,
            )
        )
    others = tuple(signal for signal in signals if signal not in telling)
    return Evaluation(tuple(verdicts), tuple(s for s in signals if s in telling), others)


def _found_in(signal: SignalSeen, expectation: Expectation) -> dt.date:
    """The signal's first week; if it began before the cluster, its last known week."""
    begins_before = signal.first_week < expectation.weeks[0]
    return signal.last_week if begins_before else signal.first_week


def is_about(signal: SignalSeen, expectation: Expectation) -> bool:
    """Whether the signal is about the cluster: unit, measure and weeks match."""
    cluster = expectation.cluster
    last = expectation.weeks[-1] + dt.timedelta(weeks=WEEKS_AFTER)
    if not expectation.weeks[0] <= _found_in(signal, expectation) <= last:
        return False
    is_inside = cluster.unit_code in (signal.unit_code, *units_above(signal.unit_code))
    is_above = signal.unit_code in units_above(cluster.unit_code)
    if signal.measure == cluster.kind:
        return is_inside
    causes = (cluster.cause, cluster.cause.partition(".")[0])
    is_of_cause = signal.measure in [f"{cluster.kind}:{cause}" for cause in causes]
    return is_of_cause and (is_inside or is_above)


def cluster_table(expectations: Iterable[Expectation]) -> list[str]:
    """The lines of a Markdown table: what is injected where and when, and what is expected."""
    lines = [
        "| cluster | unit | what is counted | weeks from (weeks) | injected | expected | story |",
        "|---|---|---|---|---:|---:|---|",
    ]
    for one in expectations:
        cluster = one.cluster
        lines.append(
            f"| {cluster.key} | `{cluster.unit_code}` | {cluster.kind}, {cluster.cause} "
            f"| {one.weeks[0]} ({len(one.weeks)}) | {cluster.injected} | {one.expected:.2f} "
            f"| {cluster.story} |"
        )
    return lines


def verdict_table(evaluation: Evaluation) -> list[str]:
    """The lines of a Markdown table: which cluster was found, in which week, by which signal."""
    lines = [
        "| cluster | found in the week from | which week of it | by | newest count | expected |",
        "|---|---|---|---|---:|---:|",
    ]
    for verdict in evaluation.verdicts:
        signal = verdict.signal
        if signal is None:
            lines.append(f"| {verdict.cluster.key} | missed | | | | |")
            continue
        lines.append(
            f"| {verdict.cluster.key} | {verdict.found_in} "
            f"| {verdict.week_number} of {len(verdict.weeks)} "
            f"| `{signal.unit_code}`, {signal.measure} "
            f"| {signal.observed:.0f} | {signal.expected:.2f} |"
        )
    return lines


def summary(evaluation: Evaluation, weeks: int) -> str:
    """One sentence: how many were found, and how many other signals in how many weeks."""
    found = sum(verdict.found_in is not None for verdict in evaluation.verdicts)
    return (
        f"{found} of {len(evaluation.verdicts)} clusters found; {len(evaluation.telling)} signals "
        f"belong to them, and {len(evaluation.others)} others were raised in {weeks} weeks."
    )
