"""Is the file of an answer the whole of it, of one state, and harmless in a spreadsheet?"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from urllib.parse import unquote

import msgspec
import pytest
from fake_finder import LUXIANG, FakeFinder
from starlette.testclient import TestClient

from indexers.answers import Answer, Request
from indexers.catalog import Catalog
from indexers.query import MAX_WINDOW
from search_site.exports import AT_ONCE


class Busy(FakeFinder):
    """Something is published after each of the first `times` answers."""

    times = 0
    meanwhile: Callable[[], object] | None = None

    def find(self, request: Request, *, alone: bool = False) -> Answer:
        if (act := self.meanwhile) is not None:
            self.meanwhile = None
            act()
        answer = super().find(request)
        if self.times:
            self.times -= 1
            self.revision += 1
        return answer


@pytest.fixture
def finder(catalog: Catalog) -> Busy:
    return Busy(catalog)


def many(finder: FakeFinder, count: int) -> None:
    """So many records, alike but for their ids."""
    like = finder.documents["record"][0]
    finder.documents["record"] = [msgspec.structs.replace(like, id=f"r-{n}") for n in range(count)]


def rows(text: str) -> list[list[str]]:
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))


def test_the_file_of_a_question_is_a_table_with_a_head(client: TestClient) -> None:
    answer = client.get("/search.csv?type=record&kind=administrative_penalty&page=7")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert (answer.headers["x-robots-tag"], answer.headers["cache-control"]) == ("noindex", "no-cache")
    assert unquote(answer.headers["content-disposition"]) == (
        "attachment; filename=\"record.csv\"; filename*=UTF-8''信用查询-记录-20261122-第412版.csv"
    )
    assert rows(answer.text) == [
        [
            "主体名称", "统一社会信用代码", "类别", "内容", "决定机关", "文号", "决定日期", "状态", "公示截止日期",
            "网址",
        ],
        [
            "辽源市鹿乡食品有限公司", LUXIANG, "行政处罚", "销售超过保质期食品", "辽源市市场监督管理局",
            "辽市监罚〔2026〕15号", "2026-05-01", "公示中", "2027-05-01", "http://credit.test/r/r-penalty",
        ],
    ]  # fmt: skip


def test_subjects_and_the_library_have_tables_of_their_own(client: TestClient, finder: FakeFinder) -> None:
    head, first, *_ = rows(client.get(f"/search.csv?q={LUXIANG}").text)
    assert dict(zip(head, first, strict=True)) == {
        "名称": "辽源市鹿乡食品有限公司",
        "统一社会信用代码": LUXIANG,
        "登记状态": "存续",
        "所在地": "吉林省辽源市龙山区",
        "网址": f"http://credit.test/s/{LUXIANG}",
    }
    head, *entries = rows(client.get("/search.csv?type=library").text)
    assert (head[0], len(entries)) == ("标题", len(finder.documents["library"]))


def test_the_file_of_a_list_holds_its_entries_only(client: TestClient) -> None:
    answer = client.get("/lists/safety_dishonesty.csv")
    assert "安全生产严重失信主体名单" in unquote(answer.headers["content-disposition"])
    assert [row[-1] for row in rows(answer.text)[1:]] == ["http://credit.test/r/r-list"]
    assert client.get("/lists/no_such_list.csv").status_code == 404


def test_pages_lead_to_their_whole_as_a_file(client: TestClient) -> None:
    text = client.get("/search?type=record&year=2026&page=1").text
    assert 'href="/search.csv?type=record&amp;year=2026" rel="nofollow" download>下载全部结果' in text
    text = client.get("/lists/safety_dishonesty?sort=oldest").text
    assert 'href="/lists/safety_dishonesty.csv?sort=oldest" rel="nofollow" download>' in text
    assert ".csv" not in client.get("/search?q=没有").text


def test_the_file_goes_on_beyond_a_page(client: TestClient, finder: FakeFinder) -> None:
    many(finder, 250)
    found = [row[-1].rpartition("-")[2] for row in rows(client.get("/search.csv?type=record").text)[1:]]
    assert found == [str(n) for n in range(250)]


@pytest.mark.parametrize("path", ["/search", "/lists/safety_dishonesty"])
def test_whatever_page_can_be_read_its_whole_can_be_had(path: str, client: TestClient) -> None:
    last = f"?type=record&page={MAX_WINDOW // 20}"
    assert client.get(path + last).status_code == 200
    answer = client.get(f"{path}.csv{last}")
    assert (answer.status_code, answer.text) == (200, client.get(f"{path}.csv?type=record").text)


def test_what_a_spreadsheet_would_compute_is_text(client: TestClient, finder: FakeFinder) -> None:
    like = finder.documents["record"][0]
    signs = ("=1+1", "+1", "-1", "@a", '=HYPERLINK("x")', "＝1", "\u200b=1", "\ta", '食品,"散装"')
    finder.documents["record"] = [msgspec.structs.replace(like, id="r", title=sign) for sign in signs]
    found = [row[3] for row in rows(client.get("/search.csv?type=record").text)[1:]]
    assert found == [*(f"'{sign}" for sign in signs[:-1]), signs[-1]]


def test_every_line_of_a_cell_is_text(client: TestClient, finder: FakeFinder) -> None:
    like = finder.documents["record"][0]
    finder.documents["record"] = [msgspec.structs.replace(like, title="一\n=1\n二-1\n - 3")]
    [_, row] = rows(client.get("/search.csv?type=record").text)
    assert row[3] == "一\n'=1\n二-1\n' - 3"


def test_a_file_is_of_one_state_of_the_data(client: TestClient, finder: Busy) -> None:
    many(finder, 150)
    finder.times = 1
    answer = client.get("/search.csv?type=record")
    assert (answer.status_code, len(rows(answer.text))) == (200, 151)
    assert "第413版" in unquote(answer.headers["content-disposition"])
    finder.times = 99
    assert client.get("/search.csv?type=record&sort=name").status_code == 503


def test_more_tables_than_a_process_writes_at_once_are_asked_for_again(
    client: TestClient, finder: Busy
) -> None:
    """Each asks for the next one while it is written itself."""
    seen: list[tuple[int, str]] = []

    depth = 0

    def nested() -> None:
        nonlocal depth
        depth += 1
        if depth <= AT_ONCE:
            finder.meanwhile = nested
        answer = client.get(f"/search.csv?type=record&q={depth}")
        seen.append((answer.status_code, answer.headers.get("retry-after", "")))

    nested()
    assert sorted(seen) == [(200, "")] * AT_ONCE + [(503, "5")]
    assert client.get("/search.csv?type=record").status_code == 200
