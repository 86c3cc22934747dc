"""What is wrong with a field that cannot be read, in the same sentences as in forms."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

UNKNOWN_FIELD = gettext_lazy("There is no field with this name. Check the spelling.")

# The kinds of fault that pydantic distinguishes, and Django's own sentence for each.
_SENTENCES = {
    "missing": gettext_lazy("This field is required."),
    "extra_forbidden": UNKNOWN_FIELD,
    "bool_parsing": gettext_lazy("Enter true or false."),
    "bool_type": gettext_lazy("Enter true or false."),
    "int_parsing": gettext_lazy("Enter a whole number."),
    "int_type": gettext_lazy("Enter a whole number."),
    "int_from_float": gettext_lazy("Enter a whole number."),
    "int_parsing_size": gettext_lazy("Enter a whole number."),
    "float_parsing": gettext_lazy("Enter a number."),
    "float_type": gettext_lazy("Enter a number."),
    "finite_number": gettext_lazy("Enter a number."),
    "string_too_short": gettext_lazy("This field is required."),
    "string_type": gettext_lazy("Enter text."),
    "string_unicode": gettext_lazy("Enter text in UTF-8."),
    "string_pattern_mismatch": gettext_lazy("Null characters are not allowed."),
    "uuid_parsing": gettext_lazy("Enter a valid UUID."),
    "uuid_type": gettext_lazy("Enter a valid UUID."),
    "timezone_aware": gettext_lazy(
        "Enter the time with its time zone, for example 2026-03-01T14:30:00+05:00."
    ),
    "enum": gettext_lazy("Enter one of: %(expected)s."),
    "literal_error": gettext_lazy("Enter one of: %(expected)s."),
    "greater_than_equal": gettext_lazy(
        "Ensure this value is greater than or equal to %(limit_value)s."
    ),
    "less_than_equal": gettext_lazy("Ensure this value is less than or equal to %(limit_value)s."),
}


def sentence_of(error: Mapping[str, Any]) -> str:
    """The sentence for one fault reported by pydantic."""
    kind, context = error["type"], error.get("ctx", {})
    if kind.startswith("datetime"):
        return _("Enter a valid date/time.")
    if kind.startswith("date_"):
        return _("Enter a valid date.")
    if kind in ("string_too_long", "too_long"):
        return _too_long(context["max_length"])
    if kind not in _SENTENCES:
        return _("This value cannot be read.")
    limit = context.get("ge", context.get("le"))
    return str(_SENTENCES[kind]) % {"limit_value": limit, "expected": context.get("expected", "")}


def _too_long(most: int) -> str:
    return ngettext(
        "Ensure this value has at most %(most)d character.",
        "Ensure this value has at most %(most)d characters.",
        most,
    ) % {"most": most}
