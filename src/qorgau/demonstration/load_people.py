"""Load the units, people, strength, places and accounts of the demonstration."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from qorgau.demonstration.accounts import ACCOUNTS, PASSWORD
from qorgau.demonstration.brigade import Brigade
from qorgau.demonstration.establishment import UnitRow
from qorgau.demonstration.postings import PersonRow
from qorgau.demonstration.sites import AREA_CODE, SITES
from qorgau.foundation.clock import FOREVER
from qorgau.foundation.identity.models import User
from qorgau.foundation.identity.queries import user_of_name
from qorgau.foundation.identity.services import create_user
from qorgau.records.people import services
from qorgau.records.people.models import Organisation, Person, Unit
from qorgau.records.places.models import Site
from qorgau.records.places.queries import areas_visible_to
from qorgau.records.places.services import create_site


def make_units(brigade: Brigade, organisation: Organisation) -> dict[str, Unit]:
    """Create the units of the first day; return them by code."""
    made = services.create_units(
        organisation=organisation,
        drafts=[_draft(unit, brigade.first_day) for unit in brigade.units],
        acting_user=None,
    )
    return {unit.code: unit for unit in made}


def _draft(unit: UnitRow, opened_on: dt.date) -> services.UnitDraft:
    return services.UnitDraft(
        code=unit.code,
        opened_on=opened_on,
        names=dict(unit.names),
        parent_code=unit.parent_code,
        echelon=unit.echelon,
        is_synthetic=True,
    )


def make_accounts(units: Mapping[str, Unit]) -> dict[str, User]:
    """Create one account for every role; return them by user name."""
    users = {}
    for account in ACCOUNTS:
        if user_of_name(account.username):
            raise ValidationError(
                _(
                    "The user %(username)s already exists, and the demonstration must not "
                    "change it. Set QORGAU_DATA to an empty folder for a separate register."
                ),
                params={"username": account.username},
            )
        user = create_user(
            username=account.username,
            password=PASSWORD,
            display_name=account.display_name,
            acting_user=None,
        )
        services.grant_role(
            user=user, role=account.role, unit=units[account.unit_code], acting_user=None
        )
        users[account.username] = user
    return users


def record_everybody(brigade: Brigade) -> dict[str, Person]:
    """Record everybody with their first posting; return them by code."""
    recorded = services.record_people(
        drafts=[_person_draft(person) for person in brigade.people], acting_user=None
    )
    return {person.code: person for person in recorded}


def _person_draft(person: PersonRow) -> services.PersonDraft:
    first = person.postings[0]
    return services.PersonDraft(
        code=person.code,
        unit_code=first.unit_code,
        category=person.category,
        from_day=first.valid_from,
        until_day=first.valid_until or FOREVER,
        sex=person.sex,
        birth_year=person.birth_year,
        occupation=person.occupation,
        family_name=person.family_name,
        given_name=person.given_name,
        is_synthetic=True,
    )


def change_units(
    brigade: Brigade, units: Mapping[str, Unit], persons: Mapping[str, Person]
) -> dict[str, Unit]:
    """Move, rename and split units; return the new units by code."""
    made: dict[str, Unit] = {}
    for change in brigade.changes:
        unit, on = units[change.code], brigade.first_day + dt.timedelta(weeks=change.week)
        if change.parent_code:
            services.revise_unit(
                unit=unit, on=on, parent=units[change.parent_code], acting_user=None
            )
        elif change.names:
            services.revise_unit(unit=unit, on=on, names=dict(change.names), acting_user=None)
        else:
            drafts = [_draft(successor, on) for successor in change.successors]
            opened = services.split_unit(unit=unit, into=drafts, on=on, acting_user=None)
            made |= {successor.code: successor for successor in opened}
    for row in brigade.people:
        for posting in row.postings[1:]:
            services.post_person(
                person=persons[row.code],
                unit=made[posting.unit_code],
                category=row.category,
                on=posting.valid_from,
                acting_user=None,
            )
    return made


def report_every_strength(brigade: Brigade, units: Mapping[str, Unit]) -> int:
    """Record the monthly strength; return the number of reports."""
    for row in brigade.strength:
        services.report_strength(
            unit=units[row.unit_code],
            category=row.category,
            valid_from=row.valid_from,
            valid_until=row.valid_until,
            strength=row.strength,
            is_synthetic=True,
            acting_user=None,
        )
    return len(brigade.strength)


def make_sites(user: User) -> dict[str, Site]:
    """Create the places in the brigade's region; return them by key."""
    area = areas_visible_to(user).get(country="KZ", code=AREA_CODE)
    return {
        site.key: create_site(
            name=site.name,
            area=area,
            kind=site.kind,
            latitude=site.latitude,
            longitude=site.longitude,
            is_synthetic=True,
            acting_user=None,
        )
        for site in SITES
    }
