"""``qorgau rates`` on the published histories: no register, no Django."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from qorgau.analysis.published_histories.recomputed import crimea_history
from qorgau.cli.main import app

runner = CliRunner()


def test_horse_kick_prints_deaths_rate_limits_and_dispersion():
    result = runner.invoke(app, ["rates", "--source", "horse-kick"])
    assert result.exit_code == 0
    assert "Deaths: 196; corps-years: 280" in result.stdout
    assert "deaths per corps-year: 0.700 (exact 95% limits 0.605 to 0.805)" in result.stdout
    assert "304.00" in result.stdout
    assert "Bortkiewicz" in result.stdout


def test_horse_kick_as_json_is_exact():
    result = runner.invoke(app, ["rates", "--source", "horse-kick", "--json"])
    figures = json.loads(result.stdout)
    assert figures["deaths"] == 196
    assert figures["rate"] == 0.7
    assert figures["lower"] == 0.6054270695893555
    assert figures["dispersion"][0]["degrees_of_freedom"] == 279
    assert figures["period_start"] == "1875-01-01"


def test_crimea_prints_every_rate_with_the_published_one():
    result = runner.invoke(app, ["rates", "--source", "crimea"])
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    january = next(line for line in lines if line.startswith("Jan 1855"))
    figures = " ".join(january.split())
    assert figures == "Jan 1855 32,393 1,022.81 1,022.8 30.75 30.7 120.03 120.0"
    assert sum(line[3:7] == " 185" for line in lines) == 24
    largest = f"largest difference: {crimea_history().largest_difference:.4f}"
    assert any(line.endswith(largest) for line in lines)


def test_crimea_as_json_has_every_rate():
    result = runner.invoke(app, ["rates", "--source", "crimea", "--json"])
    figures = json.loads(result.stdout)
    assert len(figures["rates"]) == 72
    assert figures["is_reproduced"] is True
    assert figures["largest_difference"] <= 0.05


def test_an_unknown_source_names_the_known_ones():
    result = runner.invoke(app, ["rates", "--source", "gallipoli"])
    assert result.exit_code == 2
    assert "horse-kick" in result.output
    assert "crimea" in result.output


@pytest.mark.parametrize("source", ["horse-kick", "crimea"])
def test_no_django_is_imported(source, tmp_path):
    program = (
        "import sys\n"
        f"sys.argv = ['qorgau', 'rates', '--source', '{source}', '--json']\n"
        "from qorgau.cli.main import app\n"
        "app(standalone_mode=False)\n"
        "sys.exit('django' in sys.modules)\n"
    )
    outcome = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, cwd=tmp_path, check=False
    )
    assert outcome.returncode == 0, outcome.stderr
    assert json.loads(outcome.stdout)
    assert list(tmp_path.iterdir()) == []
