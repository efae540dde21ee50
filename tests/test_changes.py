from datetime import date

import pytest
from deliveries import NAME, Desk, code, penalty, profile
from sqlalchemy.engine import Connection

from indexers.ledger import changes
from indexers.ledger.changes import (
    RecordRow,
    SubjectRow,
    changed_spans,
    count_changes,
    ended_between,
    read_span,
    removed_records,
    subjects_by_id,
    subjects_with_boundary,
)


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changes, "CHUNK", 2)


def names(desk: Desk, count: int) -> list[dict[str, str]]:
    return [penalty(n, 行政相对人名称=f"鹿乡{n}号食品有限公司") for n in range(1, count + 1)]


def changes_between(
    connection: Connection, after: int, upto: int
) -> list[list[RecordRow] | list[SubjectRow]]:
    parts = [read_span(connection, span) for span in changed_spans(connection, after, upto)]
    return [part for part in parts if part]


def test_changes_come_in_chunks_in_their_order_each_once(desk: Desk) -> None:
    desk.bring(*names(desk, 5))
    upto = desk.ledger.last_seq()
    with desk.ledger.reading() as connection:
        parts = changes_between(connection, 0, upto)
        assert count_changes(connection, 0, upto) == 10
        assert changes_between(connection, upto, upto) == []
    records = [[row.seq for row in rows] for rows in parts if isinstance(rows[0], RecordRow)]
    subjects = [row.id for rows in parts for row in rows if isinstance(row, SubjectRow)]
    assert [len(seqs) for seqs in records] == [2, 2, 1]
    flat = [seq for seqs in records for seq in seqs]
    assert flat == sorted(flat)
    assert len(set(subjects)) == len(subjects) == 5


def test_changes_stop_at_the_number_that_was_asked_for(desk: Desk) -> None:
    desk.bring(*names(desk, 3))
    upto = desk.ledger.last_seq()
    desk.bring(penalty(9))
    with desk.ledger.reading() as connection:
        parts = changes_between(connection, 0, upto)
    assert [type(row) for rows in parts for row in rows] == [RecordRow] * 3 + [SubjectRow] * 3


def test_numbers_of_subjects_come_after_those_of_their_records(desk: Desk) -> None:
    desk.bring(*names(desk, 3))
    [(records,)] = desk.query("SELECT MAX(seq) FROM records")
    [(subjects,)] = desk.query("SELECT MIN(seq) FROM subjects")
    assert int(str(subjects)) > int(str(records))


def test_no_number_is_given_twice(desk: Desk) -> None:
    desk.bring(*names(desk, 3))
    desk.bring(*names(desk, 4), profile("鹿乡1号食品有限公司"))
    desk.bring(profile("鹿乡1号食品有限公司"))
    desk.end(desk.ids()[1])
    numbers = [
        row[0] for row in desk.query("SELECT seq FROM records UNION ALL SELECT DISTINCT seq FROM subjects")
    ]
    assert len(numbers) == len(set(numbers))
    events = [row[0] for row in desk.query("SELECT seq FROM events")]
    assert len(events) == len(set(events))


def test_removals_are_those_of_which_less_may_be_shown(desk: Desk) -> None:
    desk.bring(*names(desk, 4))
    first, second, third, _ = desk.ids()
    desk.end(third)
    desk.end(first)
    desk.bring(
        penalty(2, 行政相对人名称="鹿乡2号食品有限公司", 公示截止期="2026-12-01"),
        penalty(4, 行政相对人名称="鹿乡4号食品有限公司", 处罚结果="罚款六千元"),
    )
    with desk.ledger.reading() as connection:
        removed = [row.id for rows in removed_records(connection, 0) for row in rows]
    assert removed == [third, first, second]


def test_ends_and_boundaries_of_days(desk: Desk) -> None:
    ends = ("2026-11-22", "2026-11-23", "2026-11-23", "2026-11-24", "2026-11-25")
    rows = names(desk, 5)
    desk.bring(*({**row, "公示截止期": end} for row, end in zip(rows, ends, strict=True)))
    ids = desk.ids()
    with desk.ledger.reading() as connection:
        ended = [row.id for part in ended_between(connection, 20261123, 20261125) for row in part]
        bounded = [
            row.given[0].party
            for part in subjects_with_boundary(connection, 20261123, 20261125)
            for row in part
        ]
    assert sorted(ended) == sorted(ids[1:4])
    assert sorted(bounded) == ["鹿乡2号食品有限公司", "鹿乡3号食品有限公司", "鹿乡4号食品有限公司"]


def test_a_subject_comes_with_its_profiles_and_what_its_public_records_give(desk: Desk) -> None:
    desk.bring(profile(NAME, 1, 工商注册号="220402000000017"))
    desk.bring(
        penalty(1, 统一社会信用代码=code(1), 工商登记码="220402000000025"),
        penalty(2, 统一社会信用代码=code(1), 处罚结果="警告", 处罚类别="警告"),
        penalty(3),
    )
    with desk.ledger.reading() as connection:
        [row] = subjects_by_id(connection, [code(1)])
    assert (row.uscc, row.organisation_code) == (code(1), code(1)[8:17])
    [own] = row.profiles
    assert (own.kind, own.delivered_on, own.number) == ("subject_profile", "2026-11-22", "220402000000017")
    assert NAME in own.content
    period = (code(1), 20260506, 20270507, "administrative_penalty", "", "adverse")
    assert sorted(row.given) == [
        (*period, "code", "2026-05-06", NAME, NAME, "220402000000025"),
        (*period, "name", "2026-05-06", NAME, NAME, ""),
    ]


def test_the_day_of_delivery_is_that_of_the_batch(desk: Desk) -> None:
    desk.clock.move_to(date(2026, 11, 1))
    desk.bring(penalty(1))
    desk.clock.move_to(date(2026, 11, 22))
    desk.bring(penalty(2))
    with desk.ledger.reading() as connection:
        parts = changes_between(connection, 0, desk.ledger.last_seq())
    rows = [row for part in parts for row in part if isinstance(row, RecordRow)]
    assert [row.delivered_on for row in rows] == [
        "2026-11-01",
        "2026-11-22",
    ]
