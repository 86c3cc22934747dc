"""Names in Kazakh, Russian and English, and the one to show; days in the form of each language."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.db import models
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

LANGUAGE_CODES = ("kk", "ru", "en")


def short_day(day: dt.date) -> str:
    """A day within a sentence, as the language of the reader writes it."""
    return str(date_format(day, "SHORT_DATE_FORMAT"))


class NamedInThreeLanguages(models.Model):
    name_kk = models.CharField(_("name in Kazakh"), max_length=200, blank=True)
    name_ru = models.CharField(_("name in Russian"), max_length=200, blank=True)
    name_en = models.CharField(_("name in English"), max_length=200, blank=True)

    class Meta:
        abstract = True

    @property
    def names(self) -> dict[str, str]:
        """The names there are, by language."""
        named = {code: getattr(self, f"name_{code}") for code in LANGUAGE_CODES}
        return {code: name for code, name in named.items() if name}

    @property
    def name(self) -> str:
        """The name in the active language; without one, the first name that exists."""
        return name_in_active_language(self.names)


def name_in_active_language(names: Mapping[str, str]) -> str:
    """From names by language: the one in the active language; without it, the first one."""
    active = (get_language() or "kk")[:2]
    in_order = (active, *(code for code in LANGUAGE_CODES if code != active))
    return next((name for code in in_order if (name := names.get(code, ""))), "")
