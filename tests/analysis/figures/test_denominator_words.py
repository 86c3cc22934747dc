"""Every denominator of person-time has words in the reader's language."""

from __future__ import annotations

from django.utils.translation import override

from qorgau.analysis.figures.denominator_words import DENOMINATOR_LABELS, EXPOSURE_LABELS
from qorgau.analysis.rates.question import PERSON_TIME_DENOMINATORS


def test_the_words_are_those_of_the_method():
    with override("en"):
        for key, one in PERSON_TIME_DENOMINATORS.items():
            assert str(DENOMINATOR_LABELS[key]) == one.label
            assert str(EXPOSURE_LABELS[one.exposure_unit.key]) == one.exposure_unit.label
    assert DENOMINATOR_LABELS.keys() == PERSON_TIME_DENOMINATORS.keys()
