"""A table says who may do what; anything else is denied."""

from __future__ import annotations

import pytest

from qorgau.foundation.identity.roles import CAPABILITIES, Capability, Role, roles_with

C = Capability
# Repeated here on purpose: a right given by mistake would have to be given twice.
HOLDERS: dict[str, set[str]] = {
    C.REPORT: set(Role.values),
    C.SEE_PLACES: set(Role.values),
    C.SEE_UNITS: set(Role.values) - {Role.REPORTER},
    C.SEE_INCIDENTS: {
        Role.SAFETY_OFFICER, Role.MEDICAL_OFFICER, Role.ANALYST, Role.COMMANDER,
        Role.DUTY_OFFICER, Role.AUDITOR,
    },
    C.SEE_IDENTITIES: {Role.SAFETY_OFFICER, Role.MEDICAL_OFFICER},
    C.SEE_MEDICAL: {Role.MEDICAL_OFFICER},
    C.TRIAGE_REPORTS: {Role.SAFETY_OFFICER},
    C.EDIT_INCIDENTS: {Role.SAFETY_OFFICER},
    C.EDIT_MEDICAL: {Role.MEDICAL_OFFICER},
    C.IMPORT_INCIDENTS: {Role.SAFETY_OFFICER, Role.ANALYST},
    C.IMPORT_MEDICAL: {Role.SAFETY_OFFICER, Role.ANALYST},
    C.SEE_RATES: {
        Role.SAFETY_OFFICER, Role.MEDICAL_OFFICER, Role.ANALYST, Role.COMMANDER, Role.PLANNER,
        Role.AUDITOR,
    },
    C.SEE_EXACT_COUNTS: {Role.SAFETY_OFFICER, Role.MEDICAL_OFFICER, Role.ANALYST},
    C.SEE_SIGNALS: {
        Role.SAFETY_OFFICER, Role.MEDICAL_OFFICER, Role.ANALYST, Role.COMMANDER, Role.AUDITOR,
    },
    C.RUN_DETECTION: {Role.SAFETY_OFFICER, Role.ANALYST},
    C.TRIAGE_SIGNALS: {Role.SAFETY_OFFICER, Role.ANALYST},
    C.MANAGE_PLACES: {Role.ADMINISTRATOR},
    C.MANAGE_UNITS: {Role.ADMINISTRATOR},
    C.MANAGE_REPORTING_POINTS: {Role.SAFETY_OFFICER, Role.ADMINISTRATOR},
    C.MANAGE_ACCESS: {Role.ADMINISTRATOR},
    C.SEE_JOURNAL: {Role.AUDITOR},
}  # fmt: skip


def test_every_role_has_a_line() -> None:
    assert set(CAPABILITIES) == set(Role.values)


@pytest.mark.parametrize("capability", Capability)
def test_only_these_roles_have_the_capability(capability: Capability) -> None:
    assert set(roles_with(capability)) == HOLDERS[capability]


def test_a_capability_that_no_role_has_is_denied_to_everybody() -> None:
    assert roles_with("launch_rockets") == []


def test_a_person_who_manages_access_reads_no_incidents() -> None:
    """Otherwise the administrator of a server could read everyone's medical details."""
    assert not CAPABILITIES[Role.ADMINISTRATOR] & {
        C.SEE_INCIDENTS,
        C.SEE_IDENTITIES,
        C.SEE_MEDICAL,
        C.SEE_JOURNAL,
    }
