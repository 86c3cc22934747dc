"""The fields that a file may fill are those of the register and of the vocabulary."""

from __future__ import annotations

import pytest

from qorgau.exchange.incidents.fields import (
    INCIDENT_SCHEMA,
    INCIDENT_TARGETS,
    INJURY_TARGETS,
    PERSON_TARGETS,
    incident_vocabulary,
)
from qorgau.records.incidents.models import Incident, Injury, InvolvedPerson

MODEL_OF = {INCIDENT_TARGETS: Incident, PERSON_TARGETS: InvolvedPerson, INJURY_TARGETS: Injury}
# Separate in a file, together in the register.
SPLIT = {"occurred_time", "reported_on"}
each_field = pytest.mark.parametrize(
    ("field", "model"),
    [(field, model) for fields, model in MODEL_OF.items() for field in fields],
    ids=lambda value: getattr(value, "name", value.__name__ if callable(value) else value),
)


@each_field
def test_field_fits_into_its_column(field, model) -> None:
    if field.name in SPLIT:
        return
    column = model._meta.get_field(field.name)
    if field.kind == "text":
        assert field.longest_characters == column.max_length
    if field.kind == "choice":
        assert set(field.choices) <= {value for value, _ in column.flatchoices}


def test_vocabulary_knows_every_field_and_only_values_that_exist() -> None:
    vocabulary = incident_vocabulary()
    assert set(vocabulary.fields) == set(INCIDENT_SCHEMA.names())
    for name, values in vocabulary.values.items():
        assert set(values) <= set(INCIDENT_SCHEMA.field(name).choices), name
    for name, value in vocabulary.otherwise.items():
        assert value in INCIDENT_SCHEMA.field(name).choices


def test_no_word_of_the_vocabulary_mixes_alphabets() -> None:
    vocabulary = incident_vocabulary()
    phrases = [p for known in vocabulary.fields.values() for p in known]
    phrases += [
        p for field in vocabulary.values.values() for known in field.values() for p in known
    ]
    for phrase in (*phrases, *vocabulary.units, *vocabulary.keys, *vocabulary.nulls):
        for word in phrase.replace("/", " ").split():
            letters = [sign for sign in word if sign.isalpha()]
            assert len({sign < "\u0250" for sign in letters}) <= 1, word


def test_phrases_of_different_fields_do_not_clash() -> None:
    seen: dict[str, str] = {}
    for field, phrases in incident_vocabulary().fields.items():
        for phrase in phrases:
            assert seen.setdefault(phrase, field) == field, phrase
