"""What stands on a poster: the same words in three languages, and the address as a QR code."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from qorgau.records.people.models import Unit
from qorgau.web.frame.unit_names import names_of


@dataclass(frozen=True)
class PosterText:
    """The words of a poster in one language."""

    language: str
    title: str
    sentence: str
    unit: str


def poster_texts(unit: Unit) -> list[PosterText]:
    """All languages of the installation; whoever stands before the poster chooses none."""
    texts = []
    for language, _name in settings.LANGUAGES:
        with override(language):
            name = names_of([unit.pk]).get(unit.pk, unit.code)
            title = _("Report a hazard, a near miss or an injury")
            sentence = _("No account and no name needed. Scan the code or open the address.")
            texts.append(PosterText(language, title, sentence, name))
    return texts
