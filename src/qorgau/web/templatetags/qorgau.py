"""Template tags that every page may use: `{% load qorgau %}`."""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from qorgau.web.icons import ICONS

register = template.Library()


@register.simple_tag
def icon(name: str) -> SafeString:
    """An icon beside a word; it is hidden from readers of the screen, the word says it."""
    return format_html(
        '<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">{}</svg>',
        mark_safe(ICONS[name]),
    )


@register.filter
def required_count(form: object) -> int:
    """How many fields a person must fill in, so that a form can say so at its top."""
    return sum(
        1
        for field in form.visible_fields()
        if field.field.required  # type: ignore[attr-defined]
    )


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
