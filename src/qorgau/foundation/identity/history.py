"""What the journal holds of accounts and of the tokens of programs."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qorgau.foundation.identity.models import LinkPurpose, User
from qorgau.foundation.journal.actions import JournalAction


class UserAction(JournalAction):
    subject_kind = "user"
    subject_label = User._meta.verbose_name


@dataclass(frozen=True)
class UserCreated(UserAction):
    username: str

    key = "identity.user_created"
    label = gettext_lazy("Account created")

    def sentence(self) -> str:
        return _("Account created: %(name)s") % {"name": self.username}


@dataclass(frozen=True)
class TokenIssued(UserAction):
    name: str

    key = "identity.token_issued"
    label = gettext_lazy("API token issued")

    def sentence(self) -> str:
        return _("API token issued: %(name)s") % {"name": self.name}


@dataclass(frozen=True)
class TokenRevoked(UserAction):
    name: str

    key = "identity.token_revoked"
    label = gettext_lazy("API token revoked")

    def sentence(self) -> str:
        return _("API token revoked: %(name)s") % {"name": self.name}


@dataclass(frozen=True)
class PasswordSetByLink(UserAction):
    purpose: str

    key = "identity.password_set_by_link"
    label = gettext_lazy("Password set with a link")

    def note(self) -> str:
        return str(LinkPurpose(self.purpose).label)


ACTIONS: tuple[type[JournalAction], ...] = (
    UserCreated,
    PasswordSetByLink,
    TokenIssued,
    TokenRevoked,
)
