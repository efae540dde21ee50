"""Which questions do the offers beside an answer lead to, and how many are counted for them?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from deliveries import ANALYZER, CATALOG

from indexers.answers import Request, Understood
from indexers.offering import Offers, narrowed
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
