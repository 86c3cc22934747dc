"""Importing a file: every row, repeated, corrected and changed."""

from __future__ import annotations

import csv
from dataclasses import replace
from types import SimpleNamespace

import pytest
from django.utils import translation
from openpyxl import Workbook

from qorgau.exchange.formats.format_errors import FormatError
from qorgau.exchange.formats.mapping import MappingEngine
from qorgau.exchange.incidents.importing import IncidentImport
from qorgau.foundation.identity.authority import NotAuthorised
from qorgau.foundation.identity.roles import Role
from qorgau.foundation.journal.models import JournalEntry
from qorgau.foundation.journal.verification import verify_journal
from qorgau.records.incidents.models import ImportRun, Incident, Injury, RejectedRow
from qorgau.records.people.models import Organisation, Unit, UnitVersion
from qorgau.records.people.services import grant_role
from tests.exchange.incidents.conftest import HEADER, cells
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def run(mapping, now):
    """Import a file and return the report."""

    def call(path, *, user=None, dry=False, rejects=None, by=mapping, **options):
        wanted = IncidentImport(
            path, by, acting_user=user, is_dry_run=dry, now=now, batch_rows=7, **options
        )
        return wanted.run(rejects_path=rejects)

    return call


def manages_units_too(user, world: World) -> None:
    grant_role(user=user, role=Role.ADMINISTRATOR, unit=world.battalion, acting_user=None)


def counts(report):
    return (
        report.imported,
        report.updated,
        report.unchanged,
        report.duplicate,
        report.rejected,
    )


def register():
    """Everything that an import may change, without times."""
    models = (Incident, Injury, Unit, UnitVersion, Organisation, ImportRun, RejectedRow)
    return {
        model.__name__: [
            {k: v for k, v in row.items() if not k.endswith("_at")}
            for row in model.objects.order_by("pk").values()
        ]
        for model in models
    }


def test_rows_become_incidents_of_units_created_by_the_rule(file_of, run):
    report = run(file_of([cells(n) for n in range(20)]))
    assert counts(report) == (20, 0, 0, 0, 0)
    assert (report.row_count, report.units_created) == (20, 4)
    incident = Incident.objects.get(source="their-system", source_key="5")
    assert incident.occurred_on.isoformat() == "2024-03-06"
    assert incident.precision == "minute"
    assert incident.unit.code == "U-2"
    assert incident.involved.get().injuries.get().days_away == 0
    version = UnitVersion.objects.get(unit__code="U-2")
    assert (version.name_ru, version.parent.code, version.echelon) == ("Рота 2", "TOP", "company")
    assert verify_journal().is_intact


def test_second_time_changes_nothing_but_the_record_of_the_import(file_of, run):
    path = file_of([cells(n) for n in range(20)])
    run(path)
    before = register()
    report = run(path)
    after = register()
    assert counts(report) == (0, 0, 20, 0, 0)
    assert len(after.pop("ImportRun")) == len(before.pop("ImportRun")) + 1
    assert after == before


def test_dry_run_says_what_a_run_would_do_and_writes_nothing(file_of, run, tmp_path):
    rows = [*(cells(n) for n in range(20)), cells(20, day="31.02.2024"), cells(3)]
    path = file_of(rows)
    before = (register(), JournalEntry.objects.count())
    tried = run(path, dry=True, rejects=tmp_path / "tried.csv")
    assert (register(), JournalEntry.objects.count()) == before
    done = run(path, rejects=tmp_path / "done.csv")
    assert counts(tried) == counts(done) == (20, 0, 0, 1, 1)
    assert tried.units_created == done.units_created == 4
    assert tried.rejections == done.rejections
    assert (tmp_path / "tried.csv").read_bytes() == (tmp_path / "done.csv").read_bytes()


def test_row_with_another_content_updates_its_incident(file_of, run):
    run(file_of([cells(n) for n in range(9)]))
    report = run(file_of([cells(0, story="Упал с крыши"), *(cells(n) for n in range(1, 9))]))
    assert counts(report) == (0, 1, 8, 0, 0)
    assert Incident.objects.get(source_key="0").narrative == "Упал с крыши"


def test_repeated_row_is_a_duplicate_and_a_contradicting_one_is_rejected(file_of, run):
    rows = [*(cells(n) for n in range(9)), cells(2), cells(3, story="Другое")]
    report = run(file_of(rows))
    assert counts(report) == (9, 0, 0, 1, 1)
    assert report.rejections[0].row == 12
    assert "has the same key as row 5" in report.rejections[0].reason


BAD = {
    "day in the future": ({"day": "02.06.2024"}, "is later than today (2024-06-01)"),
    "time in the future": ({"day": "01.06.2024", "time": "23:59"}, "is in the future"),
    "no date": ({"day": "yesterday"}, "is not a date in any of these formats: d.m.Y, excel"),
    "date left empty": ({"day": "?"}, "Day of the event is empty"),
    "unknown kind": ({"kind": "injry"}, 'the nearest is "injury"'),
    "negative days": ({"days": "-3"}, "is below 0"),
    "no unit": ({"unit": ""}, ""),
    "before the unit": ({"day": "31.12.1989"}, "existed from 1990-01-01"),
    "no key": ({"id": " "}, "(id) are empty"),
    "long unit code": ({"unit": "x" * 65}, "maximum 64 characters"),
}


@pytest.mark.parametrize("case", [case for case in BAD if case != "no unit"])
def test_bad_row_is_rejected_with_its_reason_and_the_others_are_imported(file_of, run, case):
    changes, reason = BAD[case]
    report = run(file_of([cells(0), cells(1, **changes), cells(2)]))
    assert counts(report) == (2, 0, 0, 0, 1)
    assert report.rejections[0].row == 3
    assert reason in report.rejections[0].reason


def test_rejects_are_corrected_and_imported_again(file_of, run, tmp_path):
    rejects = tmp_path / "rejects.csv"
    rows = [cells(0), cells(1, day="31.02.2024", story="=SUM(A1)"), cells(2, days="few")]
    assert counts(run(file_of(rows), rejects=rejects)) == (1, 0, 0, 0, 2)
    with rejects.open(encoding="utf-8-sig", newline="") as file:
        header, *lines = csv.reader(file)
    assert header == [*HEADER, "qorgau_reason"]
    assert lines[0][4] == "'=SUM(A1)"
    lines[0][1], lines[1][5] = "28.02.2024", "3"
    with rejects.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *lines])
    assert counts(run(rejects, rejects=tmp_path / "left.csv")) == (2, 0, 0, 0, 0)
    assert Incident.objects.get(source_key="1").narrative == "=SUM(A1)"
    assert not (tmp_path / "left.csv").exists()
    # The whole file again: corrected rows are known, bad rows are still bad.
    assert counts(run(file_of(rows))) == (0, 0, 1, 0, 2)


def test_workbook_and_table_with_the_same_content_are_the_same(file_of, run, tmp_path):
    rows = [cells(n) for n in range(9)]
    run(file_of(rows))
    book = Workbook()
    for row in [HEADER, *rows]:
        book.active.append(list(row))
    book.save(tmp_path / "a.xlsx")
    assert counts(run(tmp_path / "a.xlsx")) == (0, 0, 9, 0, 0)


def test_row_that_cannot_be_split_into_cells_is_rejected_whole(file_of, run, tmp_path):
    path = file_of([cells(0)])
    with path.open("a", encoding="utf-8") as file:
        file.write('9,"a"b,c\n1,2,3\n')
    report = run(path, rejects=tmp_path / "rejects.csv")
    assert counts(report) == (1, 0, 0, 0, 2)
    assert '9,"a"b,c' in RejectedRow.objects.get(row_number=3).cells


def test_zero_bytes_in_a_row_are_rejected_on_every_database(file_of, run):
    path = file_of([cells(0)])
    with path.open("ab") as file:
        file.write(b"1,\0\0,x,,,,,\n")
    assert counts(run(path)) == (1, 0, 0, 0, 1)


def test_file_that_was_cut_off_is_refused_before_anything_is_written(file_of, run):
    path = file_of([cells(n) for n in range(20)])
    content = path.read_bytes()
    path.write_bytes(content[: content.rindex(b",")])
    with pytest.raises(FormatError, match="The file was cut short: it ends in row 21"):
        run(path)
    assert not Incident.objects.exists()
    assert not ImportRun.objects.exists()


def test_mapping_with_unknown_columns_is_refused_naming_each(file_of, mapping_with, run):
    by = mapping_with('"story"', '"stroy"')
    with pytest.raises(FormatError, match=r'no column "stroy".*the nearest is "story"'):
        run(file_of([cells(0)]), by=by)


def test_mapping_without_units_is_refused(file_of, mapping, run):
    with pytest.raises(FormatError, match="does not say to which unit an incident"):
        run(file_of([cells(0)]), by=replace(mapping, units=None))


def test_unknown_unit_is_rejected_when_no_units_are_created(file_of, mapping_with, run):
    report = run(file_of([cells(0)]), by=mapping_with("create = true", "create = false"))
    assert 'no unit with the code "U-0"' in report.rejections[0].reason
    assert not Unit.objects.exists()


def test_user_imports_only_into_own_units(file_of, mapping_with, run, world: World):
    by = mapping_with("create = true", "create = false")
    officer = world.inside[Role.SAFETY_OFFICER]
    rows = [cells(0, unit="BDE-1-1"), cells(1, unit="BDE-2"), cells(2, unit="U-1")]
    report = run(file_of(rows), by=by, user=officer)
    assert counts(report) == (1, 0, 0, 0, 2)
    # A unit of others gives the same message as one that does not exist.
    assert [r.reason.replace("BDE-2", "U-1") for r in report.rejections] == [
        report.rejections[1].reason
    ] * 2


def test_user_creates_units_only_below_an_own_one(file_of, mapping_with, run, world: World):
    path = file_of([cells(0)])
    officer = world.inside[Role.SAFETY_OFFICER]
    with pytest.raises(FormatError, match="does not say which unit they belong to"):
        run(path, user=officer)
    elsewhere = mapping_with("create = true", 'create = true\nunder = "BDE-2"')
    with pytest.raises(FormatError, match="not a unit that you may import into"):
        run(path, by=elsewhere, user=officer)
    own = mapping_with("create = true", 'create = true\nunder = "BDE-1"')
    refused = run(path, by=own, user=officer)
    assert counts(refused) == (0, 0, 0, 0, 1)
    assert 'no unit with the code "U-0"' in refused.rejections[0].reason
    manages_units_too(officer, world)
    assert counts(run(path, by=own, user=officer)) == (1, 0, 0, 0, 0)
    assert UnitVersion.objects.get(unit__code="TOP").parent == world.battalion


def test_role_without_the_right_imports_nothing(file_of, mapping_with, run, world: World):
    by = mapping_with("create = true", "create = false")
    with pytest.raises(NotAuthorised):
        run(file_of([cells(0, unit="BDE-1-1")]), by=by, user=world.inside[Role.COMMANDER])
    assert not ImportRun.objects.exists()


def test_every_change_is_journalled_in_the_name_of_the_importing_user(
    file_of, mapping_with, run, world: World
):
    officer = world.inside[Role.SAFETY_OFFICER]
    manages_units_too(officer, world)
    before = JournalEntry.objects.count()
    own = mapping_with("create = true", 'create = true\nunder = "BDE-1"')
    run(file_of([cells(n) for n in range(9)]), by=own, user=officer)
    rows = JournalEntry.objects.filter(sequence__gt=before)
    assert {row.actor for row in rows} == {str(officer.uuid)}
    actions = sorted(row.action for row in rows)
    assert actions.count("incidents.incident_recorded") == 9
    assert actions.count("people.unit_created") == 4
    assert "incidents.import_begun" in actions
    assert "incidents.import_finished" in actions


def test_interrupted_import_continues_where_it_stopped(file_of, mapping, now, monkeypatch):
    path = file_of([*(cells(n) for n in range(30)), cells(2), cells(31, day="?")])

    def part(batches):
        """Take so many batches; the clock stands still but for the last."""
        readings = iter([0.0] * batches + [1.0] * 9)
        clock = SimpleNamespace(monotonic=lambda: next(readings))
        monkeypatch.setattr("qorgau.exchange.incidents.importing.time", clock)
        wanted = IncidentImport(path, mapping, acting_user=None, now=now, batch_rows=7)
        return wanted.run(seconds=0.5)

    first = part(2)
    assert (first.is_finished, first.settled, first.was_resumed) == (False, 14, False)
    second = part(1)
    assert (second.is_finished, second.settled, second.was_resumed) == (False, 21, True)
    last = part(100)
    assert last.is_finished
    assert counts(last) == (30, 0, 0, 1, 1)
    assert ImportRun.objects.count() == 1


def test_progress_is_reported_after_every_batch(file_of, mapping, now):
    progress = []
    wanted = IncidentImport(
        file_of([cells(n) for n in range(20)]), mapping, acting_user=None, now=now, batch_rows=7
    )
    wanted.run(on_progress=lambda done, total: progress.append((done, total)))
    assert progress == [(7, 20), (14, 20), (20, 20)]


def test_file_is_read_in_batches_and_never_as_a_whole(file_of, mapping, now, monkeypatch):
    """The import never has more mapped rows in memory than one batch."""
    held, most = [], 0
    original = MappingEngine.map_row

    def counting(self, row):
        nonlocal most
        held.append(row.number)
        most = max(most, len(held))
        return original(self, row)

    monkeypatch.setattr(MappingEngine, "map_row", counting)
    wanted = IncidentImport(
        file_of([cells(n) for n in range(50)]), mapping, acting_user=None, now=now, batch_rows=7
    )
    wanted.run(on_progress=lambda done, total: held.clear())
    assert most == 7


def test_empty_table_is_imported_as_no_rows(file_of, run):
    assert counts(run(file_of([]))) == (0, 0, 0, 0, 0)
