"""Figures as commands print them: exact ones as JSON, others rounded in the reader's language."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import asdict
from typing import TYPE_CHECKING

from django.utils.formats import number_format

from qorgau.analysis.flat_answers import flat

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


def json_of(result: DataclassInstance) -> str:
    return json.dumps(asdict(flat(result)), ensure_ascii=False, default=_as_text)


def _as_text(value: object) -> str:
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def rounded(value: float | None, decimals: int = 2) -> str:
    if value is None:
        return "–"
    return str(number_format(round(value, decimals), decimals, force_grouping=True))
