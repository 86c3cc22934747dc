"""Accounts: renamed, closed and reopened, and given a link to a new password."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from qorgau.foundation import clock
from qorgau.foundation.identity.links import new_link, withdraw_links
from qorgau.foundation.identity.models import FormerName, LinkPurpose, User
from qorgau.foundation.identity.names import name_key, normalised, require_plain_name
from qorgau.foundation.identity.queries import require_free_name, tokens_of
from qorgau.foundation.journal.services import append_entry
from qorgau.foundation.transactions import one_transaction
from qorgau.records.people.accounts import needs_approval_for_password
from qorgau.records.people.authority import require_account
from qorgau.records.people.history import (
    AccountClosed,
    AccountRenamed,
    AccountReopened,
    LinkMade,
    LinkWithdrawn,
)
from qorgau.records.people.services.access import lock_managers, require_not_the_last


@one_transaction
def make_password_link(*, user: User, acting_user: User | None) -> str:
    """A link to a first or a new password; return its secret, which cannot be shown again.

    Whoever holds it acts as the account. So of an account that reads what is guarded and has no
    second step, one administrator does not get it alone.
    """
    user = _locked(user)
    require_account(acting_user, user)
    _require_open(user)
    if acting_user is not None and needs_approval_for_password(user):
        raise ValidationError(
            _("A second administrator has to approve this. Ask for it with a request."),
            code="needs_approval",
        )
    is_first = not user.has_usable_password()
    return link_for(user, LinkPurpose.INVITE if is_first else LinkPurpose.RESET, acting_user)


@one_transaction
def withdraw_password_links(*, user: User, acting_user: User | None) -> None:
    """Let the open link of an account stop working, for instance because the paper was lost."""
    user = _locked(user)
    require_account(acting_user, user)
    if not withdraw_links(user):
        raise ValidationError(_("This account has no link that still works."))
    append_entry(LinkWithdrawn(), subject=user.uuid, acting_user=acting_user)


@one_transaction
def rename_account(
    *, user: User, username: str, display_name: str, acting_user: User | None
) -> None:
    """Give an account another user name or shown name; nobody else gets the one that it had."""
    user = _locked(user)
    require_account(acting_user, user)
    before, after = user.username, normalised(username)
    is_renamed = after != before
    if not is_renamed and display_name == user.display_name:
        return
    if is_renamed:
        require_plain_name(after)
        require_free_name(after, of=user)
        FormerName.objects.get_or_create(user=user, username=before, name_key=name_key(before))
        user.name_key = name_key(after)
    user.username, user.display_name = after, display_name
    user.full_clean()
    user.save(update_fields=["username", "display_name", "name_key"])
    append_entry(
        AccountRenamed(
            before if is_renamed else None,
            after if is_renamed else None,
        ),
        subject=user.uuid,
        acting_user=acting_user,
    )


@one_transaction
def close_account(*, user: User, acting_user: User | None) -> None:
    """End every session, link and token of an account at once; its roles stay, for reopening."""
    lock_managers()
    user = _locked(user)
    require_account(acting_user, user)
    _require_open(user)
    if acting_user is not None and acting_user.pk == user.pk:
        raise ValidationError(_("You cannot close your own account. Ask another administrator."))
    require_not_the_last(list(user.role_grants.select_related("unit", "user")), acting_user)
    withdraw_links(user)
    tokens = tokens_of(user).update(revoked_at=clock.now())
    user.is_active = False
    user.session_epoch += 1
    user.save(update_fields=["is_active", "session_epoch"])
    append_entry(AccountClosed(tokens), subject=user.uuid, acting_user=acting_user)


@one_transaction
def reopen_account(*, user: User, acting_user: User | None) -> None:
    """Let a closed account sign in again, with its password and the roles that are not over."""
    user = _locked(user)
    require_account(acting_user, user)
    if user.is_active:
        raise ValidationError(_("This account is open."))
    user.is_active = True
    user.save(update_fields=["is_active"])
    append_entry(AccountReopened(), subject=user.uuid, acting_user=acting_user)


def link_for(user: User, purpose: str, acting_user: User | None) -> str:
    """A link of an account, journalled, within the transaction of a service; return its secret."""
    link, secret = new_link(user, purpose)
    until = clock.local_date(link.expires_at)
    append_entry(LinkMade(purpose, until), subject=user.uuid, acting_user=acting_user)
    return secret


def _locked(user: User) -> User:
    return User.objects.select_for_update().get(pk=user.pk)


def _require_open(user: User) -> None:
    if not user.is_active:
        raise ValidationError(_("This account is closed. Reopen it first."))
