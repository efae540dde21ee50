"""Secrets in addresses, in every place where people write them, are not shown."""

import os

import pytest

from indexers.addresses import is_address, show_address


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("postgresql://u:SECRET@h/db", "postgresql://***@h/db"),
        ("postgresql+psycopg://u:SECRET@h:5432/db", "postgresql+psycopg://***@h:5432/db"),
        ("meilisearch://SECRET@h:7700", "meilisearch://***@h:7700"),
        ("elasticsearch://u:SEC@RET@h:9200", "elasticsearch://***@h:9200"),
        ("postgresql://u:SEC/R?ET@h/db", "postgresql://***@h/db"),
        ("postgresql:/u:SECRET@h/db", "postgresql:/***@h/db"),
        ("postgresql:u:SECRET@h/db", "postgresql:***@h/db"),
        ("postgresql//u:SECRET@h/db", "***@h/db"),
        ("postgresql:///u:SECRET@h/db", "postgresql:///***@h/db"),
        ("postgresql://h/db?user=u&password=SECRET", "postgresql://h/db?user=u&password=***"),
        ("postgresql://h/db?sslPassword=SECRET#x", "postgresql://h/db?sslPassword=***#x"),
        ("postgresql://h/db?pass%77ord=SECRET", "postgresql://h/db?pass%77ord=***"),
        ("postgresql://h/db?password=SEC@RET", "postgresql://h/db?password=***"),
        ("elasticsearch://h/p?ca=/a.crt&api_key=SECRET", "elasticsearch://h/p?ca=/a.crt&api_key=***"),
    ],
)
def test_a_secret_is_not_shown(address: str, shown: str) -> None:
    assert show_address(address) == shown


@pytest.mark.parametrize(
    "text",
    [
        "",
        "embedded:./var/index",
        "sqlite:///./var/ledger.db",
        "sqlite:////srv/a@b/ledger.db",
        "postgresql://h/db?connect_timeout=1",
        "elasticsearch+https://h1:9200,h2:9200/p?ca=/a.crt&shards=2",
        "C:/表格/处罚.xlsx",
        "处罚@2026.csv",
    ],
)
def test_what_holds_no_secret_is_shown_as_it_is(text: str) -> None:
    assert show_address(text) == text


def test_the_name_of_a_file_in_an_old_encoding_is_read() -> None:
    name = os.fsdecode("处罚@2026.csv".encode("gb18030"))
    assert show_address(f"收件/{name}") == "收件/处罚@2026.csv"
    assert show_address(os.fsdecode(b"a\xff.csv")).encode() == "a\ufffd.csv".encode()


@pytest.mark.parametrize(
    "source", ["sqlite:///a.db", "postgresql+psycopg://u:p@h/db", "ibm_db_sa://h/db", "sqlite://[a"]
)
def test_a_scheme_makes_an_address(source: str) -> None:
    assert is_address(source)


@pytest.mark.parametrize(
    "source", ["a.csv", "C:\\a.csv", "C://a.csv", "送来的/a://b.csv", "甲://b.csv", "a b://c.csv"]
)
def test_a_path_is_no_address(source: str) -> None:
    assert not is_address(source)
