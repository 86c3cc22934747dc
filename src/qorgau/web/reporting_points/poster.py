"""What stands on a poster: the same words in three languages, and the address as a QR code."""

from __future__ import annotations

from dataclasses import dataclass

import segno
from django.conf import settings
from django.utils.safestring import SafeString, mark_safe
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


def qr_code(address: str) -> SafeString:
    """The address as SVG, black on white in every theme; a quarter of it may be damaged."""
    code = segno.make(address, error="q", micro=False)
    # The library draws a path from the matrix; of the address itself nothing is in the markup.
    return mark_safe(code.svg_inline(scale=6, border=4, light="#fff", omitsize=True, svgclass="qr"))
