"""People under a code, and where they serve."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from qorgau.foundation.clock import FOREVER
from qorgau.foundation.identity.models import User
from qorgau.foundation.journal.services import Entry, append_entries, append_entry
from qorgau.records.people import ancestry
from qorgau.records.people.choices import Sex
from qorgau.records.people.models import Person, PersonIdentity, Posting, Unit


@dataclass(frozen=True)
class PersonDraft:
    """A person to be recorded under a code, with the first posting."""

    code: str
    unit_code: str
    category: str
    from_day: dt.date
    until_day: dt.date = FOREVER
    sex: str = Sex.UNKNOWN
    birth_year: int | None = None
    occupation: str = ""
    family_name: str = ""
    given_name: str = ""
    is_synthetic: bool = False


@transaction.atomic
def record_people(*, drafts: Sequence[PersonDraft], acting_user: User | None) -> list[Person]:
    """Record people with their first posting and, where a name is given, their identity."""
    units = ancestry.units_by_code({draft.unit_code for draft in drafts})
    people = [
        Person(
            code=draft.code,
            sex=draft.sex,
            birth_year=draft.birth_year,
            occupation=draft.occupation,
            is_synthetic=draft.is_synthetic,
        )
        for draft in drafts
    ]
    for person in people:
        person.clean_fields()
    Person.objects.bulk_create(people, batch_size=1000)
    pairs = list(zip(people, drafts, strict=True))
    postings = [
        Posting(
            person=person,
            unit=units[draft.unit_code],
            category=draft.category,
            valid_from=draft.from_day,
            valid_until=draft.until_day,
        )
        for person, draft in pairs
    ]
    for posting in postings:
        posting.clean_fields(exclude=["person", "unit"])
    Posting.objects.bulk_create(postings, batch_size=1000)
    PersonIdentity.objects.bulk_create(
        (
            PersonIdentity(
                person=person, family_name=draft.family_name, given_name=draft.given_name
            )
            for person, draft in pairs
            if draft.family_name
        ),
        batch_size=1000,
    )
    append_entries(
        (
            Entry("people.person_recorded", "person", person.uuid, {"unit": draft.unit_code})
            for person, draft in pairs
        ),
        acting_user=acting_user,
    )
    return people


@transaction.atomic
def post_person(
    *, person: Person, unit: Unit, category: str, on: dt.date, acting_user: User | None
) -> Posting:
    """Post a person to a unit from a day on, ending the posting before."""
    Posting.objects.filter(person=person, valid_from__lt=on, valid_until__gt=on).update(
        valid_until=on
    )
    posting = Posting(person=person, unit=unit, category=category, valid_from=on)
    posting.full_clean()
    posting.save()
    append_entry(
        action="people.person_posted",
        subject_kind="person",
        subject_uuid=person.uuid,
        details={"unit": unit.code, "category": category, "on": on},
        acting_user=acting_user,
    )
    return posting
