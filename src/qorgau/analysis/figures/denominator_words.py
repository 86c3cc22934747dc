"""Denominators of person-time and their units of exposure, in the language of the reader."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

DENOMINATOR_LABELS = {
    "per_100_person_years": _("per 100 person-years"),
    "per_1000_person_years": _("per 1,000 person-years"),
    "per_10000_person_years": _("per 10,000 person-years"),
    "per_100000_person_years": _("per 100,000 person-years"),
    "per_1000_person_months": _("per 1,000 person-months"),
    "per_10000_person_weeks": _("per 10,000 person-weeks"),
}
EXPOSURE_LABELS = {
    "person_years": _("person-years"),
    "person_months": _("person-months"),
    "person_weeks": _("person-weeks"),
}
