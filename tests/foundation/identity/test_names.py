"""Names of accounts: one spelling, one alphabet, and none that looks like another."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError

from qorgau.foundation.identity.models import FormerName, User
from qorgau.foundation.identity.names import name_key, normalised, require_plain_name
from qorgau.foundation.identity.queries import account_of_name
from qorgau.foundation.identity.services import create_user
from tests.world import PASSWORD


def create(username: str) -> User:
    return create_user(username=username, password=PASSWORD, acting_user=None)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [("Aigerim", "aigerim"), (" Ермек ", "ермек"), ("ＫＥＥＰＥＲ", "keeper"), ("Й", "й")],
)
def test_a_name_has_one_spelling(typed: str, stored: str) -> None:
    assert normalised(typed) == stored


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("officer", "оfficer"),
        ("copa", "сора"),
        ("ivan", "1van"),
        ("modern", "modem"),
        ("o0", "oо"),
        ("елена", "ёлена"),
        ("wolf", "vvolf"),
        ("қайрат", "кайрат"),
    ],
)
def test_what_a_reader_cannot_tell_apart_has_one_key(one: str, other: str) -> None:
    assert name_key(one) == name_key(other)


@pytest.mark.parametrize(("one", "other"), [("anna", "annа.b"), ("асан", "үсен"), ("ab", "ba")])
def test_what_a_reader_can_tell_apart_has_two(one: str, other: str) -> None:
    assert name_key(one) != name_key(other)


@pytest.mark.parametrize(
    "name", ["aйgerim", "оfficer", "中文", "a b", "a\u200bb", "...", "", "a/b"]
)
def test_a_name_has_letters_of_one_alphabet(name: str) -> None:
    with pytest.raises(ValidationError, match="one alphabet"):
        require_plain_name(name)


@pytest.mark.parametrize(
    "name", ["system", "anonymous", "root", "r00t", "жүйе", "система", "аноним"]
)
def test_reserved_names_and_what_looks_like_them_are_refused(name: str) -> None:
    with pytest.raises(ValidationError, match="reserved"):
        require_plain_name(name)


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["officer", "Officer", "0fficer", "ОFFIСЕR".lower(), "officеr"])
def test_a_second_account_cannot_look_like_the_first(name: str) -> None:
    create("officer")
    with pytest.raises(ValidationError):
        create(name)
    assert User.objects.count() == 1


@pytest.mark.django_db
def test_a_former_name_stays_taken() -> None:
    user = create("officer")
    FormerName.objects.create(user=user, username="keeper", name_key=name_key("keeper"))
    with pytest.raises(ValidationError, match="had it before"):
        create("keeper")


@pytest.mark.django_db
def test_an_account_is_found_by_the_name_as_it_is_typed() -> None:
    user = create("Ермек")
    assert user.username == "ермек"
    assert account_of_name("ЕРМЕК") == user


@pytest.mark.django_db
def test_accounts_of_before_get_keys_and_those_that_look_alike_are_left_alone() -> None:
    for name in ("officer", "оfficer"):
        User.objects.bulk_create([User(username=name, password="x", name_key=None)])
        User.objects.filter(username=name).update(name_key=None)
    migration = import_module("qorgau.foundation.identity.migrations.0002_account_names_and_links")
    migration.give_keys(apps, None)
    keys = list(User.objects.order_by("pk").values_list("name_key", flat=True))
    assert keys == [name_key("officer"), None]
    second = User.objects.get(username="оfficer")
    second.save()
    assert User.objects.get(pk=second.pk).name_key is None
