"""The page on which an administrator gives and ends roles."""

import datetime as dt

import pytest
from django.urls import reverse

from qorgau.foundation.identity.queries import user_of_name
from qorgau.foundation.identity.roles import Role
from qorgau.foundation.identity.services import create_user
from qorgau.records.people.queries import roles_of
from qorgau.records.people.services import (
    UnitDraft,
    create_organisation,
    create_units,
    grant_role,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def units():
    own = create_organisation(code="own", names={"en": "Own"}, acting_user=None)
    day = dt.date(2024, 1, 1)
    drafts = [UnitDraft("B", day), UnitDraft("N1", day, parent_code="B"), UnitDraft("X", day)]
    made = create_units(organisation=own, drafts=drafts, acting_user=None)
    return {unit.code: unit for unit in made}


@pytest.fixture
def admin_client(client, units):
    admin = create_user(username="keeper", password="long enough 12", acting_user=None)
    grant_role(user=admin, role=Role.ADMINISTRATOR, unit=units["B"], acting_user=None)
    client.force_login(admin)
    return client


def give(client, username, unit, role=Role.ANALYST):
    return client.post(
        reverse("accounts"), {"username": username, "role": role.value, "unit": unit}
    )


def test_a_new_name_creates_an_account_with_a_working_password(admin_client, client):
    answer = give(admin_client, "aigerim", "N1")
    password = answer.context["password"]
    client.logout()
    assert client.login(username="aigerim", password=password)
    assert roles_of(user_of_name("aigerim")) == {Role.ANALYST}


def test_a_role_is_ended_and_given_again_on_one_day(admin_client):
    give(admin_client, "aigerim", "N1")
    user = user_of_name("aigerim")
    grant = user.role_grants.get()
    admin_client.post(reverse("end_grant", args=[grant.pk]))
    assert roles_of(user) == set()
    give(admin_client, "aigerim", "N1")
    assert roles_of(user) == {Role.ANALYST}


def test_a_role_is_not_given_twice(admin_client):
    give(admin_client, "aigerim", "N1")
    assert "already" in give(admin_client, "aigerim", "N1").content.decode()


def test_units_of_others_cannot_be_reached(admin_client, units):
    answer = give(admin_client, "aigerim", "X")
    assert answer.context["form"].errors["unit"]
    assert user_of_name("aigerim") is None
    other = create_user(username="other", password="long enough 12", acting_user=None)
    grant = grant_role(user=other, role=Role.ANALYST, unit=units["X"], acting_user=None)
    assert admin_client.post(reverse("end_grant", args=[grant.pk])).status_code == 404


def test_a_user_without_the_right_is_refused(client, units):
    officer = create_user(username="officer", password="long enough 12", acting_user=None)
    grant_role(user=officer, role=Role.SAFETY_OFFICER, unit=units["B"], acting_user=None)
    client.force_login(officer)
    assert client.get(reverse("accounts")).status_code == 403
