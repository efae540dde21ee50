"""Which question does a URL ask, and what is wrong with a bad one?"""

from __future__ import annotations

from datetime import date
from urllib.parse import quote

import pytest

from indexers.answers import Request
from indexers.catalog import Catalog
from indexers.identifiers import identity_check_digit
from search_site.links import Links
from search_site.params import BadParameters, OldEncoding, read_pairs, read_request, search_url


def faults(query: bytes, catalog: Catalog, strict: bool = True) -> list[tuple[str, str]]:
    with pytest.raises(BadParameters) as caught:
        read_request(read_pairs(query), catalog, 20, strict)
    return [(error.parameter, error.detail) for error in caught.value.errors]


def test_every_parameter_is_read(catalog: Catalog) -> None:
    query = (
        "q=罚款&type=record&kind=administrative_penalty&kind=administrative_licence&region=2204"
        "&subject=n-7&from=2026-01-01&to=2026-06-30&fine_from=50000&fine_to=100000&sort=newest&page=3&size=50"
    )
    assert read_request(read_pairs(query.encode()), catalog, 20, True) == Request(
        text="罚款",
        type="record",
        filters={"kind": ("administrative_licence", "administrative_penalty"), "region": ("2204",)},
        subject="n-7",
        decided_from=date(2026, 1, 1),
        decided_to=date(2026, 6, 30),
        fine_from=50_000,
        fine_to=100_000,
        sort="newest",
        page=3,
        size=50,
    )


def test_empty_values_of_a_form_ask_nothing(catalog: Catalog) -> None:
    assert read_request(read_pairs(b"q=&type=&from=&to=&page="), catalog, 20, True) == Request()


def test_all_faults_are_told_at_once(catalog: Catalog) -> None:
    query = "type=subject&kind=x&from=2026-01-01&page=0&size=101&sort=best&city=22a4&nonsense=1"
    assert faults(query.encode(), catalog) == [
        ("city", "应为 2、4 或 6 位区划代码"),
        ("kind", "不是 type=subject 的筛选项"),
        ("nonsense", "不认识的参数"),
        ("from", "只用于 type=record"),
        ("sort", "应为 relevance、newest、oldest、name 之一"),
        ("page", "应为 1 至 10000 的整数"),
        ("size", "应为 1 至 100 的整数"),
    ]


def test_pages_ignore_unknown_parameters_and_other_facets(catalog: Catalog) -> None:
    pairs = read_pairs(b"q=abc&kind=x&utm_source=y&from=2026-01-01&size=7")
    assert read_request(pairs, catalog, 20, False) == Request(text="abc")


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        (b"type=record&from=2026-1-1", "from"),
        (b"type=record&from=20260101", "from"),
        (b"type=record&to=0001-01-01", "to"),
        (b"type=record&from=2026-02-01&to=2026-01-01", "from"),
        (b"type=record&fine_from=5.5", "fine_from"),
        (b"type=record&fine_to=-1", "fine_to"),
        (b"type=record&fine_to=1234567890123456", "fine_to"),
        (b"type=record&fine_from=2&fine_to=1", "fine_from"),
        (b"fine_from=2", "fine_from"),
        (b"region=220", "region"),
        (b"type=record&year=24", "year"),
        (b"page=501", "page"),
        (b"page=%C2%B2", "page"),
        (b"q=" + b"a" * 201, "q"),
        (b"q=a&q=b", "q"),
    ],
)
def test_a_wrong_value_names_its_parameter(query: bytes, parameter: str, catalog: Catalog) -> None:
    assert [name for name, _ in faults(query, catalog)] == [parameter]


FIRST_17 = "11010119900307109"
PERSON = FIRST_17 + identity_check_digit(FIRST_17)


@pytest.mark.parametrize("name", ["q", "subject", "authority", "utm_source", "page"])
@pytest.mark.parametrize(
    "value",
    [
        PERSON,
        f"张三{PERSON}",
        f"身份证 {PERSON}",
        f'"{PERSON}"',
        f"{PERSON},{PERSON}",
        f"12 {PERSON}",
        " ".join(PERSON),
        f"{PERSON[:6]}/{PERSON[6:14]}/{PERSON[14:]}",
        PERSON.translate(str.maketrans("0123456789", "⓪①②③④⑤⑥⑦⑧⑨")),
        f"0{PERSON}",
        f"{PERSON}01",
        "110101900307109",
    ],
)
def test_identity_number_is_refused_wherever_it_stands_and_not_repeated(
    name: str, value: str, catalog: Catalog
) -> None:
    found = faults(f"type=record&{name}={quote(value)}".encode(), catalog, strict=False)
    assert found == [(name, "不能按身份证号查询；本站不公示自然人")]


def test_an_identity_number_in_place_of_a_parameter_or_in_gb18030_is_not_repeated(catalog: Catalog) -> None:
    assert faults(f"{PERSON}=1".encode(), catalog) == [("", "不能按身份证号查询；本站不公示自然人")]
    assert [name for name, _ in faults(f"q=张三{PERSON}".encode("gb18030"), catalog)] == ["q"]


@pytest.mark.parametrize(
    "text",
    [
        "91220402MADM000014",
        f"{PERSON[:17]}{'0' if PERSON[17] != '0' else '1'}",
        f"某罚〔2024〕{PERSON}23号",
        "2024 110101 19900307",
        "220400000000017",
        "r110101199003071095",
    ],
)
def test_codes_and_numbers_of_papers_may_be_asked_for(text: str, catalog: Catalog) -> None:
    assert read_request(read_pairs(f"q={quote(text)}".encode()), catalog, 20, True).text == text


@pytest.mark.parametrize("strict", [True, False])
def test_hundreds_of_values_of_one_filter_are_refused(strict: bool, catalog: Catalog) -> None:
    query = "type=record&" + "&".join(f"kind=x{number}" for number in range(51))
    assert faults(query.encode(), catalog, strict) == [("kind", "最多 50 个值")]


def test_control_and_direction_characters_become_spaces(catalog: Catalog) -> None:
    pairs = read_pairs("q=%00鹿乡%E2%80%AE%0A食品%00".encode())
    assert read_request(pairs, catalog, 20, True).text == "鹿乡 食品"


def test_gb18030_is_recognised_in_escaped_and_raw_bytes() -> None:
    name = "辽源"
    escaped = "".join(f"%{byte:02X}" for byte in name.encode("gb18030")).encode()
    with pytest.raises(OldEncoding) as caught:
        read_pairs(b"q=" + escaped + b"&type=record")
    assert caught.value.pairs == [("q", name), ("type", "record")]
    with pytest.raises(OldEncoding) as raw:
        read_pairs(b"q=" + name.encode("gb18030"))
    assert raw.value.pairs == [("q", name)]


@pytest.mark.parametrize("word", ["食品", "医药", "农业", "学校", "医院", "欠薪"])
def test_old_words_whose_bytes_could_be_utf8_are_recognised(word: str) -> None:
    query = b"q=" + quote(word.encode("gb18030")).encode() + b"&type=record"
    with pytest.raises(OldEncoding) as caught:
        read_pairs(query, may_guess=True)
    assert caught.value.pairs == [("q", word), ("type", "record")]
    assert caught.value.is_guess
    assert read_pairs(query)["type"] == ["record"]


GREEK_AND_CYRILLIC = ["Волга", "магазин", "база", "γαμμα", "Ω", "Λόγος", "банк", "өнеге", "қазақ"]


@pytest.mark.parametrize("text", ["食品", "café", "é", "食品Ω", "ʳƷ食", *GREEK_AND_CYRILLIC])
def test_words_in_utf8_are_not_read_as_old_ones(text: str) -> None:
    assert read_pairs(f"q={quote(text)}".encode(), may_guess=True) == {"q": [text]}


@pytest.mark.parametrize("query", [b"q=%FF%FF", b"q=" + b"a" * 9000, b"&".join([b"a=1"] * 500)])
def test_what_is_no_text_or_too_long_is_refused(query: bytes) -> None:
    with pytest.raises(BadParameters):
        read_pairs(query)


def test_url_has_fixed_order_and_no_defaults(catalog: Catalog) -> None:
    request = Request(
        text="a&b 罚",
        type="record",
        filters={"year": ("2026",), "kind": ("x",), "region": ("22",)},
        subject="n-7",
        decided_from=date(2026, 1, 2),
        fine_to=0,
        sort="newest",
        page=2,
    )
    assert search_url(request, catalog) == (
        "/search?q=a%26b%20%E7%BD%9A&type=record&kind=x&year=2026&region=22&subject=n-7"
        "&from=2026-01-02&fine_to=0&sort=newest&page=2"
    )
    assert search_url(Request(), catalog) == "/search"


def test_url_reads_back_as_the_same_question(catalog: Catalog) -> None:
    request = Request(text="鹿乡+食品", filters={"city": ("2204", "2205"), "status": ("live",)}, sort="name")
    _, _, query = search_url(request, catalog).partition("?")
    assert read_request(read_pairs(query.encode()), catalog, 20, True) == request


def test_one_more_value_goes_to_the_first_page_in_fixed_order(catalog: Catalog) -> None:
    request = Request(text="鹿", type="record", filters={"year": ("2026",)}, page=4)
    links = Links(request, catalog)
    assert links.with_value("kind", "x y") == "/search?q=%E9%B9%BF&type=record&kind=x%20y&year=2026"
    assert links.with_value("year", "2025") == "/search?q=%E9%B9%BF&type=record&year=2025&year=2026"
    assert links.without_value("year", "2026") == "/search?q=%E9%B9%BF&type=record"
