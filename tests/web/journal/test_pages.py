"""The journal for an auditor."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from qorgau.foundation.identity.roles import Role
from qorgau.foundation.journal.models import JournalEntry
from qorgau.records.incidents.services import edit_incident
from qorgau.records.people.services import grant_role
from tests.world import World, record_incident

pytestmark = pytest.mark.django_db


@pytest.fixture
def auditor(world: World) -> Client:
    client = Client()
    client.force_login(world.inside[Role.AUDITOR])
    return client


def test_newest_first(auditor: Client) -> None:
    page = auditor.get(reverse("journal"))
    numbers = [entry.sequence for entry in page.context["page"].rows]
    assert numbers == sorted(numbers, reverse=True)


def test_an_intact_chain_is_reported_with_the_rows_checked(auditor: Client) -> None:
    page = auditor.post(reverse("journal")).content.decode()
    assert f"The journal is intact: {JournalEntry.objects.count()} entries checked." in page


def test_an_altered_row_is_named(auditor: Client, world: World) -> None:
    entry = JournalEntry.objects.get(
        subject_uuid=world.incident.uuid, action="incidents.incident_recorded"
    )
    JournalEntry.objects.filter(pk=entry.pk).update(details='{"kind":"hazard"}')
    page = auditor.post(reverse("journal")).content.decode()
    assert "The journal is not intact" in page
    assert f"Entry {entry.sequence} (incidents.incident_recorded" in page


@pytest.mark.parametrize(
    ("conditions", "actions"),
    [
        ({"action": "incidents.report"}, {"incidents.report_received"}),
        ({"actor": "inside.reporter"}, {"incidents.report_received"}),
        ({"actor": "nobody"}, set()),
    ],
)
def test_conditions(conditions: dict[str, str], actions: set[str], auditor: Client) -> None:
    page = auditor.get(reverse("journal"), conditions)
    assert {entry.action for entry in page.context["page"].rows} == actions


def test_entries_of_one_record(auditor: Client, world: World) -> None:
    page = auditor.get(reverse("journal"), {"subject": str(world.incident.uuid)})
    assert {entry.subject_uuid for entry in page.context["page"].rows} == {world.incident.uuid}
    assert world.incident.number in page.content.decode()


def test_entries_of_other_units_are_hidden_from_an_auditor_of_some_units(
    auditor: Client, world: World
) -> None:
    elsewhere = record_incident(world.other_battalion)
    page = auditor.get(reverse("journal")).content.decode()
    assert elsewhere.number not in page
    assert "Outside the units that you audit" in page


def test_an_auditor_of_the_whole_tree_reads_the_whole_journal(
    auditor: Client, world: World
) -> None:
    elsewhere = record_incident(world.other_battalion)
    grant_role(
        user=world.inside[Role.AUDITOR], role=Role.AUDITOR, unit=world.brigade, acting_user=None
    )
    page = auditor.get(reverse("journal")).content.decode()
    assert elsewhere.number in page
    assert "Outside the units that you audit" not in page


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("en", "Report received"), ("ru", "Сообщение получено"), ("kk", "Хабарлама қабылданды")],
)
def test_an_entry_is_a_sentence_with_its_key_and_details(
    language: str, sentence: str, auditor: Client
) -> None:
    page = auditor.get(reverse("journal"), headers={"accept-language": language})
    text = page.content.decode()
    assert sentence in text
    assert "incidents.report_received" in text


def test_an_entry_outside_the_audited_units_shows_only_what_was_done(
    auditor: Client, world: World
) -> None:
    edit_incident(
        incident=record_incident(world.other_battalion),
        changes={"weather": "black ice"},
        acting_user=None,
    )
    text = auditor.get(reverse("journal")).content.decode()
    assert "<td>Changed</td>" in text
    assert "black ice" not in text
