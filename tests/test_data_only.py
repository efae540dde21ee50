"""A kind, a list, a facet and a publicity rule are data: files are added, no line of code, and everything follows."""

import shutil
from pathlib import Path

import pytest
from deliveries import TODAY, code, write_sheet
from fixed_clock import FixedClock
from starlette.testclient import TestClient

import mappings
from indexers.analysis import load_analyzer
from indexers.catalog import load_catalog
from indexers.engines import open_engine
from indexers.importing import Importer
from indexers.ledger import Ledger
from indexers.publishing import Publisher
from search_site.app import create_app
from search_site.settings import Settings

KIND = """
label = "无人机飞行许可"
collection = "records"
group = "administration"
order = 15
polarity = "honour"
publicity = "drone_flight"
fields = ["party", "uscc", "document_number", "decided_on", "authority", "airspace", "flight_fee", "list"]
identity = ["party", "authority", "document_number", "decided_on"]
matter = ["airspace"]
minimum = ["party", "decided_on", "authority", "airspace"]
explain = "允许在划定空域飞行。"
when_empty = "没有飞行许可。"

[own.airspace]
label = "空域"
public = true
body = true

[own.flight_fee]
label = "飞行费"
type = "amount"
unit = "元"
public = true
"""
TEMPLATE = """
label = "无人机飞行许可表"
kind = "drone_flight"
version = "2026"
official = true

[constants]
list = "careful_pilots"

[[columns]]
to = "party"
names = ["飞行单位"]
required = true

[[columns]]
to = "uscc"
names = ["飞行单位代码"]

[[columns]]
to = "document_number"
names = ["飞行许可号"]

[[columns]]
to = "decided_on"
names = ["许可飞行日期"]
required = true

[[columns]]
to = "authority"
names = ["空域管理机关"]
required = true

[[columns]]
to = "airspace"
names = ["飞行空域"]
required = true

[[columns]]
to = "flight_fee"
names = ["飞行费"]
amount = "元"
"""
LIST = """
label = "守规飞行单位名单"
polarity = "honour"
kind = "drone_flight"
sector = "transport"
source_class = "administrative"
authority = "空域管理部门"
basis = "演示依据"
standard = "一年内没有违规飞行。"
content = "单位名称和空域。"
publication = "公示两个月。"
measures = ["优先安排空域"]
withdrawal = "发生违规飞行时移出。"
order = 90
"""
RULE = """
[[rule]]
key = "drone_flight"
label = "无人机飞行许可公示期"
source = "演示规则"
certainty = "deployment"
max_months = 2
"""
FACET = """
[airspace]
label = "空域"
type = "keyword"
in = ["records"]
filter = true
facet = ["records"]
from = "airspace"

[flight_fee]
label = "飞行费（元）"
type = "int"
in = ["records"]
filter = true
facet = ["records"]
from = "flight_fee"
take = "yuan"
"""


@pytest.fixture
def site(tmp_path: Path) -> TestClient:
    folder = tmp_path / "mappings"
    shutil.copytree(
        Path(mappings.__file__).parent, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__")
    )
    (folder / "kinds" / "drone_flight.toml").write_text(KIND, encoding="utf-8")
    (folder / "templates" / "drone_flight.toml").write_text(TEMPLATE, encoding="utf-8")
    (folder / "lists" / "careful_pilots.toml").write_text(LIST, encoding="utf-8")
    for name, addition in (("publicity.toml", RULE), ("fields.toml", FACET)):
        with (folder / name).open("a", encoding="utf-8") as file:
            file.write(addition)
    catalog, analyzer, clock = load_catalog(folder), load_analyzer(folder), FixedClock(TODAY)
    engine = open_engine(f"embedded:{tmp_path / 'index'}", catalog, analyzer)
    ledger = Ledger(f"sqlite:///{tmp_path / 'ledger.db'}", clock)
    row = {
        "飞行单位": "鹿乡云上航拍有限公司",
        "飞行单位代码": code(7),
        "飞行许可号": "鹿空许〔2026〕7号",
        "许可飞行日期": "2026-10-05",
        "空域管理机关": "鹿乡空域管理局",
    }
    rows = [
        {**row, "飞行空域": "鹿乡一号空域", "飞行费": "12345元"},
        {**row, "飞行许可号": "鹿空许〔2026〕8号", "飞行空域": "鹿乡二号空域"},
    ]
    path = write_sheet(tmp_path / "flights.csv", rows)
    account = Importer(catalog, analyzer, ledger).import_file(str(path))
    assert (account.accepted, account.sheets[0].kind) == (2, "drone_flight")
    Publisher(catalog, analyzer, ledger, engine).sync()
    ledger.close()
    return TestClient(create_app(Settings(), engine, clock))


def test_a_new_kind_list_facet_and_rule_are_found_counted_and_shown(site: TestClient) -> None:
    answer = site.get(
        "/api/v1/search", params={"q": "航拍", "type": "record", "airspace": "鹿乡一号空域"}
    ).json()
    assert answer["total"]["value"] == 1
    values = answer["facets"]["airspace"]["values"]
    assert [(v["value"], v["count"], v["selected"]) for v in values] == [
        ("鹿乡一号空域", 1, True),
        ("鹿乡二号空域", 1, False),
    ]
    assert [v["label"] for v in answer["facets"]["kind"]["values"]] == ["无人机飞行许可"]
    record = site.get(f"/api/v1/records/{answer['hits'][0]['id']}").json()
    assert (record["last_day"], record["rule"]) == ("2026-12-05", "drone_flight")
    assert (record["list"], record["polarity"]) == ("careful_pilots", "honour")
    page = site.get(answer["hits"][0]["url"]).text
    assert "空域" in page
    assert "2026年12月5日" in page
    assert "守规飞行单位名单" in site.get("/lists").text
    assert "鹿乡云上航拍有限公司" in site.get("/lists/careful_pilots").text
    assert "无人机飞行许可" in site.get(f"/s/{code(7)}").text


def test_a_facet_of_whole_numbers_that_are_no_years_is_chosen_as_it_is_counted(site: TestClient) -> None:
    params = {"type": "record", "flight_fee": "12345"}
    answer = site.get("/api/v1/search", params=params).json()
    assert answer["total"]["value"] == 1
    [counted] = answer["facets"]["flight_fee"]["values"]
    assert (counted["value"], counted["label"], counted["selected"]) == ("12345", "12345", True)
    assert "飞行费（元）：12345" in site.get("/search", params=params).text
    wrong = site.get("/api/v1/search", params={"type": "record", "flight_fee": "贵"}).json()
    assert [error["detail"] for error in wrong["errors"]] == ["应为整数，最多 15 位"]
    described = site.get("/openapi.json").json()["paths"]["/api/v1/search"]["get"]["parameters"]
    forms = {each["name"]: each["schema"].get("items", {}).get("pattern") for each in described}
    assert (forms["flight_fee"], forms["year"]) == ("^[0-9]{1,15}$", "^[0-9]{4}$")
