"""Decisions of the synthetic brigade's officers on the signals of detection."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import transaction

from qorgau.demonstration.brigade import Expectation
from qorgau.demonstration.evaluation import SignalSeen, is_about
from qorgau.foundation.identity.models import User
from qorgau.records.signals.choices import SignalState
from qorgau.records.signals.models import Signal
from qorgau.records.signals.queries import open_signals, signals_visible_to
from qorgau.records.signals.services import triage_signal

# Weeks after which a part-time officer has decided on a signal.
WEEKS_UNTIL_DECIDED = 8

_CHANCE = (
    "Хабарламалар жеке-жеке қаралды: ортақ себеп табылмады, кездейсоқтық болуы мүмкін.",
    "Сообщения просмотрены по одному: общей причины нет, похоже на случайность.",
)
_EXPLAINED = {
    "boots": "Новые ботинки и удлинённые марши с пятой недели. Дистанция возвращена к прежней, "
    "врач осматривает роту еженедельно.",
    "rollovers": "Жоспардан тыс түнгі жаттығу, бағыттаушы тағайындалмаған, шаң. Түнгі жорыққа "
    "рұқсат беру тәртібі өзгертілді.",
    "lifting": "Погрузчик в ремонте, грузили вручную. Погрузчик возвращён, поставлена лебёдка.",
    "slips": "№ 3 қойманың пандусына май төгілген. Пандус тазаланып, жабын төселді.",
    "cold": "Түнгі жаңбырдан кейін құрғақ шұлық болмаған. Далалық лагерьге кептіру палаткасы "
    "қойылды.",
    "weapons": "Новый образец оружия выдан без занятия по мерам безопасности. Занятия проведены.",
    "garage": "№ 2 гараждың желдеткіші істемеген. Жөнделді, газ талдағыш қойылды.",
}


def signals_seen(user: User) -> list[SignalSeen]:
    """Every signal that the user may see."""
    return [_seen(signal) for signal in signals_visible_to(user)]


def _seen(signal: Signal) -> SignalSeen:
    return SignalSeen(
        unit_code=signal.unit.code,
        measure=signal.measure,
        first_week=signal.first_week,
        last_week=signal.last_week,
        observed=signal.observed,
        expected=signal.expected,
    )


def decide_on_signals(
    expectations: Iterable[Expectation], *, last_day: dt.date, acting_user: User
) -> int:
    """Decide on the open signals as officers would: explain or dismiss the older ones.

    The newest signals stay open; one that has lasted longer than a week is under investigation.

    Parameters
    ----------
    expectations : iterable of Expectation
        The injected clusters; an investigation would have found them.
    last_day : datetime.date
        The Sunday on which the period ends.
    acting_user : User
        Who decides.

    Returns
    -------
    int
        How many signals were decided on.
    """
    injected = list(expectations)
    decisions = 0
    with transaction.atomic():
        for signal in list(open_signals(acting_user).order_by("first_week", "pk")):
            seen = _seen(signal)
            cluster = next((e.cluster.key for e in injected if is_about(seen, e)), None)
            decision = _decision(seen, cluster, last_day, decisions)
            if decision:
                to, reason = decision
                triage_signal(signal=signal, to=to, reason=reason, acting_user=acting_user)
                decisions += 1
    return decisions


def _decision(
    seen: SignalSeen, cluster: str | None, last_day: dt.date, number: int
) -> tuple[str, str] | None:
    """The state and the reason; None for a signal that nobody has examined yet."""
    # By value: without Django's plugin the type checker reads a member as a (value, label) pair.
    if seen.last_week < last_day - dt.timedelta(weeks=WEEKS_UNTIL_DECIDED):
        if cluster:
            return SignalState("explained"), _EXPLAINED[cluster]
        return SignalState("dismissed"), _CHANCE[number % len(_CHANCE)]
    if cluster and seen.first_week < seen.last_week:
        return SignalState("under_investigation"), ""
    return None
