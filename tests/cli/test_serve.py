"""What ``qorgau serve`` does before it listens."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
from typer.testing import CliRunner

from qorgau.cli.main import app
from qorgau.cli.serve import collect_static_files


def test_a_port_in_use_is_reported_and_nothing_else_is_done() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        outcome = CliRunner().invoke(app, ["serve", "--port", str(port)])
    assert outcome.exit_code == 1
    assert f"Cannot listen on 127.0.0.1, port {port}" in outcome.stderr
    assert "--port" in outcome.stderr


def test_files_are_collected_once_and_again_after_a_change(
    tmp_path: Path, settings: pytest.FixtureRequest
) -> None:
    source = tmp_path / "source"
    source.mkdir()
    (source / "a.css").write_text("a { color: red }")
    settings.STATICFILES_DIRS = [source]
    settings.STATIC_ROOT = tmp_path / "served"
    assert collect_static_files()
    assert (tmp_path / "served" / "a.css").exists()
    assert not collect_static_files()
    (source / "b.css").write_text("b { color: red }")
    assert collect_static_files()
    (source / "a.css").unlink()
    assert collect_static_files()
    assert not (tmp_path / "served" / "a.css").exists()
