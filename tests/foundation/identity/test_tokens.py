"""A program's token: shown once, stored as a digest, invalid when revoked."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from qorgau.foundation.identity.models import ApiToken, User
from qorgau.foundation.identity.queries import user_of_token
from qorgau.foundation.identity.services import create_user, issue_api_token, revoke_api_token
from qorgau.foundation.journal.models import JournalEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def program() -> User:
    return create_user(username="program", password="long enough 1", acting_user=None)


def issue(user: User) -> str:
    return issue_api_token(user=user, name="nightly", acting_user=None)


def test_a_token_signs_its_user_in(program: User) -> None:
    assert user_of_token(issue(program)) == program


def test_two_tokens_differ_and_both_are_valid(program: User) -> None:
    one, other = issue(program), issue(program)
    assert one != other
    assert user_of_token(one) == user_of_token(other) == program


@pytest.mark.parametrize("wrong", ["", "qrg_", "qrg_wrong", "' OR 1=1 --", "\x00", "қорғау"])
def test_no_other_text_signs_anyone_in(program: User, wrong: str) -> None:
    issue(program)
    assert user_of_token(wrong) is None


def test_the_token_is_nowhere_in_the_database(program: User) -> None:
    plain = issue(program)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM identity_apitoken")
        assert plain not in str(cursor.fetchall())
    assert plain not in "".join(JournalEntry.objects.values_list("details", flat=True))


def test_a_revoked_token_is_invalid_and_the_others_still_work(program: User) -> None:
    dead, alive = issue(program), issue(program)
    first = ApiToken.objects.order_by("pk").first()
    revoke_api_token(token=first, acting_user=None)
    assert user_of_token(dead) is None
    assert user_of_token(alive) == program


def test_the_tokens_of_an_inactive_user_are_invalid(program: User) -> None:
    plain = issue(program)
    User.objects.update(is_active=False)
    assert user_of_token(plain) is None


def test_issuing_and_revoking_are_each_journalled(program: User) -> None:
    issue(program)
    revoke_api_token(token=ApiToken.objects.get(), acting_user=program)
    rows = JournalEntry.objects.filter(action__startswith="identity.token")
    assert [(row.action, row.actor_kind, row.actor) for row in rows] == [
        ("identity.token_issued", "system", ""),
        ("identity.token_revoked", "person", str(program.uuid)),
    ]


def test_a_user_name_is_unique(program: User) -> None:
    with pytest.raises(ValidationError) as refusal:
        create_user(username="program", password="long enough 1", acting_user=None)
    assert set(refusal.value.message_dict) == {"username"}
