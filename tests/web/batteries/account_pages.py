"""The pages of access: accounts, what is done with them, and what two administrators decide."""

from __future__ import annotations

from typing import Any

from qorgau.foundation import clock
from qorgau.foundation.clock import FOREVER
from qorgau.foundation.identity.models import User
from qorgau.foundation.identity.roles import Role
from qorgau.records.people.choices import RequestKind
from qorgau.records.people.models import AccessRequest
from tests.records.account_calls import WHY
from tests.web.batteries.page import EVERYBODY, Page, nothing
from tests.world import WEEK, World

ADMINISTRATORS = frozenset({Role.ADMINISTRATOR})


def an_account(world: World) -> dict[str, Any]:
    return {"uuid": world.inside[Role.PLANNER].uuid}


def a_waiting_request(world: World) -> dict[str, Any]:
    """Of somebody else: the administrator who is tried may decide it."""
    return {"uuid": _request_of(world.inside[Role.ANALYST], world).uuid}


def an_own_request(world: World) -> dict[str, Any]:
    return {"uuid": _request_of(world.inside[Role.ADMINISTRATOR], world).uuid}


def _request_of(user: User, world: World) -> AccessRequest:
    """A request without an entry in the journal, which some count."""
    made, _ = AccessRequest.objects.get_or_create(
        user=world.inside[Role.REPORTER],
        asked_by=user,
        defaults={
            "kind": RequestKind.ROLE,
            "role": Role.AUDITOR,
            "unit": world.battalion,
            "valid_from": WEEK,
            "valid_until": FOREVER,
            "reason": WHY,
            "asked_at": clock.now(),
            "expires_at": clock.now() + clock.HOUR,
        },
    )
    return made


def step_of_the_account(name: str, answer: int = 302, **posted: str) -> Page:
    return Page(
        ADMINISTRATORS,
        answer=answer,
        arguments=lambda world: an_account(world) | {"name": name},
        posted=lambda _: posted,
        is_about_a_record=True,
    )


ACCOUNT_PAGES = {
    "accounts": Page(ADMINISTRATORS),
    "invite_user": Page(ADMINISTRATORS),
    "user_account": Page(ADMINISTRATORS, arguments=an_account, is_about_a_record=True),
    # One of the steps: the others are tried in tests/web/accounts and as services.
    "take_account_step": step_of_the_account("close"),
    "access_requests": Page(ADMINISTRATORS),
    "approve_request": Page(
        ADMINISTRATORS,
        answer=302,
        arguments=a_waiting_request,
        posted=nothing,
        is_about_a_record=True,
    ),
    "reject_request": Page(
        ADMINISTRATORS,
        answer=302,
        arguments=a_waiting_request,
        posted=nothing,
        is_about_a_record=True,
    ),
    "withdraw_request": Page(
        ADMINISTRATORS,
        answer=302,
        arguments=an_own_request,
        posted=nothing,
        is_about_a_record=True,
    ),
    # Nobody has this secret; a link that works is opened in tests/security/test_accounts.py.
    "set_password_by_link": Page(
        EVERYBODY, answer=410, anonymous=410, arguments=lambda _: {"secret": "none"}
    ),
}
