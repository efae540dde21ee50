"""What stands beside the hits: cards of other types, near misses, and ways to what was meant, on every engine."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import pytest
from engine_documents import TODAY, Documents, Publish
from fixed_clock import FixedClock

from indexers.answers import Answer, Request
from indexers.catalog import Catalog
from indexers.documents import Upsert
from indexers.engines.base import SearchEngine
from indexers.finding import Finder
from indexers.query import SearchPage, SearchQuery, Total
from samples.codes import misspelt, uscc_of

NAME = "辽源市鹿乡食品有限公司"
CODE = uscc_of("91", "220402", 123)
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
    [
        ("record", {"kind": ("court_defaulter",)}),
        ("record", {"list": ("court_defaulters",)}),
        ("library", {}),
    ],
)
def test_the_card_of_a_subject_beside_no_hits_counts_what_may_be_shown_of_it(
    ask: Ask, kind: str, filters: dict[str, tuple[str, ...]]
) -> None:
    answer = ask("鹿乡食品", kind, filters=filters)
    assert answer.total.value == 0
    assert [hit.document.id for each in answer.other if each.type == "subject" for hit in each.top] == ["s1"]
    assert answer.counts == {"s1": {"administrative_penalty": 1, "administrative_licence": 1}}


@pytest.mark.parametrize("kind", ["subject", "record", "library"])
def test_a_former_name_leads_to_the_records_under_the_present_one(ask: Ask, kind: str) -> None:
    [offer] = ask("东丰县湫蓼制品厂", kind).understood
    assert (offer.field, offer.value, offer.label, offer.type) == ("subject", "s1", NAME, "record")
    assert (offer.whole, offer.total) == (True, Total(2))
    assert ask("", "record", subject="s1").total == Total(2)


def test_a_name_that_records_bear_leads_nowhere_else(ask: Ask, ask_in: AskIn, documents: Documents) -> None:
    assert [offer.field for offer in ask("鹿乡食品").understood] == []
    ask = ask_in(
        documents.subject("s1", NAME, other_names=("东丰县湫蓼制品厂",)),
        documents.record("r1", "东丰县湫蓼制品厂", rank=2),
        documents.record("r2", NAME, rank=1),
    )
    assert [offer.field for offer in ask("东丰县湫蓼制品厂").understood if offer.field == "subject"] == []


def test_a_part_of_many_former_names_means_none_of_them(ask_in: AskIn, documents: Documents) -> None:
    ask = ask_in(
        *(
            documents.subject(f"s{n}", f"鹿乡{n}食品厂", rank=n, other_names=(f"湫蓼{n}店",))
            for n in range(1, 5)
        ),
        *(documents.record(f"r{n}", f"鹿乡{n}食品厂", rank=n, subject_id=f"s{n}") for n in range(1, 5)),
    )
    assert ask("湫蓼").total == Total(4)
    assert ask("湫蓼").understood == ()
    assert [offer.value for offer in ask("湫蓼2店").understood] == ["s2"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("luxiangshipin", "pinyin"),
        ("路乡食品", "homophone"),
        ("辽源市鹿乡食晶有限公司", "near_miss"),
        (misspelt(CODE), "code_near"),
    ],
)
@pytest.mark.parametrize("filters", [{}, {"list": ("court_defaulters",)}, {"kind": ("court_defaulter",)}])
def test_who_was_meant_is_proposed_where_no_records_are_found(
    ask_in: AskIn, documents: Documents, text: str, reason: str, filters: dict[str, tuple[str, ...]]
) -> None:
    ask = ask_in(documents.subject("s1", NAME, code=(CODE,)), documents.record("r1", NAME))
    answer = ask(text, "record", filters=filters)
    assert (answer.total, answer.hits) == (Total(0), ())
    assert [(h.type, h.document.id, h.reason.code) for h in answer.proposals] == [("subject", "s1", reason)]
    assert answer.counts == {"s1": {"administrative_penalty": 1}}


def test_nobody_is_proposed_beside_records_or_beside_who_was_typed(ask: Ask) -> None:
    assert ask("鹿乡食品", "record").proposals == ()
    assert ask("鹿乡食品", "record", filters={"list": ("court_defaulters",)}).proposals == ()
    assert ask("犇骉麤龘公司", "record").proposals == ()
    assert ask("路乡食品", "library").proposals == ()


class Stopping:
    """An engine that stops counting after the first hit, as all do after ten thousand."""

    def __init__(self, engine: SearchEngine) -> None:
        self._engine = engine

    def __getattr__(self, name: str) -> object:
        return getattr(self._engine, name)

    def search(self, query: SearchQuery) -> SearchPage:
        return msgspec.structs.replace(self._engine.search(query), total=Total(1, exact=False))


@pytest.mark.parametrize(
    ("asked", "total"),
    [
        (Request(type="record"), Total(3)),
        (Request(type="record", filters={"authority": ("某局",)}), Total(2)),
        (Request(type="record", filters={"kind": ("administrative_penalty",)}), Total(1, exact=False)),
        (Request(text="鹿乡", type="record"), Total(1, exact=False)),
        (Request(), Total(1, exact=False)),
    ],
)
def test_where_no_text_is_asked_for_the_kinds_tell_how_many_there_are(
    publish: Publish, documents: Documents, catalog: Catalog, asked: Request, total: Total
) -> None:
    engine = publish(
        [
            documents.subject("s1", NAME),
            documents.record("r1", NAME, rank=3, authority="某局"),
            documents.record("r2", NAME, rank=2, authority="某局", kind="administrative_licence"),
            documents.record("r3", NAME, rank=1),
        ]
    )
    finder = Finder(Stopping(engine), catalog, engine.analyzer, FixedClock(TODAY))  # type: ignore[arg-type]
    assert finder.find(asked).total == total
    assert finder.totals()["record"] == Total(3)
