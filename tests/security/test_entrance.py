"""Attacks on the entrance: by another door, by guessing, by locking the owner out, by the clock."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from unittest import mock

import pytest
from django.conf import settings
from django.contrib.auth import authenticate
from django.contrib.auth.hashers import MD5PasswordHasher
from django.db import connection
from django.test import Client, RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from qorgau.foundation import clock
from qorgau.foundation.identity.models import User
from qorgau.foundation.identity.services import create_user
from qorgau.foundation.journal.models import JournalEntry
from qorgau.foundation.rate_limits import TooManyTriesError
from tests.world import PASSWORD

pytestmark = pytest.mark.django_db

WRONG = "not the password"
OFFICE, ATTACKER = "10.20.30.40", "203.0.113.9"


@pytest.fixture
def owner() -> User:
    return create_user(username="aigul", password=PASSWORD, acting_user=None)


@pytest.fixture(autouse=True)
def still(monkeypatch: pytest.MonkeyPatch) -> None:
    """No second passes unless a test lets it: waits are compared exactly."""
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now)


@pytest.fixture
def wait(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Lets seconds pass."""

    def passing(seconds: int) -> None:
        later = clock.now() + dt.timedelta(seconds=seconds)
        monkeypatch.setattr(clock, "now", lambda: later)

    return passing


def sign_in(client: Client, password: str, name: str = "aigul", address: str = OFFICE):
    form = {"login": name, "password": password}
    return client.post(reverse("account_login"), form, REMOTE_ADDR=address)


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def actions() -> list[str]:
    return [
        action.removeprefix("entrance.")
        for action in JournalEntry.objects.order_by("sequence").values_list("action", flat=True)
        if action.startswith("entrance.")
    ]


# Another door


def addresses_of(patterns: list[URLPattern | URLResolver], before: str = "") -> Iterator[str]:
    for pattern in patterns:
        here = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from addresses_of(pattern.url_patterns, here)
        else:
            yield here


def test_there_is_no_administration_unless_it_is_wanted() -> None:
    assert Client().get("/admin/login/").status_code == 404
    assert [one for one in addresses_of(get_resolver().url_patterns) if "admin/" in one] == []


@pytest.mark.urls("tests.records.places.admin_addresses")
def test_the_administration_leads_to_the_sign_in_of_everybody(owner: User) -> None:
    User.objects.update(is_staff=True, is_superuser=True)
    client = Client()
    form = {"username": "aigul", "password": PASSWORD, "next": "/admin/"}
    for door in ("login/", "login/?next=/admin/"):
        answer = client.post(f"/admin/{door}", form)
        assert answer.headers["Location"].startswith(reverse("account_login"))
    assert not is_signed_in(client)
    sign_in(client, PASSWORD)
    assert actions() == ["signed_in"]
    assert client.get("/admin/").status_code == 200


@pytest.mark.urls("tests.records.places.admin_addresses")
def test_the_administration_changes_only_what_is_journalled(owner: User) -> None:
    User.objects.update(is_staff=True, is_superuser=True)
    client = Client()
    client.force_login(owner)
    for app in ("identity/user", "mfa/authenticator", "account/emailaddress", "auth/group"):
        assert client.get(f"/admin/{app}/").status_code == 404
    assert client.get("/admin/places/area/").status_code == 200


def test_every_address_of_the_account_takes_anything_that_is_posted(owner: User, settings) -> None:
    """Found before: POST /account/password/reset/ answered 500, where no mail can be sent."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_PORT = 1
    signed_in = Client(raise_request_exception=False)
    signed_in.force_login(owner)
    nobody = Client(raise_request_exception=False)
    paths = {
        f"/{one}"
        for one in addresses_of(get_resolver().url_patterns)
        if one.startswith("account/") and "<" not in one and "(" not in one
    }
    assert "/account/password/reset/" in paths
    junk = {"email": "a@b.example", "code": "1", "password": "x", "login": "y", "next": "//evil"}
    for path in sorted(paths - {"/account/logout/"}):
        for client in (nobody, signed_in):
            for sent in ({}, junk):
                assert client.post(path, sent).status_code < 500, path


def test_whoever_asks_for_a_password_check_is_counted_and_journalled(owner: User) -> None:
    """Not only the sign-in page: what authenticates at all, authenticates there."""
    assert len(settings.AUTHENTICATION_BACKENDS) == 1
    request = RequestFactory().post("/anything/", REMOTE_ADDR=ATTACKER)
    for _try in range(5):
        assert authenticate(request, username="aigul", password=WRONG) is None
    with pytest.raises(TooManyTriesError):
        authenticate(request, username="aigul", password=PASSWORD)
    assert actions() == ["password_refused"] * 5


@pytest.mark.parametrize(
    ("page", "fields"),
    [
        ("account_reauthenticate", {"password": WRONG}),
        (
            "account_change_password",
            {"oldpassword": WRONG, "password1": "x" * 14, "password2": "x" * 14},
        ),
    ],
)
def test_an_open_session_cannot_try_passwords_at_will_either(
    owner: User, page: str, fields: dict[str, str]
) -> None:
    client = Client()
    sign_in(client, PASSWORD)
    statuses = [client.post(reverse(page), fields).status_code for _try in range(12)]
    assert statuses[0] == 200
    assert statuses[-1] == 429
    assert "password_refused" in actions()


# The clock


class CountedHasher(MD5PasswordHasher):
    algorithm = "counted"
    made = 0

    def encode(self, password: str, salt: str) -> str:
        type(self).made += 1
        return super().encode(password, salt)


@pytest.mark.parametrize("case", ["unknown", "wrong", "right", "closed", "no password"])
def test_one_hash_is_made_in_each_case(case: str, settings) -> None:
    settings.PASSWORD_HASHERS = [f"{__name__}.CountedHasher"]
    if case != "unknown":
        user = create_user(username="aigul", password=PASSWORD, acting_user=None)
        if case == "closed":
            User.objects.update(is_active=False)
        if case == "no password":
            user.set_unusable_password()
            user.save()
    given = WRONG if case == "wrong" else PASSWORD
    with mock.patch.object(CountedHasher, "made", 0):
        client = Client()
        sign_in(client, given)
        assert CountedHasher.made == 1
    assert is_signed_in(client) == (case == "right")


def test_nobody_learns_which_accounts_there_are(owner: User) -> None:
    """Unknown, wrong and closed read the same, and wait the same."""
    create_user(username="closed", password=PASSWORD, acting_user=None)
    User.objects.filter(username="closed").update(is_active=False)
    told = []
    for name, given in (("aigul", WRONG), ("nobody", WRONG), ("closed", PASSWORD)):
        answers = [sign_in(Client(), given, name) for _try in range(7)]
        told.append([(a.status_code, a.headers.get("Retry-After")) for a in answers])
    assert told[0] == told[1] == told[2]
    assert told[0][-1] == (429, "30")


# Guessing, and locking the owner out


def test_five_wrong_tries_do_not_lock_the_owner_out_on_a_known_device(owner: User) -> None:
    device = Client()
    sign_in(device, PASSWORD)
    device.post(reverse("account_logout"))
    for _try in range(60):
        sign_in(Client(), WRONG, address=ATTACKER)
    for _try in range(5):
        sign_in(device, WRONG)
    sign_in(device, PASSWORD)
    assert is_signed_in(device)


def test_also_not_when_a_whole_address_has_tried(owner: User) -> None:
    """Behind one address, somebody tries names; the owner's device there is let in."""
    device = Client()
    sign_in(device, PASSWORD)
    device.post(reverse("account_logout"))
    for number in range(40):
        sign_in(Client(), WRONG, name=f"name{number}")
    assert sign_in(Client(), WRONG, name="another").status_code == 429
    sign_in(device, PASSWORD)
    assert is_signed_in(device)


def test_on_another_device_the_wait_grows_and_ends(
    owner: User, wait: Callable[[int], None]
) -> None:
    waits = []
    for _try in range(40):
        answer = sign_in(Client(), WRONG)
        if answer.status_code == 429:
            waits.append(int(answer.headers["Retry-After"]))
            wait(waits[-1])
    assert waits[:4] == [30, 60, 120, 240]
    assert max(waits) == 900
    client = Client()
    wait(900)
    sign_in(client, PASSWORD)
    assert is_signed_in(client)


def test_who_has_to_wait_reads_how_long(owner: User) -> None:
    for _try in range(5):
        sign_in(Client(), WRONG)
    answer = sign_in(Client(), PASSWORD)
    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "30"
    assert "Wait 30 seconds, then try again." in answer.content.decode()


def test_waiting_makes_no_hash_and_no_entry(owner: User) -> None:
    for _try in range(5):
        sign_in(Client(), WRONG)
    before = len(actions())
    with mock.patch.object(User, "check_password", side_effect=AssertionError):
        for _try in range(20):
            assert sign_in(Client(), PASSWORD).status_code == 429
    assert len(actions()) == before


def test_other_spellings_of_a_name_are_no_new_tries(owner: User) -> None:
    spellings = ["aigul", " AIGUL", "Aigul ", "ａigul", "aIgul"]
    for name in spellings:
        sign_in(Client(), WRONG, name=name)
    assert sign_in(Client(), WRONG, name="AIGUL").status_code == 429


def test_an_own_account_does_not_give_the_address_its_tries_back(owner: User) -> None:
    create_user(username="mallory", password=PASSWORD, acting_user=None)
    statuses = []
    for number in range(40):
        sign_in(Client(), PASSWORD, name="mallory", address=ATTACKER)
        statuses.append(sign_in(Client(), WRONG, f"n{number}", ATTACKER).status_code)
    assert statuses[-1] == 429


def test_a_device_is_known_for_its_own_accounts_alone(owner: User) -> None:
    create_user(username="mallory", password=PASSWORD, acting_user=None)
    device = Client()
    sign_in(device, PASSWORD, name="mallory")
    device.post(reverse("account_logout"))
    statuses = [sign_in(device, WRONG).status_code for _try in range(6)]
    assert statuses[-1] == 429


def test_a_changed_password_makes_every_device_unknown(owner: User) -> None:
    device = Client()
    sign_in(device, PASSWORD)
    device.post(reverse("account_logout"))
    owner.set_password("another long pass phrase")
    owner.save()
    statuses = [sign_in(device, WRONG).status_code for _try in range(6)]
    assert statuses[-1] == 429


def test_the_mark_of_a_device_is_sent_to_the_account_pages_alone(owner: User) -> None:
    device = Client()
    sign_in(device, PASSWORD)
    cookie = device.cookies["device"]
    assert cookie["path"] == "/account/"
    assert cookie["httponly"]
    assert cookie["samesite"] == "Strict"
    assert "aigul" not in cookie.value
    assert str(owner.uuid) not in cookie.value


def test_neither_names_nor_addresses_are_kept_of_tries(owner: User) -> None:
    sign_in(Client(), "my typed password", name="a.password.typed.as.name", address=ATTACKER)
    sign_in(Client(), WRONG, address=ATTACKER)
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT * FROM "{table}"')
            held = str(cursor.fetchall())
            assert ATTACKER not in held, table
            assert "typed" not in held, table


def test_names_without_an_account_fill_no_journal(owner: User) -> None:
    for number in range(20):
        sign_in(Client(), WRONG, name=f"name{number}")
    assert actions() == ["unknown_name_tried"]


# Behind a proxy


def test_behind_a_trusted_proxy_everybody_has_an_own_address(owner: User, settings) -> None:
    from qorgau.foundation.addresses import networks

    settings.QORGAU_TRUSTED_PROXIES = networks("10.0.0.0/8")

    def tried(name: str, forwarded: str) -> int:
        form = {"login": name, "password": WRONG}
        address = {"REMOTE_ADDR": "10.0.0.1", "HTTP_X_FORWARDED_FOR": forwarded}
        return Client().post(reverse("account_login"), form, **address).status_code

    # What the attacker writes before his own address is not believed.
    statuses = [tried(f"n{n}", f"198.51.100.{n}, {ATTACKER}, 10.0.0.2") for n in range(40)]
    assert statuses[-1] == 429
    assert tried("other", "198.51.100.7") == 200


def test_without_a_trusted_proxy_nothing_that_is_told_is_believed(owner: User) -> None:
    statuses = [
        Client()
        .post(
            reverse("account_login"),
            {"login": f"n{n}", "password": WRONG},
            REMOTE_ADDR=ATTACKER,
            HTTP_X_FORWARDED_FOR=f"198.51.100.{n}",
        )
        .status_code
        for n in range(40)
    ]
    assert statuses[-1] == 429
