"""Call the API like a program: with a token and JSON."""

from __future__ import annotations

import secrets
from typing import Any

from django.http import HttpResponse
from django.test import Client

from qorgau.foundation.identity.models import ApiToken, User
from qorgau.foundation.identity.tokens import digest_of_token

ROOT = "/api/v1"


def token_of(user: User) -> str:
    plain = f"qrg_{secrets.token_urlsafe(32)}"
    ApiToken.objects.create(user=user, name="tests", digest=digest_of_token(plain))
    return plain


class Program:
    """A client with the token of a user, or without a token."""

    def __init__(self, user: User | None = None, *, language: str = "en") -> None:
        self._client = Client()
        self.headers = {"Accept-Language": language}
        if user is not None:
            self.headers["Authorization"] = f"Bearer {token_of(user)}"

    def get(self, address: str, headers: dict[str, str] | None = None, **query: Any) -> Any:
        return self._client.get(ROOT + address, query, headers=self.headers | (headers or {}))

    def post(self, address: str, body: object) -> HttpResponse:
        return self._client.post(
            ROOT + address, body, content_type="application/json", headers=self.headers
        )


def problem(response: Any, status: int) -> dict[str, Any]:
    """The problem in a refusal."""
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/problem+json"
    problem_details = response.json()
    assert problem_details["status"] == status
    assert problem_details["detail"]
    return problem_details


def fields(response: Any) -> dict[str, str]:
    """The sentences of a refusal, by field."""
    return {one["field"]: one["sentence"] for one in problem(response, 422)["errors"]}
