"""What the journal holds of areas and sites."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qorgau.foundation.journal.actions import JournalAction
from qorgau.foundation.journal.field_changes import changes_text, fields_text, value_text
from qorgau.foundation.languages import name_in_active_language
from qorgau.records.places.choices import NameSource
from qorgau.records.places.models import Area, Site


class AreaAction(JournalAction):
    subject_kind = "area"
    subject_label = Area._meta.verbose_name


class SiteAction(JournalAction):
    subject_kind = "site"
    subject_label = Site._meta.verbose_name


@dataclass(frozen=True)
class AreaCreated(AreaAction):
    country: str
    code: str
    level: str
    names: Mapping[str, str]

    key = "places.area_created"
    label = gettext_lazy("Area created")

    def sentence(self) -> str:
        name = name_in_active_language(self.names) or self.code
        return _("Area created: %(area)s") % {"area": name}

    def note(self) -> str:
        return f"{value_text(Area, 'level', self.level)}, {self.country} {self.code}"


@dataclass(frozen=True)
class AreaUpdated(AreaAction):
    code: str
    before: Mapping[str, object]
    after: Mapping[str, object]

    key = "places.area_updated"
    label = gettext_lazy("Area changed")

    def sentence(self) -> str:
        return _("Area changed: %(fields)s") % {"fields": fields_text(Area, self.after)}

    def note(self) -> str:
        pairs = {name: (self.before.get(name), value) for name, value in self.after.items()}
        return changes_text(Area, pairs)


@dataclass(frozen=True)
class AreasImported(AreaAction):
    """Areas out of one file; the subject is the country."""

    country: str
    file: str | None = None
    kind: str | None = None
    counts: Mapping[str, int] | None = None

    key = "places.areas_imported"
    label = gettext_lazy("Areas imported from a file")

    def sentence(self) -> str:
        if not self.file:
            return str(self.label)
        return _("Areas imported from the file %(file)s") % {"file": self.file}

    def note(self) -> str:
        kind = NameSource(self.kind).label if self.kind else ""
        return ", ".join(str(part) for part in (self.country, kind) if part)


@dataclass(frozen=True)
class SiteSaved(SiteAction):
    name: str
    area: str
    kind: str
    latitude: float | None = None
    longitude: float | None = None

    def note(self) -> str:
        return f"{value_text(Site, 'kind', self.kind)}, {self.area}"


@dataclass(frozen=True)
class SiteCreated(SiteSaved):
    key = "places.site_created"
    label = gettext_lazy("Site created")

    def sentence(self) -> str:
        return _("Site created: %(name)s") % {"name": self.name}


@dataclass(frozen=True)
class SiteUpdated(SiteSaved):
    key = "places.site_updated"
    label = gettext_lazy("Site changed")

    def sentence(self) -> str:
        return _("Site changed: %(name)s") % {"name": self.name}


ACTIONS: tuple[type[JournalAction], ...] = (
    AreaCreated,
    AreaUpdated,
    AreasImported,
    SiteCreated,
    SiteUpdated,
)
