"""Fixtures for the tests of formats and imports."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from qorgau.exchange.formats.format_errors import FormatError


@pytest.fixture(scope="session")
def sentence_of() -> Callable[[Callable[[], object]], str]:
    """Run something; return the sentence of its fault, or a full stop without a fault."""

    def run(call: Callable[[], object]) -> str:
        try:
            call()
        except FormatError as error:
            return error.sentence
        return "."

    return run
