"""Template tags for all pages: `{% load qorgau %}`."""

from __future__ import annotations

import datetime as dt
import json
import math
from collections.abc import Mapping
from typing import Any

from django import forms, template
from django.template.defaultfilters import floatformat
from django.utils.formats import number_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from qorgau.analysis.figures.number_words import count_in_words
from qorgau.analysis.figures.rate_figures import RateFigure
from qorgau.foundation.clock import FOREVER
from qorgau.web.frame.badges import SEVERITIES, STATES
from qorgau.web.frame.icons import ICONS

register = template.Library()
MINUS = "\u2212"


@register.simple_tag
def icon(name: str) -> SafeString:
    """An icon before a word; hidden from screen readers, because the word has the meaning."""
    return format_html(
        '<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">{}</svg>',
        mark_safe(ICONS[name]),
    )


@register.inclusion_tag("components/badge.html")
def state_badge(record: Any) -> dict[str, object]:
    """The state of a report, an incident or a signal."""
    icon_name, tone = STATES[record.state]
    return {"icon_name": icon_name, "tone": tone, "label": record.get_state_display()}


@register.inclusion_tag("components/badge.html")
def severity_badge(incident: Any) -> dict[str, object]:
    icon_name, tone = SEVERITIES[incident.severity_class]
    return {"icon_name": icon_name, "tone": tone, "label": incident.get_severity_class_display()}


@register.filter
def named(names: Mapping[Any, Any], key: Any) -> Any:
    """The value of `names` for a key, or nothing."""
    return names.get(key, "")


@register.filter
def last_day_of(grant: Any) -> dt.date | None:
    """The last day of a role; nothing when it has no end."""
    is_open = grant.valid_until is None or grant.valid_until >= FOREVER
    return None if is_open else grant.valid_until - dt.timedelta(days=1)


@register.filter
def incidents(figure: RateFigure) -> str:
    """How many incidents a figure counts, or between which numbers they are."""
    return count_in_words(figure.cases_lower, figure.cases_upper)


@register.filter
def from_json(text: str) -> list[tuple[str, str]]:
    """Names and values of a JSON object, each value as text; nothing of any other text."""
    try:
        return [(name, str(value)) for name, value in json.loads(text).items()]
    except (AttributeError, ValueError):
        return []


@register.filter
def percent(share: float) -> int:
    """A share of one as a whole percentage."""
    return round(share * 100)


@register.filter
def percent_sign(whole: object) -> str:
    """A whole percentage with its sign, which some languages set apart by a space."""
    return gettext("%(percent)s%%") % {"percent": whole}


@register.filter
def figure(value: object, places: object = 0) -> str:
    """A number as a page shows it: none is a dash, and one below zero has a true minus sign."""
    if value is None:
        return "–"
    text = str(floatformat(value, places) or value)
    return MINUS + text[1:] if text.startswith("-") else text


@register.filter
def rounded_down(number: float) -> str:
    """The largest whole count that does not exceed a bound."""
    return number_format(math.floor(number), decimal_pos=0, force_grouping=True)


@register.filter
def required_count(form: forms.BaseForm) -> int:
    """How many fields a person must fill in; shown at the top of the form."""
    return sum(field.field.required for field in form.visible_fields())


@register.filter
def prefilled_count(form: forms.BaseForm) -> int:
    """How many of the required fields already have a value."""
    return sum(field.field.required and bool(field.value()) for field in form.visible_fields())


@register.simple_tag(takes_context=True)
def address_with(context: template.Context, **changes: object) -> str:
    """This page's address with some query parameters changed; an empty value removes one."""
    query = context["request"].GET.copy()
    for name, value in changes.items():
        if value in ("", None):
            query.pop(name, None)
        else:
            query[name] = str(value)
    return f"?{query.urlencode()}"
