"""Does a document appear and disappear on its days, everywhere at once?"""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from engine_documents import TODAY, Documents, Publish, ask, ids

from indexers.documents import Bury, Gone, Moved, PublicRecord, PublicSubject, Redirect, Remove
from indexers.engines.base import SearchEngine
from indexers.query import AnyQuery, SearchQuery, TermFilter

FIRST = date(2026, 3, 1)
LAST = date(2026, 3, 31)


@pytest.fixture
def dated(publish: Publish, documents: Documents) -> SearchEngine:
    """One record and one subject, visible from 1 to 31 March."""
    days = {"begins": 20260301, "until": 20260401}
    return publish(
        [
            documents.subject("s1", "鹿乡食品", **days),
            documents.record("r1", "鹿乡食品", **days),
        ]
    )


def outlets(engine: SearchEngine, day: date) -> dict[str, object]:
    """What every way of asking says of the record and the subject."""
    readings = engine.analyzer.queries("鹿乡食品")
    page = engine.search(SearchQuery("records", day, readings, facets=("kind",)))
    browse = engine.search(SearchQuery("records", day))
    near = engine.propose(AnyQuery("records", day, "name_gram", ("鹿乡",), 1))
    return {
        "search": [hit.id for hit in page.hits],
        "total": page.total.value,
        "facets": [(value.value, value.count) for value in page.facets["kind"].values],
        "browse": [hit.id for hit in browse.hits],
        "near": [hit.id for hit in near],
        "suggest": [found.id for found in engine.suggest("鹿乡", day)],
        "counts": engine.count_by_subject(["s1"], day),
        "scan": [document.id for document in engine.scan("records", (), day)],
    }


VISIBLE = {
    "search": ["r1"],
    "total": 1,
    "facets": [("administrative_penalty", 1)],
    "browse": ["r1"],
    "near": ["r1"],
    "suggest": ["s1"],
    "counts": {"s1": {"administrative_penalty": 1}},
    "scan": ["r1"],
}
NOTHING = {name: type(value)() for name, value in VISIBLE.items()}


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (FIRST - timedelta(days=1), NOTHING),
        (FIRST, VISIBLE),
        (LAST, VISIBLE),
        (LAST + timedelta(days=1), NOTHING),
    ],
)
def test_every_outlet_shows_a_document_on_its_days_only(
    dated: SearchEngine, day: date, expected: dict[str, object]
) -> None:
    assert outlets(dated, day) == expected


def test_an_ended_record_is_gone_and_a_coming_one_unknown(dated: SearchEngine) -> None:
    assert dated.get("records", "r1", FIRST - timedelta(days=1)) is None
    assert isinstance(dated.get("records", "r1", LAST), PublicRecord)
    assert dated.get("records", "r1", LAST + timedelta(days=1)) == Gone("r1")
    assert dated.get("records", "never", LAST) is None


def test_a_subject_with_nothing_to_show_looks_as_if_never_seen(dated: SearchEngine) -> None:
    assert isinstance(dated.get("subjects", "s1", LAST), PublicSubject)
    assert dated.get("subjects", "s1", LAST + timedelta(days=1)) is None


def test_a_tombstone_is_found_by_get_only(dated: SearchEngine) -> None:
    dated.write([Bury("records", "r1", 2), Remove("subjects", "s1", 2)])
    assert outlets(dated, LAST) == NOTHING
    assert dated.get("records", "r1", LAST) == Gone("r1")
    assert dated.get("subjects", "s1", LAST) is None
    live = dated.status().live
    assert live is not None
    assert live.counts == {"subjects": 0, "records": 0, "library": 0}


def test_a_joined_subject_says_where_it_went_while_that_is_shown(
    dated: SearchEngine, documents: Documents
) -> None:
    target = documents.subject("s2", "松江运输", rank=2, begins=20260301, until=20260401)
    dated.write([target, Redirect("subjects", "s1", 2, "s2")])
    assert dated.get("subjects", "s1", LAST) == Moved("s1", "s2")
    assert dated.suggest("鹿乡", LAST) == ()
    assert dated.get("subjects", "s1", LAST + timedelta(days=1)) is None
    dated.write([Remove("subjects", "s2", 3)])
    assert dated.get("subjects", "s1", LAST) is None


def test_records_of_a_joined_subject_are_found_under_both_ids(publish: Publish, documents: Documents) -> None:
    engine = publish(
        [
            documents.subject("coded", "鹿乡食品", rank=1),
            documents.subject("n-2", "松江运输", rank=2),
            Redirect("subjects", "n-1", 1, "coded"),
            documents.record("r1", "鹿乡食品", rank=1, subject_id="coded"),
            documents.record("r2", "松江运输", rank=2, subject_id="n-2"),
        ]
    )
    for given, expected in (("coded", ["r1"]), ("n-1", ["r1"]), ("n-2", ["r2"]), ("n-3", [])):
        mine = (TermFilter("subject_id", (given,)),)
        assert ids(ask(engine, collection="records", filters=mine)) == expected
        assert [document.id for document in engine.scan("records", mine, TODAY)] == expected


def test_counts_by_subject_are_by_kind_and_leave_out_who_has_none(
    publish: Publish, documents: Documents
) -> None:
    engine = publish(
        [
            documents.record("r1", "鹿乡食品", rank=1, subject_id="a"),
            documents.record("r2", "鹿乡食品", rank=2, subject_id="a"),
            documents.record("r3", "鹿乡食品", rank=3, subject_id="a", kind="administrative_licence"),
            documents.record("r4", "鹿乡食品", rank=4, subject_id="b", until=20260331),
            documents.record("r5", "鹿乡食品", rank=5, subject_id="c"),
        ]
    )
    assert engine.count_by_subject(["a", "b", "d"], TODAY) == {
        "a": {"administrative_penalty": 2, "administrative_licence": 1}
    }
    assert engine.count_by_subject([], TODAY) == {}
