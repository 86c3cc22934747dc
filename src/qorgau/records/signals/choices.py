"""What a person decided about a signal."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class SignalState(models.TextChoices):
    NEW = "new", _("New")
    UNDER_INVESTIGATION = "under_investigation", pgettext_lazy("of a signal", "Under investigation")
    EXPLAINED = "explained", _("Explained")
    DISMISSED = "dismissed", _("Dismissed")
