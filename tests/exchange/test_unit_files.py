"""Units and strength from tables: completely or not at all; a second import changes nothing."""

import datetime as dt

import pytest

from qorgau.exchange.unit_files import import_strength, import_units
from qorgau.records.people import queries
from qorgau.records.people.models import StrengthReport, Unit
from qorgau.records.people.services import create_organisation

pytestmark = pytest.mark.django_db

TREE = """\
code,parent,name,echelon,from
B,,Brigade,brigade,2024-01-01
N1,B,First,battalion,2024-01-01
N2,B,Second,battalion,2024-01-01
C,N1,A company,company,2024-01-01
"""


@pytest.fixture
def organisation():
    return create_organisation(code="own", names={"en": "Own"}, acting_user=None)


@pytest.fixture
def file_of(tmp_path):
    def write(text):
        path = tmp_path / "table.csv"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def take(path, organisation, **options):
    return import_units(path, organisation=organisation, acting_user=None, **options)


def codes_below(code, day):
    unit = Unit.objects.get(code=code)
    return set(queries.subtree_on(unit, day).values_list("descendant__code", flat=True))


def test_a_tree_is_imported_once(file_of, organisation):
    first = take(file_of(TREE), organisation)
    again = take(file_of(TREE), organisation)
    assert (first.rows, first.created, first.faults) == (4, 4, [])
    assert (again.created, again.changed, again.unchanged) == (0, 0, 4)
    assert codes_below("B", dt.date(2024, 6, 1)) == {"B", "N1", "N2", "C"}


def test_a_changed_row_moves_the_unit_from_its_day_on(file_of, organisation):
    take(file_of(TREE), organisation)
    moved = TREE.replace("C,N1,A company,company,2024-01-01", "C,N2,A company,company,2025-01-01")
    assert take(file_of(moved), organisation).changed == 1
    assert codes_below("N1", dt.date(2024, 12, 31)) == {"N1", "C"}
    assert codes_below("N1", dt.date(2025, 1, 1)) == {"N1"}


def test_a_dry_run_counts_and_writes_nothing(file_of, organisation):
    report = take(file_of(TREE), organisation, is_dry_run=True)
    assert report.created == 4
    assert not Unit.objects.exists()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("code,parent,from\nX,Y,2024-01-01\nY,X,2024-01-01\n", "belong to itself"),
        ("code,parent,from\nX,Nowhere,2024-01-01\n", "Nowhere"),
        ("code,from\nX,yesterday\n", "yesterday"),
        ("code,from,echelon\nX,2024-01-01,horde\n", "horde"),
        ("name,from\nX,2024-01-01\n", "no column “code”"),
        ("code,from\nX,2024-01-01\nX,2024-01-01\n", "same code"),
    ],
)
def test_a_bad_table_is_refused_in_a_sentence_and_nothing_is_written(
    file_of, organisation, text, words
):
    report = take(file_of(text), organisation)
    assert any(words in fault.sentence for fault in report.faults)
    assert (report.created, report.changed, report.unchanged) == (0, 0, 0)
    assert not Unit.objects.exists()


def test_one_bad_row_of_strength_keeps_the_others_out(file_of, organisation):
    take(file_of(TREE), organisation)
    table = "unit,from,until,strength\nN1,2024-01-01,2025-01-01,300\nN2,2024-01-01,2025-01-01,-4\n"
    report = import_strength(file_of(table), acting_user=None)
    assert [fault.row for fault in report.faults] == [3]
    assert "below zero" in report.faults[0].sentence
    assert not StrengthReport.objects.exists()


def test_strength_is_imported_once(file_of, organisation):
    take(file_of(TREE), organisation)
    table = "unit,from,until,strength,category\nN1,2024-01-01,2025-01-01,300,conscript\n"
    assert import_strength(file_of(table), acting_user=None).created == 1
    assert import_strength(file_of(table), acting_user=None).unchanged == 1
    assert StrengthReport.objects.get().strength == 300
