"""An incident's steps, its edits, its class, and what the journal may not hold."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from qorgau.foundation import clock
from qorgau.foundation.journal.models import JournalEntry
from qorgau.foundation.optimistic_locking import StaleRecordError
from qorgau.records.incidents import services
from qorgau.records.incidents.models import Incident
from tests.world import OCCURRED, World, make_world
from tests.writers import at_once

pytestmark = pytest.mark.django_db

FINDING = "The gate was not gritted."
Step = Callable[[Incident, Incident], Incident]
STEPS: dict[str, Step] = {
    "begin": lambda i, other: services.begin_investigation(incident=i, acting_user=None),
    "submit": lambda i, other: services.submit_for_endorsement(
        incident=i, finding=FINDING, acting_user=None
    ),
    "send_back": lambda i, other: services.return_to_investigation(
        incident=i, reason="Who keeps the list?", acting_user=None
    ),
    "close": lambda i, other: services.close_incident(
        incident=i, finding=FINDING, acting_user=None
    ),
    "reopen": lambda i, other: services.reopen_incident(
        incident=i, reason="It happened again.", acting_user=None
    ),
    "merge": lambda i, other: services.merge_incidents(incident=i, into=other, acting_user=None),
}
WAY_TO = {
    "triaged": [],
    "under_investigation": ["begin"],
    "awaiting_endorsement": ["begin", "submit"],
    "closed": ["close"],
    "merged": ["merge"],
}
LEADS_TO = {
    ("triaged", "begin"): "under_investigation",
    ("triaged", "close"): "closed",
    ("triaged", "merge"): "merged",
    ("under_investigation", "submit"): "awaiting_endorsement",
    ("under_investigation", "merge"): "merged",
    ("awaiting_endorsement", "send_back"): "under_investigation",
    ("awaiting_endorsement", "begin"): "under_investigation",
    ("awaiting_endorsement", "close"): "closed",
    ("closed", "reopen"): "under_investigation",
    ("closed", "begin"): "under_investigation",
    ("closed", "send_back"): "under_investigation",
    ("awaiting_endorsement", "reopen"): "under_investigation",
    ("triaged", "send_back"): "under_investigation",
    ("triaged", "reopen"): "under_investigation",
}


def fresh(incident: Incident) -> Incident:
    return Incident.objects.get(pk=incident.pk)


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("state", WAY_TO)
def test_every_step_from_every_state(world: World, state: str, step: str) -> None:
    other = world.incident_again()
    for earlier in WAY_TO[state]:
        STEPS[earlier](fresh(world.incident), other)
    before = fresh(world.incident)
    rows = JournalEntry.objects.count()
    to = LEADS_TO.get((state, step))
    if to:
        STEPS[step](fresh(world.incident), other)
        assert fresh(world.incident).state == to
        assert fresh(world.incident).version == before.version + 1
        assert JournalEntry.objects.count() == rows + 1
    else:
        with pytest.raises(ValidationError, match="so you can no longer do this") as refusal:
            STEPS[step](fresh(world.incident), other)
        assert refusal.value.messages[0].startswith(f"Incident {world.incident.number} ")
        assert fresh(world.incident).state == state
        assert JournalEntry.objects.count() == rows


@pytest.mark.parametrize(
    ("state", "step", "field"),
    [
        ("triaged", lambda i: services.close_incident(
            incident=i, finding=" ", acting_user=None), "finding"),
        ("under_investigation", lambda i: services.submit_for_endorsement(
            incident=i, finding="", acting_user=None), "finding"),
        ("awaiting_endorsement", lambda i: services.return_to_investigation(
            incident=i, reason="\n", acting_user=None), "reason"),
        ("closed", lambda i: services.reopen_incident(
            incident=i, reason="", acting_user=None), "reason"),
    ],
)  # fmt: skip
def test_a_step_without_its_words_is_refused(
    world: World, state: str, step: Callable[[Incident], Incident], field: str
) -> None:
    for earlier in WAY_TO[state]:
        STEPS[earlier](fresh(world.incident), world.incident)
    with pytest.raises(ValidationError) as refusal:
        step(fresh(world.incident))
    assert set(refusal.value.message_dict) == {field}
    assert fresh(world.incident).state == state


def edit(incident: Incident, seen_version: int | None = None, **changes: Any) -> Incident:
    return services.edit_incident(
        incident=incident, changes=changes, seen_version=seen_version, acting_user=None
    )


def test_the_second_of_two_editors_is_refused_and_nothing_is_overwritten(world: World) -> None:
    seen = world.incident.version
    edit(world.incident, seen, activity="Guard duty")
    with pytest.raises(StaleRecordError, match="Someone else changed this record"):
        edit(world.incident, seen, activity="March")
    with pytest.raises(StaleRecordError):
        services.add_involved_person(
            incident=world.incident, role="witness", seen_version=seen, acting_user=None
        )
    with pytest.raises(StaleRecordError):
        services.add_injury(
            involved=world.involved, nature="burn", seen_version=seen, acting_user=None
        )
    assert fresh(world.incident).activity == "Guard duty"
    assert fresh(world.incident).version == seen + 1
    assert world.involved.injuries.count() == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"occurred_at": clock.now() + dt.timedelta(days=1)}, "occurred_at"),
        ({"kind": "party"}, "kind"),
        ({"cost_amount": Decimal(-1)}, "cost_amount"),
        ({"latitude": -90.5}, "latitude"),
        ({"narrative": "x" * 20_001}, "narrative"),
    ],
)
def test_a_wrong_edit_is_refused_beside_its_field(
    world: World, changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(ValidationError) as refusal:
        edit(world.incident, **changes)
    assert set(refusal.value.message_dict) == {field}
    assert fresh(world.incident).version == world.incident.version


@pytest.mark.parametrize("field", ["severity_class", "state", "number", "merged_into", "version"])
def test_what_is_computed_or_has_a_step_cannot_be_edited(world: World, field: str) -> None:
    with pytest.raises(ValidationError, match=f"“{field}” cannot be edited"):
        edit(world.incident, **{field: "A"})


def test_the_day_follows_the_time_where_the_installation_is(world: World) -> None:
    # 20:30 in Greenwich is after midnight in Almaty.
    edited = edit(world.incident, occurred_at=dt.datetime(2024, 5, 9, 20, 30, tzinfo=dt.UTC))
    assert edited.occurred_on == dt.date(2024, 5, 10)


def unhurt(world: World) -> Incident:
    """An incident of the company in which nobody was hurt."""
    draft = services.IncidentDraft("dangerous_occurrence", world.company, OCCURRED)
    return services.record_incidents(drafts=[draft], acting_user=None)[0]


@pytest.mark.parametrize(
    ("day", "cost", "expected"),
    [
        # The last day of one rule and the first of the next; fiscal years begin on 1 October.
        ("2009-09-30", 1_000_000, "A"),
        ("2009-10-01", 1_000_000, "B"),
        ("2009-10-01", 2_000_000, "A"),
        ("2019-09-30", 500_000, "B"),
        ("2019-10-01", 500_000, "C"),
        ("2019-10-01", 600_000, "B"),
        ("1995-06-01", 2_000, "D"),
        ("2024-05-06", 2_000, "E"),
    ],
)
def test_the_thresholds_of_the_day_of_the_event_hold(
    world: World, day: str, cost: int, expected: str
) -> None:
    # Noon in Almaty, so that the day is the same in every zone that matters.
    noon = dt.datetime.fromisoformat(f"{day}T07:00:00+00:00")
    draft = services.IncidentDraft(
        kind="dangerous_occurrence", unit=world.company, occurred_at=noon,
        cost_amount=Decimal(cost),
    )  # fmt: skip
    (recorded,) = services.record_incidents(drafts=[draft], acting_user=None)
    assert recorded.severity_class == expected
    edited = edit(unhurt(world), occurred_at=noon, cost_amount=Decimal(cost))
    assert edited.severity_class == expected


def test_the_class_follows_every_injury_that_is_added(world: World) -> None:
    assert world.incident.severity_class == "C"
    services.add_injury(
        involved=world.involved, outcome="permanent_partial", nature="amputation",
        acting_user=None,
    )  # fmt: skip
    assert fresh(world.incident).severity_class == "B"
    services.add_injury(involved=world.involved, outcome="fatal", acting_user=None)
    assert fresh(world.incident).severity_class == "A"


def test_three_people_admitted_make_class_b(world: World) -> None:
    incident = unhurt(world)
    for _person in range(3):
        assert fresh(incident).severity_class != "B"
        involved = services.add_involved_person(incident=incident, role="injured", acting_user=None)
        services.add_injury(involved=involved, treatment="inpatient", acting_user=None)
    assert fresh(incident).severity_class == "B"


def test_the_text_of_a_narrative_and_medical_detail_stay_out_of_the_journal(world: World) -> None:
    edit(
        world.incident,
        narrative="Private Akhmetov slipped.",
        finding="He had taken sleeping pills.",
        immediate_action="Akhmetov was carried in.",
        activity="Guard duty",
        unit=world.battalion,
    )
    services.add_injury(
        involved=world.involved, nature="fracture", icd_code="S52.5", acting_user=None
    )
    services.close_incident(
        incident=world.incident, finding="Sleeping pills again.", acting_user=None
    )
    written = "".join(JournalEntry.objects.values_list("details", flat=True))
    for secret in ("Akhmetov", "pills", "fracture", "S52.5", "slipped"):
        assert secret not in written
    edited = JournalEntry.objects.get(action="incidents.incident_edited").details
    assert '"activity":["","Guard duty"]' in edited
    assert '"unit":["BDE-1-1","BDE-1"]' in edited
    assert '"narrative"' in edited


def test_a_merged_incident_is_kept_marked_and_no_longer_counted(world: World) -> None:
    again = world.incident_again()
    merged = services.merge_incidents(incident=again, into=world.incident, acting_user=None)
    assert merged.merged_into == world.incident
    assert merged.merged_at is not None


def test_an_incident_is_not_merged_into_itself(world: World) -> None:
    with pytest.raises(ValidationError, match="cannot be merged into itself"):
        services.merge_incidents(incident=world.incident, into=world.incident, acting_user=None)


def test_an_incident_is_not_merged_into_one_that_is_merged(world: World) -> None:
    first, second = world.incident_again(), world.incident_again()
    as_the_page_showed_it = fresh(first)
    services.merge_incidents(incident=first, into=world.incident, acting_user=None)
    with pytest.raises(ValidationError, match="was itself merged into") as refusal:
        services.merge_incidents(incident=second, into=as_the_page_showed_it, acting_user=None)
    assert world.incident.number in refusal.value.messages[0]


def test_two_incidents_merged_into_each_other_at_once_do_not_both_vanish(
    several_writers: None,
) -> None:
    world = make_world()
    one, other = world.incident, world.incident_again()

    def merge(incident: Incident, into: Incident) -> bool:
        try:
            services.merge_incidents(incident=incident, into=into, acting_user=None)
        except ValidationError:
            return False
        return True

    assert sorted(at_once(lambda: merge(one, other), lambda: merge(other, one))) == [False, True]
    assert Incident.objects.filter(merged_into__isnull=True).count() == 1
