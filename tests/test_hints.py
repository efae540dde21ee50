"""Which values are taken in with a word to the clerk?"""

from __future__ import annotations

import pytest
from deliveries import Desk, code, penalty, tally

FINE = "罚款金额(万元)"
OFFICIAL = {
    "行政相对人名称": "鹿乡一号食品有限公司",
    "行政相对人类别": "法人及非法人组织",
    "统一社会信用代码": code(1),
    "行政处罚决定书文号": "某罚〔2026〕1号",
    "违法行为类型": "经营超过保质期的食品",
    "违法事实": "经营超过保质期的食品",
    "处罚依据": "食品安全法第一百二十四条",
    "处罚类别": "罚款",
    "处罚内容": "罚款五千元",
    FINE: "0.5",
    "没收违法所得、没收非法财物的金额（万元）": "",
    "暂扣或吊销证照名称及编号": "",
    "处罚决定日期": "2026-05-06",
    "处罚有效期": "2029-05-06",
    "公示截止期": "2027-05-06",
    "处罚机关": "某某市市场监督管理局",
    "处罚机关统一社会信用代码": code(2),
    "数据来源单位": "某某市市场监督管理局",
    "数据来源单位统一社会信用代码": code(2),
    "备注": "",
}


def hints(desk: Desk, **changes: str) -> list[tuple[str, str]]:
    account = desk.bring({**OFFICIAL, **changes})
    assert tally(account) == (1, 1, 0, 0), account.problems
    assert {note.row for note in account.notes} <= {2}
    return [(note.column, note.rule) for note in account.notes]


def test_a_usual_row_is_taken_in_without_a_word(desk: Desk) -> None:
    assert hints(desk) == []


def test_a_period_that_ended_before_the_decision_is_told(desk: Desk) -> None:
    assert hints(desk, 处罚有效期="2020-01-01") == [("处罚有效期", "valid_before_decision")]
    assert hints(desk, 处罚有效期="长期", 行政处罚决定书文号="某罚〔2026〕2号") == []


@pytest.mark.parametrize(
    ("content", "amount", "rules"),
    [
        ("罚款人民币壹拾万元整", "1", ["fine_differs"]),
        ("处以罚款5000元，没收违法所得200元", "5000", ["fine_differs"]),
        ("处以罚款5000元，没收违法所得200元", "0.5", []),
        ("罚款5,000元（大写：伍仟元整）", "0.5", []),
        ("罚款3万元，罚款2万元", "50", []),
        ("罚款5000元", "0.6", []),
        ("罚款", "50000", ["fine_is_great"]),
        ("罚款5亿元", "50000", []),
        ("罚款", "9999", []),
    ],
)
def test_a_fine_unlike_that_of_the_decision_or_beyond_all_measure_is_told(
    desk: Desk, content: str, amount: str, rules: list[str]
) -> None:
    assert hints(desk, 处罚内容=content, **{FINE: amount}) == [(FINE, rule) for rule in rules]


def test_what_is_told_of_a_fine_names_both_sums(desk: Desk) -> None:
    [note] = desk.bring({**OFFICIAL, "处罚内容": "罚款壹拾万元", FINE: "1"}).notes
    assert "合1万元（10,000元），处罚内容写的是10万元（100,000元）" in note.message


@pytest.mark.parametrize("number", ["2026-11-01", "2026/5/6", "2026年5月6日", "2026.5.6"])
def test_a_day_in_the_place_of_a_number_is_told(desk: Desk, number: str) -> None:
    assert hints(desk, 行政处罚决定书文号=number) == [("行政处罚决定书文号", "number_is_day")]


@pytest.mark.parametrize("number", ["20261101", "2026-11号", "2026-1", "某罚2026-11-01"])
def test_numbers_like_days_are_numbers(desk: Desk, number: str) -> None:
    assert hints(desk, 行政处罚决定书文号=number) == []


def test_a_hint_is_given_for_the_entry_of_the_old_sheet_too(desk: Desk) -> None:
    account = desk.bring(penalty(1, 行政处罚决定书文号="2026-11-01"))
    assert [note.rule for note in account.notes] == ["number_is_day"]
