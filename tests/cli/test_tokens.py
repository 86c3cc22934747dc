"""``qorgau tokens``: a valid token for the API, and a revoked one."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner, Result

from qorgau.cli.main import app
from qorgau.foundation.identity.queries import user_of_token
from qorgau.foundation.identity.roles import Role
from tests.world import World

pytestmark = pytest.mark.django_db


def run(*words: str) -> Result:
    return CliRunner().invoke(app, ["tokens", *words])


def test_an_issued_token_signs_its_user_in_until_it_is_revoked(world: World) -> None:
    analyst = world.inside[Role.ANALYST]
    plain = run("issue", analyst.username, "--name", "nightly").output.strip()
    assert user_of_token(plain) == analyst
    listed = run("list", analyst.username).output
    assert "nightly" in listed
    assert plain not in listed
    assert run("revoke", analyst.username, "--name", "nightly").exit_code == 0
    assert user_of_token(plain) is None
    assert run("list", analyst.username).output == ""


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("issue", "nobody", "--name", "x"), "There is no user called nobody."),
        (("list", "nobody"), "There is no user called nobody."),
        (("issue", "inside.analyst", "--name", "x" * 81), "80"),
        (("revoke", "inside.analyst", "--name", "x"), "no valid token with the name x"),
    ],
)
def test_what_cannot_be_done_is_explained_in_a_sentence(
    world: World, words: tuple[str, ...], sentence: str
) -> None:
    result = run(*words)
    assert result.exit_code == 1
    assert sentence in result.output
    assert "Traceback" not in result.output
