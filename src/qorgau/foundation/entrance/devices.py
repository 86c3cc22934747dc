"""The devices that the owner of an account has signed in with, known by a cookie.

The cookie holds a random name of the device and digests of the accounts that signed in there; each
digest is over the password, too, so that changing it makes every device unknown. It is sent to the
account's own pages alone, never with a report.
"""

from __future__ import annotations

import secrets
from typing import Any

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare, salted_hmac

from qorgau.foundation.identity.models import User

COOKIE = "device"
PATH = "/account/"
SALT = "qorgau.device"
MAX_AGE_SECONDS = 180 * 24 * 60 * 60
MOST_ACCOUNTS = 8


def known_device(request: HttpRequest | None, user: User | None) -> str:
    """The name of the device, if this user has signed in with it; otherwise nothing."""
    if request is None or user is None:
        return ""
    held = _held_by(request)
    digest = _digest(held["device"], user)
    is_known = any(constant_time_compare(digest, one) for one in held["accounts"])
    return held["device"] if is_known else ""


def remember_device(request: HttpRequest, answer: HttpResponse, user: User) -> None:
    held = _held_by(request)
    digest = _digest(held["device"], user)
    others = [one for one in held["accounts"] if one != digest]
    accounts = [digest, *others][:MOST_ACCOUNTS]
    answer.set_cookie(
        COOKIE,
        signing.dumps({"device": held["device"], "accounts": accounts}, salt=SALT),
        max_age=MAX_AGE_SECONDS,
        path=PATH,
        secure=request.is_secure(),
        httponly=True,
        samesite="Strict",
    )


def _held_by(request: HttpRequest) -> dict[str, Any]:
    try:
        held = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=MAX_AGE_SECONDS)
    except signing.BadSignature:
        held = {}
    return {"device": secrets.token_urlsafe(16), "accounts": []} | held


def _digest(device: str, user: User) -> str:
    return salted_hmac(SALT, f"{device}|{user.uuid}|{user.password}").hexdigest()[:32]
