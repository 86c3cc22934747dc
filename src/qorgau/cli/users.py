"""``qorgau users``: accounts, their roles for units, and what needs a second administrator."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

import typer
from django.conf import settings
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from qorgau.cli.terminal.output import say
from qorgau.cli.terminal.refusals import refusals_as_sentences
from qorgau.foundation.clock import FOREVER
from qorgau.foundation.identity.models import User
from qorgau.foundation.identity.queries import account_of_name, every_account
from qorgau.foundation.identity.roles import Role
from qorgau.foundation.languages import short_day
from qorgau.records.people import services
from qorgau.records.people.accounts import grants_to_end, searched, waiting_requests
from qorgau.records.people.history import what_is_requested
from qorgau.records.people.models import AccessRequest, Unit
from qorgau.records.people.queries import newest_versions_by_code

app = typer.Typer(help="Who can sign in, and with which role in which units.")

ONE_DAY = dt.timedelta(days=1)
_Name = Annotated[str, typer.Argument(help="The name to sign in with.")]
_Role = Annotated[Role, typer.Option(help="Role of the person.")]
_Unit = Annotated[str, typer.Option(help="Code of the unit; all units below it are included.")]
_Shown = Annotated[str, typer.Option(help="The name shown on pages.")]
_Until = Annotated[
    dt.datetime | None,
    typer.Option("--until", formats=["%Y-%m-%d"], help="Last day of the role. Default: no end."),
]


@app.command()
def create(username: _Name, role: _Role, unit: _Unit, display_name: _Shown = "") -> None:
    """Create a user account with a first password, which is printed once, and give it a role."""
    with refusals_as_sentences():
        user, password = services.enrol_user(
            username=username,
            display_name=display_name,
            role=role,
            unit=_unit_of(unit),
            acting_user=None,
        )
    values = {"name": user.username, "password": password}
    say(_("First password of the user %(name)s: %(password)s") % values)


@app.command()
def invite(
    username: _Name, role: _Role, unit: _Unit, display_name: _Shown = "", until: _Until = None
) -> None:
    """Create an account and print a link at which its owner chooses the password."""
    with refusals_as_sentences():
        user, secret = services.invite_user(
            username=username,
            display_name=display_name,
            role=role,
            unit=_unit_of(unit),
            valid_until=_end_of(until),
            acting_user=None,
        )
    _print_link(user, secret)


@app.command()
def grant(username: _Name, role: _Role, unit: _Unit, until: _Until = None) -> None:
    """Give an existing user a role in a unit."""
    with refusals_as_sentences():
        user = _account_of(username)
        services.grant_role(
            user=user,
            role=role,
            unit=_unit_of(unit),
            valid_until=_end_of(until),
            acting_user=None,
        )
    values = {"name": user.username, "role": role.label, "unit": unit}
    say(_("The user %(name)s now has the role “%(role)s” in %(unit)s.") % values)


@app.command("end-role")
def end_role(username: _Name, role: _Role, unit: _Unit) -> None:
    """End a role now. The last administrator of a unit stays."""
    with refusals_as_sentences():
        held = grants_to_end(_account_of(username), role, _unit_of(unit)).first()
        if held is None:
            raise ValidationError(_("This account does not have this role any more."))
        services.revoke_role(grant=held, acting_user=None)
    say(_("The role was ended."))


@app.command("list")
def list_(
    text: Annotated[str, typer.Argument(help="Part of a user name or of a name shown.")] = "",
) -> None:
    """Print accounts: open or closed, last sign-in, user name, name shown."""
    for user in searched(every_account(), text):
        state = _("open account") if user.is_active else _("closed account")
        last = short_day(timezone.localtime(user.last_login).date()) if user.last_login else "–"
        say(f"{state}  {last}  {user.username}  {user.display_name}".rstrip())


@app.command()
def link(username: _Name) -> None:
    """Print a link at which the owner of an account chooses a first or a new password."""
    with refusals_as_sentences():
        user = _account_of(username)
        secret = services.make_password_link(user=user, acting_user=None)
    _print_link(user, secret)


@app.command()
def rename(
    username: _Name,
    new_name: Annotated[str, typer.Argument(help="The new name to sign in with.")],
) -> None:
    """Give an account another user name. Nobody else gets the former one."""
    with refusals_as_sentences():
        user = _account_of(username)
        services.rename_account(
            user=user, username=new_name, display_name=user.display_name, acting_user=None
        )
    say(_("Saved."))


@app.command()
def close(username: _Name) -> None:
    """Close an account: its sessions, links and tokens end at once; its roles stay."""
    with refusals_as_sentences():
        services.close_account(user=_account_of(username), acting_user=None)
    say(_("The account is closed. Its sessions and tokens have ended."))


@app.command()
def reopen(username: _Name) -> None:
    """Reopen a closed account, with its roles and its password."""
    with refusals_as_sentences():
        services.reopen_account(user=_account_of(username), acting_user=None)
    say(_("The account is open again, with its roles and its password."))


@app.command()
def requests() -> None:
    """Print what waits for a second administrator: number, account, what, who asked, until when."""
    for request in waiting_requests().select_related("user", "unit", "asked_by"):
        unit = request.unit.code if request.unit else None
        what = what_is_requested(request.kind, request.role, unit)
        until = short_day(timezone.localtime(request.expires_at).date())
        say(
            f"{_number_of(request)}  {request.user.username}  {what}  "
            f"{request.asked_by.username}  {until}"
        )


@app.command()
def approve(
    number: Annotated[str, typer.Argument(help="Number of the request: qorgau users requests")],
    operator: Annotated[
        str, typer.Option("--as", help="Who approves: your name, for the journal.")
    ],
) -> None:
    """Approve a request where there is no second administrator. The journal says by whom."""
    with refusals_as_sentences():
        found = [one for one in waiting_requests() if _number_of(one) == number.lower()]
        if len(found) != 1:
            raise ValidationError(
                _("No request with the number %(number)s waits."), params={"number": number}
            )
        secret = services.approve_request(request=found[0], operator=operator, acting_user=None)
    say(_("The request was approved."))
    if secret:
        _print_link(found[0].user, secret)


def _number_of(request: AccessRequest) -> str:
    """Long enough for what waits at one time, short enough to type."""
    return request.uuid.hex[:8]


def _print_link(user: User, secret: str) -> None:
    begins = (*settings.CSRF_TRUSTED_ORIGINS, "http://localhost:8000")[0].rstrip("/")
    address = begins + reverse("set_password_by_link", kwargs={"secret": secret})
    say(_("Link for the user %(name)s, works once:") % {"name": user.username})
    say(address)


def _account_of(username: str) -> User:
    user = account_of_name(username)
    if user is None:
        raise ValidationError(
            _("There is no user called %(name)s. Run: qorgau users create"),
            params={"name": username},
        )
    return user


def _unit_of(code: str) -> Unit:
    version = newest_versions_by_code([code]).get(code)
    if version is None:
        raise ValidationError(_("There is no unit with the code %(code)s."), params={"code": code})
    return version.unit


def _end_of(last_day: dt.datetime | None) -> dt.date:
    return last_day.date() + ONE_DAY if last_day else FOREVER
