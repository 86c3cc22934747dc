"""The medical register of the synthetic brigade: the page shows the injected shares."""

from __future__ import annotations

import datetime as dt

import pytest

from qorgau.demonstration.accounts import SECRET_OF_REGISTERS
from qorgau.demonstration.brigade import Brigade, make_brigade
from qorgau.demonstration.medical_register import (
    REPORTED_ELSEWHERE,
    REPORTED_SHARES,
    TREATED_SHARE,
    SyntheticMedicalRegister,
    keys_of,
    make_medical_register,
    reported_share,
)
from tests.architecture.source_tree import ROOT

PAGE = (ROOT / "docs/demonstration.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def brigade() -> Brigade:
    return make_brigade(20, dt.date(2024, 12, 29))


@pytest.fixture(scope="module")
def made(brigade: Brigade) -> SyntheticMedicalRegister:
    return make_medical_register(brigade)


def test_equal_brigades_have_equal_registers(
    brigade: Brigade, made: SyntheticMedicalRegister
) -> None:
    assert make_medical_register(brigade) == made


def test_the_injected_shares_are_kept_in_every_part(made: SyntheticMedicalRegister) -> None:
    for share in {*REPORTED_SHARES.values(), REPORTED_ELSEWHERE}:
        happened = [i for i in made.happened if reported_share(i.unit_code) == share]
        reported = [i for i in made.reported if reported_share(i.unit_code) == share]
        assert len(reported) / len(happened) == pytest.approx(share, abs=0.002)


def test_who_is_treated_does_not_depend_on_being_reported(made: SyntheticMedicalRegister) -> None:
    assert len(made.cases) / len(made.happened) == pytest.approx(TREATED_SHARE, abs=0.03)
    assert {*made.reported} <= {*made.happened}


def test_the_key_file_contains_no_code_and_the_unit_of_every_row(
    made: SyntheticMedicalRegister,
) -> None:
    keys = keys_of(made)
    codes = {case.person_code for case in made.cases}
    assert keys.has_units
    assert not codes & {case.token for case in keys.cases}
    assert all(case.unit.startswith("SYN") for case in keys.cases)


def test_the_page_shows_what_was_injected(made: SyntheticMedicalRegister) -> None:
    for part, share in REPORTED_SHARES.items():
        assert f"| `{part}` | {share:.0%} |".replace("%", " %") in PAGE
    assert f"{len(made.happened):,} injuries" in PAGE
    assert f"{len(made.reported):,} of them" in PAGE
    assert SECRET_OF_REGISTERS in PAGE
