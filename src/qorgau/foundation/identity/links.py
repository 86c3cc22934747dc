"""Links with which a person sets a password: made once, shown once, used once."""

from __future__ import annotations

import datetime as dt
import secrets

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from qorgau.foundation import clock
from qorgau.foundation.identity.models import AccountLink, LinkPurpose, User
from qorgau.foundation.identity.tokens import digest_of_token

# An invitation may lie in a tray over a weekend; who asks for a new password stands at the desk.
LIFETIMES = {LinkPurpose.INVITE: dt.timedelta(days=7), LinkPurpose.RESET: dt.timedelta(days=1)}


def open_links(user: User) -> QuerySet[AccountLink]:
    return AccountLink.objects.filter(_is_open(), user=user)


def _is_open() -> Q:
    return Q(used_at__isnull=True, withdrawn_at__isnull=True, expires_at__gt=clock.now())


def new_link(user: User, purpose: str) -> tuple[AccountLink, str]:
    """A new link and its secret, within the caller's transaction; links of before stop working."""
    withdraw_links(user)
    # 192 random bits: nobody guesses it, so a plain digest is enough.
    secret, now = secrets.token_urlsafe(24), clock.now()
    link = AccountLink.objects.create(
        user=user,
        purpose=purpose,
        digest=digest_of_token(secret),
        made_at=now,
        expires_at=now + LIFETIMES[LinkPurpose(purpose)],
    )
    return link, secret


def withdraw_links(user: User) -> int:
    """Let every open link of an account stop working, within the caller's transaction."""
    return open_links(user).update(withdrawn_at=clock.now())


def link_of(secret: str) -> AccountLink | None:
    """The open link of a secret. Looking at it uses nothing up."""
    links = AccountLink.objects.filter(_is_open(), user__is_active=True)
    return links.filter(digest=digest_of_token(secret)).select_related("user").first()


def locked_link_of(secret: str) -> AccountLink:
    """The same, its row and that of its account locked; used up, expired or unknown: a refusal."""
    locked = AccountLink.objects.select_for_update().filter(digest=digest_of_token(secret)).first()
    found = link_of(secret) if locked else None
    if found is None:
        raise ValidationError(
            _("This link has expired or was used already. Ask your administrator for a new one."),
            code="link",
        )
    found.user = User.objects.select_for_update().get(pk=found.user_id)
    return found
