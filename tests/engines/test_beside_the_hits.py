"""What stands beside the hits: cards of other types, near misses, and ways to what was meant, on every engine."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from engine_documents import TODAY, Documents, Publish
from fixed_clock import FixedClock

from indexers.answers import Answer, Request
from indexers.catalog import Catalog
from indexers.documents import Upsert
from indexers.finding import Finder

NAME = "辽源市鹿乡食品有限公司"
Ask = Callable[..., Answer]
AskIn = Callable[..., Ask]


@pytest.fixture
def ask_in(publish: Publish, catalog: Catalog) -> AskIn:
    """Publishes these documents; answers a function that asks for some of them."""

    def prepare(*operations: Upsert) -> Ask:
        engine = publish(operations)
        finder = Finder(engine, catalog, engine.analyzer, FixedClock(TODAY))
        return lambda text, kind="subject", **more: finder.find(Request(text=text, type=kind, **more))

    return prepare


@pytest.fixture
def ask(ask_in: AskIn, documents: Documents) -> Ask:
    return ask_in(
        documents.subject("s1", NAME, rank=2, other_names=("东丰县湫蓼制品厂",)),
        documents.subject("s2", "四平市衡陌运输有限公司", rank=1),
        documents.record("r1", NAME, rank=3),
        documents.record("r2", NAME, rank=2, kind="administrative_licence"),
        documents.record("r3", NAME, rank=1, until=20260331),
    )


@pytest.mark.parametrize(
    ("kind", "filters"),
    [("record", {"kind": ("court_defaulter",)}), ("record", {"list": ("court_defaulters",)}), ("library", {})],
)
def test_the_card_of_a_subject_beside_no_hits_counts_what_may_be_shown_of_it(
    ask: Ask, kind: str, filters: dict[str, tuple[str, ...]]
) -> None:
    answer = ask("鹿乡食品", kind, filters=filters)
    assert answer.total.value == 0
    assert [hit.document.id for each in answer.other if each.type == "subject" for hit in each.top] == ["s1"]
    assert answer.counts == {"s1": {"administrative_penalty": 1, "administrative_licence": 1}}
