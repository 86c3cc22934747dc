"""The journal as an auditor reads it, and whether its chain holds."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext_lazy as _

from qorgau.foundation import clock
from qorgau.foundation.identity.roles import Capability
from qorgau.foundation.journal.heads import last_head_taken
from qorgau.foundation.journal.models import JournalEntry
from qorgau.foundation.journal.queries import latest_entries
from qorgau.foundation.journal.verification import verify_journal
from qorgau.web.frame.access import needs
from qorgau.web.frame.history import READER, ActorLabels
from qorgau.web.frame.navigation import MenuEntry, Section
from qorgau.web.frame.requests import requested_page
from qorgau.web.journal.forms import JournalFilterForm
from qorgau.web.journal.subjects import open_subjects, readable_entries

NAVIGATION = (
    MenuEntry(Section.ADMINISTRATION, "journal", _("Journal"), "journal", Capability.SEE_JOURNAL),
)
ROWS_PER_PAGE = 60


class JournalLine:
    """One row of the page: an entry, and of its details what the user may read."""

    def __init__(self, entry: JournalEntry, actor: str, is_readable: bool) -> None:
        self.entry, self.actor, self.is_readable = entry, actor, is_readable
        self.record, self.sentence, self.note = "", _("This entry is not open to you"), ""
        if is_readable:
            self.record = READER.kind_label(entry.subject_kind)
            text = READER.read(entry.action, entry.details)
            self.sentence, self.note = text.sentence, text.note


@needs(Capability.SEE_JOURNAL)
def journal(request: HttpRequest) -> HttpResponse:
    """The entries; verifying is posted, because it reads every row."""
    filters = JournalFilterForm(request.GET)
    found = filters.matching(latest_entries())
    if filters.tells_what:
        # How many of the others there are of a kind would count what the user may not open.
        found = found.filter(readable_entries(request.user))
    page = requested_page(request, found, key=("-sequence",), size=ROWS_PER_PAGE)
    verdict = verify_journal() if request.method == "POST" else None
    readable = open_subjects(request.user, page.rows)
    actors = ActorLabels(page.rows)
    taken = last_head_taken()
    context = {
        "filters": filters,
        "page": page,
        "verdict": verdict,
        "head_taken": taken,
        "days_since_head": (clock.now() - taken).days if taken else None,
        "lines": [
            JournalLine(entry, actors.of(entry), entry.subject_uuid in readable)
            for entry in page.rows
        ],
    }
    return render(request, "journal/journal.html", context)


urlpatterns = [path("journal/", journal, name="journal")]
