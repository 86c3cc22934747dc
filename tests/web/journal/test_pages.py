"""The journal for an auditor."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from qorgau.foundation.identity.roles import Role
from qorgau.foundation.journal.models import JournalEntry
from qorgau.records.incidents.services import IncidentDraft, edit_incident, record_incidents
from qorgau.records.people.services import grant_role
from tests.world import OCCURRED, World, record_incident

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
        ({"action": "incidents.incident"}, {"incidents.incident_recorded"}),
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
    assert "Outside what you may open" in page


def test_an_auditor_of_the_whole_tree_reads_the_whole_journal(
    auditor: Client, world: World
) -> None:
    elsewhere = record_incident(world.other_battalion)
    grant_role(
        user=world.inside[Role.AUDITOR], role=Role.AUDITOR, unit=world.brigade, acting_user=None
    )
    page = auditor.get(reverse("journal")).content.decode()
    assert elsewhere.number in page


@pytest.mark.parametrize("is_whole", [True, False])
def test_of_a_confidential_incident_an_auditor_reads_that_there_is_an_entry_and_no_more(
    auditor: Client, world: World, is_whole: bool
) -> None:
    if is_whole:
        grant_role(
            user=world.inside[Role.AUDITOR], role=Role.AUDITOR, unit=world.brigade, acting_user=None
        )
    draft = IncidentDraft("illness", world.company, OCCURRED, fields={"confidentiality": "medical"})
    (hidden,) = record_incidents(drafts=[draft], acting_user=None)
    entry = JournalEntry.objects.latest("sequence")
    page = auditor.get(reverse("journal"))
    line = next(one for one in page.context["lines"] if one.entry == entry)
    assert not line.is_readable
    row = page.content.decode().split(f">{entry.sequence}<")[1].split("</tr>")[0]
    assert hidden.number not in row
    assert not any(word in row for word in ("incident", "llness", str(hidden.uuid)[:8]))
    # Nor can its kind be counted by asking for it.
    for asked in ({"action": "incidents.incident_recorded"}, {"subject": str(hidden.uuid)}):
        found = auditor.get(reverse("journal"), asked).context["page"].rows
        assert entry not in found


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("en", "Recorded"), ("ru", "Внесено"), ("kk", "Тіркелді")],
)
def test_an_entry_is_a_sentence_with_its_key_and_details(
    language: str, sentence: str, auditor: Client
) -> None:
    page = auditor.get(reverse("journal"), headers={"accept-language": language})
    text = page.content.decode()
    assert sentence in text
    assert "incidents.incident_recorded" in text


def test_an_entry_outside_the_audited_units_does_not_show_what_was_done(
    auditor: Client, world: World
) -> None:
    edit_incident(
        incident=record_incident(world.other_battalion),
        changes={"weather": "black ice"},
        acting_user=None,
    )
    text = auditor.get(reverse("journal")).content.decode()
    assert "<td>This entry is not open to you</td>" in text
    assert "<td>Changed</td>" not in text
    assert "black ice" not in text
