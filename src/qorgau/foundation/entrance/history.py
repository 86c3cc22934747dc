"""What the journal holds of signing in, and of what protects an account."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qorgau.foundation.identity.history import UserAction
from qorgau.foundation.journal.actions import JournalAction

# The subject of tries with a name that no account has.
NO_ACCOUNT = uuid.UUID(int=0)


@dataclass(frozen=True)
class SignedIn(UserAction):
    is_known_device: bool | None = None

    key = "entrance.signed_in"
    label = gettext_lazy("Signed in")

    def note(self) -> str:
        return "" if self.is_known_device else _("from a device not used before")


@dataclass(frozen=True)
class PasswordRefused(UserAction):
    is_closed: bool | None = None

    key = "entrance.password_refused"
    label = gettext_lazy("Sign-in refused: wrong password")

    def sentence(self) -> str:
        return _("Sign-in refused: the account is closed") if self.is_closed else str(self.label)


@dataclass(frozen=True)
class UnknownNameTried(UserAction):
    key = "entrance.unknown_name_tried"
    label = gettext_lazy("Sign-in tried with a name that no account has")


@dataclass(frozen=True)
class PasswordChanged(UserAction):
    key = "entrance.password_changed"
    label = gettext_lazy("Password changed")


@dataclass(frozen=True)
class SessionEnded(UserAction):
    count: int | None = None

    key = "entrance.sessions_ended"
    label = gettext_lazy("Session ended")

    def sentence(self) -> str:
        return _("Sessions ended: %(count)s") % {"count": self.count or 1}


@dataclass(frozen=True)
class SecondStepTurnedOn(UserAction):
    key = "entrance.second_step_on"
    label = gettext_lazy("Second step turned on")


@dataclass(frozen=True)
class SecondStepTurnedOff(UserAction):
    key = "entrance.second_step_off"
    label = gettext_lazy("Second step turned off")


@dataclass(frozen=True)
class SecondStepRefused(UserAction):
    key = "entrance.second_step_refused"
    label = gettext_lazy("Sign-in refused: wrong code of the second step")


@dataclass(frozen=True)
class RecoveryCodeUsed(UserAction):
    left: int

    key = "entrance.recovery_code_used"
    label = gettext_lazy("Recovery code used")

    def note(self) -> str:
        return _("codes left: %(count)s") % {"count": self.left}


@dataclass(frozen=True)
class RecoveryCodesMade(UserAction):
    key = "entrance.recovery_codes_made"
    label = gettext_lazy("New recovery codes created")


ACTIONS: tuple[type[JournalAction], ...] = (
    SignedIn,
    PasswordRefused,
    UnknownNameTried,
    PasswordChanged,
    SessionEnded,
    SecondStepTurnedOn,
    SecondStepTurnedOff,
    SecondStepRefused,
    RecoveryCodeUsed,
    RecoveryCodesMade,
)
