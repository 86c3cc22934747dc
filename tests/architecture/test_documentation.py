"""The documentation is tested: settings, commands, paths, links and examples are correct."""

from __future__ import annotations

import doctest
import re
import shlex
from pathlib import Path

import pytest

from tests.architecture.source_tree import ROOT
from tools.cli_reference import MARK, commands, long_options, reference

PAGES = [*sorted((ROOT / "docs").rglob("*.md")), *sorted(ROOT.glob("*.md"))]
SETTING = re.compile(r"\bQORGAU_[A-Z][A-Z_]*[A-Z]\b")
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#\s]+)")
PATH_IN_TEXT = re.compile(r"`((?:src|tests|tools|docs|benchmarks|simulations|examples)/[\w./-]+)`")


def page_id(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def blocks(page: Path, language: str) -> list[str]:
    found = BLOCK.findall(page.read_text(encoding="utf-8"))
    return [text for name, text in found if name == language]


def read_settings() -> set[str]:
    """Every QORGAU_ name that any code reads from the environment."""
    files = [
        ROOT / "src/qorgau/project/settings.py",
        *(ROOT / "src/qorgau/cli").glob("*.py"),
        *(ROOT / "tools").iterdir(),
        *(ROOT / "tests").rglob("*.py"),
    ]
    reads = re.compile(
        r"""(?:environ(?:\.get\(|\[|\.setdefault\()|getenv\()\s*["'](QORGAU_\w+)|\$\{(QORGAU_\w+)"""
    )
    found = set()
    for file in files:
        if file.is_file():
            found |= {a or b for a, b in reads.findall(file.read_text(encoding="utf-8"))}
    return found


def test_every_setting_that_is_read_is_documented_and_no_other() -> None:
    documented = set(SETTING.findall((ROOT / "docs/settings.md").read_text(encoding="utf-8")))
    assert documented == read_settings()


def test_settings_named_elsewhere_exist() -> None:
    known = read_settings() | {"QORGAU_UPLOAD_LIMIT_BYTES", "QORGAU_INSTALLATION_NAME"}
    for page in PAGES:
        assert set(SETTING.findall(page.read_text(encoding="utf-8"))) <= known, page_id(page)


def test_the_reference_of_commands_is_up_to_date() -> None:
    """Every word, argument and option; written by tools/cli_reference.py --write."""
    written = (ROOT / "docs/cli.md").read_text(encoding="utf-8").partition(MARK)[2]
    assert written.strip() == reference().strip()


@pytest.mark.parametrize("page", PAGES, ids=page_id)
def test_command_lines_in_examples_exist(page: Path) -> None:
    real = {words: long_options(command) for words, command in commands()}
    for block in [*blocks(page, "sh"), *blocks(page, "console")]:
        for line in block.splitlines():
            words = shlex.split(line.removeprefix("$ "), comments=True)
            if words and Path(words[0]).name == "qorgau":
                _assert_real(words[1:], real, page)


def _assert_real(words: list[str], real: dict[str, list[str]], page: Path) -> None:
    names = [name.split()[1:] for name in real]
    command = next((n for n in names if words[: len(n)] == n), None)
    assert command is not None, f"{page_id(page)} shows an unknown command: {' '.join(words)}"
    options = {word.partition("=")[0] for word in words if word.startswith("--")}
    unknown = options - set(real[" ".join(["qorgau", *command])])
    assert not unknown, f"{page_id(page)}: {command} has no {sorted(unknown)}"


@pytest.mark.parametrize("page", PAGES, ids=page_id)
def test_links_and_paths_lead_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    dead = [link for link in LINK.findall(text) if not (page.parent / link).exists()]
    assert not dead, f"{page_id(page)} links to nothing: {dead}"
    gone = [path for path in PATH_IN_TEXT.findall(text) if not (ROOT / path).exists()]
    assert not gone, f"{page_id(page)} names files that are not there: {gone}"


@pytest.mark.parametrize("page", [p for p in PAGES if blocks(p, "pycon")], ids=page_id)
def test_python_examples_give_the_printed_answers(
    page: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Examples are sessions (``pycon``), run one after another; each answer is compared."""
    monkeypatch.chdir(ROOT)
    session = "\n".join(blocks(page, "pycon"))
    example = doctest.DocTestParser().get_doctest(session, {}, page_id(page), page_id(page), 0)
    output: list[str] = []
    outcome = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(example, out=output.append)
    assert outcome.attempted > 0
    assert outcome.failed == 0, "".join(output)


def test_every_python_example_is_a_session() -> None:
    """Sessions are run; a ``python`` block would not be."""
    assert not [page_id(page) for page in PAGES if blocks(page, "python")]


def test_the_two_commands_of_the_readme_exist() -> None:
    targets = set(re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    for page in PAGES:
        for target in re.findall(r"\bmake (?:[A-Z]+=\S+ )?([a-z-]+)\b", _code_of(page)):
            assert target in targets, f"{page_id(page)} names make {target}"


def test_each_decision_has_a_number_of_its_own() -> None:
    records = sorted((ROOT / "docs/decisions").glob("[0-9]*.md"))
    numbers = [record.name[:4] for record in records]
    assert len(set(numbers)) == len(numbers)
    for record in records:
        assert record.read_text(encoding="utf-8").startswith(f"# {record.name[:4]} "), record.name


def _code_of(page: Path) -> str:
    text = page.read_text(encoding="utf-8")
    return "\n".join([*re.findall(r"`([^`\n]+)`", text), *(b for _, b in BLOCK.findall(text))])
