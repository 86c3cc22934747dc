"""Writes to organisations, units, people, strength and access."""

from qorgau.records.people.services.access import enrol_user, grant_role, revoke_role
from qorgau.records.people.services.persons import PersonDraft, post_person, record_people
from qorgau.records.people.services.strength import report_strength
from qorgau.records.people.services.units import (
    UnitDraft,
    close_unit,
    create_organisation,
    create_units,
    revise_unit,
    split_unit,
)

__all__ = [
    "PersonDraft",
    "UnitDraft",
    "close_unit",
    "create_organisation",
    "create_units",
    "enrol_user",
    "grant_role",
    "post_person",
    "record_people",
    "report_strength",
    "revise_unit",
    "revoke_role",
    "split_unit",
]
