"""An answer as programs get it: one level of keys, under the names and types of its parts."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass, field

from qorgau.analysis.answers import Provenance
from qorgau.analysis.flat_answers import INSIDE_ONLY, flat, flat_type, spread_out

NOON = dt.datetime(2024, 3, 1, 12, tzinfo=dt.UTC)
DAY = dt.date(2024, 3, 1)


@dataclass(frozen=True)
class Counted:
    """How many.

    Attributes
    ----------
    cases : int
        Incidents.
    label : str
        What was counted, for pages.
    provenance : Provenance
        Where they come from,
        in two lines.
    level : float
        Of the limits.
    """

    cases: int
    label: str = field(metadata=INSIDE_ONLY)
    provenance: Provenance = field(metadata=spread_out(first_day="week_start"))
    level: float = 0.95


ANSWER = Counted(
    3, "injuries", Provenance({"unit": "B"}, DAY, DAY, NOON, "count", is_synthetic=False)
)


def test_the_fields_of_a_part_are_beside_those_of_the_answer():
    assert asdict(flat(ANSWER)) == {
        "cases": 3,
        "inputs": {"unit": "B"},
        "week_start": DAY,
        "last_day": DAY,
        "as_of": NOON,
        "method": "count",
        "is_synthetic": False,
        "version": ANSWER.provenance.version,
        "level": 0.95,
    }


def test_the_type_has_the_name_the_fields_and_the_words_of_the_answer():
    kind = flat_type(Counted)
    assert kind.__name__ == "Counted"
    assert kind.__annotations__["week_start"] is dt.date
    assert kind.__doc__.startswith("How many.")
    assert "week_start, last_day : date\n    Period covered" in kind.__doc__
    assert kind.__doc__.endswith("level : float\n    Of the limits.")
    for absent in ("provenance", "label", "two lines", "first_day"):
        assert absent not in kind.__doc__


def test_a_list_of_answers_is_a_list_of_flat_ones():
    assert flat_type(list[Counted]) == list[flat_type(Counted)]


def test_an_answer_without_parts_stays_as_it_is():
    @dataclass(frozen=True)
    class Plain:
        """One number."""

        number: int

    assert asdict(flat(Plain(2))) == {"number": 2}
