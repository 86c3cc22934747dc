"""A name in the language of the reader, or in another one."""

from __future__ import annotations

import pytest
from django.utils import translation

from qorgau.records.people.models import Organisation


@pytest.mark.parametrize(
    ("names", "language", "shown"),
    [
        ({"kk": "Бригада", "ru": "Бригада (ru)", "en": "Brigade"}, "en", "Brigade"),
        ({"kk": "Рота", "ru": "Рота (ru)", "en": ""}, "en", "Рота"),
        ({"kk": "", "ru": "", "en": "Company"}, "kk", "Company"),
        ({"kk": "", "ru": "", "en": ""}, "ru", ""),
    ],
)
def test_which_name_is_shown(names: dict[str, str], language: str, shown: str) -> None:
    row = Organisation(**{f"name_{key}": name for key, name in names.items()})
    with translation.override(language):
        assert row.name == shown
