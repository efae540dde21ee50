"""Are operations carried out whole, once, newest first, and visible when `write` returns?"""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest
from engine_documents import TODAY, Documents, OpenEngine, Publish, ask, ids

from indexers.documents import Bury, Gone, IndexValue, Remove, Upsert, decode_document
from indexers.engines.base import KEPT, Applied, Rejected, SearchEngine, WriteReport
from indexers.engines.fitting import make_forms
from indexers.errors import IndexMissing


@pytest.fixture
def one(publish: Publish, documents: Documents) -> SearchEngine:
    return publish([documents.subject("s1", "鹿乡食品", rank=1, seq=5)], Applied(seq=5))


def test_a_change_is_searchable_when_write_returns_here_and_elsewhere(
    one: SearchEngine, documents: Documents, open_again: OpenEngine
) -> None:
    other = open_again()
    assert ids(ask(other)) == ["s1"]
    report = one.write([documents.subject("s2", "城关商行", rank=2, seq=6)], Applied(seq=6, day="2026-03-31"))
    assert report == WriteReport(ok=1)
    assert ids(ask(one)) == ["s2", "s1"]
    assert ids(ask(other)) == ["s2", "s1"]
    live = other.status().live
    assert live is not None
    assert live.applied == Applied(6, 0, "2026-03-31")
    assert live.counts["subjects"] == 2


def test_an_upsert_replaces_the_whole_document(one: SearchEngine, documents: Documents) -> None:
    one.write([documents.subject("s1", "城关商行", rank=9, seq=6, region="110101")])
    assert ids(ask(one, "鹿乡食品")) == []
    assert ids(ask(one, "城关商行")) == ["s1"]
    assert [v.value for v in ask(one, facets=("province",)).facets["province"].values] == ["11"]


def test_an_older_operation_is_stale_and_changes_nothing(one: SearchEngine, documents: Documents) -> None:
    operations = [
        documents.subject("s1", "城关商行", seq=4),
        Bury("subjects", "s1", 4),
        Remove("subjects", "s1", 4),
    ]
    assert one.write(operations) == WriteReport(stale=3)
    assert ids(ask(one, "鹿乡食品")) == ["s1"]


def test_the_same_operation_twice_is_the_same_state(one: SearchEngine, documents: Documents) -> None:
    again = documents.subject("s1", "鹿乡食品厂", rank=1, seq=6)
    assert one.write([again, again]) == WriteReport(ok=2)
    assert one.write([again]) == WriteReport(ok=1)
    assert (ids(ask(one)), ask(one).total.value) == (["s1"], 1)


def test_the_newest_of_several_in_one_call_wins(one: SearchEngine, documents: Documents) -> None:
    newest = documents.subject("s1", "鹿乡食品厂", seq=9)
    report = one.write([documents.subject("s1", "甲", seq=7), newest, documents.subject("s1", "乙", seq=8)])
    assert report == WriteReport(ok=2, stale=1)
    assert ids(ask(one, "鹿乡食品厂")) == ["s1"]


def test_a_tombstone_guards_against_what_is_older(one: SearchEngine, documents: Documents) -> None:
    one.write([documents.record("r1", "鹿乡食品", seq=6), Bury("records", "r1", 8)])
    assert one.write([documents.record("r1", "鹿乡食品", seq=7)]) == WriteReport(stale=1)
    assert one.get("records", "r1", TODAY) == Gone("r1")


def test_what_was_removed_may_come_again(one: SearchEngine, documents: Documents) -> None:
    one.write([Remove("subjects", "s1", 6)])
    assert one.get("subjects", "s1", TODAY) is None
    one.write([documents.subject("s1", "鹿乡食品", seq=7)])
    assert ids(ask(one)) == ["s1"]


def test_one_bad_document_is_named_and_loses_no_other(one: SearchEngine, documents: Documents) -> None:
    good = documents.subject("s2", "城关商行", rank=2)
    unknown = msgspec.structs.replace(good, id="s3", fields={**good.fields, "colour": "red"})
    wrong = msgspec.structs.replace(good, id="s4", fields={**good.fields, "founded_on": "soon"})
    unranked = {name: value for name, value in good.fields.items() if name != "rank_key"}
    operations: list[Upsert] = [unknown, wrong, msgspec.structs.replace(good, id="a b"), good]
    operations.append(msgspec.structs.replace(good, id="s5", fields=unranked))
    report = one.write(operations)
    assert report.ok == 1
    assert [rejected.id for rejected in report.rejected] == ["s3", "s4", "a b", "s5"]
    assert "colour" in report.rejected[0].reason
    assert all(isinstance(rejected, Rejected) and rejected.reason for rejected in report.rejected)
    assert ids(ask(one)) == ["s2", "s1"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("founded_on", "soon"),
        ("founded_on", 2**60),
        ("status", 5),
        ("status", ("a", "b")),
        ("code", ("a", 5)),
        ("name_tok", 7),
    ],
)
def test_a_value_of_the_wrong_type_is_refused_and_what_was_there_stays(
    one: SearchEngine, documents: Documents, field: str, value: IndexValue
) -> None:
    newer = documents.subject("s1", "城关商行", seq=9)
    report = one.write([msgspec.structs.replace(newer, fields={**newer.fields, field: value})])
    assert (report.ok, [rejected.id for rejected in report.rejected]) == (0, ["s1"])
    assert field in report.rejected[0].reason
    assert ids(ask(one, "鹿乡食品")) == ["s1"]


def test_documents_written_elsewhere_are_as_if_written_here(one: SearchEngine, documents: Documents) -> None:
    forms = make_forms(one.form, one.catalog)
    code = "91220402DM00000012"
    here = documents.subject("s2", "城关商行", rank=3, code=(code,), until=20260401)
    there = documents.subject("s3", "城关商行", rank=2, code=(code,), until=20260401)
    record = documents.record("r3", "城关商行", body="超范围经营")
    packed = [forms[operation.collection].pack(operation) for operation in (there, record)]
    assert one.write([here, *packed]) == WriteReport(ok=3)
    assert ids(ask(one, "城关商行")) == ids(ask(one, code)) == ["s2", "s3"]
    assert one.get("subjects", "s3", TODAY) == decode_document(there.stored)
    assert one.get("records", "r3", TODAY) == decode_document(record.stored)
    assert one.get("subjects", "s3", TODAY + timedelta(1)) is None
    assert one.write([forms["subjects"].pack(documents.subject("s3", "白山商行", seq=0))]) == WriteReport(
        stale=1
    )


def test_a_failing_source_of_operations_changes_nothing_and_blocks_nobody(
    one: SearchEngine, documents: Documents
) -> None:
    def failing() -> object:
        yield documents.subject("s2", "城关商行", rank=2)
        raise RuntimeError("the source broke")

    with pytest.raises(RuntimeError) as caught:
        one.write(failing())  # type: ignore[arg-type]
    assert one.write([documents.subject("s3", "白山商行", rank=3)]) == WriteReport(ok=1)
    assert ids(ask(one)) == ["s3", "s1"]
    assert "source" in str(caught.value)


def test_every_write_raises_the_revision(one: SearchEngine, documents: Documents) -> None:
    before = one.data_version()
    one.write([documents.subject("s2", "城关商行", rank=2)])
    one.write([], Applied(seq=7, at="2026-03-31T06:00+08:00"))
    now = one.data_version()
    assert ask(one).version == now
    assert now[:3] == (before.generation, before.revision + 2, "2026-03-31T06:00+08:00")
    assert now.content not in (0, before.content)


def test_nothing_can_be_asked_or_written_before_the_first_publication(
    engine: SearchEngine, documents: Documents
) -> None:
    assert engine.status().live is None
    with pytest.raises(IndexMissing):
        engine.data_version()
    with pytest.raises(IndexMissing):
        ask(engine)
    with pytest.raises(IndexMissing):
        engine.write([documents.subject("s1", "鹿乡食品")])


def test_there_is_no_kept_generation_after_the_first_publication(
    one: SearchEngine, documents: Documents
) -> None:
    with pytest.raises(IndexMissing):
        one.write([Bury("subjects", "s1", 9)], generation=KEPT)
