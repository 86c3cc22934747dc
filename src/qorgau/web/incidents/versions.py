"""What the register said of an incident before each change."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import formats, timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qorgau.foundation.identity.models import User
from qorgau.foundation.identity.roles import Capability
from qorgau.records.incidents.earlier_versions import (
    COMPARED,
    Version,
    version_after,
    versions_shown_to,
)
from qorgau.records.incidents.models import Incident, IncidentRevision
from qorgau.records.incidents.queries import revisions_visible_to
from qorgau.web.frame.access import needs
from qorgau.web.frame.requests import requested_page
from qorgau.web.frame.unit_names import names_of
from qorgau.web.incidents.pages import incident_or_404
from qorgau.web.incidents.words import Fact

NAVIGATION = ()
VERSIONS_PER_PAGE = 20


@dataclass(frozen=True)
class ShownVersion:
    """An earlier version: what it said of the fields that were changed then, and all it said."""

    version: Version
    changed: list[Fact]
    whole: list[Fact]


@needs(Capability.SEE_INCIDENTS)
def versions(request: HttpRequest, number: str) -> HttpResponse:
    incident = incident_or_404(request, number)
    readable = revisions_visible_to(request.user, incident)
    page = requested_page(request, readable, key=("-version",), size=VERSIONS_PER_PAGE)
    context = {"incident": incident, "page": page}
    context["versions"] = _shown(request.user, incident, page.rows)
    # Versions are numbered from one; the last one is the present.
    context["some_are_missing"] = readable.count() < incident.version - 1
    return render(request, "incidents/versions.html", context)


def _shown(user: User, incident: Incident, revisions: list[IncidentRevision]) -> list[ShownVersion]:
    """The versions of a page, the newest first, each beside the one that followed it."""
    if not revisions:
        return []
    following = version_after(user, incident, revisions[0])
    found = [following, *versions_shown_to(user, incident, revisions)]
    names = names_of(version.incident.unit_id for version in found)
    return [
        ShownVersion(
            version,
            _facts(version, version.differing_from(later), names),
            [fact for fact in _facts(version, COMPARED, names) if fact.value],
        )
        for later, version in pairwise(found)
    ]


def _facts(version: Version, fields: Iterable[str], names: Mapping[int, str]) -> list[Fact]:
    return [_fact(version, name, names) for name in fields]


def _fact(version: Version, name: str, names: Mapping[int, str]) -> Fact:
    incident = version.incident
    if name == "involved":
        hurt = version.involved.hurt
        shown = ngettext("%(hurt)s person hurt", "%(hurt)s people hurt", hurt) % {"hurt": hurt}
        return Fact(_("People involved"), shown)
    label = str(capfirst(Incident._meta.get_field(name).verbose_name))
    if name == "unit":
        return Fact(label, f"{names.get(incident.unit_id, '')} {incident.unit.code}".strip())
    if Incident._meta.get_field(name).choices:
        return Fact(label, str(getattr(incident, f"get_{name}_display")()))
    return Fact(label, _value_in_words(getattr(incident, name)))


def _value_in_words(value: object) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, dt.datetime):
        return formats.date_format(timezone.localtime(value), "SHORT_DATETIME_FORMAT")
    if isinstance(value, Decimal | float):
        return formats.number_format(value, use_l10n=True)
    return str(getattr(value, "name", value)) if isinstance(value, Model) else str(value)


urlpatterns = [
    path("incidents/<str:number>/versions/", versions, name="incident_versions"),
]
