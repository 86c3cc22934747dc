"""Each import contract notices a breach that is planted in a copy of the package."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.source_tree import ROOT

BREACHES = {
    "tower": ("records/places/rules.py", "import qorgau.web.urls"),
    "record-apps": ("records/places/queries.py", "import qorgau.records.people.models"),
    "files-of-a-record-app": ("records/people/models.py", "import qorgau.records.people.queries"),
    "foundation": ("foundation/clock.py", "import qorgau.foundation.journal.models"),
    "methods-are-pure": ("methods/rates/crude.py", "from django.db import models"),
    "methods-are-asked-by-analysis": ("web/frame/display.py", "import qorgau.methods.rates"),
    "counts-are-disclosed": (
        "web/units/charts.py",
        "import qorgau.analysis.counting.incident_counts",
    ),
    "hierarchy-is-pure": (
        "analysis/unit_cause_hierarchy/week.py",
        "import qorgau.analysis.figures.measures",
    ),
    "formats-are-pure": ("exchange/formats/dates.py", "import qorgau.foundation.clock"),
    "proofs-are-pure": ("foundation/proofs/merkle_tree.py", "from django.db import models"),
    "no-cycles": ("methods/arrays.py", "import qorgau.methods.rates.crude"),
}
UNLISTED_ROOMS = {
    "tower": "extras/__init__.py",
    "record-apps": "records/vehicles/__init__.py",
    "files-of-a-record-app": "records/people/shortcuts.py",
}


@pytest.fixture(scope="module")
def pristine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    copy = tmp_path_factory.mktemp("copy")
    shutil.copy(ROOT / "pyproject.toml", copy)
    without_data = shutil.ignore_patterns("__pycache__", "static", "templates", "locale", "*.csv")
    shutil.copytree(ROOT / "src", copy / "src", ignore=without_data)
    assert lint(copy).returncode == 0
    return copy


def lint(copy: Path, *contracts: str) -> subprocess.CompletedProcess[str]:
    """The result for these contracts, or for all of them."""
    program = Path(sys.executable).with_name("lint-imports")
    return subprocess.run(
        [program, "--no-logo", "--no-cache", *(f"--contract={name}" for name in contracts)],
        cwd=copy,
        env={**os.environ, "PYTHONPATH": str(copy / "src")},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("contract", sorted(BREACHES))
def test_a_planted_import_breaks_the_contract(contract: str, pristine: Path) -> None:
    name, line = BREACHES[contract]
    module = pristine / "src" / "qorgau" / name
    text = module.read_text(encoding="utf-8")
    module.write_text(f"{text}\n\ndef planted() -> None:\n    {line}\n", encoding="utf-8")
    try:
        verdict = lint(pristine, contract)
    finally:
        module.write_text(text, encoding="utf-8")
    assert verdict.returncode == 1
    assert "BROKEN" in verdict.stdout


@pytest.mark.parametrize("contract", sorted(UNLISTED_ROOMS))
def test_a_folder_that_no_contract_names_is_refused(contract: str, pristine: Path) -> None:
    room = pristine / "src" / "qorgau" / UNLISTED_ROOMS[contract]
    room.parent.mkdir(exist_ok=True)
    room.write_text('"""Nobody gave this a place."""\n', encoding="utf-8")
    try:
        verdict = lint(pristine, contract)
    finally:
        room.unlink()
        if room.name == "__init__.py":
            shutil.rmtree(room.parent)
    assert verdict.returncode == 1
    assert "not listed as layers" in " ".join(verdict.stdout.split())


def test_every_contract_has_a_planted_breach() -> None:
    import tomllib

    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = settings["tool"]["importlinter"]["contracts"]
    assert {contract["id"] for contract in contracts} == set(BREACHES)
