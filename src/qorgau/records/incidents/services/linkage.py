"""That somebody had the injuries of a unit linked with another register."""

from __future__ import annotations

import datetime as dt

from qorgau.foundation.identity.models import User
from qorgau.foundation.identity.roles import Capability
from qorgau.foundation.journal.services import append_entry
from qorgau.foundation.transactions import one_transaction
from qorgau.records.incidents.history import LinkedWithRegister
from qorgau.records.people.authority import require
from qorgau.records.people.models import Unit


@one_transaction
def note_linkage(
    *, unit: Unit, first_day: dt.date, last_day: dt.date, acting_user: User | None
) -> None:
    """Journal who asked, of which unit and period; nothing of the other register is kept."""
    require(acting_user, Capability.SEE_MEDICAL, unit.pk)
    append_entry(
        LinkedWithRegister(first_day, last_day), subject=unit.uuid, acting_user=acting_user
    )
