"""The ready mappings with their real files, and read back from their own text."""

from __future__ import annotations

import csv
import datetime as dt
from collections import Counter
from pathlib import Path

import pytest
from django.db.models import Count

from qorgau.exchange.formats.mapping import mapping_from_toml, mapping_to_toml, read_mapping
from qorgau.exchange.incidents.fields import INCIDENT_SCHEMA
from qorgau.exchange.incidents.importing import import_incidents
from qorgau.exchange.incidents.suggesting import suggest_incident_mapping
from qorgau.records.incidents.models import Incident, Injury
from qorgau.records.people.models import Unit
from tests.how_long import how_many

ROOT = Path(__file__).resolve().parents[3]
MSHA = ("msha/us_mine_accidents_1500.csv", "msha")
POLICE = ("police_deaths/all_data.csv", "police_deaths")


def example(name: str):
    return read_mapping(ROOT / "examples" / f"{name}.toml", INCIDENT_SCHEMA)


@pytest.mark.parametrize("name", ["msha", "police_deaths"])
def test_ready_mapping_is_valid_and_can_be_written_again(name: str) -> None:
    mapping = example(name)
    assert mapping_from_toml(mapping_to_toml(mapping), INCIDENT_SCHEMA) == mapping


@pytest.mark.django_db
def test_all_mine_accidents_are_imported_and_a_second_import_changes_nothing(
    shared_data: Path,
) -> None:
    file, name = MSHA
    first = import_incidents(shared_data / file, example(name), acting_user=None)
    assert (first.row_count, first.imported, first.rejected) == (1500, 1500, 0)
    again = import_incidents(shared_data / file, example(name), acting_user=None)
    assert (again.unchanged, again.settled, again.units_created) == (1500, 1500, 0)

    with (shared_data / file).open(encoding="utf-8", newline="") as source:
        rows = list(csv.DictReader(source))
    years = Counter(int(row["CAL_YR"]) for row in rows)
    held = Incident.objects.values_list("occurred_on__year").annotate(n=Count("pk"))
    # The source has the calendar year in a separate column: the dates were read correctly.
    assert dict(held) == dict(years)
    fatal = sum(row["DEGREE_INJURY_CD"] == "1" for row in rows)
    assert Injury.objects.filter(outcome="fatal").count() == fatal == 10
    accidents_only = Incident.objects.filter(kind="dangerous_occurrence")
    assert accidents_only.count() == 155
    assert not Injury.objects.filter(involved__incident__in=accidents_only).exists()
    lost = sum(int(row["DAYS_LOST"] or 0) for row in rows if row["DEGREE_INJURY_CD"] != "0")
    assert sum(Injury.objects.values_list("days_away", flat=True)) == lost


@pytest.fixture(scope="module")
def some_police_deaths(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every thirtieth row of the file, which covers all its years; with --long every row."""
    path = tmp_path_factory.mktemp("police") / "some.csv"
    with (shared_data / POLICE[0]).open(encoding="utf-8", newline="") as source:
        header, *rows = csv.reader(source)
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows[:: how_many(30, 1)]])
    return path


@pytest.mark.django_db
def test_all_police_deaths_are_imported_and_a_second_import_changes_nothing(
    some_police_deaths: Path,
) -> None:
    mapping = example(POLICE[1])
    count = how_many(760, 22_800)
    first = import_incidents(some_police_deaths, mapping, acting_user=None)
    assert (first.row_count, first.imported, first.rejected) == (count, count, 0)
    again = import_incidents(some_police_deaths, mapping, acting_user=None)
    assert (again.unchanged, again.settled, again.units_created) == (count, count, 0)

    with some_police_deaths.open(encoding="utf-8", newline="") as source:
        rows = list(csv.DictReader(source))
    shot = sum(row["cause"] == "Cause of Death: Gunfire" for row in rows)
    assert Incident.objects.filter(cause="violence.firearm").count() == shot > count * 0.4
    states = {row["dept"].rpartition(", ")[2] for row in rows}
    departments = {row["dept"] for row in rows}
    assert Unit.objects.count() == 1 + len(states) + len(departments)
    days = Incident.objects.order_by("occurred_on").values_list("occurred_on", flat=True)
    assert days.first() == dt.date(1791, 1, 3)
    assert not Incident.objects.filter(narrative__contains="Quimby").exists()


def test_every_cause_of_the_file_has_a_place(shared_data: Path) -> None:
    with (shared_data / POLICE[0]).open(encoding="utf-8", newline="") as source:
        causes = {row["cause"].removeprefix("Cause of Death: ") for row in csv.DictReader(source)}
    rule = dict(example(POLICE[1]).fields)["cause"]
    assert {text for text, _ in rule.values} == causes


@pytest.mark.django_db
def test_suggested_mapping_can_be_used_as_it_is(
    shared_data: Path, some_police_deaths: Path
) -> None:
    for path in (shared_data / MSHA[0], some_police_deaths):
        suggestion = suggest_incident_mapping(path)
        mapping = mapping_from_toml(suggestion.to_toml(), INCIDENT_SCHEMA)
        report = import_incidents(path, mapping, acting_user=None, is_dry_run=True)
        assert report.settled == report.row_count
        assert report.imported > 0.95 * report.row_count


@pytest.mark.django_db
def test_suggestion_for_mine_accidents_finds_what_a_person_would(shared_data: Path) -> None:
    suggestion = suggest_incident_mapping(shared_data / MSHA[0])
    found = {column.column: column.field for column in suggestion.columns if column.field}
    assert found == found | {
        "ACCIDENT_DT": "occurred_on",
        "ACCIDENT_TIME": "occurred_time",
        "NARRATIVE": "narrative",
        "DAYS_LOST": "days_away",
        "DAYS_RESTRICT": "days_limited",
        "NATURE_INJURY": "nature",
        "INJ_BODY_PART": "body_region",
        "DEGREE_INJURY": "outcome",
        "CONTROLLER_ID": "units",
        "MINE_ID": "units",
    }
    assert "DOCUMENT_NO" not in found
