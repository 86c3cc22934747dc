"""What a role may do and which confidentiality it may read; anything not listed is denied."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    REPORTER = "reporter", _("Reporter")
    SAFETY_OFFICER = "safety_officer", _("Safety officer")
    MEDICAL_OFFICER = "medical_officer", _("Medical officer")
    ANALYST = "analyst", _("Analyst")
    COMMANDER = "commander", _("Commander")
    DUTY_OFFICER = "duty_officer", _("Duty officer")
    LIAISON = "liaison", _("Military liaison")
    PLANNER = "planner", _("Planner")
    AUDITOR = "auditor", _("Auditor")
    ADMINISTRATOR = "administrator", _("Administrator")


class Capability(models.TextChoices):
    REPORT = "report", _("Send a report")
    SEE_PLACES = "see_places", _("See places")
    SEE_UNITS = "see_units", _("See units")
    SEE_INCIDENTS = "see_incidents", _("See incidents")
    SEE_IDENTITIES = "see_identities", _("See who was involved")
    SEE_MEDICAL = "see_medical", _("See medical detail")
    TRIAGE_REPORTS = "triage_reports", _("Triage reports")
    EDIT_INCIDENTS = "edit_incidents", _("Edit incidents")
    EDIT_MEDICAL = "edit_medical", _("Edit medical detail")
    IMPORT_INCIDENTS = "import_incidents", _("Import incidents")
    IMPORT_MEDICAL = "import_medical", _("Import medical detail")
    SEE_RATES = "see_rates", _("See rates")
    SEE_EXACT_COUNTS = "see_exact_counts", _("See exact counts")
    SEE_SIGNALS = "see_signals", _("See signals")
    RUN_DETECTION = "run_detection", _("Run detection")
    TRIAGE_SIGNALS = "triage_signals", _("Triage signals")
    MANAGE_PLACES = "manage_places", _("Manage places")
    MANAGE_UNITS = "manage_units", _("Manage units and strength")
    MANAGE_REPORTING_POINTS = "manage_reporting_points", _("Manage reporting points")
    MANAGE_ACCESS = "manage_access", _("Manage access")
    SEE_JOURNAL = "see_journal", _("See the journal")


_C = Capability
_EVERYBODY = frozenset({_C.REPORT, _C.SEE_PLACES})
_READS_SAFETY = frozenset({_C.SEE_UNITS, _C.SEE_INCIDENTS, _C.SEE_RATES, _C.SEE_SIGNALS})

CAPABILITIES: dict[str, frozenset[Capability]] = {
    Role.REPORTER: _EVERYBODY,
    Role.SAFETY_OFFICER: _EVERYBODY
    | _READS_SAFETY
    | {
        _C.SEE_EXACT_COUNTS,
        _C.SEE_IDENTITIES,
        _C.TRIAGE_REPORTS,
        _C.MANAGE_REPORTING_POINTS,
        _C.EDIT_INCIDENTS,
        _C.IMPORT_INCIDENTS,
        _C.IMPORT_MEDICAL,
        _C.RUN_DETECTION,
        _C.TRIAGE_SIGNALS,
    },
    Role.MEDICAL_OFFICER: _EVERYBODY
    | _READS_SAFETY
    | {_C.SEE_EXACT_COUNTS, _C.SEE_IDENTITIES, _C.SEE_MEDICAL, _C.EDIT_MEDICAL},
    Role.ANALYST: _EVERYBODY
    | _READS_SAFETY
    | {
        _C.SEE_EXACT_COUNTS,
        _C.RUN_DETECTION,
        _C.TRIAGE_SIGNALS,
        _C.IMPORT_INCIDENTS,
        _C.IMPORT_MEDICAL,
    },
    Role.COMMANDER: _EVERYBODY | _READS_SAFETY,
    Role.DUTY_OFFICER: _EVERYBODY | {_C.SEE_UNITS, _C.SEE_INCIDENTS},
    Role.LIAISON: _EVERYBODY | {_C.SEE_UNITS},
    Role.PLANNER: _EVERYBODY | {_C.SEE_UNITS, _C.SEE_RATES},
    Role.AUDITOR: _EVERYBODY | _READS_SAFETY | {_C.SEE_JOURNAL},
    Role.ADMINISTRATOR: _EVERYBODY
    | {
        _C.SEE_UNITS,
        _C.MANAGE_PLACES,
        _C.MANAGE_UNITS,
        _C.MANAGE_REPORTING_POINTS,
        _C.MANAGE_ACCESS,
    },
}

# Whoever has one of these reads what is guarded, or lets others read it: nobody gives such a role
# alone.
GUARDED_CAPABILITIES = frozenset(
    {_C.SEE_IDENTITIES, _C.SEE_MEDICAL, _C.EDIT_MEDICAL, _C.SEE_JOURNAL, _C.MANAGE_ACCESS}
)
GUARDED_ROLES = frozenset(
    role for role, capabilities in CAPABILITIES.items() if capabilities & GUARDED_CAPABILITIES
)


def roles_with(capability: Capability) -> list[str]:
    return [role for role, capabilities in CAPABILITIES.items() if capability in capabilities]
