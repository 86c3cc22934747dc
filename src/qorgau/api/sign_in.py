"""A program signs in with a token and may do what the token's user may do."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from ninja.security import HttpBearer

from qorgau.foundation.identity.models import User
from qorgau.foundation.identity.queries import user_of_token
from qorgau.foundation.identity.roles import Capability
from qorgau.records.people.queries import may


class BearerToken(HttpBearer):
    """Require a token, then the capability in some unit; the queries decide which rows.

    Without a capability, the service that is called asks for all of it.
    """

    def __init__(self, capability: Capability | None) -> None:
        super().__init__()
        self.capability = capability

    def authenticate(self, request: HttpRequest, token: str) -> User | None:
        user = user_of_token(token)
        if user is not None and self.capability and not may(user, self.capability):
            raise PermissionDenied
        return user
