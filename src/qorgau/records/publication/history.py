"""What the journal holds of publication plans and publications."""

from __future__ import annotations

from dataclasses import dataclass

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


ACTIONS: tuple[type[JournalAction], ...] = (PublicationPlanned, CountsPublished)
