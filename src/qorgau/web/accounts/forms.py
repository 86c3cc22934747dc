"""What is asked for when an account is created, found, or changed."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from qorgau.foundation.clock import FOREVER
from qorgau.foundation.identity.models import User
from qorgau.foundation.identity.roles import GUARDED_ROLES, Capability, Role
from qorgau.records.people.accounts import (
    accounts_managed_by,
    ending_grants,
    guarded_without_second_factor,
    searched,
)
from qorgau.web.frame.fields import DayInput
from qorgau.web.frame.unit_names import UnitField

ONE_DAY = dt.timedelta(days=1)
_NO_KEYBOARD_HELP = {"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
OPEN, CLOSED, WITHOUT_SECOND_STEP, ENDING = "open", "closed", "no-second-step", "ending"


class AccountFilterForm(forms.Form):
    text = forms.CharField(label=_("Name"), max_length=120, required=False)
    state = forms.ChoiceField(
        label=_("State"),
        choices=[
            ("", _("all accounts")),
            (OPEN, _("open accounts")),
            (CLOSED, _("closed accounts")),
            (WITHOUT_SECOND_STEP, _("guarded roles without a second step")),
            (ENDING, _("roles that end soon")),
        ],
        required=False,
    )

    def matching(self, user: User) -> QuerySet[User]:
        """The accounts that a user manages, as far as they match."""
        self.is_valid()
        found = searched(accounts_managed_by(user), self.cleaned_data.get("text", ""))
        state = self.cleaned_data.get("state")
        if state == WITHOUT_SECOND_STEP:
            return found.filter(pk__in=guarded_without_second_factor(user).values("pk"))
        if state == ENDING:
            return found.filter(pk__in=ending_grants(user).order_by().values("user_id"))
        return found.filter(is_active=state == OPEN) if state else found


class NamesForm(forms.Form):
    username = forms.CharField(
        label=_("User name"),
        max_length=150,
        help_text=_("Letters of one alphabet, digits, and the signs @ . + - _"),
        widget=forms.TextInput(attrs=_NO_KEYBOARD_HELP),
    )
    display_name = forms.CharField(
        label=_("Name shown"),
        max_length=120,
        required=False,
        help_text=_("The name that others see on pages."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class RoleForm(forms.Form):
    """A role, for which unit, and on which days."""

    role = forms.ChoiceField(
        label=_("Role"),
        choices=Role.choices,
        help_text=_(
            "Safety officer, medical officer, auditor and administrator have to be approved by a "
            "second administrator."
        ),
    )
    valid_from = forms.DateField(
        label=_("First day"), required=False, widget=DayInput(), help_text=_("Empty: today.")
    )
    last_day = forms.DateField(
        label=_("Last day"), required=False, widget=DayInput(), help_text=_("Empty: no end.")
    )
    reason = forms.CharField(
        label=_("Reason for the second administrator"),
        max_length=400,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, user: User, account: User | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._is_own = account is not None and account.pk == user.pk
        self.fields["unit"] = UnitField(
            label=_("Unit (with all units below it)"),
            user=user,
            capability=Capability.MANAGE_ACCESS,
        )
        self.fields["reason"].is_needed_for_some = True
        self.order_fields(("role", "unit", "valid_from", "last_day", "reason"))

    def clean(self) -> dict[str, Any]:
        fields = super().clean()
        is_guarded = fields.get("role") in GUARDED_ROLES or self._is_own
        if is_guarded and not fields.get("reason"):
            self.add_error(
                "reason",
                ValidationError(_("Say why this person needs the role. Somebody else decides.")),
            )
        last_day = fields.pop("last_day", None)
        fields["valid_until"] = FOREVER if last_day is None else min(last_day, _LAST) + ONE_DAY
        return fields


_LAST = FOREVER - ONE_DAY


class InviteForm(RoleForm, NamesForm):
    """A new account and its first role."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = ("username", "display_name")
        self.order_fields((*names, "role", "unit", "valid_from", "last_day", "reason"))


class ApprovalReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason for the second administrator"),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class EndRoleForm(forms.Form):
    """Which role ends, and when; an empty day ends it now."""

    role = forms.ChoiceField(choices=Role.choices, widget=forms.HiddenInput)
    unit = forms.CharField(max_length=80, widget=forms.HiddenInput)
    valid_from = forms.DateField(widget=forms.HiddenInput)
    last_day = forms.DateField(label=_("Last day"), required=False, widget=DayInput())


class NewPasswordForm(forms.Form):
    """The rules of passwords are asked by the service, with the account that it is for."""

    password = forms.CharField(
        label=_("New password"),
        strip=False,
        help_text=_("At least 12 characters. A sentence is easy to remember and hard to guess."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("Repeat the new password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean(self) -> dict[str, Any]:
        fields = super().clean()
        if fields.get("password") != fields.get("again"):
            self.add_error("again", ValidationError(_("Type the same password twice.")))
        return fields
