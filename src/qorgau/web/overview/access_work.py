"""What an administrator has to do: who waits for access, who has it unguarded, whose ends."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qorgau.foundation.identity.models import User
from qorgau.records.people.accounts import (
    ending_grants,
    guarded_without_second_factor,
    requests_to_decide,
)
from qorgau.web.accounts.forms import ENDING, WITHOUT_SECOND_STEP
from qorgau.web.overview.work import Work, counted


def access_work(user: User) -> Iterator[Work]:
    waiting = counted(requests_to_decide(user))
    if waiting:
        yield Work(
            waiting,
            ngettext("request to decide", "requests to decide", waiting),
            reverse("access_requests"),
            _("View"),
            _("You are the second administrator."),
            is_urgent=True,
        )
    bare = counted(guarded_without_second_factor(user))
    if bare:
        yield Work(
            bare,
            ngettext(
                "account with a guarded role and without a second step",
                "accounts with a guarded role and without a second step",
                bare,
            ),
            f"{reverse('accounts')}?state={WITHOUT_SECOND_STEP}",
            _("View"),
            _("A password alone opens names, medical detail, the journal, or access."),
        )
    ending = counted(ending_grants(user))
    if ending:
        yield Work(
            ending,
            ngettext("role that ends within two weeks", "roles that end within two weeks", ending),
            f"{reverse('accounts')}?state={ENDING}",
            _("View"),
        )
