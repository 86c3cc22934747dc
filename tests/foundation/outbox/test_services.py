"""A message is committed or rolled back with its change, and is settled once."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import transaction

from qorgau.foundation.identity.models import User
from qorgau.foundation.outbox.models import OutboxMessage
from qorgau.foundation.outbox.services import MOST_ATTEMPTS, enqueue, handle_waiting
from tests.writers import at_once

Handler = Callable[[dict[str, object]], None]


def put(topic: str = "settled", **payload: object) -> OutboxMessage:
    with transaction.atomic():
        return enqueue(topic, payload)


def failing(payload: dict[str, object]) -> None:
    User.objects.create(username=f"half-done-{payload['turn']}")
    raise ValueError("The printer is out of paper.")


@pytest.mark.django_db(transaction=True)
def test_a_message_outside_a_transaction_is_refused() -> None:
    with pytest.raises(RuntimeError, match="in the transaction of its change"):
        enqueue("settled", {})


@pytest.mark.django_db
def test_a_message_is_rolled_back_with_its_change() -> None:
    def fail_halfway() -> None:
        enqueue("settled", {})
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), transaction.atomic():
        fail_halfway()
    assert not OutboxMessage.objects.exists()


@pytest.mark.django_db
def test_messages_are_handled_once_oldest_first() -> None:
    seen: list[object] = []
    for turn in range(3):
        put(turn=turn)
    handlers: dict[str, Handler] = {"settled": lambda payload: seen.append(payload["turn"])}
    assert handle_waiting(handlers) == 3
    assert handle_waiting(handlers) == 0
    assert seen == [0, 1, 2]


@pytest.mark.django_db
def test_a_message_without_a_handler_waits() -> None:
    put(topic="other")
    assert handle_waiting({"settled": failing}) == 0
    assert OutboxMessage.objects.get().attempts == 0


@pytest.mark.django_db
def test_a_failed_handler_leaves_nothing_half_done_and_records_why() -> None:
    put(turn=1)
    assert handle_waiting({"settled": failing}) == 0
    message = OutboxMessage.objects.get()
    assert not User.objects.exists()
    assert (message.handled_at, message.attempts) == (None, 1)
    assert message.last_error == "ValueError: The printer is out of paper."


@pytest.mark.django_db
def test_one_failing_message_does_not_stop_later_ones() -> None:
    seen: list[object] = []
    put(turn=1)
    put("later", turn=2)
    handlers: dict[str, Handler] = {"settled": failing, "later": seen.append}
    assert handle_waiting(handlers) == 1
    assert seen == [{"turn": 2}]


@pytest.mark.django_db
def test_a_message_is_tried_again_and_then_left_for_a_person() -> None:
    put(turn=1)
    for _attempt in range(MOST_ATTEMPTS + 2):
        handle_waiting({"settled": failing})
    assert OutboxMessage.objects.get().attempts == MOST_ATTEMPTS
    assert OutboxMessage.objects.get().handled_at is None


@pytest.mark.django_db
def test_a_message_that_failed_once_is_settled_when_the_cause_is_gone() -> None:
    put(turn=1)
    handle_waiting({"settled": failing})
    assert handle_waiting({"settled": lambda payload: None}) == 1
    assert OutboxMessage.objects.get().handled_at is not None


@pytest.mark.django_db(transaction=True)
def test_after_a_crash_the_message_waits_with_nothing_done() -> None:
    def killed(payload: dict[str, object]) -> None:
        User.objects.create(username="half-done")
        raise SystemExit

    put(turn=1)
    with pytest.raises(SystemExit):
        handle_waiting({"settled": killed})
    assert not User.objects.exists()
    assert OutboxMessage.objects.get().handled_at is None
    assert handle_waiting({"settled": lambda payload: None}) == 1


def test_two_concurrent_workers_settle_each_message_once(several_writers: None) -> None:
    for turn in range(20):
        put(turn=turn)

    def work() -> int:
        return handle_waiting(
            {"settled": lambda payload: User.objects.create(username=f"for-{payload['turn']}")}
        )

    # Handling it again would create a user with the same name, which the database refuses.
    assert sum(at_once(work, work)) == 20
    assert not OutboxMessage.objects.exclude(attempts=0).exists()
    assert User.objects.count() == 20
