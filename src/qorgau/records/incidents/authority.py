"""Whether somebody may write to an incident or a report, as it is stored and as it will be."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from qorgau.foundation.identity.authority import NotAuthorised
from qorgau.foundation.identity.models import User
from qorgau.foundation.identity.roles import Capability
from qorgau.records.incidents.choices import Confidentiality
from qorgau.records.incidents.models import Incident, Report
from qorgau.records.people.authority import (
    NOTHING,
    capabilities_over,
    has_a_whole_tree,
    require_people,
)

# What opens an incident of each confidentiality; nobody writes what he could not open.
OPENS: Mapping[str, Capability] = {
    Confidentiality.PLAIN: Capability.SEE_INCIDENTS,
    Confidentiality.IDENTITY: Capability.SEE_IDENTITIES,
    Confidentiality.MEDICAL: Capability.SEE_MEDICAL,
}


class Standing(NamedTuple):
    """What decides who may touch an incident."""

    unit_id: int
    confidentiality: str


def standing_of(incident: Incident) -> Standing:
    return Standing(incident.unit_id, incident.confidentiality)


class Authority:
    """What somebody may do with incidents of some units, read once; None may do everything."""

    def __init__(self, acting_user: User | None, unit_ids: Iterable[int]) -> None:
        self._is_system = acting_user is None
        self._held = capabilities_over(acting_user, unit_ids) if acting_user is not None else {}

    def may(self, at: Standing, *needed: Capability) -> bool:
        """Whether all that is needed is held over an incident that the user can open."""
        if self._is_system:
            return True
        held = self._held.get(at.unit_id, NOTHING)
        # Another confidentiality is refused by the field itself.
        opening = OPENS.get(at.confidentiality, Capability.SEE_INCIDENTS)
        return opening in held and Capability.SEE_INCIDENTS in held and held.issuperset(needed)


def require_incident(
    acting_user: User | None,
    capability: Capability,
    incident: Incident,
    changes: Mapping[str, Any] | None = None,
) -> None:
    """Refuse unless the user may do it with the incident as stored and as it will be."""
    before = standing_of(incident)
    unit = (changes or {}).get("unit")
    after = Standing(
        unit.pk if unit is not None else before.unit_id,
        (changes or {}).get("confidentiality", before.confidentiality),
    )
    authority = Authority(acting_user, {before.unit_id, after.unit_id})
    if not (authority.may(before, capability) and authority.may(after, capability)):
        raise NotAuthorised(is_known=authority.may(before))


def require_drafts(acting_user: User | None, capability: Capability, drafts: Iterable[Any]) -> None:
    """Refuse incidents that the user may not record, with those involved and their injuries."""
    drafts = list(drafts)
    authority = Authority(acting_user, {draft.unit.pk for draft in drafts})
    for draft in drafts:
        needed = {capability}
        if any(person.injuries for person in draft.involved):
            needed.add(Capability.EDIT_MEDICAL)
        at = Standing(draft.unit.pk, draft.fields.get("confidentiality", Confidentiality.PLAIN))
        if not authority.may(at, *needed):
            raise NotAuthorised(is_known=authority.may(Standing(at.unit_id, Confidentiality.PLAIN)))
    named = (person.fields.get("person") for draft in drafts for person in draft.involved)
    require_people(acting_user, (person.pk for person in named if person is not None))


class ImportAuthority:
    """Which rows of a batch somebody may take, of what is stored and of what each would make."""

    def __init__(self, acting_user: User | None, unit_ids: Iterable[int]) -> None:
        self._authority = Authority(acting_user, unit_ids)

    def may_take(self, unit_id: int, confidentiality: str, *, has_injuries: bool) -> bool:
        needed = [Capability.IMPORT_INCIDENTS]
        if has_injuries:
            needed.append(Capability.IMPORT_MEDICAL)
        return self._authority.may(Standing(unit_id, confidentiality), *needed)


def require_report(acting_user: User | None, report: Report) -> None:
    """Refuse unless the user decides about the report as it is stored."""
    if acting_user is None:
        return
    needed = Capability.TRIAGE_REPORTS
    if report.unit_id is None:
        is_allowed = has_a_whole_tree(acting_user, needed)
    else:
        held = capabilities_over(acting_user, {report.unit_id})
        is_allowed = needed in held.get(report.unit_id, NOTHING)
    if not is_allowed:
        raise NotAuthorised(is_known=False)
