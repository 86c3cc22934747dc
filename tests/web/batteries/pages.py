"""Who may open which page: the declaration that the battery tries, page by page, role by role.

Every address of the installation must be listed here, otherwise the battery fails. Roles are
written out, not computed from capabilities, so that a capability given by mistake is noticed.
"""

from __future__ import annotations

import uuid as uuids
from collections.abc import Callable
from typing import Any

from qorgau.exchange.incidents.uploads import keep_upload, upload_of
from qorgau.foundation.identity.roles import Role
from qorgau.records.incidents.models import ImportRun
from qorgau.records.places.choices import AreaLevel
from qorgau.records.places.models import Area
from qorgau.records.reporting.models import ReportingPoint
from tests.web.batteries.account_pages import ACCOUNT_PAGES
from tests.web.batteries.page import EVERYBODY, NOBODY, Page, nothing
from tests.world import OCCURRED, World

R = Role
READS_SAFETY = frozenset({R.SAFETY_OFFICER, R.MEDICAL_OFFICER, R.ANALYST, R.COMMANDER, R.AUDITOR})
READS_INCIDENTS = READS_SAFETY | {R.DUTY_OFFICER}
READS_RATES = READS_SAFETY | {R.PLANNER}
COUNTS_EXACTLY = frozenset({R.SAFETY_OFFICER, R.MEDICAL_OFFICER, R.ANALYST})
TOLD_RANGES = READS_SAFETY - COUNTS_EXACTLY
READS_UNITS = READS_INCIDENTS | {R.LIAISON, R.PLANNER, R.ADMINISTRATOR}
IMPORTS = frozenset({R.SAFETY_OFFICER, R.ANALYST})
MAPPING_OF_THE_UPLOAD = """
[mapping]
source = "test"
[key]
columns = ["id"]
[fields]
occurred_on = "day"
kind = { constant = "injury" }
[[units.levels]]
code = "unit"
"""


def the_incident(world: World) -> dict[str, Any]:
    return {"number": world.incident.number}


def the_revised_incident(world: World) -> dict[str, Any]:
    return {"number": world.revised_incident().number}


def the_involved(world: World) -> dict[str, Any]:
    return {"number": world.incident.number, "involved_uuid": world.involved.uuid}


def the_report(world: World) -> dict[str, Any]:
    return {"uuid": world.report.uuid}


def the_signal(world: World) -> dict[str, Any]:
    return {"uuid": world.signal.uuid}


def a_point(world: World) -> dict[str, Any]:
    point, _ = ReportingPoint.objects.get_or_create(
        unit=world.company, defaults={"place": "Gate 2", "made_at": OCCURRED, "code": "7Q2K0M9X"}
    )
    return {"uuid": point.uuid}


def a_withdrawn_point(world: World) -> dict[str, Any]:
    found = a_point(world)
    ReportingPoint.objects.filter(**found).update(withdrawn_at=OCCURRED)
    return found


def decision_on_the_report(posted: Callable[[World], dict[str, Any]]) -> Page:
    return Page(
        frozenset({R.SAFETY_OFFICER}),
        answer=302,
        arguments=the_report,
        posted=posted,
        is_about_a_record=True,
    )


def a_region(_world: World) -> dict[str, Any]:
    return {"uuid": Area.objects.filter(level=AreaLevel.REGION).first().uuid}


def step_of_the_incident(*, answer: int = 302, **posted: str) -> Page:
    return Page(
        frozenset({R.SAFETY_OFFICER}),
        answer=answer,
        arguments=the_incident,
        posted=lambda _: posted,
        is_about_a_record=True,
    )


def an_upload(world: World) -> dict[str, Any]:
    """Everybody in the right unit has sent a file and reaches only their own."""
    uuid = uuids.UUID(int=1)
    for user in world.inside.values():
        if upload_of(user.uuid, uuid) is None:
            sent = keep_upload(
                owner=user.uuid,
                file_name="accidents.csv",
                content=[f"id,day,unit\n1,2024-05-06,{world.company.code}\n".encode()],
            )
            sent.keep_mapping(MAPPING_OF_THE_UPLOAD)
            sent.folder.rename(sent.folder.with_name(str(uuid)))
    return {"uuid": uuid}


def page_of_an_upload(**expected: Any) -> Page:
    return Page(IMPORTS, arguments=an_upload, is_about_a_record=True, **expected)


def a_run(world: World) -> dict[str, Any]:
    """An import that the safety officer began."""
    run, _ = ImportRun.objects.get_or_create(
        source="test",
        defaults={
            "file_name": "accidents.csv",
            "columns": ["id"],
            "row_count": 1,
            "started_at": OCCURRED,
            "started_by": world.inside[R.SAFETY_OFFICER],
        },
    )
    return {"uuid": run.uuid}


def an_action(world: World) -> dict[str, Any]:
    """Five weeks after the start of the register, compared with another unit."""
    return {"unit": world.battalion.code, "kind": "injury", "cause": "fall", "since": "2024-06-10"}


def the_battalion(world: World) -> dict[str, Any]:
    return {"code": world.battalion.code}


PAGES: dict[str, Page] = {
    "overview": Page(EVERYBODY),
    "report": Page(EVERYBODY),
    "my_reports": Page(EVERYBODY),
    "public_report": Page(EVERYBODY, anonymous=200),
    "report_at_point": Page(
        EVERYBODY,
        anonymous=200,
        arguments=lambda world: {"code": a_point(world) and "7Q2K0M9X"},
    ),
    "reporting_points": Page(frozenset({R.SAFETY_OFFICER, R.ADMINISTRATOR})),
    "reporting_point": Page(
        frozenset({R.SAFETY_OFFICER, R.ADMINISTRATOR}), arguments=a_point, is_about_a_record=True
    ),
    "withdraw_point": Page(
        frozenset({R.SAFETY_OFFICER, R.ADMINISTRATOR}),
        answer=302,
        arguments=a_point,
        posted=nothing,
        is_about_a_record=True,
    ),
    "restore_point": Page(
        frozenset({R.SAFETY_OFFICER, R.ADMINISTRATOR}),
        answer=302,
        arguments=a_withdrawn_point,
        posted=nothing,
        is_about_a_record=True,
    ),
    "receipt": Page(EVERYBODY, anonymous=200),
    "set_theme": Page(EVERYBODY, answer=302, anonymous=302, posted=nothing),
    "set_language": Page(EVERYBODY, answer=302, anonymous=302, posted=lambda _: {"language": "kk"}),
    "incidents": Page(READS_INCIDENTS),
    "incident": Page(READS_INCIDENTS, arguments=the_incident, is_about_a_record=True),
    "incident_versions": Page(
        READS_INCIDENTS, arguments=the_revised_incident, is_about_a_record=True
    ),
    "edit_incident": Page(
        frozenset({R.SAFETY_OFFICER}), arguments=the_incident, is_about_a_record=True
    ),
    "investigate_incident": step_of_the_incident(),
    "close_incident": step_of_the_incident(finding="The gate was not gritted."),
    # All three of these lead to the investigation, which may follow triage.
    "return_incident": step_of_the_incident(reason="Who keeps the list?"),
    "reopen_incident": step_of_the_incident(reason="A second fall."),
    "release_incident": step_of_the_incident(text="The gate is gritted before dawn now."),
    # Nothing is released yet, so nothing can be withdrawn, and it says so.
    "withdraw_incident": step_of_the_incident(answer=422, reason="It named the guard."),
    # The incident of the small register has just been triaged; there is no other one.
    "endorse_incident": step_of_the_incident(answer=422, finding="The gate was not gritted."),
    "merge_incident": step_of_the_incident(answer=422, into="2024-999999"),
    "unmerge_incident": step_of_the_incident(answer=422, reason="Two falls on one day."),
    "add_involved": Page(
        frozenset({R.SAFETY_OFFICER}), arguments=the_incident, is_about_a_record=True
    ),
    "add_injury": Page(
        frozenset({R.MEDICAL_OFFICER}), arguments=the_involved, is_about_a_record=True
    ),
    "imports": Page(IMPORTS),
    "import_columns": page_of_an_upload(),
    "import_mapping": page_of_an_upload(),
    "try_import": page_of_an_upload(),
    "run_import": page_of_an_upload(answer=302, posted=nothing),
    "discard_import": page_of_an_upload(answer=302, posted=nothing),
    # Only the person who began an import sees its result: here the safety officer.
    "import_run": Page(
        frozenset({R.SAFETY_OFFICER}), refusal=404, arguments=a_run, is_about_a_record=True
    ),
    "import_rejects": Page(
        frozenset({R.SAFETY_OFFICER}), refusal=404, arguments=a_run, is_about_a_record=True
    ),
    "units": Page(READS_UNITS),
    "unit": Page(READS_UNITS, arguments=the_battalion, is_about_a_record=True),
    "unit_chart": Page(
        READS_RATES,
        arguments=lambda world: the_battalion(world) | {"chart": "trend", "form": "svg"},
        query=lambda _: {"since": "2024-01-01", "until": "2024-12-31"},
        is_about_a_record=True,
        # Nothing is published there, so that no month has anything to draw.
        hidden_from=frozenset({R.PLANNER}),
    ),
    "under_reporting": Page(frozenset({R.MEDICAL_OFFICER})),
    "triage": Page(frozenset({R.SAFETY_OFFICER})),
    "triage_report": Page(
        frozenset({R.SAFETY_OFFICER}), arguments=the_report, is_about_a_record=True
    ),
    "accept_report": decision_on_the_report(
        lambda world: {
            "kind": "near_miss",
            "cause": "transport.road",
            "unit": world.company.code,
            "occurred_at": "2024-05-06T14:30",
        }
    ),
    "join_report": decision_on_the_report(lambda world: {"incident": world.incident.number}),
    "close_report": decision_on_the_report(lambda _: {"reason": "not_an_incident"}),
    # The report of the small register is still open, so there is nothing to reopen, and it says so.
    "reopen_report": decision_on_the_report(nothing),
    "signals": Page(READS_SAFETY),
    # The signal of the small register counts all incidents.
    "signal": Page(
        COUNTS_EXACTLY, arguments=the_signal, is_about_a_record=True, hidden_from=TOLD_RANGES
    ),
    "signal_chart": Page(
        COUNTS_EXACTLY,
        arguments=lambda world: the_signal(world) | {"form": "svg"},
        is_about_a_record=True,
        hidden_from=TOLD_RANGES,
    ),
    "triage_signal": Page(
        frozenset({R.SAFETY_OFFICER, R.ANALYST}),
        answer=302,
        arguments=the_signal,
        posted=lambda world: {
            "to": "explained",
            "reason": "A march that was planned.",
            "seen_version": world.signal.version,
        },
        is_about_a_record=True,
    ),
    "effects": Page(READS_RATES, query=an_action),
    "effect_chart": Page(
        READS_SAFETY,
        arguments=lambda _: {"form": "svg"},
        query=an_action,
        is_about_a_record=True,
        hidden_from=frozenset({R.PLANNER}),
    ),
    "journal": Page(frozenset({R.AUDITOR})),
    "places": Page(EVERYBODY),
    "place": Page(EVERYBODY, arguments=a_region),
    "place_outlines": Page(EVERYBODY, arguments=a_region),
    **ACCOUNT_PAGES,
    # The account's own pages: everyone manages their own account; nobody can sign up.
    "account_login": Page(EVERYBODY, answer=302, anonymous=200),
    "account_logout": Page(EVERYBODY),
    "account_signup": Page(EVERYBODY, answer=302, anonymous=200),
    "account_inactive": Page(EVERYBODY, anonymous=200),
    "account_reauthenticate": Page(EVERYBODY),
    "account_change_password": Page(EVERYBODY),
    "account_set_password": Page(EVERYBODY, answer=302),
    "account_reset_password": Page(EVERYBODY, anonymous=200),
    # Changing the second factor requires the password again.
    "mfa_index": Page(EVERYBODY),
    "mfa_authenticate": Page(EVERYBODY, answer=302),
    "mfa_reauthenticate": Page(EVERYBODY, answer=302),
    "mfa_activate_totp": Page(EVERYBODY, answer=302),
    "mfa_generate_recovery_codes": Page(EVERYBODY, answer=302),
    # Nobody in the small register has a second factor yet.
    "mfa_deactivate_totp": Page(NOBODY, refusal=404),
    "mfa_view_recovery_codes": Page(NOBODY, refusal=404),
    "mfa_download_recovery_codes": Page(NOBODY, refusal=404),
}
