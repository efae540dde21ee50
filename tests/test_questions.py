"""Which words of a question in a sentence are a name, and which ask for a kind of records?"""

from __future__ import annotations

from pathlib import Path

import pytest

from indexers.catalog import load_catalog
from indexers.errors import CatalogError
from indexers.questions import Asked, load_questions

CATALOG = load_catalog()
QUESTIONS = load_questions(CATALOG.directory)


@pytest.mark.parametrize(
    ("text", "name", "left"),
    [
        ("鹿乡食品有没有被处罚", "鹿乡食品", "鹿乡食品 行政处罚"),
        ("鹿乡食品被处罚过吗？", "鹿乡食品", "鹿乡食品 行政处罚"),
        ("鹿乡食品被行政处罚过没有", "鹿乡食品", "鹿乡食品 行政处罚"),
        ("鹿乡食品的处罚记录", "鹿乡食品", "鹿乡食品 行政处罚"),
        ("鹿乡食品是不是老赖", "鹿乡食品", "鹿乡食品 失信被执行人"),
        ("请问，鹿乡食品在黑名单里吗", "鹿乡食品", "鹿乡食品 黑名单"),
        ("查一下鹿乡食品", "鹿乡食品", "鹿乡食品"),
        ("鹿乡食品 怎么样呢", "鹿乡食品", "鹿乡食品"),
        ("请问一下鹿乡食品有没有", "鹿乡食品", "鹿乡食品"),
        ("帮我查一下鹿乡食品", "鹿乡食品", "鹿乡食品"),
        ("我想查询一下鹿乡食品可靠吗", "鹿乡食品", "鹿乡食品"),
        ("哪些公司被罚款", "", "行政处罚"),
        ("被处罚的企业有哪些？", "", "行政处罚"),
        ("有没有处罚？", "", "行政处罚"),
        ("什么是失信", "", "黑名单"),
        ("怎么修复", "修复", "修复"),
        ("异议申诉怎么办理？", "异议申诉", "异议申诉"),
        ("东丰县吊销的公司有哪些", "东丰县吊销", "东丰县吊销"),
        ("欠税公司", "", "欠税"),
        ("流程科技有限公司有没有被罚", "流程科技有限公司", "流程科技有限公司 行政处罚"),
        ("请问如何食品有限公司", "如何食品有限公司", "如何食品有限公司"),
        ("问题轮胎怎么办", "问题轮胎", "问题轮胎"),
        ("查一下情况报社", "情况报社", "情况报社"),
        ("鹿乡食品有问题吗", "鹿乡食品", "鹿乡食品"),
        ("鹿乡食品有什么问题", "鹿乡食品", "鹿乡食品"),
        ("鹿乡食品什么情况？", "鹿乡食品", "鹿乡食品"),
        ("鹿乡食品情况怎么样", "鹿乡食品", "鹿乡食品"),
        ("鹿乡食品的情况 处罚", "鹿乡食品", "鹿乡食品 行政处罚"),
        ("鹿乡食品 问题 许可", "鹿乡食品", "鹿乡食品 行政许可"),
        ("信用修复流程是什么", "信用修复", "信用修复"),
        ("如何修复信用", "修复信用", "修复信用"),
        ("龙山区什么公司被罚款", "龙山区", "龙山区 行政处罚"),
        ("有哪些食品公司被罚款", "食品公司", "食品公司 行政处罚"),
    ],
)
def test_a_question_leaves_its_name_and_what_it_asks_for(text: str, name: str, left: str) -> None:
    assert QUESTIONS.read(text) == Asked(name, left)


@pytest.mark.parametrize(
    "text",
    [
        "鹿乡食品",
        "吗啡",
        "企查查",
        "幻想查理",
        "无限高科技",
        "是不是失",
        "有没有",
        "鹿乡食品？",
        "如何食品有限公司",
        "流程科技有限公司",
        "什么",
        "怎么样",
        "哪些公司",
        "公司",
        "？",
        "",
    ],
)
def test_what_asks_nothing_about_a_name_is_no_question(text: str) -> None:
    assert QUESTIONS.read(text) is None


def test_a_bare_question_keeps_what_kinds_and_lists_are_called() -> None:
    assert QUESTIONS.bare("什么是失信被执行人？") == "失信被执行人"
    assert QUESTIONS.bare("请问怎么申请信用修复") == "信用修复"
    assert QUESTIONS.bare("信用修复") == "信用修复"


def test_what_is_asked_for_has_a_name_that_leads_somewhere() -> None:
    labels = {kind.label for kind in CATALOG.kinds.values()}
    names = {name for entry in CATALOG.lists.values() for name in (entry.label, *entry.aliases)}
    synonyms = (CATALOG.directory / "synonyms.txt").read_text("utf-8")
    for text in (
        "被处罚",
        "有许可",
        "老赖",
        "上黑名单",
        "上红名单",
        "列入经营异常",
        "被限高",
        "欠税记录",
        "欠工资",
    ):
        asked = QUESTIONS.read(f"鹿乡食品{text}")
        assert asked is not None
        name = asked.text.removeprefix("鹿乡食品 ")
        assert name in labels | names or f"{name}|" in synonyms or f"{name}=" in synonyms


def test_an_empty_word_is_told(tmp_path: Path) -> None:
    text = (CATALOG.directory / "questions.toml").read_text("utf-8")
    (tmp_path / "questions.toml").write_text(text.replace('"请问"', '""', 1), "utf-8")
    with pytest.raises(CatalogError, match="words 是空的，或里面有空的词"):
        load_questions(tmp_path)


def test_a_faulty_file_is_told_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "questions.toml").write_text("words = 1", "utf-8")
    with pytest.raises(CatalogError, match=r"questions\.toml"):
        load_questions(tmp_path)
