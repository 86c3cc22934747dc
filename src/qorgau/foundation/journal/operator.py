"""Who operates the machine: the person at a command, as the operating system knows him."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_operator: ContextVar[str] = ContextVar("operator", default="")


def name_of_operator() -> str:
    """The user of the operating system who runs this command; empty when nobody does."""
    return _operator.get()


@contextmanager
def operated_by(name: str) -> Iterator[None]:
    """What the system does meanwhile is journalled with this name."""
    token = _operator.set(name)
    try:
        yield
    finally:
        _operator.reset(token)


def user_of_operating_system() -> str:
    """Asked of the kernel: the environment says whatever its owner wants."""
    try:
        import pwd

        return pwd.getpwuid(os.getuid()).pw_name
    except (ImportError, KeyError):
        return str(os.getuid()) if hasattr(os, "getuid") else os.environ.get("USERNAME", "")
