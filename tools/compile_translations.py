"""Compile the translations (.po to .mo), as a program and as the build hook of wheels."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polib

LOCALE = Path(__file__).resolve().parent.parent / "src" / "qorgau" / "project" / "locale"


def compile_translations() -> list[Path]:
    """Compile every catalogue next to its source; return the compiled files."""
    compiled = []
    for source in sorted(LOCALE.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        polib.pofile(str(source)).save_as_mofile(str(target))
        compiled.append(target)
    return compiled


def get_build_hook() -> type:
    """Called by hatchling: the files are compiled and included in every wheel."""
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface

    class CompiledTranslations(BuildHookInterface):
        def initialize(self, version: str, build_data: dict[str, Any]) -> None:
            root = Path(self.root)
            for path in compile_translations():
                build_data["artifacts"].append(path.relative_to(root).as_posix())

    return CompiledTranslations


if __name__ == "__main__":
    compile_translations()
