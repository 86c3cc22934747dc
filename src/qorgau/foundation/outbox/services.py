"""Writing and settling outbox messages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.db import transaction

from qorgau.foundation import clock
from qorgau.foundation.outbox.models import OutboxMessage

MOST_ATTEMPTS = 5


def enqueue(topic: str, payload: Mapping[str, Any]) -> OutboxMessage:
    """Write the work that must follow, within the caller's transaction."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("An outbox message is written in the transaction of its change.")
    return OutboxMessage.objects.create(topic=topic, payload=dict(payload))


def handle_waiting(handlers: Mapping[str, Callable[[dict[str, Any]], None]]) -> int:
    """Hand each waiting message to its handler, oldest first; return how many were settled.

    The handler's writes and the mark "handled" are one transaction: after a crash the message is
    either waiting with nothing done, or handled with everything done. A message that another
    worker is handling is skipped.
    """
    settled = 0
    waiting = OutboxMessage.objects.filter(
        handled_at__isnull=True, attempts__lt=MOST_ATTEMPTS, topic__in=list(handlers)
    )
    for message in list(waiting.order_by("id")):
        try:
            with transaction.atomic():
                if _claim(message) is None:
                    continue
                handlers[message.topic](message.payload)
                message.handled_at = clock.now()
                message.save(update_fields=["handled_at"])
            settled += 1
        except Exception as error:
            message.handled_at = None
            message.attempts += 1
            message.last_error = f"{type(error).__name__}: {error}"
            message.save(update_fields=["attempts", "last_error"])
    return settled


def _claim(message: OutboxMessage) -> OutboxMessage | None:
    """Lock a message until the transaction ends, unless another worker has settled or locked it."""
    free = OutboxMessage.objects.select_for_update(skip_locked=True)
    return free.filter(pk=message.pk, handled_at__isnull=True).first()
