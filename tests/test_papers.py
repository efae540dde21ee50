"""What can be set, called, asked and delivered stands in the papers, and the papers' commands can be typed."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from indexers.catalog import load_catalog
from search_site.cli import COMMANDS, build_parser
from search_site.openapi import openapi_document
from search_site.settings import CONFIG_KEY, describe_settings

ROOT = Path(__file__).parent.parent
READMES = ("README.md", "README.zh-CN.md")
MAX_README_LINES = 200
CATALOG = load_catalog()
OPENAPI = openapi_document(CATALOG, "")
PAPERS = sorted(
    path
    for pattern in ("*.md", "docs/**/*.md", "mappings/*.md", "samples/**/*.md")
    for path in ROOT.glob(pattern)
)
_CODE = re.compile(r"`([^`\n]+)`")
_COMMAND = re.compile(r"(?:^ {4}|\.venv/bin/)(credit-search [^;\n]+)", re.MULTILINE)
_LINK = re.compile(r"\]\(([^)#]+)[^)]*\)")


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def words_in_code(text: str) -> set[str]:
    """Every word that stands between backquotes, and each command line set apart."""
    return {word for code in _CODE.findall(text) for word in (code, *re.split(r"[\s=]+", code))}


def missing(wanted: list[str], readme: str) -> list[str]:
    there = words_in_code(text_of(readme))
    return [name for name in wanted if name not in there]


def command_lines(text: str) -> list[str]:
    lines = (part.split("#")[0].strip() for found in _COMMAND.findall(text) for part in found.split(";"))
    return [line for line in lines if line]


@pytest.mark.parametrize("readme", READMES)
def test_a_readme_can_be_read_in_one_go(readme):
    assert len(text_of(readme).splitlines()) <= MAX_README_LINES


@pytest.mark.parametrize("readme", READMES)
def test_every_setting_is_documented(readme):
    assert missing([CONFIG_KEY, *(setting.variable for setting in describe_settings())], readme) == []


@pytest.mark.parametrize("readme", READMES)
def test_no_setting_is_documented_that_does_not_exist(readme):
    known = {CONFIG_KEY, *(setting.variable for setting in describe_settings())}
    assert set(re.findall(r"CREDIT_SEARCH_[A-Z0-9_]+", text_of(readme))) - known == set()


@pytest.mark.parametrize("readme", READMES)
def test_every_command_is_documented(readme):
    text = text_of(readme)
    typed = {line.split()[1] for line in command_lines(text)}
    assert [name for name in COMMANDS if name not in typed | words_in_code(text)] == []


@pytest.mark.parametrize("readme", READMES)
def test_every_address_of_the_api_is_documented(readme):
    assert missing(list(OPENAPI["paths"]), readme) == []


@pytest.mark.parametrize("readme", READMES)
def test_every_parameter_of_the_api_is_documented(readme):
    parameters = {
        parameter["name"]
        for path in OPENAPI["paths"].values()
        for parameter in path["get"]["parameters"]
        if parameter["in"] == "query"
    }
    assert missing(sorted(parameters), readme) == []


@pytest.mark.parametrize("readme", READMES)
def test_every_kind_is_documented(readme):
    assert missing(sorted(CATALOG.kinds), readme) == []


@pytest.mark.parametrize("command", COMMANDS)
def test_the_help_of_a_command_has_an_example_that_can_be_typed(command, capsys):
    with pytest.raises(SystemExit) as ended:
        build_parser().parse_args([command, "--help"])
    assert ended.value.code == 0
    example = COMMANDS[command].example
    assert example in " ".join(capsys.readouterr().out.split())
    program, *arguments = shlex.split(example)
    assert program == "credit-search"
    assert build_parser().parse_args(arguments).command == command


@pytest.mark.parametrize("paper", PAPERS, ids=lambda path: str(path.relative_to(ROOT)))
def test_commands_in_papers_can_be_typed(paper):
    refused = []
    for line in command_lines(paper.read_text(encoding="utf-8")):
        try:
            build_parser().parse_args(shlex.split(line)[1:])
        except SystemExit:
            refused.append(line)
    assert refused == []


def test_there_are_commands_to_check_in_both_readmes():
    english, chinese = (command_lines(text_of(readme)) for readme in READMES)
    assert english == chinese
    assert len(english) == 12


@pytest.mark.parametrize("readme", READMES)
def test_named_sample_files_are_there(readme):
    named = set(re.findall(r"samples/[\w./]+\.(?:csv|toml|xlsx|md)", text_of(readme)))
    assert [name for name in sorted(named) if not (ROOT / name).is_file()] == []
    assert named


@pytest.mark.parametrize("paper", PAPERS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_between_papers_lead_somewhere(paper):
    links = [link for link in _LINK.findall(paper.read_text(encoding="utf-8")) if "://" not in link]
    assert [link for link in links if not (paper.parent / link).exists()] == []


def test_every_make_target_of_the_readme_exists():
    targets = set(re.findall(r"^([a-z-]+):.*## ", text_of("Makefile"), re.MULTILINE))
    named = {target for readme in READMES for target in re.findall(r"\bmake ([a-z]+)\b", text_of(readme))}
    assert {"run", "test"} <= named & targets
    assert named - targets == set()
