"""The journal as an auditor reads it, and whether its chain holds."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext_lazy as _

from qorgau.foundation.identity.roles import Capability
from qorgau.foundation.journal.queries import latest_entries
from qorgau.foundation.journal.verification import verify_journal
from qorgau.web.frame.access import needs
from qorgau.web.frame.navigation import MenuEntry, Section
from qorgau.web.frame.requests import requested_page
from qorgau.web.journal.forms import JournalFilterForm
from qorgau.web.journal.subjects import open_subjects

NAVIGATION = (
    MenuEntry(Section.ADMINISTRATION, "journal", _("Journal"), "journal", Capability.SEE_JOURNAL),
)
ROWS_PER_PAGE = 60


@needs(Capability.SEE_JOURNAL)
def journal(request: HttpRequest) -> HttpResponse:
    """The entries; verifying is posted, because it reads every row."""
    filters = JournalFilterForm(request.GET)
    found = filters.matching(latest_entries())
    page = requested_page(request, found, key=("-sequence",), size=ROWS_PER_PAGE)
    verdict = verify_journal() if request.method == "POST" else None
    context = {"filters": filters, "page": page, "verdict": verdict}
    context["open_subjects"] = open_subjects(request.user, page.rows)
    return render(request, "journal/journal.html", context)


urlpatterns = [path("journal/", journal, name="journal")]
