"""People under a code, and where they serve."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from qorgau.foundation.clock import FOREVER
from qorgau.foundation.identity.models import User
from qorgau.foundation.identity.roles import Capability
from qorgau.foundation.journal.services import append_entries, append_entry
from qorgau.foundation.languages import short_day
from qorgau.foundation.transactions import one_transaction
from qorgau.records.people import ancestry
from qorgau.records.people.authority import require, require_person
from qorgau.records.people.choices import Sex
from qorgau.records.people.history import PersonPosted, PersonRecorded
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


@one_transaction
def record_people(*, drafts: Sequence[PersonDraft], acting_user: User | None) -> list[Person]:
    """Record people with their first posting and, if a name is given, their identity."""
    units = ancestry.units_by_code({draft.unit_code for draft in drafts})
    _require_authority(drafts, units, acting_user)
    _require_new(drafts)
    people = _make_people(drafts)
    pairs = list(zip(people, drafts, strict=True))
    _make_first_postings(pairs, units)
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
        ((PersonRecorded(draft.unit_code), person.uuid) for person, draft in pairs),
        acting_user=acting_user,
    )
    return people


def _require_authority(
    drafts: Sequence[PersonDraft], units: dict[str, Unit], acting_user: User | None
) -> None:
    """Who serves where is part of managing units; a name also needs the right to read names."""
    require(acting_user, Capability.MANAGE_UNITS, *(unit.pk for unit in units.values()))
    named = {draft.unit_code for draft in drafts if draft.family_name} & set(units)
    require(acting_user, Capability.SEE_IDENTITIES, *(units[code].pk for code in named))


def _require_new(drafts: Sequence[PersonDraft]) -> None:
    code, count = Counter(draft.code for draft in drafts).most_common(1)[0] if drafts else ("", 0)
    if count > 1:
        raise ValidationError(
            _("Two of the people to be added have the code %(code)s."), params={"code": code}
        )
    taken = Person.objects.filter(code__in=[draft.code for draft in drafts]).first()
    if taken:
        raise ValidationError(
            _("There is already a person with the code %(code)s."), params={"code": taken.code}
        )


def _make_people(drafts: Sequence[PersonDraft]) -> list[Person]:
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
    return Person.objects.bulk_create(people, batch_size=1000)


def _make_first_postings(
    pairs: Sequence[tuple[Person, PersonDraft]], units: dict[str, Unit]
) -> None:
    postings = []
    for person, draft in pairs:
        if draft.unit_code not in units:
            raise ValidationError(
                _("There is no unit with the code %(code)s for this posting."),
                params={"code": draft.unit_code},
            )
        if draft.until_day <= draft.from_day:
            raise ValidationError(
                _("The posting of %(code)s must end after it begins."), params={"code": draft.code}
            )
        posting = Posting(
            person=person,
            unit=units[draft.unit_code],
            category=draft.category,
            valid_from=draft.from_day,
            valid_until=draft.until_day,
        )
        posting.clean_fields(exclude=["person", "unit"])
        postings.append(posting)
    Posting.objects.bulk_create(postings, batch_size=1000)


@one_transaction
def post_person(
    *, person: Person, unit: Unit, category: str, on: dt.date, acting_user: User | None
) -> Posting:
    """Post a person to a unit from a day on, between the earlier and the later posting."""
    known = Posting.objects.select_for_update(of=("self",)).filter(person=person)
    if known.filter(valid_from=on).exists():
        raise ValidationError(
            _("%(code)s already has a posting from %(day)s. Choose another day."),
            params={"code": person.code, "day": short_day(on)},
        )
    cut = known.filter(valid_from__lt=on, valid_until__gt=on)
    require_person(acting_user, person, unit.pk, *cut.values_list("unit_id", flat=True))
    cut.update(valid_until=on)
    following = known.filter(valid_from__gt=on).order_by("valid_from").first()
    posting = Posting(
        person=person,
        unit=unit,
        category=category,
        valid_from=on,
        valid_until=following.valid_from if following else FOREVER,
    )
    posting.full_clean()
    posting.save()
    append_entry(
        PersonPosted(unit.code, category, on), subject=person.uuid, acting_user=acting_user
    )
    return posting
