"""``qorgau tokens``: how programs sign in to the HTTP API."""

from __future__ import annotations

from typing import Annotated

import typer
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from qorgau.cli.terminal.output import say
from qorgau.cli.terminal.refusals import refusals_as_sentences
from qorgau.foundation.identity.models import User
from qorgau.foundation.identity.queries import tokens_of, user_of_name
from qorgau.foundation.identity.services import issue_api_token, revoke_api_token
from qorgau.foundation.languages import short_day

app = typer.Typer(help="Tokens with which programs sign in to the HTTP API.")

_Name = Annotated[str, typer.Argument(help="The name that the program's user signs in with.")]
_Label = Annotated[
    str, typer.Option("--name", help="What the token is for, for example nightly-export.")
]


@app.command()
def issue(username: _Name, name: _Label) -> None:
    """Create a token with all the rights of the user. It is printed only once."""
    with refusals_as_sentences():
        plain = issue_api_token(user=_user_of(username), name=name, acting_user=None)
    say(plain)


@app.command("list")
def list_(username: _Name) -> None:
    """Print the valid tokens of a user: since when, and what for."""
    with refusals_as_sentences():
        user = _user_of(username)
    for token in tokens_of(user):
        say(f"{short_day(timezone.localtime(token.created_at).date())}  {token.name}")


@app.command()
def revoke(username: _Name, name: _Label) -> None:
    """Revoke the tokens with this name at once."""
    with refusals_as_sentences():
        tokens = list(tokens_of(_user_of(username)).filter(name=name))
        if not tokens:
            raise ValidationError(
                _("The user %(user)s has no valid token with the name %(name)s."),
                params={"user": username, "name": name},
            )
        for token in tokens:
            revoke_api_token(token=token, acting_user=None)
    say(_("Tokens revoked: %(count)s.") % {"count": len(tokens)})


def _user_of(username: str) -> User:
    user = user_of_name(username)
    if user is None:
        raise ValidationError(
            _("There is no user called %(name)s. Run: qorgau users create"),
            params={"name": username},
        )
    return user
