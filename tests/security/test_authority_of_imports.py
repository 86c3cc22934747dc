"""The attack: a row of a file with the key of an incident that the importing person may not touch.

Found by hand: an analyst of one battalion overwrote a medical incident of another by importing a
row with its source and key, and the trial told whether a key exists.
"""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

import pytest
from django.utils import translation

from qorgau.exchange.formats.mapping import mapping_from_toml
from qorgau.exchange.incidents.fields import INCIDENT_SCHEMA
from qorgau.exchange.incidents.importing import IncidentImport
from qorgau.exchange.incidents.report import IncidentImportReport
from qorgau.exchange.unit_files import import_strength, import_units
from qorgau.foundation.identity.models import User
from qorgau.foundation.identity.roles import CAPABILITIES, Capability, Role
from qorgau.records.incidents.models import Incident
from qorgau.records.incidents.services import edit_incident
from qorgau.records.people.models import StrengthReport, Unit, UnitVersion
from tests.exchange.incidents.conftest import HEADER, MAPPING, cells
from tests.records.test_every_service import contents
from tests.world import World

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2024, 6, 1, 12, tzinfo=dt.UTC)
OWN, FOREIGN, UNKNOWN = "BDE-2", "BDE-1-1", "U-9"
WORDS = 'There is no unit with the code "%s" that you may import into. Correct the code, or set'
COLUMN = "secrecy"


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def row(key: int, unit: str, story: str = "Fell.", secrecy: str = "plain") -> list[str]:
    return [*cells(key, unit=unit, story=story), secrecy]


def imported(
    folder: Path, rows: list[list[str]], user: User | None, *, is_dry_run: bool = False, **rule: str
) -> IncidentImportReport:
    text = MAPPING.replace("create = true", rule.get("units", "create = false"))
    text = text.replace("[units]", f'confidentiality = "{COLUMN}"\n\n[units]', 1)
    path = folder / "accidents.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([[*HEADER, COLUMN], *rows])
    mapping = mapping_from_toml(text, INCIDENT_SCHEMA)
    wanted = IncidentImport(path, mapping, acting_user=user, is_dry_run=is_dry_run, now=NOW)
    return wanted.run()


def counts(report: IncidentImportReport) -> tuple[int, ...]:
    return (
        report.imported,
        report.updated,
        report.unchanged,
        report.duplicate,
        report.rejected,
    )


# What is stored under key 1, as the system imported it; and the row that the analyst of the second
# battalion sends. The last three are what a row of an unknown unit and of a new key look like.
STORED = {"foreign": row(1, FOREIGN), "own": row(1, OWN), "medical": row(1, OWN, secrecy="medical")}
ROWS = {
    "another content, moved into the own unit": ("foreign", row(1, OWN, "Overwritten.")),
    "another content, in its unit": ("foreign", row(1, FOREIGN, "Overwritten.")),
    "the same content": ("foreign", row(1, FOREIGN)),
    "an own one, moved away": ("own", row(1, FOREIGN)),
    "an own one, made medical": ("own", row(1, OWN, secrecy="medical")),
    "a medical one, the same content": ("medical", row(1, OWN, secrecy="medical")),
    "a medical one, made plain": ("medical", row(1, OWN)),
    "a new one, of others": ("own", row(2, FOREIGN)),
    "a new one, medical": ("own", row(2, OWN, secrecy="medical")),
    "an unknown unit": ("own", row(2, UNKNOWN)),
    "an unknown unit, a stored key": ("foreign", row(1, UNKNOWN)),
}


@pytest.mark.parametrize("case", ROWS)
def test_row_without_authority_is_one_of_an_unknown_unit(
    case: str, world: World, tmp_path: Path
) -> None:
    stored, sent = ROWS[case]
    assert counts(imported(tmp_path, [STORED[stored]], None)) == (1, 0, 0, 0, 0)
    before = contents()
    analyst = world.outside[Role.ANALYST]
    tried = imported(tmp_path, [sent], analyst, is_dry_run=True)
    assert contents() == before
    done = imported(tmp_path, [sent], analyst)
    assert counts(tried) == counts(done) == (0, 0, 0, 0, 1)
    assert tried.rejections == done.rejections
    assert done.rejections[0].reason.startswith(WORDS % sent[HEADER.index("unit")])
    after = contents()
    kept = [name for name in before if name.startswith(("incidents.I", "people."))]
    kept.remove("incidents.ImportRun")
    assert {name: after[name] for name in kept} == {name: before[name] for name in kept}


@pytest.mark.parametrize("key", [1, 2], ids=["a stored key", "a new key"])
def test_repeated_rows_do_not_tell_whether_a_key_is_stored(
    key: int, world: World, tmp_path: Path
) -> None:
    imported(tmp_path, [STORED["foreign"]], None)
    rows = [row(key, FOREIGN), row(key, FOREIGN)]
    report = imported(tmp_path, rows, world.outside[Role.ANALYST], is_dry_run=True)
    assert counts(report) == (0, 0, 0, 0, 2)
    assert len({one.reason for one in report.rejections}) == 1


def test_an_incident_made_confidential_since_is_not_told_of(world: World, tmp_path: Path) -> None:
    """Not by its number either, which an import names when a person has worked on an incident."""
    imported(tmp_path, [STORED["own"]], None)
    incident = Incident.objects.get(source_key="1")
    changes = {"confidentiality": "medical"}
    edit_incident(incident=incident, changes=changes, acting_user=None)
    (told,) = imported(tmp_path, [row(1, OWN, "Else.")], world.outside[Role.ANALYST]).rejections
    assert incident.number not in told.reason
    assert told.reason.startswith(WORDS % OWN)


def test_own_plain_rows_come_in_change_and_stay(world: World, tmp_path: Path) -> None:
    analyst = world.outside[Role.ANALYST]
    assert counts(imported(tmp_path, [row(1, OWN)], analyst)) == (1, 0, 0, 0, 0)
    assert counts(imported(tmp_path, [row(1, OWN)], analyst)) == (0, 0, 1, 0, 0)
    assert counts(imported(tmp_path, [row(1, OWN, "Else.")], analyst)) == (0, 1, 0, 0, 0)


def test_injuries_need_a_capability_of_their_own(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    imported(tmp_path, [STORED["own"]], None)
    without = CAPABILITIES[Role.ANALYST] - {Capability.IMPORT_MEDICAL}
    monkeypatch.setitem(CAPABILITIES, Role.ANALYST, without)
    before = Incident.objects.count()
    kind = HEADER.index("kind")
    rows = [row(1, OWN), row(2, OWN), row(3, OWN)]
    rows[0][kind] = rows[2][kind] = "near_miss"
    report = imported(tmp_path, rows, world.outside[Role.ANALYST])
    # The first would delete the stored injury, the second makes one; the third has none.
    assert counts(report) == (1, 0, 0, 0, 2)
    assert Incident.objects.count() == before + 1


def test_units_are_not_made_without_managing_units(world: World, tmp_path: Path) -> None:
    before = (Unit.objects.count(), UnitVersion.objects.count())
    rule = f'create = true\nunder = "{OWN}"'
    for is_dry_run in (True, False):
        report = imported(
            tmp_path,
            [row(1, UNKNOWN)],
            world.outside[Role.ANALYST],
            is_dry_run=is_dry_run,
            units=rule,
        )
        assert counts(report) == (0, 0, 0, 0, 1)
        assert report.units_created == 0
    assert (Unit.objects.count(), UnitVersion.objects.count()) == before


@pytest.mark.parametrize("role", [Role.ANALYST, Role.ADMINISTRATOR])
def test_tables_of_units_and_strength_change_only_own_units(
    role: str, world: World, tmp_path: Path
) -> None:
    who = world.outside[role]
    units, strength = tmp_path / "units.csv", tmp_path / "strength.csv"
    units.write_text("code,from,parent,name\nBDE-1-1,2024-02-01,BDE-2,Taken\n", encoding="utf-8")
    unknown = strength.with_name("unknown.csv")
    header = "unit,from,until,strength\n"
    strength.write_text(header + "BDE-1-1,2022-01-01,2025-01-01,100\n", encoding="utf-8")
    unknown.write_text(header + "BDE-9,2022-01-01,2025-01-01,100\n", encoding="utf-8")
    before = (list(UnitVersion.objects.values()), list(StrengthReport.objects.values()))
    assert import_units(units, organisation=world.organisation, acting_user=who).faults
    told, of_none = (
        import_strength(strength, acting_user=who),
        import_strength(unknown, acting_user=who),
    )
    assert told.faults[0].sentence.replace("BDE-1-1", "BDE-9") == of_none.faults[0].sentence
    assert (list(UnitVersion.objects.values()), list(StrengthReport.objects.values())) == before
