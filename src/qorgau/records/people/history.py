"""What the journal holds of organisations, units, people, strength, accounts and roles.

Reasons of requests are free text and stay with the request; shown names are those of people and
stay with the account.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qorgau.foundation.clock import FOREVER
from qorgau.foundation.identity.history import UserAction
from qorgau.foundation.identity.models import LinkPurpose
from qorgau.foundation.identity.roles import Role
from qorgau.foundation.journal.actions import JournalAction
from qorgau.foundation.languages import name_in_active_language, short_day
from qorgau.records.people.choices import Category, RequestKind
from qorgau.records.people.models import Organisation, Person, Unit


class OrganisationAction(JournalAction):
    subject_kind = "organisation"
    subject_label = Organisation._meta.verbose_name


class UnitAction(JournalAction):
    subject_kind = "unit"
    subject_label = Unit._meta.verbose_name


class PersonAction(JournalAction):
    subject_kind = "person"
    subject_label = Person._meta.verbose_name


@dataclass(frozen=True)
class OrganisationCreated(OrganisationAction):
    code: str
    names: Mapping[str, str]

    key = "people.organisation_created"
    label = gettext_lazy("Organisation created")

    def sentence(self) -> str:
        return _("Organisation created: %(code)s") % {"code": self.code}

    def note(self) -> str:
        return name_in_active_language(self.names)


@dataclass(frozen=True)
class UnitCreated(UnitAction):
    code: str
    names: Mapping[str, str]
    parent: str | None = None

    key = "people.unit_created"
    label = gettext_lazy("Unit created")

    def sentence(self) -> str:
        return _("Unit created: %(code)s") % {"code": self.code}

    def note(self) -> str:
        return _name_and_parent(self.names, self.parent)


@dataclass(frozen=True)
class UnitRevised(UnitAction):
    on: dt.date
    names: Mapping[str, str]
    parent: str | None = None

    key = "people.unit_revised"
    label = gettext_lazy("Unit moved or renamed")

    def sentence(self) -> str:
        return _("Unit moved or renamed with effect from %(day)s") % {"day": short_day(self.on)}

    def note(self) -> str:
        return _name_and_parent(self.names, self.parent)


@dataclass(frozen=True)
class UnitClosed(UnitAction):
    on: dt.date

    key = "people.unit_closed"
    label = gettext_lazy("Unit closed")

    def sentence(self) -> str:
        return _("Unit closed on %(day)s") % {"day": short_day(self.on)}


@dataclass(frozen=True)
class StrengthReported(UnitAction):
    category: str
    from_: dt.date
    until: dt.date
    of: int

    key = "people.strength_reported"
    label = gettext_lazy("Strength reported")

    def sentence(self) -> str:
        return _("Strength reported: %(people)s (%(category)s)") % {
            "people": self.of,
            "category": Category(self.category).label,
        }

    def note(self) -> str:
        return _period(self.from_, self.until)


@dataclass(frozen=True)
class PersonRecorded(PersonAction):
    unit: str

    key = "people.person_recorded"
    label = gettext_lazy("Person recorded")

    def sentence(self) -> str:
        return _("Person recorded, unit: %(unit)s") % {"unit": self.unit}


@dataclass(frozen=True)
class PersonPosted(PersonAction):
    unit: str
    category: str
    on: dt.date

    key = "people.person_posted"
    label = gettext_lazy("Person posted to a unit")

    def sentence(self) -> str:
        return _("Person posted, unit: %(unit)s, from %(day)s") % {
            "unit": self.unit,
            "day": short_day(self.on),
        }

    def note(self) -> str:
        return str(Category(self.category).label)


def _name_and_parent(names: Mapping[str, str], parent: str | None) -> str:
    above = _("part of: %(unit)s") % {"unit": parent} if parent else ""
    return "; ".join(part for part in (name_in_active_language(names), above) if part)


def _period(start: dt.date, end: dt.date) -> str:
    """Days from the first to the one after the last; what has no end yet has a first day only."""
    if end >= FOREVER:
        return _("from %(day)s") % {"day": short_day(start)}
    return f"{short_day(start)} – {short_day(end - dt.timedelta(days=1))}"


def what_is_requested(kind: str, role: str | None, unit: str | None) -> str:
    """A request in the active language, without its days."""
    if kind != RequestKind.ROLE:
        return str(RequestKind(kind).label)
    return _("%(role)s, unit: %(unit)s") % {"role": Role(role).label, "unit": unit}


@dataclass(frozen=True)
class RoleGranted(UserAction):
    role: str
    unit: str
    from_: dt.date
    until: dt.date

    key = "people.role_granted"
    label = gettext_lazy("Role granted")

    def sentence(self) -> str:
        return _("Role granted: %(role)s, unit: %(unit)s") % {
            "role": Role(self.role).label,
            "unit": self.unit,
        }

    def note(self) -> str:
        return _period(self.from_, self.until)


@dataclass(frozen=True)
class RoleRevoked(UserAction):
    role: str
    unit: str
    # Only of a role that was to end on a later day.
    on: dt.date | None = None

    key = "people.role_revoked"
    label = gettext_lazy("Role revoked")

    def sentence(self) -> str:
        return _("Role revoked: %(role)s, unit: %(unit)s") % {
            "role": Role(self.role).label,
            "unit": self.unit,
        }

    def note(self) -> str:
        return _("on %(day)s") % {"day": short_day(self.on)} if self.on else ""


@dataclass(frozen=True)
class LinkMade(UserAction):
    purpose: str
    until: dt.date

    key = "people.link_made"
    label = gettext_lazy("Link to set a password created")

    def note(self) -> str:
        purpose = LinkPurpose(self.purpose).label
        return _("%(purpose)s, valid until %(day)s") % {
            "purpose": purpose,
            "day": short_day(self.until),
        }


@dataclass(frozen=True)
class LinkWithdrawn(UserAction):
    key = "people.link_withdrawn"
    label = gettext_lazy("Link to set a password withdrawn")


@dataclass(frozen=True)
class AccountRenamed(UserAction):
    from_: str | None = None
    to: str | None = None

    key = "people.account_renamed"
    label = gettext_lazy("Name of the account changed")

    def note(self) -> str:
        return f"{self.from_} → {self.to}" if self.to else _("the name shown")


@dataclass(frozen=True)
class AccountClosed(UserAction):
    tokens: int

    key = "people.account_closed"
    label = gettext_lazy("Account closed")

    def note(self) -> str:
        return _("Tokens revoked: %(count)s.") % {"count": self.tokens} if self.tokens else ""


@dataclass(frozen=True)
class AccountReopened(UserAction):
    key = "people.account_reopened"
    label = gettext_lazy("Account reopened")


@dataclass(frozen=True)
class SecondFactorRemoved(UserAction):
    key = "people.second_factor_removed"
    label = gettext_lazy("Second step turned off by administrators")


@dataclass(frozen=True)
class AccessRequested(UserAction):
    kind: str
    role: str | None = None
    unit: str | None = None
    from_: dt.date | None = None
    until: dt.date | None = None

    key = "people.access_requested"
    label = gettext_lazy("Approval requested")

    def sentence(self) -> str:
        what = what_is_requested(self.kind, self.role, self.unit)
        return _("Approval requested: %(what)s") % {"what": what}

    def note(self) -> str:
        return _period(self.from_, self.until) if self.from_ and self.until else ""


@dataclass(frozen=True)
class DecidedRequest(UserAction):
    kind: str
    role: str | None = None
    unit: str | None = None
    asked_by: str | None = None
    # Who said so at the machine, where there was no second administrator.
    operator: str | None = None

    def note(self) -> str:
        said = []
        if self.asked_by:
            said.append(_("requested by: %(name)s") % {"name": self.asked_by})
        if self.operator:
            said.append(_("at the machine, by: %(name)s") % {"name": self.operator})
        return "; ".join(said)


@dataclass(frozen=True)
class RequestApproved(DecidedRequest):
    key = "people.request_approved"
    label = gettext_lazy("Request approved")

    def sentence(self) -> str:
        what = what_is_requested(self.kind, self.role, self.unit)
        return _("Request approved: %(what)s") % {"what": what}


@dataclass(frozen=True)
class RequestRejected(DecidedRequest):
    key = "people.request_rejected"
    label = gettext_lazy("Request rejected")

    def sentence(self) -> str:
        what = what_is_requested(self.kind, self.role, self.unit)
        return _("Request rejected: %(what)s") % {"what": what}


@dataclass(frozen=True)
class RequestWithdrawn(DecidedRequest):
    key = "people.request_withdrawn"
    label = gettext_lazy("Request taken back")

    def sentence(self) -> str:
        what = what_is_requested(self.kind, self.role, self.unit)
        return _("Request taken back: %(what)s") % {"what": what}


ACCESS_ACTIONS: tuple[type[JournalAction], ...] = (
    RoleGranted,
    RoleRevoked,
    LinkMade,
    LinkWithdrawn,
    AccountRenamed,
    AccountClosed,
    AccountReopened,
    SecondFactorRemoved,
    AccessRequested,
    RequestApproved,
    RequestRejected,
    RequestWithdrawn,
)

ACTIONS: tuple[type[JournalAction], ...] = (
    OrganisationCreated,
    UnitCreated,
    UnitRevised,
    UnitClosed,
    StrengthReported,
    PersonRecorded,
    PersonPosted,
    *ACCESS_ACTIONS,
)
