"""``qorgau tokens``: how programs sign in to the HTTP API."""

from __future__ import annotations

from typing import Annotated

import typer
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from qorgau.cli.terminal.refusals import refusals_as_sentences
from qorgau.foundation.identity.models import User
from qorgau.foundation.identity.queries import tokens_of, user_of_name
from qorgau.foundation.identity.services import issue_api_token, revoke_api_token

app = typer.Typer(help="How programs sign in to the HTTP API.")

_Name = Annotated[str, typer.Argument(help="The name that the program's user signs in with.")]
_Label = Annotated[str, typer.Option("--name", help="What the token is for, e.g. nightly-export.")]


@app.command()
def issue(username: _Name, name: _Label) -> None:
    """Make a token with all that the user may do. It is printed once and cannot be shown again."""
    with refusals_as_sentences():
        plain = issue_api_token(user=_user_of(username), name=name, acting_user=None)
    typer.echo(plain)


@app.command("list")
def list_(username: _Name) -> None:
    """Print the tokens of a user that are in force: since when, and what for."""
    with refusals_as_sentences():
        user = _user_of(username)
    for token in tokens_of(user):
        typer.echo(f"{timezone.localtime(token.created_at):%Y-%m-%d}  {token.name}")


@app.command()
def revoke(username: _Name, name: _Label) -> None:
    """End the tokens of this name at once."""
    with refusals_as_sentences():
        tokens = list(tokens_of(_user_of(username)).filter(name=name))
        if not tokens:
            raise ValidationError(
                _("%(user)s has no token in force with the name %(name)s."),
                params={"user": username, "name": name},
            )
        for token in tokens:
            revoke_api_token(token=token, acting_user=None)
    typer.echo(_("Ended: %(count)s.") % {"count": len(tokens)})


def _user_of(username: str) -> User:
    user = user_of_name(username)
    if user is None:
        raise ValidationError(
            _("Nobody signs in as %(name)s. Run: qorgau users create"), params={"name": username}
        )
    return user
