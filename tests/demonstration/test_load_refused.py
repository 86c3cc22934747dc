"""When the demonstration is not loaded, and the message for the person."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from qorgau.demonstration.load import load_demonstration
from qorgau.demonstration.present import loaded_demonstration
from qorgau.foundation.identity.models import User
from qorgau.records.people.models import Organisation, Unit
from qorgau.records.people.services import UnitDraft, create_organisation, create_units

pytestmark = pytest.mark.django_db

SEED, LAST_DAY = 7, dt.date(2024, 12, 29)


def test_a_day_that_is_not_over_is_refused() -> None:
    with pytest.raises(ValidationError, match="9998-12-27 is not over yet"):
        load_demonstration(last_day=dt.date(9998, 12, 27))


def test_a_last_day_in_the_week_is_refused() -> None:
    with pytest.raises(ValidationError, match="2024-12-30 is not a Sunday"):
        load_demonstration(last_day=dt.date(2024, 12, 30))


def test_it_is_not_loaded_among_real_units() -> None:
    force = create_organisation(code="FORCE", names={"en": "A force"}, acting_user=None)
    create_units(
        organisation=force, drafts=[UnitDraft("REAL", dt.date(2024, 1, 1))], acting_user=None
    )
    with pytest.raises(ValidationError, match="units that are not synthetic"):
        load_demonstration(seed=SEED, last_day=LAST_DAY)
    assert loaded_demonstration() is None


def test_a_name_already_in_use_leaves_nothing_half_loaded() -> None:
    User.objects.create(username="medic")
    with pytest.raises(ValidationError, match="The user medic already exists"):
        load_demonstration(seed=SEED, last_day=LAST_DAY)
    assert not Unit.objects.exists()
    assert not Organisation.objects.exists()
