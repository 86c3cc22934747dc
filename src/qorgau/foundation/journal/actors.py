"""Who did something: kept in the journal as a kind and the key of the account, never as a name.

A name can be changed, given to somebody else, or be that of the system; the key of an account
cannot. Who reads the journal looks the name up, so that an erased account leaves none here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from qorgau.foundation.journal.operator import name_of_operator


class ActorKind(models.TextChoices):
    PERSON = "person", _("Person")
    PROGRAM = "program", _("Program")
    SYSTEM = "system", _("System")
    ANONYMOUS = "anonymous", _("Anonymous")


# Of these kinds the journal holds the uuid of an account.
WITH_ACCOUNT = frozenset((ActorKind.PERSON, ActorKind.PROGRAM))


@dataclass(frozen=True)
class Actor:
    """``name`` is the uuid of an account, or of the system the operating system's user."""

    kind: ActorKind
    name: str = ""


ANONYMOUS = Actor(ActorKind.ANONYMOUS)


def actor_of(acting_user: Any | None) -> Actor:
    """An account, by its owner or by a program with its token; None is the system."""
    if acting_user is None:
        return Actor(ActorKind.SYSTEM, name_of_operator()[:150])
    by_program = acting_user.is_signed_in_by_token
    return Actor(
        ActorKind.PROGRAM if by_program else ActorKind.PERSON,
        str(acting_user.uuid),
    )
