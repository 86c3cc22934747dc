"""An address that a phone reads from paper."""

from __future__ import annotations

import segno
from django.utils.safestring import SafeString, mark_safe


def qr_code(address: str) -> SafeString:
    """The address as SVG, black on white in every theme; a quarter of it may be damaged."""
    code = segno.make(address, error="q", micro=False)
    # The library draws a path from the matrix; of the address itself nothing is in the markup.
    return mark_safe(code.svg_inline(scale=6, border=4, light="#fff", omitsize=True, svgclass="qr"))
