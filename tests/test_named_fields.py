"""Fields that the program names: the catalog refuses files without them, and nothing else is needed."""

from __future__ import annotations

import ast
import json
import shutil
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from deliveries import AUTHORITY, NAME, TODAY, abnormal, code, penalty, profile, write_sheet
from fixed_clock import FixedClock
from starlette.testclient import TestClient

import mappings
from indexers.analysis import load_analyzer
from indexers.catalog import load_catalog
from indexers.engines import open_engine
from indexers.errors import CatalogError
from indexers.importing import Importer
from indexers.ledger import Ledger
from indexers.named_fields import NAMED_FIELDS
from indexers.offering import RANGES_OF_RECORDS
from indexers.publishing import Publisher
from search_site.app import create_app
from search_site.settings import Settings

ROOT = Path(__file__).parents[1]
SHIPPED = Path(mappings.__file__).parent
Tables = dict[str, dict[str, Any]]


def copied(to: Path) -> Path:
    return Path(shutil.copytree(SHIPPED, to, ignore=shutil.ignore_patterns("*.py", "__pycache__")))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return copied(tmp_path / "mappings")


def shipped_fields() -> Tables:
    return tomllib.loads((SHIPPED / "fields.toml").read_text(encoding="utf-8"))


def write_fields(folder: Path, tables: Tables) -> None:
    """The tables as TOML, in which JSON writes texts, truths and lists alike; inner tables are not among them."""
    lines = [
        line
        for key, table in tables.items()
        for line in (f"[{key}]", *(f"{name} = {json.dumps(value)}" for name, value in table.items()))
    ]
    (folder / "fields.toml").write_text("\n".join(lines), encoding="utf-8")


def least(key: str, table: dict[str, Any]) -> dict[str, Any]:
    """A shipped field with no more collections, facets and uses than the program says it needs."""
    wanted = NAMED_FIELDS[key]
    kept = {name: table[name] for name in ("label", "from", "take", "labels") if name in table}
    uses = {name: getattr(wanted, name) for name in ("multiple", "positions", "filter", "sort")}
    return {**kept, **uses, "type": wanted.type, "in": wanted.collections, "facet": wanted.facet}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A site whose index has the fields that the program names, and no other."""
    tmp_path = tmp_path_factory.mktemp("least")
    folder = copied(tmp_path / "mappings")
    write_fields(folder, {k: least(k, table) for k, table in shipped_fields().items() if k in NAMED_FIELDS})
    # Words for values of a facet that is not among them would be a fault.
    (folder / "facet_words.toml").write_text("", encoding="utf-8")
    catalog, analyzer, clock = load_catalog(folder), load_analyzer(folder), FixedClock(TODAY)
    engine = open_engine(f"embedded:{tmp_path / 'index'}", catalog, analyzer)
    ledger = Ledger(f"sqlite:///{tmp_path / 'ledger.db'}", clock)
    subjects = write_sheet(tmp_path / "subjects.csv", [profile(成立日期="2019-03-04")])
    records = write_sheet(tmp_path / "records.csv", [penalty(统一社会信用代码=code(1))])
    entries = write_sheet(tmp_path / "entries.csv", [abnormal()])
    for sheet in (subjects, records, entries):
        Importer(catalog, analyzer, ledger).import_file(str(sheet))
    assert Publisher(catalog, analyzer, ledger, engine).sync().operations == 3
    ledger.close()
    yield TestClient(create_app(Settings(), engine, clock))
    engine.close()


TEXTS = (
    "",
    NAME,
    "鹿乡 2019年",
    "食品 2026年",
    "食品 2026年5月",
    "食品 罚款5000元",
    "辽源 食品",
    "行政处罚 食品",
)
TEXTS += ("经营异常名录 食品", f"{AUTHORITY} 食品", "luxiang", "91220402", f"{code(1)[:-2]}00")


@pytest.mark.parametrize("result_type", ["subject", "record", "library"])
@pytest.mark.parametrize("text", TEXTS)
def test_the_fields_that_are_named_are_enough_to_answer_any_question(
    client: TestClient, result_type: str, text: str
) -> None:
    for sort in ("relevance", "newest", "name"):
        answer = client.get("/api/v1/search", params={"q": text, "type": result_type, "sort": sort})
        assert answer.status_code == 200
        offered = answer.json()["understood"]
        assert [offer for offer in offered if f"{offer['field']}=" not in offer["url"]] == []
        # The API takes no parameter that it does not know.
        assert {client.get(f"/api/v1{offer['url']}").status_code for offer in offered} <= {200}


def test_the_fields_that_are_named_are_enough_for_every_page(client: TestClient) -> None:
    record = client.get("/api/v1/search", params={"type": "record"}).json()["hits"][0]
    for path in (
        "/",
        f"/s/{code(1)}",
        record["url"],
        "/lists",
        "/status",
        "/openapi.json",
        "/search?q=%E9%B9%BF",
    ):
        assert client.get(path).status_code == 200
    assert NAME not in client.get("/lists/safety_dishonesty").text
    narrowed = {
        "type": "record",
        "q": "食品",
        "from": "2026-01-01",
        "fine_from": "1",
        "authority": "甲",
        "year": "2026",
    }
    assert client.get("/search", params=narrowed).status_code == 200
    assert client.get("/api/v1/suggest", params={"q": "鹿乡"}).json()["suggestions"]


@pytest.mark.parametrize("key", NAMED_FIELDS)
def test_a_file_without_a_field_that_is_named_is_refused(folder: Path, key: str) -> None:
    fields = folder / "fields.toml"
    fields.write_text(fields.read_text(encoding="utf-8").replace(f"\n[{key}]\n", f"\n[my_{key}]\n"), "utf-8")
    with pytest.raises(CatalogError) as caught:
        load_catalog(folder)
    assert f"fields.toml [{key}]：没有这个字段，而程序要用它" in caught.value.errors


def test_a_field_that_is_named_is_refused_for_all_that_it_lacks_at_once(folder: Path) -> None:
    tables = {key: table for key, table in shipped_fields().items() if "tree" not in table}
    for table in tables.values():
        table.pop("label_in", None)
    tables["authority"] |= {"facet": []}
    tables["year"] |= {"in": ["records"], "facet": ["records"]}
    tables["decided_on"] |= {"filter": False, "sort": False}
    tables["name_gram"] |= {"positions": False}
    tables["code"] |= {"type": "int", "multiple": False}
    write_fields(folder, tables)
    with pytest.raises(CatalogError) as caught:
        load_catalog(folder)
    assert sorted(caught.value.errors) == [
        "fields.toml [authority]：程序要求 facet 里有 'records'",
        "fields.toml [code]：程序要求 type = 'keyword'，写 multiple = true",
        "fields.toml [decided_on]：程序要求 filter = true",
        "fields.toml [decided_on]：程序要求 sort = true",
        "fields.toml [name_gram]：程序要求 positions = true",
        "fields.toml [year]：程序要求 facet 里有 'library'",
        "fields.toml [year]：程序要求 in 里有 'library'",
    ]


def test_every_field_that_the_code_asks_for_by_name_is_declared() -> None:
    """What a filter, an order or an offer is made with by a literal name."""
    makers = {"TermFilter", "RangeFilter", "Sort", "Understood"}
    named = {
        call.args[0].value
        for room in ("indexers", "search_site")
        for path in (ROOT / room).rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id in makers
        and call.args
        and isinstance(call.args[0], ast.Constant)
    }
    assert named >= {"subject_id", "decided_on", "authority"}
    # Those are parameters and no fields.
    assert named - NAMED_FIELDS.keys() - {"q", "subject", *RANGES_OF_RECORDS} == set()
