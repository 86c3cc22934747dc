"""Draw on the server: SVG for a page; PNG, SVG and CSV for a download."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import re
import textwrap
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import vl_convert
from django.http import Http404, HttpResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from qorgau.exchange.formats.spreadsheet_cells import csv_line
from qorgau.web.charts import look
from qorgau.web.charts.chart import Chart

vl_convert.register_font_directory(str(Path(__file__).parent / "fonts"))

PICTURE_SCALE = 2
LETTERS_PER_LINE = 105
_COLOUR = re.compile(r'"(#[0-9a-f]{6})"')
_MEASURED = f' font-family="{look.MEASURED_AS}"'
_LETTERS = f' font-family="{look.FONT}"'
# The sentence describes the whole drawing; its shapes have roles but no words.
_ROLES = re.compile(r' (?:role|aria-roledescription)="[^"]*"')
_ROOT = re.compile(r"^<svg[^>]*? width=\"([\d.]+)\" height=\"([\d.]+)\"[^>]*>")
# A formula in a spreadsheet program begins with one of these; text from people must not.


@dataclass(frozen=True)
class DrawnChart:
    """A chart on a page: one drawing for wide and one for narrow screens."""

    wide: SafeString
    narrow: SafeString
    sentence: str
    mark: str


def draw(chart: Chart) -> DrawnChart:
    """Draw for a page; the drawing of the same definition is cached."""
    return DrawnChart(
        wide=_page_svg(chart, look.WIDE_PIXELS),
        narrow=_page_svg(chart, look.NARROW_PIXELS),
        sentence=chart.words.sentence,
        mark=chart.words.mark,
    )


def download(chart: Chart, form: str, file_name: str) -> HttpResponse:
    """The chart as a file: `form` is png, svg or csv, with its mark and to whom it may be shown."""
    makers = {"png": _png, "svg": _svg, "csv": _csv}
    if form not in makers:
        raise Http404(form)
    content, kind = makers[form](chart)
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{file_name}.{form}"'
    return response


def _page_svg(chart: Chart, width: int) -> SafeString:
    drawn = _drawn_svg(json.dumps(chart.definition(width)), _language())
    inner = _ROOT.sub("", drawn).removesuffix("</svg>")
    found = _ROOT.match(drawn)
    if found is None:
        raise ValueError("The drawing does not begin as an SVG with a width and a height.")
    return format_html(
        '<svg viewBox="0 0 {} {}" width="{}" height="{}" role="img" aria-label="{}"'
        ' font-family="{}">{}</svg>',
        *(found[1], found[2]) * 2,
        chart.words.sentence,
        look.FONT,
        mark_safe(_COLOUR.sub(_as_property, _ROLES.sub("", inner)).replace(_MEASURED, "")),
    )


def _as_property(found: re.Match[str]) -> str:
    name = look.CUSTOM_PROPERTIES.get(found[1])
    return f'"var({name})"' if name else found[0]


@lru_cache(maxsize=256)
def _drawn_svg(definition: str, language: str) -> str:
    svg: str = vl_convert.vegalite_to_svg(
        definition,
        format_locale=look.number_locale(language),
        time_format_locale=look.time_locale(language),
    )
    return svg


def _picture(chart: Chart) -> dict[str, Any]:
    """The definition with its words included, because a picture is used without its page."""
    texts = (chart.words.sentence, chart.words.caution)
    lines = [line for text in texts for line in textwrap.wrap(text, LETTERS_PER_LINE)]
    marked = [chart.words.mark.upper()] if chart.words.mark else []
    definition = chart.definition(look.WIDE_PIXELS)
    definition["title"] = {"text": chart.words.title, "subtitle": [*marked, *lines]}
    definition["background"] = look.PAPER
    definition["padding"] = 16
    return definition


def _png(chart: Chart) -> tuple[bytes, str]:
    content: bytes = vl_convert.svg_to_png(_picture_svg(chart), scale=PICTURE_SCALE)
    return content, "image/png"


def _svg(chart: Chart) -> tuple[bytes, str]:
    return _picture_svg(chart).encode(), "image/svg+xml"


def _picture_svg(chart: Chart) -> str:
    drawn = _drawn_svg(json.dumps(_picture(chart)), _language())
    return drawn.replace(_MEASURED, _LETTERS)


def _csv(chart: Chart) -> tuple[bytes, str]:
    names = [field.name for field in dataclasses.fields(chart.rows[0])] if chart.rows else []
    words = {"mark": chart.words.mark, "caution": chart.words.caution}
    marked = {name: text for name, text in words.items() if text}
    lines = [csv_line([*names, *marked])]
    for row in chart.rows:
        cells = [_cell(getattr(row, name)) for name in names]
        lines.append(csv_line([*cells, *marked.values()]))
    return "".join(lines).encode("utf-8-sig"), "text/csv; charset=utf-8"


def _cell(value: object) -> object:
    if isinstance(value, dt.date):
        return value.isoformat()
    return "" if value is None else value


def _language() -> str:
    language = (get_language() or "en")[:2]
    return language if language in look.MONTHS else "en"
