"""Signing in, the account's own pages and the second step, in our words and our frame."""

from __future__ import annotations

import datetime as dt

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from qorgau.foundation import clock
from qorgau.foundation.identity.models import User
from qorgau.foundation.identity.services import create_user
from tests.world import PASSWORD

pytestmark = pytest.mark.django_db


@pytest.fixture
def user() -> User:
    return create_user(username="aigul", password=PASSWORD, acting_user=None)


def sign_in(client: Client, password: str, **extra: str) -> str:
    form = {"login": "aigul", "password": password, **extra}
    return client.post(reverse("account_login"), form, follow=True).content.decode()


def test_the_right_password_leads_to_the_requested_page(user: User) -> None:
    client = Client()
    wanted = reverse("account_change_password")
    page = client.get(wanted, follow=True).content.decode()
    assert f'name="next" value="{wanted}"' in page
    assert "Current password" in sign_in(client, PASSWORD, next=wanted)


def test_a_wrong_password_is_refused_in_a_sentence_and_the_name_is_kept(user: User) -> None:
    page = sign_in(Client(), "not the password")
    assert "The user name or password is wrong, or the account is closed." in page
    assert 'value="aigul"' in page
    assert "not the password" not in page


def test_nobody_can_sign_up() -> None:
    answer = Client().post(
        reverse("account_signup"),
        {"username": "me", "password1": PASSWORD, "password2": PASSWORD},
    )
    assert "Your administrator creates accounts." in answer.content.decode()
    assert not User.objects.filter(username="me").exists()


def test_a_forgotten_password_leads_to_the_administrator() -> None:
    page = Client().get(reverse("account_reset_password")).content.decode()
    assert "Ask your administrator" in page


def test_the_password_is_changed_and_the_new_one_signs_in(user: User) -> None:
    client = Client()
    client.force_login(user)
    new = "a longer sentence than before"
    form = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    client.post(reverse("account_change_password"), form)
    user.refresh_from_db()
    assert user.check_password(new)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"password1": "short", "password2": "short"}, "at least 12 characters"),
        ({"password2": "something else entirely"}, "You must type the same password each time."),
        ({"oldpassword": "wrong one, that"}, "Please type your current password."),
    ],
)
def test_a_bad_password_is_refused_at_its_field(
    changed: dict[str, str], sentence: str, user: User
) -> None:
    client = Client()
    client.force_login(user)
    new = "a longer sentence than before"
    form = {"oldpassword": PASSWORD, "password1": new, "password2": new, **changed}
    page = client.post(reverse("account_change_password"), form).content.decode()
    assert sentence in page
    assert "errorlist" in page


def test_signing_out_forgets_drafts_and_leads_to_sign_in(user: User) -> None:
    client = Client()
    client.force_login(user)
    assert "data-clears-drafts" in client.get(reverse("account_logout")).content.decode()
    answer = client.post(reverse("account_logout"))
    assert answer.headers["Location"] == reverse("account_login")


def code_now(secret: str) -> str:
    counter = next(iter(yield_hotp_counters_from_time()))
    return format_hotp_value(hotp_value(secret, counter))


@pytest.fixture
def with_second_step(user: User) -> str:
    """The key of the user's second step."""
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    RecoveryCodes.activate(user)
    return secret


def test_the_second_step_is_required_and_the_right_code_signs_in(with_second_step: str) -> None:
    client = Client()
    page = sign_in(client, PASSWORD)
    assert "Open the app on your phone" in page
    answer = client.post(reverse("mfa_authenticate"), {"code": code_now(with_second_step)})
    assert answer.headers["Location"] == "/"


def test_a_wrong_code_does_not_sign_in(with_second_step: str) -> None:
    client = Client()
    sign_in(client, PASSWORD)
    page = client.post(reverse("mfa_authenticate"), {"code": "000000"}).content.decode()
    assert "errorlist" in page
    assert client.get("/").status_code == 302


def test_the_account_page_says_how_many_codes_are_left(user: User, with_second_step: str) -> None:
    client = Client()
    client.force_login(user)
    page = client.get(reverse("mfa_index")).content.decode()
    assert "10 unused codes left." in page
    assert "Turn the second step off" in page


def test_turning_on_the_second_step_requires_the_password(user: User) -> None:
    client = Client()
    sign_in(client, PASSWORD)
    activate = reverse("mfa_activate_totp")
    page = client.get(activate, follow=True).content.decode()
    assert "Confirm that it is you" in page
    address = reverse("account_reauthenticate")
    page = client.post(address, {"password": PASSWORD, "next": activate}, follow=True)
    text = page.content.decode()
    assert 'src="data:image/svg+xml' in text
    secret = client.session["mfa.totp.secret"]
    assert secret in text
    client.post(activate, {"code": code_now(secret)})
    assert user.authenticator_set.filter(type="totp").exists()


def test_signing_in_sweeps_the_sessions_that_have_expired(user: User) -> None:
    """Found before: whoever left without signing out stayed in the table for ever."""
    now = clock.now()
    for key, expires in (("gone", now - dt.timedelta(minutes=1)), ("here", now + clock.HOUR)):
        Session.objects.create(session_key=key, session_data="", expire_date=expires)
    sign_in(Client(), PASSWORD)
    assert not Session.objects.filter(session_key="gone").exists()
    assert Session.objects.filter(session_key="here").exists()
