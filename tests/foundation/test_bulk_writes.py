"""Thousands of rows at once: accepted and stored like rows written one at a time."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from qorgau.foundation.bulk_writes import clean_many, insert_if_new, insert_many
from qorgau.foundation.identifiers import new_uuid
from qorgau.records.incidents.models import Incident, InvolvedPerson, Report, SeverityThreshold
from qorgau.records.places.models import Area
from tests.world import OCCURRED, World

pytestmark = pytest.mark.django_db

UNCHECKED = ("unit", "area", "site", "merged_into")


def incident(world: World, number: str, **fields: object) -> Incident:
    return Incident(
        uuid=new_uuid(),
        number=number,
        kind="injury",
        unit=world.company,
        occurred_at=OCCURRED,
        occurred_on=OCCURRED.date(),
        reported_at=OCCURRED,
        recorded_at=OCCURRED,
        revised_at=OCCURRED,
        salt=b"the same in both",
        **fields,
    )


def stored(number: str) -> dict[str, object]:
    values = Incident.objects.filter(number=number).values().get()
    return {name: values[name] for name in values if name not in ("id", "uuid", "number")}


def test_rows_are_stored_as_django_stores_them(world: World) -> None:
    fields = {
        "narrative": "Құлады",
        "cost_amount": Decimal("12.50"),
        "latitude": 51.1,
        "is_synthetic": True,
        "merged_at": dt.datetime(2024, 5, 6, tzinfo=dt.UTC),
    }
    incident(world, "one", **fields).save()
    insert_many([incident(world, "many", **fields)])
    assert stored("many") == stored("one")


def test_each_row_gets_its_own_primary_key(world: World) -> None:
    rows = [incident(world, f"n{place}") for place in range(1203)]
    insert_many(rows, key_field="uuid")
    found = dict(Incident.objects.filter(number__startswith="n").values_list("pk", "number"))
    assert [found[row.pk] for row in rows] == [row.number for row in rows]
    rows[0].narrative = "Saved again, it is changed and not made twice."
    rows[0].save()
    assert Incident.objects.filter(number="n0").count() == 1


def test_one_row_is_inserted_unless_it_is_there(world: World) -> None:
    first, other = (
        Report(
            uuid=new_uuid(),
            kind="hazard",
            unit=world.company,
            occurred_at=OCCURRED,
            reported_at=OCCURRED,
            submission_digest="the same key",
            receipt_digest=code,
        )
        for code in ("one code", "another code")
    )
    assert insert_if_new(first)
    assert not insert_if_new(other)
    first.place = "Saved again, it is changed and not made twice."
    first.save()
    found = Report.objects.filter(submission_digest="the same key")
    assert [report.place for report in found] == [first.place]


def test_a_refusal_by_the_database_stores_no_rows(world: World) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_many([incident(world, "same"), incident(world, "same")])
    assert not Incident.objects.filter(number="same").exists()


@pytest.mark.parametrize(
    "bad",
    [
        {"kind": "picnic"},
        {"activity": "x" * 201},
        {"cost_amount": Decimal("1.234")},
        {"latitude": "north"},
        {"reported_at": None},
    ],
)
def test_what_is_refused_for_one_row_is_refused_for_many(
    world: World, bad: dict[str, object]
) -> None:
    row = incident(world, "bad")
    for name, value in bad.items():
        setattr(row, name, value)
    with pytest.raises(ValidationError) as one:
        row.clean_fields(exclude=UNCHECKED)
    with pytest.raises(ValidationError) as many:
        clean_many([incident(world, "good"), row, incident(world, "fine")], exclude=UNCHECKED)
    assert many.value.message_dict == one.value.message_dict


def test_values_are_converted_to_the_type_of_the_field() -> None:
    threshold = SeverityThreshold(
        scheme="x",
        severity_class="A",
        cost_at_least="2500000",
        currency="USD",
        effective_from="2020-01-01",
        effective_until=dt.date(2021, 1, 1),
        source="A rule",
    )
    clean_many([threshold])
    assert threshold.cost_at_least == Decimal(2_500_000)
    assert threshold.effective_from == dt.date(2020, 1, 1)


def test_a_reference_to_a_missing_row_is_refused(world: World) -> None:
    with pytest.raises(ValidationError, match="not a valid choice"):
        clean_many([InvolvedPerson(incident_id=10**9)], exclude=["person"])
    assert not Area.objects.filter(pk=10**9).exists()


def test_no_rows_cause_no_queries(django_assert_num_queries) -> None:
    with django_assert_num_queries(0):
        clean_many([])
        insert_many([])


def test_one_statement_inserts_all_rows(world: World, django_assert_num_queries) -> None:
    rows = [incident(world, f"n{place}") for place in range(400)]
    with django_assert_num_queries(0):
        clean_many(rows, exclude=UNCHECKED)
    with django_assert_num_queries(1):
        insert_many(rows)
