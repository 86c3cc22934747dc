"""The synthetic brigade in the register: complete, marked in every row, and loaded once."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError

from qorgau.demonstration.accounts import ACCOUNTS, PASSWORD
from qorgau.demonstration.brigade import Brigade, make_brigade
from qorgau.demonstration.load import load_demonstration
from qorgau.demonstration.present import Loaded
from qorgau.foundation.identity.models import User
from qorgau.foundation.identity.queries import user_of_name
from qorgau.foundation.identity.roles import Role
from qorgau.foundation.journal.models import JournalEntry
from qorgau.foundation.journal.verification import verify_journal
from qorgau.records.incidents import queries as incidents
from qorgau.records.incidents.counted import counted_incidents
from qorgau.records.incidents.models import Incident, Report
from qorgau.records.people import queries as people
from qorgau.records.people.models import Person, PersonIdentity, Unit
from qorgau.records.people.rules import Span
from tests.demonstration.first_run import LAST_DAY, SEED, FirstRun, first_run
from tests.shared_registers import shared_register

pytestmark = pytest.mark.django_db

first = shared_register(first_run, takes_long=True)


@pytest.fixture
def loaded(first: FirstRun) -> Loaded:
    return first.loaded


@pytest.fixture(scope="module")
def brigade() -> Brigade:
    return make_brigade(SEED, LAST_DAY)


@pytest.fixture
def officer(loaded: Loaded) -> User:
    user = user_of_name("officer")
    assert user is not None
    return user


def test_every_row_that_can_be_marked_is_marked_as_synthetic(loaded: Loaded) -> None:
    models = [
        model
        for model in apps.get_models()
        if any(field.name == "is_synthetic" for field in model._meta.get_fields())
    ]
    assert {model.__name__ for model in models} >= {"Unit", "Person", "Incident", "Report", "Site"}
    for model in models:
        assert not model._default_manager.filter(is_synthetic=False).exists(), model


def test_counts_are_those_of_the_brigade(loaded: Loaded, brigade: Brigade) -> None:
    assert loaded.is_new
    assert Person.objects.count() == loaded.counts["people"] == len(brigade.people)
    assert Unit.objects.count() == loaded.counts["units"] == 61
    accepted = sum(report.fate == "accepted" for report in brigade.reports)
    assert Incident.objects.count() == loaded.counts["incidents"] + accepted
    assert Report.objects.count() == loaded.counts["reports"] == len(brigade.reports)


def test_a_second_time_changes_nothing(loaded: Loaded) -> None:
    rows = JournalEntry.objects.count()
    for again in (load_demonstration(), load_demonstration(seed=SEED, last_day=LAST_DAY)):
        assert again == Loaded(is_new=False, seed=SEED, last_day=LAST_DAY)
    assert JournalEntry.objects.count() == rows


def test_a_second_demonstration_is_refused(loaded: Loaded) -> None:
    with pytest.raises(ValidationError, match="seed 20 up to 2024-12-29"):
        load_demonstration(seed=SEED + 1)
    with pytest.raises(ValidationError, match="seed 20 up to 2024-12-29"):
        load_demonstration(last_day=LAST_DAY - dt.timedelta(weeks=1))


def test_the_journal_is_intact(loaded: Loaded) -> None:
    verdict = verify_journal()
    assert verdict.is_intact
    assert verdict.rows_checked > 7_000


def test_injected_clusters_are_in_the_register(loaded: Loaded, brigade: Brigade) -> None:
    analyst = user_of_name("analyst")
    units = {unit.code: unit for unit in Unit.objects.all()}
    for expectation in brigade.expectations:
        cluster = expectation.cluster
        span = Span(expectation.weeks[0], expectation.weeks[-1] + dt.timedelta(weeks=1))
        counted = counted_incidents(analyst, units[cluster.unit_code], span)
        found = counted.filter(kind=cluster.kind, cause=cluster.cause).total()
        assert found >= cluster.injected, cluster.key


def test_incidents_have_reached_every_state(loaded: Loaded) -> None:
    states = Counter(Incident.objects.values_list("state", flat=True))
    assert set(states) == {
        "triaged",
        "under_investigation",
        "awaiting_endorsement",
        "closed",
        "merged",
    }
    assert states["closed"] > 2_000
    moved = JournalEntry.objects.filter(action="incidents.incident_moved")
    assert moved.filter(actor=str(User.objects.get(username="officer").uuid)).count() > 50


def test_class_a_is_rare_and_computed(loaded: Loaded) -> None:
    classes = Counter(Incident.objects.values_list("severity_class", flat=True))
    assert 1 <= classes["A"] <= 8
    assert classes["E"] > classes["C"] > classes["B"]


def test_fifteen_reports_wait_and_the_repeated_ones_are_recognised(
    loaded: Loaded, officer: User
) -> None:
    waiting = list(incidents.reports_to_triage(officer))
    assert len(waiting) == 15
    assert [report.is_anonymous for report in waiting].count(True) == 1
    repeated = [r for r in waiting if r.narrative.startswith(("Көзіммен", "Видел", "I saw"))]
    assert len(repeated) == 2
    for report in repeated:
        best = incidents.probable_duplicates(officer, report)[0]
        assert best.incident.unit_id == report.unit_id
        assert best.likeness > 0.7


def test_there_is_one_account_for_every_role(loaded: Loaded) -> None:
    assert {account.role for account in ACCOUNTS} == set(Role.values)
    for account in ACCOUNTS:
        user = user_of_name(account.username)
        assert user is not None
        assert user.check_password(PASSWORD)
        assert people.roles_of(user) == {account.role}


def test_the_officer_of_a_battalion_sees_only_that_battalion(loaded: Loaded, officer: User) -> None:
    of_battalion = user_of_name("officer3")
    seen = incidents.incidents_visible_to(of_battalion).count()
    assert 0 < seen < incidents.incidents_visible_to(officer).count() / 3
    # The company that left the battalion took its past with it.
    assert people.unit_at(of_battalion, "SYN-R3-9") is None
    assert people.unit_at(of_battalion, "SYN-R3-8") is not None


def test_strength_is_about_four_thousand_with_recruits(loaded: Loaded, officer: User) -> None:
    root = Unit.objects.get(code="SYN")
    assert 3_900 < people.strength_on(officer, root, dt.date(2024, 5, 10)) <= 4_100
    assert 3_100 < people.strength_on(officer, root, dt.date(2024, 2, 10)) < 3_300


def test_a_share_of_the_people_has_an_identity(loaded: Loaded) -> None:
    assert 800 < PersonIdentity.objects.count() < 1_200


def test_the_people_of_the_split_platoon_serve_in_its_successors(
    loaded: Loaded, brigade: Brigade
) -> None:
    split_on = brigade.first_day + dt.timedelta(weeks=95)
    before, after = split_on - dt.timedelta(days=1), split_on
    user = user_of_name("commander")
    company = Unit.objects.get(code="SYN-R2-5")
    assert people.strength_on(user, company, before) == people.strength_on(user, company, after)
