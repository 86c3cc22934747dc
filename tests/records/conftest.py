from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from qorgau.records.people.models import Organisation
from qorgau.records.people.services import create_organisation
from tests.writers import database_for_threads


@pytest.fixture
def several_writers(transactional_db: None, tmp_path: Path) -> Iterator[None]:
    with database_for_threads(tmp_path):
        yield


@pytest.fixture
def force(db: None) -> Organisation:
    return create_organisation(code="SERVICE", names={"en": "A service"}, acting_user=None)
