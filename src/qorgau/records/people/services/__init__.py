"""Writes to organisations, units, people, strength, accounts and access."""

from qorgau.records.people.services.access import (
    enrol_user,
    grant_role,
    revoke_role,
)
from qorgau.records.people.services.accounts import (
    close_account,
    make_password_link,
    rename_account,
    reopen_account,
    withdraw_password_links,
)
from qorgau.records.people.services.invitations import invite_user
from qorgau.records.people.services.persons import PersonDraft, post_person, record_people
from qorgau.records.people.services.requests import (
    approve_request,
    reject_request,
    request_new_password,
    request_role,
    request_second_factor_reset,
    withdraw_request,
)
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
    "approve_request",
    "close_account",
    "close_unit",
    "create_organisation",
    "create_units",
    "enrol_user",
    "grant_role",
    "invite_user",
    "make_password_link",
    "post_person",
    "record_people",
    "reject_request",
    "rename_account",
    "reopen_account",
    "report_strength",
    "request_new_password",
    "request_role",
    "request_second_factor_reset",
    "revise_unit",
    "revoke_role",
    "split_unit",
    "withdraw_password_links",
    "withdraw_request",
]
