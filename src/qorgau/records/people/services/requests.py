"""What needs two administrators: one asks, another one approves or rejects."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from qorgau.foundation import clock
from qorgau.foundation.clock import FOREVER
from qorgau.foundation.identity.authority import NotAuthorised, require_somewhere
from qorgau.foundation.identity.models import LinkPurpose, User
from qorgau.foundation.identity.queries import has_second_factor
from qorgau.foundation.identity.roles import Capability, Role
from qorgau.foundation.journal.services import append_entry
from qorgau.foundation.transactions import one_transaction
from qorgau.records.people.accounts import deciders_of, waiting_requests
from qorgau.records.people.authority import require, require_account
from qorgau.records.people.choices import RequestKind, RequestState
from qorgau.records.people.history import (
    AccessRequested,
    RequestApproved,
    RequestRejected,
    RequestWithdrawn,
    SecondFactorRemoved,
)
from qorgau.records.people.models import AccessRequest, Unit
from qorgau.records.people.services.access import give, require_grantable
from qorgau.records.people.services.accounts import link_for

# Whoever is asked may be on leave; what nobody decides is over.
REQUEST_LIFETIME = dt.timedelta(days=14)


@one_transaction
def request_role(
    *,
    user: User,
    role: str,
    unit: Unit,
    valid_from: dt.date | None = None,
    valid_until: dt.date = FOREVER,
    reason: str,
    acting_user: User,
) -> AccessRequest:
    """Ask for a role for an account, also for one's own; a second administrator decides."""
    require_somewhere(acting_user, Capability.MANAGE_ACCESS)
    require(acting_user, Capability.MANAGE_ACCESS, unit.pk)
    start = valid_from or clock.today()
    require_grantable(user, role, unit, start, valid_until)
    request = AccessRequest(
        user=user,
        kind=RequestKind.ROLE,
        role=Role(role),
        unit=unit,
        valid_from=start,
        valid_until=valid_until,
    )
    return _ask(request, reason, acting_user)


@one_transaction
def request_new_password(*, user: User, reason: str, acting_user: User) -> AccessRequest:
    """Ask for a new password for who reads what is guarded and has no second step."""
    require_account(acting_user, user)
    return _ask(AccessRequest(user=user, kind=RequestKind.PASSWORD), reason, acting_user)


@one_transaction
def request_second_factor_reset(*, user: User, reason: str, acting_user: User) -> AccessRequest:
    """Ask that the second step of an account be turned off, because its device is lost."""
    require_account(acting_user, user)
    if not has_second_factor(user):
        raise ValidationError(_("This account has no second step."))
    return _ask(AccessRequest(user=user, kind=RequestKind.SECOND_FACTOR), reason, acting_user)


def _ask(request: AccessRequest, reason: str, acting_user: User) -> AccessRequest:
    User.objects.select_for_update().get(pk=request.user_id)
    same = waiting_requests().filter(
        user=request.user, kind=request.kind, role=request.role, unit=request.unit
    )
    if same.exists():
        raise ValidationError(_("This has been requested already and waits for a decision."))
    request.reason, request.asked_by = reason.strip(), acting_user
    request.asked_at = clock.now()
    request.expires_at = request.asked_at + REQUEST_LIFETIME
    request.full_clean()
    request.save()
    append_entry(
        AccessRequested(
            request.kind,
            request.role or None,
            request.unit.code if request.unit else None,
            request.valid_from,
            request.valid_until,
        ),
        subject=request.user.uuid,
        acting_user=acting_user,
    )
    return request


@one_transaction
def approve_request(
    *, request: AccessRequest, operator: str = "", acting_user: User | None
) -> str | None:
    """Do what was asked, as a second administrator; return the secret of a link if one was made.

    The link goes to who approves: neither of the two can then act as the account alone. Without a
    second administrator it is approved at the machine, by somebody who says who he is.
    """
    request = _locked(request)
    _require_decider(request, operator, acting_user)
    _decide(request, RequestState.APPROVED, acting_user)
    append_entry(
        RequestApproved(*_about(request), request.asked_by.username, operator or None),
        subject=request.user.uuid,
        acting_user=acting_user,
    )
    if request.kind == RequestKind.SECOND_FACTOR:
        return _remove_second_factor(request.user, acting_user)
    if request.kind == RequestKind.PASSWORD:
        return link_for(request.user, LinkPurpose.RESET, acting_user)
    give(
        request.user,
        request.role,
        request.unit,
        max(request.valid_from, clock.today()),
        request.valid_until,
        acting_user,
    )
    # Nobody has signed in with it yet: a link that the first administrator still has is withdrawn.
    is_unused = not request.user.has_usable_password()
    return link_for(request.user, LinkPurpose.INVITE, acting_user) if is_unused else None


@one_transaction
def reject_request(*, request: AccessRequest, acting_user: User) -> None:
    request = _locked(request)
    _require_decider(request, "", acting_user)
    _decide(request, RequestState.REJECTED, acting_user)
    append_entry(
        RequestRejected(*_about(request), request.asked_by.username, None),
        subject=request.user.uuid,
        acting_user=acting_user,
    )


@one_transaction
def withdraw_request(*, request: AccessRequest, acting_user: User) -> None:
    """Take back what one has asked for."""
    request = _locked(request)
    _require_manager(request, acting_user)
    if request.asked_by_id != acting_user.pk:
        raise NotAuthorised
    _decide(request, RequestState.WITHDRAWN, acting_user)
    append_entry(
        RequestWithdrawn(*_about(request)), subject=request.user.uuid, acting_user=acting_user
    )


def _locked(request: AccessRequest) -> AccessRequest:
    """The request and its account as stored, both locked."""
    stored = AccessRequest.objects.select_for_update(of=("self",)).get(pk=request.pk)
    stored.user = User.objects.select_for_update().get(pk=stored.user_id)
    return stored


def _require_decider(request: AccessRequest, operator: str, acting_user: User | None) -> None:
    """Refuse who asked, whom it is about, and who does not manage what it is about."""
    if acting_user is None:
        if not operator.strip():
            raise ValidationError(_("Say who approves at the machine: --as NAME"))
        if deciders_of(request).exists():
            raise ValidationError(
                _("There is a second administrator, who approves on the page of requests.")
            )
        return
    _require_manager(request, acting_user)
    if acting_user.pk in (request.asked_by_id, request.user_id):
        raise NotAuthorised


def _require_manager(request: AccessRequest, acting_user: User) -> None:
    if request.unit_id:
        require(acting_user, Capability.MANAGE_ACCESS, request.unit_id)
    else:
        require_account(acting_user, request.user)


def _decide(request: AccessRequest, state: str, acting_user: User | None) -> None:
    if request.state != RequestState.WAITING:
        raise ValidationError(
            _("This request was decided already: %(state)s."),
            params={"state": RequestState(request.state).label},
        )
    if request.expires_at <= clock.now():
        raise ValidationError(_("This request has expired. Ask again."))
    if state == RequestState.APPROVED and not request.user.is_active:
        raise ValidationError(_("This account is closed. Reopen it first."))
    if state == RequestState.APPROVED and not request.asked_by.is_active:
        raise ValidationError(_("The account of who asked for this is closed. Ask again."))
    request.state, request.decided_by, request.decided_at = state, acting_user, clock.now()
    request.save(update_fields=["state", "decided_by", "decided_at"])


def _about(request: AccessRequest) -> tuple[str, str | None, str | None]:
    """What a request asks for, as the journal holds it."""
    unit = request.unit.code if request.unit else None
    return request.kind, request.role or None, unit


def _remove_second_factor(user: User, acting_user: User | None) -> None:
    """Take the second step off, and end every session that was opened with it."""
    user.authenticator_set.all().delete()
    user.session_epoch += 1
    user.save(update_fields=["session_epoch"])
    append_entry(SecondFactorRemoved(), subject=user.uuid, acting_user=acting_user)
