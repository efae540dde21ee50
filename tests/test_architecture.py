"""The rooms import one way, engines and outlets do not know each other, and code stays small enough to read."""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import NamedTuple

import pytest

from indexers.engines import ENGINES

ROOT = Path(__file__).parent.parent
ROOMS = ("mappings", "indexers", "search_site")
MAX_LINES = 400
MAX_FUNCTION_LINES = 60
"""A function fits a screen."""

WEB = ("starlette", "jinja2", "markupsafe", "uvicorn", "search_site")
ENGINE_MAY = (
    "indexers.query",
    "indexers.documents",
    "indexers.catalog",
    "indexers.analysis",
    "indexers.errors",
    "indexers.grammar",
    "indexers.engines.base",
    # What engines share: meaning that must not be written twice.
    "indexers.engines.access",
    "indexers.engines.cache",
    "indexers.engines.deadline",
    "indexers.engines.facets",
    "indexers.engines.fitting",
    "indexers.engines.matching",
    "indexers.engines.published",
)
ENGINE_CLIENTS = ("tantivy", "meilisearch", "elasticsearch", "elastic_transport")
TRANSPORT = ("requests", "httpx", "httpx2", "aiohttp", "urllib3", "urllib.request", "http.client")
"""What talks over the network; engines alone do, each to its server."""
INTAKE = ("importing", "validation", "readers", "ledger", "publishing")
OUTLETS = ("pages", "api", "exports", "discovery")
OUTLET_MAY = ("asked", "links", "openapi", "params", "site")
"""And whatever begins with `present`."""
BROUGHT_ALONG = {"markupsafe": "jinja2", "elastic_transport": "elasticsearch"}
"""Modules of a package that a declared one is made of."""


class Import(NamedTuple):
    """`module` names `target`, a module or a name in one, at `place`."""

    module: str
    target: str
    place: str


class Function(NamedTuple):
    name: str
    lines: int


def module_name(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


@cache
def modules() -> dict[str, Path]:
    return {module_name(path): path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py"))}


@cache
def imports() -> tuple[Import, ...]:
    return tuple(found for name, path in modules().items() for found in _imports_of_file(name, path))


def _imports_of_file(name: str, path: Path) -> Iterator[Import]:
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    for line, target in targets_of(path.read_text(encoding="utf-8"), package):
        yield Import(name, target, f"{path.relative_to(ROOT)}:{line}")


def targets_of(source: str, package: str) -> Iterator[tuple[int, str]]:
    """Line and name of each imported module: `a.b` for `from a import b` where that is a module, else `a`."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            parts = package.split(".")
            above = parts[: len(parts) - node.level + 1] if node.level else []
            origin = ".".join([*above, *filter(None, [node.module])])
            joined = [f"{origin}.{alias.name}" for alias in node.names]
            yield from ((node.lineno, name) for name in [t for t in joined if t in modules()] or [origin])


def is_in(name: str, packages: tuple[str, ...]) -> bool:
    return any(name == package or name.startswith(package + ".") for package in packages)


def breaches(inside: tuple[str, ...], forbidden: tuple[str, ...]) -> list[str]:
    found = [each for each in imports() if is_in(each.module, inside) and is_in(each.target, forbidden)]
    return [f"{each.place} imports {each.target}" for each in found]


def engine_modules() -> tuple[str, ...]:
    return tuple(sorted(set(ENGINES.values())))


def test_the_imports_are_found_in_all_their_forms():
    source = """
import msgspec.json
from indexers import query, errors
from indexers.query import SearchQuery
def later():
    from . import app
    from ..indexers.ledger import Ledger
    from .params import TYPES
"""
    assert [target for _, target in sorted(targets_of(source, "search_site"))] == [
        "msgspec.json",
        "indexers.errors",
        "indexers.query",
        "indexers.query",
        "search_site.app",
        "indexers.ledger",
        "search_site.params",
    ]


def test_mappings_are_data_and_a_docstring():
    assert [name for name in modules() if is_in(name, ("mappings",))] == ["mappings"]
    body = ast.parse(modules()["mappings"].read_text(encoding="utf-8")).body
    assert [type(node) for node in body] == [ast.Expr]


def test_indexers_know_nothing_of_the_site_or_of_html():
    assert breaches(("indexers",), WEB) == []


def test_an_engine_knows_only_the_contract_and_its_own_client():
    found = []
    for own in engine_modules():
        for each in imports():
            if not is_in(each.module, (own,)) or not is_in(each.target, ("indexers", *ENGINE_CLIENTS)):
                continue
            if is_in(each.target, ENGINE_CLIENTS) or is_in(each.target, (*ENGINE_MAY, own)):
                continue
            found.append(f"{each.place} imports {each.target}")
    assert found == []


def test_engines_do_not_know_each_other():
    packages = set(engine_modules())
    found = [problem for own in packages for problem in breaches((own,), tuple(sorted(packages - {own})))]
    assert found == []


def test_only_engines_import_the_client_of_an_engine():
    outside = tuple(name for name in modules() if not is_in(name, engine_modules()))
    found = [
        f"{each.place} imports {each.target}"
        for each in imports()
        if each.module in outside and is_in(each.target, ENGINE_CLIENTS)
    ]
    assert found == []


@pytest.mark.parametrize("part", INTAKE)
def test_the_way_in_knows_of_engines_only_the_contract(part):
    found = [
        f"{each.place} imports {each.target}"
        for each in imports()
        if is_in(each.module, (f"indexers.{part}",))
        and is_in(each.target, ("indexers.engines",))
        and each.target != "indexers.engines.base"
    ]
    assert found == []


def test_the_site_opens_engines_and_imports_none():
    assert breaches(("search_site",), engine_modules()) == []


@pytest.mark.parametrize("outlet", OUTLETS)
def test_outlets_parse_ask_and_present_and_do_not_know_each_other(outlet):
    mine = [each for each in imports() if each.module == f"search_site.{outlet}"]
    used = {each.target.removeprefix("search_site.") for each in mine if is_in(each.target, ("search_site",))}
    assert {name for name in used if not name.startswith("present")} - {*OUTLET_MAY} == set()


def test_the_modules_that_rules_are_made_for_are_there():
    named = (
        *(f"search_site.{name}" for name in (*OUTLETS, *OUTLET_MAY)),
        *(f"indexers.{part}" for part in INTAKE),
        *ENGINE_MAY,
    )
    assert [name for name in named if name not in modules()] == []


def test_a_client_belongs_to_one_engine():
    users = {
        client: {own for own in engine_modules() if breaches((own,), (client,))} for client in ENGINE_CLIENTS
    }
    assert {client: sorted(owners) for client, owners in users.items() if len(owners) > 1} == {}


def test_nothing_but_engines_talks_to_the_network():
    outside = tuple(name for name in modules() if not is_in(name, engine_modules()))
    found = [
        f"{each.place} imports {each.target}"
        for each in imports()
        if each.module in outside and is_in(each.target, TRANSPORT)
    ]
    assert found == []


def test_every_library_in_use_is_declared():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = {line.partition("[")[0].partition(">")[0].lower() for line in project["dependencies"]}
    distributions = packages_distributions()
    found = set()
    for each in imports():
        top = each.target.partition(".")[0]
        if top in sys.stdlib_module_names or top in ROOMS:
            continue
        names = {name.lower() for name in distributions.get(BROUGHT_ALONG.get(top, top), [top])}
        if not names & declared:
            found.add(f"{each.place} imports {top}")
    assert sorted(found) == []


def test_the_site_starts_without_what_reads_deliveries():
    """They take a tenth of a second, and a web tier never uses them."""
    code = "import sys, search_site.app; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    for name in ("python_calamine", "indexers.readers", "indexers.headers"):
        assert name not in loaded.stdout.split()


def test_templates_are_given_everything_and_import_nothing_but_fragments():
    found = []
    for path in sorted((ROOT / "templates").rglob("*.html")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            words = line.replace("{%-", "{%").replace("'", '"').split("{%")[1:]
            for words_of_tag in words:
                tag, _, rest = words_of_tag.strip().partition(" ")
                if tag in ("import", "from", "include") and not rest.startswith('"_'):
                    found.append(f"{path.relative_to(ROOT)}:{number} {tag} {rest}")
    assert found == []


def test_modules_are_short():
    lengths = {name: len(path.read_text(encoding="utf-8").splitlines()) for name, path in modules().items()}
    assert {name: length for name, length in lengths.items() if length > MAX_LINES} == {}


def _functions() -> Iterator[Function]:
    for path in modules().values():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                place = f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"
                yield Function(place, (node.end_lineno or node.lineno) - node.lineno + 1)


def test_functions_fit_a_screen():
    assert [function for function in _functions() if function.lines > MAX_FUNCTION_LINES] == []


def test_every_module_says_which_question_it_answers():
    silent = [
        name
        for name, path in modules().items()
        if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert silent == []
