"""Which questions do the offers beside an answer lead to, and how many are counted for them?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from deliveries import ANALYZER, CATALOG

from indexers.answers import Request, Understood
from indexers.offering import MOST_COUNTED, Offers, narrowed
from indexers.query import Total

TODAY = date(2026, 3, 31)
MARKET = "辽源市市场监督管理局"
BRANCH = "辽源市市场监督管理局龙山分局"
CANCELLED = ("subject", {"status": ("cancelled",)})


def offers_beside(request: Request, found: Callable[[Request], int]) -> tuple[Understood, ...]:
    offers = Offers(
        CATALOG,
        ANALYZER,
        lambda asked, _: Total(found(asked)),
        dict,
        lambda: (MARKET, BRANCH, "辽源市水利局"),
    )
    return offers.beside(request, TODAY, Total(0))


def led_to(
    request: Request, offers: tuple[Understood, ...]
) -> list[tuple[str, dict[str, tuple[str, ...]], str]]:
    asked = [narrowed(request, offer, CATALOG) for offer in offers]
    return [(each.type, each.filters, each.text) for each in asked]


def test_no_step_loses_what_is_chosen_before_it() -> None:
    request = Request(text="注销企业 工商局", type="record")
    found = offers_beside(request, lambda asked: 3)
    assert led_to(request, found) == [
        (*CANCELLED, "工商局"),
        ("record", {"authority": (MARKET,)}, "注销企业"),
        ("record", {"authority": (BRANCH,)}, "注销企业"),
    ]
    assert [len(offer.steps) for offer in found] == [1, 1, 1]


def test_steps_that_keep_the_type_stay_together() -> None:
    request = Request(text="注销企业 东丰县", type="record")
    found = offers_beside(request, lambda asked: 3)
    assert led_to(request, found) == [("subject", {**CANCELLED[1], "region": ("220421",)}, "")]


@pytest.mark.parametrize(
    ("text", "kind", "counted"),
    [
        ("龙山市市监局去年罚款5万元以上的食品公司有哪些", "record", MOST_COUNTED),
        ("注销企业 工商局", "subject", 3),
        ("东丰县 食品", "record", 1),
        ("鹿乡食品", "subject", 0),
    ],
)
def test_no_question_is_counted_twice_nor_more_than_an_answer_may_cost(
    text: str, kind: str, counted: int
) -> None:
    asked: list[Request] = []

    def find_nothing(request: Request) -> int:
        asked.append(request)
        return 0

    assert offers_beside(Request(text=text, type=kind), find_nothing) == ()
    assert len(asked) == counted
    assert [each for no, each in enumerate(asked) if each in asked[:no]] == []


def test_the_name_of_a_question_is_counted_before_each_filter() -> None:
    request = Request(text="鹿乡食品市监局去年有没有被处罚", type="subject")
    name = "鹿乡食品市监局去年"
    found = offers_beside(request, lambda asked: int(asked.text == name and asked.type == "library"))
    assert [(offer.field, offer.value, offer.type) for offer in found] == [("q", name, "library")]
