"""``qorgau import``: import another system's file, and suggest a mapping for an unknown one."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from qorgau.cli.main import app
from qorgau.foundation.identity.roles import Role
from qorgau.records.incidents.models import ImportRun, Incident
from tests.exchange.incidents.conftest import HEADER, MAPPING, cells
from tests.world import World

pytestmark = pytest.mark.django_db
runner = CliRunner()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A person's folder: a file with one bad row, and a mapping for it."""
    monkeypatch.chdir(tmp_path)
    rows = [*(cells(n) for n in range(5)), cells(5, day="31.02.2024")]
    with Path("accidents.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([HEADER, *rows])
    Path("map.toml").write_text(MAPPING, encoding="utf-8")
    return tmp_path


def run(*words: str):
    return runner.invoke(app, ["import", *words])


def test_counts_and_reasons_are_printed_and_rejects_are_written(folder: Path) -> None:
    result = run("incidents", "accidents.csv", "--mapping", "map.toml")
    assert result.exit_code == 0
    assert (
        "Rows: 6. Imported: 5, updated: 0, unchanged: 0, duplicate: 0, rejected: 1."
        in result.stdout
    )
    assert 'Row 7: "31.02.2024" is not a date' in result.stdout
    assert "accidents-rejects.csv" in result.stdout
    assert Path("accidents-rejects.csv").read_text(encoding="utf-8-sig").count("\n") == 2
    again = run("incidents", "accidents.csv", "--mapping", "map.toml")
    assert "Imported: 0, updated: 0, unchanged: 5, duplicate: 0, rejected: 1." in again.stdout


def test_a_dry_run_writes_neither_rows_nor_files(folder: Path) -> None:
    before = sorted(folder.iterdir())
    result = run("incidents", "accidents.csv", "--mapping", "map.toml", "--dry-run")
    assert "Imported: 5" in result.stdout
    assert "nothing was written" in result.stdout
    assert not Incident.objects.exists()
    assert sorted(folder.iterdir()) == before


def test_rejects_go_to_the_given_file_also_in_a_dry_run(folder: Path) -> None:
    run("incidents", "accidents.csv", "--mapping", "map.toml", "--dry-run", "--rejects", "bad.csv")
    assert "31.02.2024" in Path("bad.csv").read_text(encoding="utf-8-sig")


def test_json_contains_every_count(folder: Path) -> None:
    result = run("incidents", "accidents.csv", "--mapping", "map.toml", "--json")
    answer = json.loads(result.stdout)
    assert (answer["row_count"], answer["imported"], answer["rejected"]) == (6, 5, 1)
    assert answer["rejections"][0]["row"] == 7
    assert ImportRun.objects.get(uuid=answer["run_uuid"]).finished_at is not None


def test_importing_as_a_user_reaches_only_that_user_s_units(folder: Path, world: World) -> None:
    Path("map.toml").write_text(MAPPING.replace("create = true", "create = false"))
    officer = world.inside[Role.SAFETY_OFFICER].username
    result = run("incidents", "accidents.csv", "--mapping", "map.toml", "--user", officer, "--json")
    assert json.loads(result.stdout)["rejected"] == 6
    nobody = run("incidents", "accidents.csv", "--mapping", "map.toml", "--user", "nobody")
    assert nobody.exit_code == 1
    assert "There is no user called nobody." in nobody.stderr


@pytest.mark.parametrize(
    ("content", "mapping", "sentence"),
    [
        ('id,"day', MAPPING, "was cut short"),
        ("\ufeff", MAPPING, "should contain the column names"),
        ("id,day\n1,2\n", MAPPING, 'no column "kind"'),
        ("id,day\n1,2\n", "[mapping", "not valid TOML"),
        ("id,day\n1,2\n", MAPPING.replace("narrative", "naratve"), 'nearest is "narrative"'),
        ("id,day\n1,2\n", MAPPING + '\n[file]\nencoding = "utf-16"\n', "is not in utf-16"),
    ],
)
def test_what_cannot_be_used_is_refused_in_sentences(
    folder: Path, content: str, mapping: str, sentence: str
) -> None:
    Path("accidents.csv").write_text(content, encoding="utf-8")
    Path("map.toml").write_text(mapping, encoding="utf-8")
    result = run("incidents", "accidents.csv", "--mapping", "map.toml")
    assert result.exit_code == 1
    assert sentence in result.stderr
    assert "Traceback" not in result.output
    assert not ImportRun.objects.exists()


def test_suggested_mapping_imports_the_file_as_it_is(folder: Path) -> None:
    suggested = run("suggest", "accidents.csv")
    assert suggested.exit_code == 0
    Path("map.toml").write_text(suggested.stdout, encoding="utf-8")
    result = run("incidents", "accidents.csv", "--mapping", "map.toml", "--json")
    answer = json.loads(result.stdout)
    assert (answer["source"], answer["imported"], answer["rejected"]) == ("accidents", 5, 1)


def test_suggesting_for_a_file_that_is_not_a_table_is_refused(folder: Path) -> None:
    Path("a.pdf").write_bytes(b"%PDF-1.7")
    result = run("suggest", "a.pdf")
    assert result.exit_code == 1
    assert "a PDF document" in result.stderr
