"""What is counted for signals, and what a person decided about one."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class CountedIncidents(models.TextChoices):
    """What a detection run counts: it is done for both, as not everyone may see exact counts."""

    ALL = "all", _("All incidents")
    PLAIN = "plain", _("Incidents that are not confidential")


class SignalState(models.TextChoices):
    NEW = "new", _("New")
    UNDER_INVESTIGATION = "under_investigation", pgettext_lazy("of a signal", "Under investigation")
    EXPLAINED = "explained", _("Explained")
    DISMISSED = "dismissed", _("Dismissed")
