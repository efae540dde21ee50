"""Where do settings come from, and what does a wrong one say?"""

from __future__ import annotations

from pathlib import Path

import pytest

from indexers.errors import UsageError
from search_site.settings import Settings, describe_settings, load_settings


def test_defaults_name_the_embedded_engine_and_a_local_ledger() -> None:
    settings = load_settings({})
    assert settings.engine == "embedded:./var/index"
    assert settings.ledger == "sqlite:///./var/ledger.db"
    assert settings.page_size == 20
    assert settings.demo is False


def test_environment_values_get_their_types() -> None:
    given = {"CREDIT_SEARCH_PAGE_SIZE": "50", "CREDIT_SEARCH_DEMO": "true", "CREDIT_SEARCH_DEADLINE": "2.5"}
    settings = load_settings(given)
    assert (settings.page_size, settings.demo, settings.deadline) == (50, True, 2.5)


def test_environment_wins_over_the_file(tmp_path: Path) -> None:
    config = tmp_path / "site.toml"
    config.write_text('site_name = "信用辽源"\npage_size = 30\n', encoding="utf-8")
    settings = load_settings({"CREDIT_SEARCH_CONFIG": str(config), "CREDIT_SEARCH_PAGE_SIZE": "40"})
    assert (settings.site_name, settings.page_size) == ("信用辽源", 40)


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        (
            "PAGE_SIZE",
            "many",
            "设置 CREDIT_SEARCH_PAGE_SIZE 的值 'many' 不可用：需要整数，不小于 1，不大于 100",
        ),
        ("PAGE_SIZE", "0", "设置 CREDIT_SEARCH_PAGE_SIZE 的值 '0' 不可用：需要整数，不小于 1，不大于 100"),
        ("DEMO", "perhaps", "设置 CREDIT_SEARCH_DEMO 的值 'perhaps' 不可用：需要true 或 false"),
        ("DEADLINE", "0", "设置 CREDIT_SEARCH_DEADLINE 的值 '0' 不可用：需要数，大于 0，不大于 60"),
    ],
)
def test_wrong_value_names_key_value_and_wanted_type(key: str, value: str, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        load_settings({f"CREDIT_SEARCH_{key}": value})
    assert str(caught.value).startswith(message)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("BASE_URL", "credit.example.cn"),
        ("BASE_URL", "ftp://credit.example.cn"),
        ("BASE_URL", "https://"),
        ("BASE_URL", "https://credit.example.cn/?from=x"),
        ("BASE_URL", "https://credit.example.cn/search"),
        ("BASE_URL", "https://user@credit.example.cn"),
        ("NATIONAL_LINK", "www.gsxt.gov.cn"),
        ("NATIONAL_LINK", ""),
        ("REPAIR_LINK", "javascript:alert(1)"),
        ("OBJECTION_LINK", "credit.example.cn/objection"),
    ],
)
def test_an_address_that_leads_nowhere_is_refused(key: str, value: str) -> None:
    with pytest.raises(UsageError) as caught:
        load_settings({f"CREDIT_SEARCH_{key}": value})
    assert str(caught.value).startswith(f"设置 CREDIT_SEARCH_{key} 的值 {value!r} 不可用：需要")
    assert "https://" in str(caught.value)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("BASE_URL", ""),
        ("BASE_URL", "http://127.0.0.1:8123"),
        ("BASE_URL", "https://信用.example.cn/"),
        ("OBJECTION_LINK", ""),
        ("OBJECTION_LINK", "mailto:credit@example.cn"),
        ("REPAIR_LINK", "/repair.html"),
    ],
)
def test_an_address_that_leads_somewhere_is_taken(key: str, value: str) -> None:
    assert getattr(load_settings({f"CREDIT_SEARCH_{key}": value}), key.lower()) == value


def test_unknown_setting_is_refused() -> None:
    with pytest.raises(UsageError, match="CREDIT_SEARCH_PAGESIZE"):
        load_settings({"CREDIT_SEARCH_PAGESIZE": "20"})


def test_missing_file_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="无法读取该文件"):
        load_settings({"CREDIT_SEARCH_CONFIG": str(tmp_path / "none.toml")})


def test_every_setting_has_help_and_its_variable() -> None:
    described = list(describe_settings())
    assert [each.name for each in described] == list(Settings.__struct_fields__)
    assert all(each.help and each.variable == f"CREDIT_SEARCH_{each.name.upper()}" for each in described)


def test_an_address_is_shown_without_its_secrets() -> None:
    shown = {each.name: each.shown for each in describe_settings()}
    assert shown["ledger"]("postgresql://u:p@ss@h/db?password=x") == "postgresql://***@h/db?password=***"
    assert shown["engine"]("meilisearch://key@h:7700") == "meilisearch://***@h:7700"
    assert shown["contact"]("电话：12345，邮箱：a@b.cn") == "电话：12345，邮箱：a@b.cn"
    assert shown["page_size"](20) == 20


def test_an_address_that_is_no_text_is_not_repeated_with_its_secrets(tmp_path: Path) -> None:
    config = tmp_path / "site.toml"
    config.write_text('ledger = ["postgresql://u:SECRET@h/db"]', encoding="utf-8")
    with pytest.raises(UsageError) as caught:
        load_settings({"CREDIT_SEARCH_CONFIG": str(config)})
    assert "SECRET" not in str(caught.value)
