"""What is offered for a word that names a list, a kind of records, or one of these in everyday language?"""

from __future__ import annotations

import pytest
from deliveries import ANALYZER, CATALOG

from indexers.answers import Request, Understood
from indexers.query import Total
from indexers.topics import Topics

TOPICS = Topics(CATALOG, ANALYZER)
TOTALS = {
    "list:wage_arrears": Total(89),
    "kind:wage_arrears": Total(89),
    "list:court_defaulters": Total(300),
    "kind:court_defaulter": Total(321),
    "list:consumption_restrictions": Total(20),
    "kind:consumption_restriction": Total(20),
    "list:honesty_models": Total(84),
    "kind:honour_entry": Total(685),
    "kind:adverse_entry": Total(308),
    "kind:abnormal_operation": Total(509),
    "kind:policy_document": Total(5),
}
FOUND = {
    ("超过保质期", "record"): Total(64),
    ("营业执照", "record"): Total(7),
    ("失信被执行人", "library"): Total(1),
}

WAGES = ("list", "拖欠农民工工资失信联合惩戒对象名单", 89)
DEFAULTERS = ("list", "失信被执行人名单", 300)
DEFAULTER = ("kind", "失信被执行人", 321)


def offers(text: str, **more: object) -> list[tuple[str, str, int]]:
    request = Request(text=text, **more)  # type: ignore[arg-type]
    found = TOPICS.offers(request, lambda: TOTALS, lambda *asked: FOUND.get(asked, Total(0)))
    return [(each.field, each.label, each.total.value) for each in found if each.total is not None]


@pytest.mark.parametrize("kind", ["subject", "record", "library"])
@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("欠薪", [WAGES]),
        ("拖欠农民工工资", [WAGES]),
        ("拖欠農民工工資", [WAGES]),
        ("失信被执行人", [DEFAULTERS, DEFAULTER]),
        ("老赖", [DEFAULTERS, DEFAULTER, ("q", "失信被执行人", 1)]),
        ("限制高消费", [("list", "限制高消费被执行人", 20)]),
        ("限高", [("list", "限制高消费被执行人", 20)]),
        ("经营异常", [("kind", "经营异常名录", 509)]),
        ("黑名单", [DEFAULTERS, ("kind", "严重失信主体名单", 308), DEFAULTER, ("q", "失信被执行人", 1)]),
        ("政策法规", [("kind", "政策法规", 5)]),
        ("执照", [("q", "营业执照", 7)]),
        ("过期食品", [("q", "超过保质期", 64)]),
        ("失信企业", [DEFAULTERS, ("kind", "严重失信主体名单", 308), DEFAULTER, ("q", "失信被执行人", 1)]),
        ("高消费", [("list", "限制高消费被执行人", 20)]),
        ("海关高级认证企业", [("list", "海关高级认证企业", 0)]),
    ],
)
def test_a_word_leads_to_what_it_names_from_every_tab(
    text: str, kind: str, told: list[tuple[str, str, int]]
) -> None:
    assert offers(text, type=kind) == told


def test_the_red_list_is_offered_with_what_belongs_to_it() -> None:
    assert offers("红名单")[0] == ("list", "诚信典型", 84)
    assert ("kind", "诚实守信名单", 685) in offers("红名单")


@pytest.mark.parametrize(
    "text", ["鹿乡食品", "辽源老赖食品厂", "失信被执行人信息服务公司", "重点关注对象名单", "名单", ""]
)
def test_what_names_nothing_public_leads_nowhere(text: str) -> None:
    assert offers(text) == []


def test_what_has_no_documents_is_not_offered_but_for_an_empty_list() -> None:
    nothing = TOPICS.offers(Request(text="老赖"), dict, lambda *asked: Total(0))
    assert [(each.field, each.total) for each in nothing] == [("list", Total(0))]


def test_what_is_chosen_already_is_not_offered() -> None:
    assert offers("失信被执行人", type="record", filters={"list": ("court_defaulters",)}) == [DEFAULTER]
    assert offers("失信被执行人", type="record", filters={"kind": ("court_defaulter",)}) == [DEFAULTERS]


def test_totals_are_asked_only_for_a_word_that_means_something() -> None:
    def refuse() -> dict[str, Total]:
        raise AssertionError("nothing to count")

    assert TOPICS.offers(Request(text="鹿乡食品"), refuse, lambda *asked: Total(0)) == ()


def beside(text: str, kind: str = "subject") -> tuple[str, str, str, str] | None:
    offer: Understood | None = TOPICS.narrowing(Request(text=text, type=kind))
    return offer and (offer.type, offer.value, offer.text, offer.rest)


def test_a_name_beside_other_words_is_asked_for_with_the_rest() -> None:
    assert beside("食品 行政处罚") == ("record", "administrative_penalty", "行政处罚", "食品")
    assert beside("辽源失信被执行人名单") == ("record", "court_defaulters", "失信被执行人名单", "辽源")
    assert beside("辽源失信被执行人", "record") == ("record", "court_defaulter", "失信被执行人", "辽源")
    assert beside("辽源 欠薪") == ("record", "wage_arrears", "欠薪", "辽源")
    assert beside("信用 政策法规", "library") == ("library", "policy_document", "政策法规", "信用")


def test_no_name_beside_other_words_is_made_of_parts() -> None:
    assert beside("行政处罚") is None
    assert beside("辽源欠薪") is None
    assert beside("安全生产 罚款") is None
    assert beside("食品 行政处罚", "library") is None
