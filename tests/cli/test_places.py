"""``qorgau places``: boundaries and codes in, areas out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from qorgau.cli.main import app
from qorgau.records.places.models import Area

pytestmark = pytest.mark.django_db
runner = CliRunner()


@pytest.fixture
def code_list(tmp_path: Path) -> Path:
    file = tmp_path / "codes.csv"
    file.write_text(
        "id;parent_id;code;name\n1;0;110000000;Акмолинская область\n"
        "2;1;113400000;\u0041ршалынский район\n3;9;113600000;Астраханский район\n",
        encoding="utf-8-sig",
    )
    return file


def test_import_prints_the_counts_and_names_what_to_check(code_list: Path) -> None:
    result = runner.invoke(app, ["places", "import", str(code_list)])
    assert result.exit_code == 0
    assert "Areas read: 3. Created: 1, updated: 0, unchanged: 1, rejected: 1." in result.stdout
    assert "4: 113600000 Астраханский район: It belongs to the row with the id 9" in result.stdout
    assert "113400000 ru: \u0410ршалынский район" in result.stdout
    again = runner.invoke(app, ["places", "import", str(code_list)])
    assert "Created: 0, updated: 0, unchanged: 2, rejected: 1." in again.stdout


def test_a_dry_run_writes_nothing_and_json_contains_everything(code_list: Path) -> None:
    result = runner.invoke(app, ["places", "import", str(code_list), "--dry-run", "--json"])
    answer = json.loads(result.stdout)
    assert answer["dry_run"] is True
    assert answer["counts"]["created"] == 1
    assert answer["rejected"][0]["number"] == 4
    assert Area.objects.count() == 21


def test_columns_may_be_named(tmp_path: Path) -> None:
    file = tmp_path / "uz.csv"
    file.write_text("pcode,label\nUZ03,Andijan\n", encoding="utf-8")
    words = ["--country", "UZ", "--property-map", "code=pcode", "--property-map", "name_en=label"]
    result = runner.invoke(app, ["places", "import", str(file), *words, "--json"])
    assert json.loads(result.stdout)["counts"]["created"] == 1
    assert Area.objects.get(country="UZ", code="UZ03").name_en == "Andijan"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["import", "not-there.csv"], "There is no file not-there.csv"),
        (["import", "x.csv", "--property-map", "code"], "FIELD=PROPERTY"),
        (["list", "--level", "oblast"], 'There is no level "oblast"'),
        (["list", "--within", "000"], "There is no area with the code 000"),
    ],
)
def test_what_cannot_be_done_is_explained_in_a_sentence(words: list[str], sentence: str) -> None:
    result = runner.invoke(app, ["places", *words])
    assert result.exit_code == 1
    assert sentence in result.stderr


def test_list_shows_the_regions_in_three_languages() -> None:
    result = runner.invoke(app, ["places", "list", "--level", "region", "--json"])
    areas = json.loads(result.stdout)
    assert len(areas) == 20
    assert areas[0]["name_kk"] == "Абай облысы"
    assert {area["part_of"] for area in areas} == {"KZ"}
    table = runner.invoke(app, ["places", "list", "--within", "710000000"]).stdout
    assert "Астана қаласы" in table
    assert "Абай" not in table
