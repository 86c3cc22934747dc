"""What an administrator can do with an account now, and the service that each step calls."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from qorgau.foundation.identity.links import open_links
from qorgau.foundation.identity.models import User
from qorgau.foundation.identity.queries import has_second_factor
from qorgau.records.people import services
from qorgau.records.people.accounts import (
    grants_of,
    needs_approval,
    needs_approval_for_password,
)
from qorgau.web.accounts.forms import ApprovalReasonForm, EndRoleForm, NamesForm, RoleForm

WAITS = _("The request waits for a second administrator.")
NO_SUCH_ROLE = _("This account does not have this role any more.")


@dataclass(frozen=True)
class StepResult:
    """What the person is told, or the secret of a link that is shown once."""

    message: str | Promise = ""
    secret: str = ""


@dataclass(frozen=True)
class AccountStep:
    """A step; ``explains`` says what it will do where that is not its label."""

    name: str
    label: str | Promise
    act: Callable[[User, dict[str, Any], User], StepResult]
    form: type[forms.Form] = forms.Form
    explains: str | Promise = ""

    def form_for(self, account: User, user: User, data: Any = None) -> forms.Form:
        options: dict[str, Any] = {"auto_id": f"{self.name}_%s"}
        if self.form is RoleForm:
            options |= {"user": user, "account": account}
        if self.form is NamesForm:
            names = {"username": account.username, "display_name": account.display_name}
            options["initial"] = names
        return self.form(data, **options)


def _rename(account: User, fields: dict[str, Any], user: User) -> StepResult:
    services.rename_account(user=account, **fields, acting_user=user)
    return StepResult(_("Saved."))


def _give_role(account: User, fields: dict[str, Any], user: User) -> StepResult:
    reason = fields.pop("reason")
    if needs_approval(fields["role"], account, user):
        services.request_role(user=account, **fields, reason=reason, acting_user=user)
        return StepResult(WAITS)
    services.grant_role(user=account, **fields, acting_user=user)
    return StepResult(_("The role was given."))


def _end_role(account: User, fields: dict[str, Any], user: User) -> StepResult:
    held = grants_of(account, user).filter(
        role=fields["role"], unit__code=fields["unit"], valid_from=fields["valid_from"]
    )
    grant = held.first()
    if grant is None:
        return StepResult(NO_SUCH_ROLE)
    services.revoke_role(grant=grant, on=fields["ends_on"], acting_user=user)
    return StepResult(_("The role was ended."))


def _link(account: User, _fields: dict[str, Any], user: User) -> StepResult:
    return StepResult(secret=services.make_password_link(user=account, acting_user=user))


def _ask_for_link(account: User, fields: dict[str, Any], user: User) -> StepResult:
    services.request_new_password(user=account, reason=fields["reason"], acting_user=user)
    return StepResult(WAITS)


def _withdraw_link(account: User, _fields: dict[str, Any], user: User) -> StepResult:
    services.withdraw_password_links(user=account, acting_user=user)
    return StepResult(_("The link no longer works."))


def _ask_for_second_step(account: User, fields: dict[str, Any], user: User) -> StepResult:
    services.request_second_factor_reset(user=account, reason=fields["reason"], acting_user=user)
    return StepResult(WAITS)


def _close(account: User, _fields: dict[str, Any], user: User) -> StepResult:
    services.close_account(user=account, acting_user=user)
    return StepResult(_("The account is closed. Its sessions and tokens have ended."))


def _reopen(account: User, _fields: dict[str, Any], user: User) -> StepResult:
    services.reopen_account(user=account, acting_user=user)
    return StepResult(_("The account is open again, with its roles and its password."))


STEPS = {
    step.name: step
    for step in (
        AccountStep("give_role", _("Give a role"), _give_role, RoleForm),
        AccountStep("end_role", _("End the role"), _end_role, EndRoleForm),
        AccountStep(
            "make_link",
            _("Create a link to a password"),
            _link,
            explains=_(
                "The person sets the password at an address that works once. You print it or show "
                "it; nothing is sent. The password of before works until then."
            ),
        ),
        AccountStep(
            "ask_for_link",
            _("Request a new password"),
            _ask_for_link,
            ApprovalReasonForm,
            _(
                "This account reads what is guarded and has no second step. A second administrator "
                "approves, and gets the link."
            ),
        ),
        AccountStep(
            "withdraw_link",
            _("Withdraw the link"),
            _withdraw_link,
            explains=_("For instance because the paper was lost. You can create another one."),
        ),
        AccountStep(
            "ask_for_second_step",
            _("Request that the second step be turned off"),
            _ask_for_second_step,
            ApprovalReasonForm,
            _(
                "For a lost phone. When a second administrator has approved, the person is signed "
                "out everywhere and sets the second step up again."
            ),
        ),
        AccountStep("rename", _("Change the name"), _rename, NamesForm),
        AccountStep(
            "close",
            _("Close the account"),
            _close,
            explains=_(
                "Every session and link ends at once, and tokens are revoked. The roles stay: "
                "reopened, the account is as before, without its tokens."
            ),
        ),
        AccountStep("reopen", _("Reopen the account"), _reopen),
    )
}


def open_steps(account: User, user: User, *, manages: bool) -> list[AccountStep]:
    """The steps that make sense now; the services ask authority again."""
    if not manages:
        return [STEPS["give_role"]] if account.is_active else []
    if not account.is_active:
        return [STEPS["reopen"], STEPS["rename"]]
    names = ["give_role"]
    names.append("ask_for_link" if needs_approval_for_password(account) else "make_link")
    if open_links(account).exists():
        names.append("withdraw_link")
    if has_second_factor(account):
        names.append("ask_for_second_step")
    names.append("rename")
    if account.pk != user.pk:
        names.append("close")
    return [STEPS[name] for name in names]
