"""Every column of an incident is listed or has a reason; all parts agree with the list."""

from __future__ import annotations

import pytest
from django.db.models import Model

from qorgau.exchange.incidents.fields import INCIDENT_TARGETS, INJURY_TARGETS, PERSON_TARGETS
from qorgau.records.incidents.fields import (
    INCIDENT_FIELDS,
    INJURY_FIELDS,
    INVOLVED_PERSON_FIELDS,
    FieldList,
    Use,
)
from qorgau.records.incidents.models import Report
from qorgau.web.incidents.forms import IncidentForm, InjuryForm, InvolvedForm
from qorgau.web.triage.forms import AcceptForm

LISTS = (INCIDENT_FIELDS, INVOLVED_PERSON_FIELDS, INJURY_FIELDS)
each_list = pytest.mark.parametrize("listed", LISTS, ids=lambda listed: listed.model.__name__)
# In a file these are a day and a time.
IN_A_FILE = {"occurred_at": {"occurred_on", "occurred_time"}, "reported_at": {"reported_on"}}
# References that a form adds as a separate field.
ADDED_BY_FORM = {"unit", "person"}


def columns(model: type[Model]) -> set[str]:
    return {field.name for field in model._meta.get_fields() if field.concrete}


@each_list
def test_every_column_is_listed_or_has_a_reason(listed: FieldList) -> None:
    names = {field.name for field in listed}
    assert not names & set(listed.set_by_the_register)
    assert names | set(listed.set_by_the_register) == columns(listed.model)
    assert all(listed.set_by_the_register.values())


@each_list
def test_choices_are_those_of_the_column(listed: FieldList) -> None:
    for field in listed:
        choices = list(field.choices.choices) if field.choices else None
        assert (field.column.choices or None) == choices, field.name


def test_what_triage_carries_over_is_a_column_of_both() -> None:
    assert set(INCIDENT_FIELDS.names(Use.CARRY_OVER)) <= columns(Report)


@pytest.mark.parametrize(
    ("form", "listed", "use"),
    [
        (IncidentForm, INCIDENT_FIELDS, Use.FORM),
        (AcceptForm, INCIDENT_FIELDS, Use.TRIAGE),
        (InvolvedForm, INVOLVED_PERSON_FIELDS, Use.FORM),
        (InjuryForm, INJURY_FIELDS, Use.FORM),
    ],
)
def test_forms_have_the_fields_of_the_list(form: type, listed: FieldList, use: Use) -> None:
    assert set(form._meta.fields) | ADDED_BY_FORM >= set(listed.names(use))
    assert set(form._meta.fields) <= set(listed.names(use))


@pytest.mark.parametrize(
    ("targets", "listed"),
    [
        (INCIDENT_TARGETS, INCIDENT_FIELDS),
        (PERSON_TARGETS, INVOLVED_PERSON_FIELDS),
        (INJURY_TARGETS, INJURY_FIELDS),
    ],
)
def test_a_file_may_fill_the_listed_fields(targets: tuple, listed: FieldList) -> None:
    wanted = set().union(*(IN_A_FILE.get(name, {name}) for name in listed.names(Use.IMPORT)))
    assert {target.name for target in targets} == wanted


def test_the_api_gives_the_listed_fields() -> None:
    from qorgau.api.incidents import IncidentDetail
    from qorgau.api.involved import InjuryDetail, InvolvedPersonDetail

    for answer, listed in (
        (IncidentDetail, INCIDENT_FIELDS),
        (InvolvedPersonDetail, INVOLVED_PERSON_FIELDS),
        (InjuryDetail, INJURY_FIELDS),
    ):
        given = set(answer.model_fields)
        assert given >= set(listed.names(Use.EXPORT))
        kept = {field.name for field in listed if Use.EXPORT not in field.use}
        assert not given & kept


def test_free_text_and_confidential_fields_are_not_quoted_in_the_journal() -> None:
    quoted = {field.name for listed in LISTS for field in listed if field.is_quoted_in_journal}
    assert quoted <= {field.name for field in INCIDENT_FIELDS}
    assert not quoted & {"narrative", "immediate_action", "finding"}
