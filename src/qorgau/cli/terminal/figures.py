"""Numbers in the output of commands: exact in JSON, otherwise rounded in the reader's language."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import asdict
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.formats import number_format

from qorgau.analysis.flat_answers import flat
from qorgau.cli.terminal.language import with_minus
from qorgau.foundation.languages import short_day

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


def json_of(result: DataclassInstance) -> str:
    return json.dumps(asdict(flat(result)), ensure_ascii=False, default=_as_text)


def _as_text(value: object) -> str:
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def rounded(value: float | None, decimals: int = 2) -> str:
    """A number with the separators of the reader's language; below zero with a true minus sign."""
    if value is None:
        return "–"
    written = str(number_format(round(value, decimals), decimals, force_grouping=True))
    return with_minus(written)


def short_period(first: dt.date, last: dt.date) -> str:
    return f"{short_day(first)} – {short_day(last)}"


def short_moment(moment: dt.datetime) -> str:
    """A day and a time within a sentence, in the time of the register."""
    local = timezone.localtime(moment)
    return f"{short_day(local.date())} {local:%H:%M %Z}"
