"""What the journal holds of publication plans and publications."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qorgau.foundation.journal.actions import JournalAction
from qorgau.records.incidents.choices import Confidentiality
from qorgau.records.publication.models import PublicationPlan


@dataclass(frozen=True)
class PublicationPlanned(JournalAction):
    year: int
    confidentiality: str
    boxes: int
    target_expected: float
    least_population: float
    least_count: int

    key = "publication.planned"
    label = gettext_lazy("Publication of counts planned")
    subject_kind = "publication_plan"
    subject_label = PublicationPlan._meta.verbose_name

    def sentence(self) -> str:
        return _("Publication of counts planned: %(year)s, class: %(class)s") % {
            "year": self.year,
            "class": Confidentiality(self.confidentiality).label,
        }

    def note(self) -> str:
        return _("Boxes: %(boxes)s, a box is shown from %(least)s incidents") % {
            "boxes": self.boxes,
            "least": self.least_count,
        }


@dataclass(frozen=True)
class PublicationReplanned(PublicationPlanned):
    """Before anything of the year was published."""

    target_before: float
    population_before: float
    count_before: int

    key = "publication.replanned"
    label = gettext_lazy("Plan of publication replaced")

    def sentence(self) -> str:
        return _("Plan of publication replaced: %(year)s, class: %(class)s") % {
            "year": self.year,
            "class": Confidentiality(self.confidentiality).label,
        }

    def note(self) -> str:
        changes = (
            ("target_expected", self.target_before, self.target_expected),
            ("least_population", self.population_before, self.least_population),
            ("least_count", self.count_before, self.least_count),
        )
        changed = [
            f"{PublicationPlan._meta.get_field(name).verbose_name}: "  # type: ignore[union-attr]
            f"{_shown(before)} → {_shown(now)}"
            for name, before, now in changes
            if before != now
        ]
        return "; ".join(changed)


def _shown(value: float) -> str:
    return str(number_format(int(value) if value == int(value) else value))


@dataclass(frozen=True)
class CountsPublished(JournalAction):
    """No count is among the details: the journal is read by those who may not see it."""

    year: int
    confidentiality: str
    month: int
    is_restatement: bool

    key = "publication.published"
    label = gettext_lazy("Counts published")
    subject_kind = "publication_plan"
    subject_label = PublicationPlan._meta.verbose_name

    def sentence(self) -> str:
        shown = {
            "month": f"{self.year}-{self.month:02}",
            "class": Confidentiality(self.confidentiality).label,
        }
        if self.is_restatement:
            return _("Counts restated: up to %(month)s, class: %(class)s") % shown
        return _("Counts published: up to %(month)s, class: %(class)s") % shown


ACTIONS: tuple[type[JournalAction], ...] = (
    PublicationPlanned,
    PublicationReplanned,
    CountsPublished,
)
