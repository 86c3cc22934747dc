"""The common look of all charts: colours, fonts, axes, and the date format of each language."""

from __future__ import annotations

from typing import Any

# Quoted, because a name with a part that begins with a digit needs quotes in a stylesheet.
FONT = "'Source Sans 3', sans-serif"
# Font with which the drawing library measures words. It cannot measure ours; this one is included
# in the library and a little wider, so that labels do not collide.
MEASURED_AS = "Liberation Sans"
LETTER_SIZE = 13

# Literal colours, so that a picture taken elsewhere looks right. On a page each is replaced by the
# custom property of theme.css that has the same role, so that a drawing follows light and dark.
INK = "#1b2329"
SOFT = "#55626b"
GRID = "#e3e7ea"
BAND = "#d9e3e8"
ACCENT = "#0b6680"
URGENT = "#a8321a"
PAPER = "#ffffff"
CUSTOM_PROPERTIES = {
    INK: "--chart-ink",
    SOFT: "--chart-soft",
    GRID: "--chart-grid",
    BAND: "--chart-band",
    ACCENT: "--chart-accent",
    URGENT: "--chart-urgent",
    PAPER: "--chart-paper",
}

WIDE_PIXELS = 760
NARROW_PIXELS = 340
HEIGHT_PIXELS = 260

CONFIG: dict[str, Any] = {
    "font": MEASURED_AS,
    "background": "transparent",
    "aria": False,
    "view": {"stroke": None},
    "axis": {
        "labelColor": SOFT,
        "titleColor": SOFT,
        "labelFontSize": LETTER_SIZE,
        "titleFontSize": LETTER_SIZE,
        "titleFontWeight": "normal",
        "gridColor": GRID,
        "domainColor": SOFT,
        "tickColor": SOFT,
    },
    "axisY": {
        "domain": False,
        "ticks": False,
        "titleAngle": 0,
        "titleAlign": "left",
        "titleAnchor": "start",
        "titleBaseline": "bottom",
        "titleX": 0,
        "titleY": -10,
        "labelPadding": 6,
        "tickCount": 5,
    },
    "axisX": {"grid": False, "labelPadding": 4, "labelFlush": True, "labelOverlap": "greedy"},
    "text": {"fontSize": LETTER_SIZE, "color": INK},
    "title": {
        "anchor": "start",
        "frame": "group",
        "offset": 18,
        "color": INK,
        "fontSize": 17,
        "fontWeight": 600,
        "subtitleColor": SOFT,
        "subtitleFontSize": LETTER_SIZE,
        "subtitlePadding": 6,
    },
}

MONTHS = {
    "kk": "қаңтар ақпан наурыз сәуір мамыр маусым шілде тамыз қыркүйек қазан қараша желтоқсан",
    "ru": "январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь",
    "en": "January February March April May June July August September October November December",
}
SHORT_MONTHS = {
    "kk": "қаң ақп нау сәу мам мау шіл там қыр қаз қар жел",
    "ru": "янв фев мар апр май июн июл авг сен окт ноя дек",
    "en": "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
}
DAYS = {
    "kk": "жексенбі дүйсенбі сейсенбі сәрсенбі бейсенбі жұма сенбі",
    "ru": "воскресенье понедельник вторник среда четверг пятница суббота",
    "en": "Sunday Monday Tuesday Wednesday Thursday Friday Saturday",
}
SHORT_DAYS = {
    "kk": "жек дүй сей сәр бей жұм сен",
    "ru": "вс пн вт ср чт пт сб",
    "en": "Sun Mon Tue Wed Thu Fri Sat",
}


def time_locale(language: str) -> dict[str, Any]:
    """The date formats of a drawing."""
    return {
        "dateTime": "%d.%m.%Y %H:%M",
        "date": "%d.%m.%Y",
        "time": "%H:%M",
        "periods": ["AM", "PM"],
        "days": DAYS[language].split(),
        "shortDays": SHORT_DAYS[language].split(),
        "months": MONTHS[language].split(),
        "shortMonths": SHORT_MONTHS[language].split(),
    }


def number_locale(language: str) -> dict[str, Any]:
    """The number formats of a drawing."""
    if language == "en":
        return {"decimal": ".", "thousands": ",", "grouping": [3], "currency": ["", ""]}
    return {"decimal": ",", "thousands": "\u00a0", "grouping": [3], "currency": ["", ""]}
