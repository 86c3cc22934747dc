"""``qorgau users``: accounts, and their roles for units."""

from __future__ import annotations

from typing import Annotated

import typer
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from qorgau.cli.terminal.refusals import refusals_as_sentences
from qorgau.foundation.identity.queries import user_of_name
from qorgau.foundation.identity.roles import Role
from qorgau.records.people.models import Unit
from qorgau.records.people.queries import newest_versions_by_code
from qorgau.records.people.services import enrol_user, grant_role

app = typer.Typer(help="Who can sign in, and with which role in which units.")

_Name = Annotated[str, typer.Argument(help="The name to sign in with.")]
_Role = Annotated[Role, typer.Option(help="Role of the person.")]
_Unit = Annotated[str, typer.Option(help="Code of the unit; all units below it are included.")]


@app.command()
def create(
    username: _Name,
    role: _Role,
    unit: _Unit,
    display_name: Annotated[str, typer.Option(help="The name shown on pages.")] = "",
) -> None:
    """Create a user account with a first password, which is printed once, and give it a role."""
    with refusals_as_sentences():
        _user, password = enrol_user(
            username=username,
            display_name=display_name,
            role=role,
            unit=_unit_of(unit),
            acting_user=None,
        )
    values = {"name": username, "password": password}
    typer.echo(_("First password of the user %(name)s: %(password)s") % values)


@app.command()
def grant(username: _Name, role: _Role, unit: _Unit) -> None:
    """Give an existing user a role in a unit."""
    with refusals_as_sentences():
        user = user_of_name(username)
        if user is None:
            raise ValidationError(
                _("There is no user called %(name)s. Run: qorgau users create"),
                params={"name": username},
            )
        grant_role(user=user, role=role, unit=_unit_of(unit), acting_user=None)
    values = {"name": username, "role": role.label, "unit": unit}
    typer.echo(_("The user %(name)s now has the role “%(role)s” in %(unit)s.") % values)


def _unit_of(code: str) -> Unit:
    version = newest_versions_by_code([code]).get(code)
    if version is None:
        raise ValidationError(_("There is no unit with the code %(code)s."), params={"code": code})
    return version.unit
