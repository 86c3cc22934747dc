"""Who did something is an account, a program, the system or nobody known, and never a name."""

from __future__ import annotations

import pytest
from django.db import transaction
from typer.testing import CliRunner

from qorgau.cli.main import app
from qorgau.foundation.identity.models import User
from qorgau.foundation.identity.queries import user_of_token
from qorgau.foundation.identity.services import create_user, issue_api_token
from qorgau.foundation.journal.models import JournalEntry
from qorgau.foundation.journal.operator import operated_by, user_of_operating_system
from qorgau.foundation.journal.queries import written_by
from qorgau.foundation.journal.services import append_entry
from tests.foundation.journal.turned import Turned

pytestmark = pytest.mark.django_db


def account(name: str) -> User:
    """An account of this name, also one that is reserved now: of before they were."""
    user = create_user(username="before", password="long enough 1", acting_user=None)
    user.username = name
    user.save()
    return user


def written(acting_user: User | None) -> tuple[str, str]:
    subject = JournalEntry.objects.latest("sequence").subject_uuid
    with transaction.atomic():
        entry = append_entry(Turned(), subject=subject, acting_user=acting_user)
    return entry.actor_kind, entry.actor


def test_a_person_is_the_uuid_of_the_account_whatever_its_name_is() -> None:
    user = account("system")
    assert written(user) == ("person", str(user.uuid))
    assert written(None) == ("system", "")


def test_a_program_is_told_from_the_owner_of_its_account() -> None:
    user = account("aigul")
    program = user_of_token(issue_api_token(user=user, name="nightly", acting_user=user))
    assert written(program) == ("program", str(user.uuid))
    assert written(user) == ("person", str(user.uuid))


def test_what_a_command_does_says_who_runs_it() -> None:
    account("aigul")
    answer = CliRunner().invoke(app, ["tokens", "issue", "aigul", "--name", "nightly"])
    assert answer.exit_code == 0, answer.output
    entry = JournalEntry.objects.latest("sequence")
    assert (entry.actor_kind, entry.actor) == ("system", user_of_operating_system())
    # And what comes after the command is not his.
    assert written(None) == ("system", "")


def test_entries_are_found_by_who_wrote_them() -> None:
    user = account("system")
    written(user)
    with operated_by("root"):
        written(None)

    def found(name: str, *accounts: User) -> list[str]:
        rows = JournalEntry.objects.filter(written_by(name, [str(one.uuid) for one in accounts]))
        return [row.actor for row in rows.order_by("sequence")]

    assert found("root") == ["root"]
    # An account called like the system: what it did, and what the system did, each with its kind.
    assert found("system") == ["", "root"]
    assert found("system", user) == ["", str(user.uuid), "root"]
