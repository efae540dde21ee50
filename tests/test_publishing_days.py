from datetime import date, datetime, timedelta

import msgspec
import pytest
from deliveries import ANALYZER, AUTHORITY, CATALOG, NAME, TODAY, Desk, abnormal, code, penalty

from indexers.answers import DocumentAnswer
from indexers.clock import SHANGHAI
from indexers.documents import Gone, PublicRecord, PublicSubject
from indexers.engines import open_engine
from indexers.engines.base import Applied
from indexers.errors import FingerprintMismatch
from indexers.finding import Finder
from indexers.publishing import Publisher, measure_lag
from indexers.query import SearchQuery


def test_a_subject_without_a_profile_appears_and_goes_with_its_records(desk: Desk) -> None:
    desk.bring(
        penalty(1, 公示截止期="2026-11-25"),
        penalty(2, 处罚决定日期="2026-11-20", 公示截止期="2026-11-30"),
    )
    subject = str(desk.attachments()[0][1])
    desk.sync()
    desk.clock.move_to(date(2026, 11, 30))
    assert desk.subject(subject).title == NAME
    desk.clock.move_to(date(2026, 12, 1))
    assert desk.shown(subject, "subjects") is None
    assert [desk.shown(record) for record in desk.ids()] == [Gone(record) for record in desk.ids()]
    assert desk.sync().operations == 3
    assert desk.shown(subject, "subjects") is None


def test_an_answer_bears_the_day_that_its_record_was_visible_on(desk: Desk) -> None:
    """Midnight may pass while it is made."""
    desk.bring(penalty(1, 公示截止期="2026-11-25"))
    desk.sync()
    last = datetime(2026, 11, 25, 23, 59, 59, tzinfo=SHANGHAI)
    moments = (last + timedelta(seconds=2 * asked) for asked in range(3))
    found = Finder(desk.engine, CATALOG, ANALYZER, lambda: next(moments)).record(desk.record_id())
    assert isinstance(found, DocumentAnswer)
    assert found.as_of == last


def test_sync_rewrites_a_subject_at_the_boundaries_of_its_intervals(desk: Desk) -> None:
    desk.bring(penalty(1, 公示截止期="2026-11-25"), penalty(2))
    desk.execute("UPDATE records SET visible_from = 20261201 WHERE content_no = 2")
    subject = str(desk.attachments()[0][1])
    desk.sync()
    assert isinstance(desk.shown(subject, "subjects"), PublicSubject)
    desk.clock.move_to(date(2026, 11, 26))
    desk.sync()
    assert desk.shown(subject, "subjects") is None
    desk.clock.move_to(date(2026, 12, 1))
    desk.sync()
    assert isinstance(desk.shown(subject, "subjects"), PublicSubject)
    assert desk.all_shown("records").keys() == {desk.ids()[1]}


def test_a_rollback_to_an_older_day_is_brought_to_today(desk: Desk) -> None:
    desk.bring(penalty(1, 公示截止期="2026-11-25"))
    desk.sync()
    desk.clock.move_to(date(2026, 11, 26))
    desk.publisher.rebuild()
    live = desk.publisher.rollback().live
    assert desk.shown(desk.record_id()) == Gone(desk.record_id())
    assert live is not None
    assert (live.applied.day, live.counts["records"]) == ("2026-11-26", 0)
    assert desk.sync().operations == 0


def test_day_and_time_of_a_sync_are_the_ledgers_clock(desk: Desk) -> None:
    desk.sync()
    live = desk.engine.status().live
    assert live is not None
    assert live.applied == Applied(0, 0, TODAY.isoformat(), f"{TODAY}T00:00+08:00")


def test_the_index_follows_what_erasing_takes_from_the_ledger(desk: Desk) -> None:
    """Nobody synced since the record ended: what its name had drawn to its code goes back, and the index follows."""
    desk.bring(
        penalty(1, 统一社会信用代码=code(1), 公示截止期="2026-11-25"),
        penalty(2, 处罚决定日期="2026-05-05"),
    )
    ended, other = desk.ids()
    desk.sync()
    assert desk.record(other).subject_id == code(1)
    desk.clock.move_to(date(2026, 12, 30))
    assert desk.publisher.erase(30) == 1
    assert desk.record(other).subject_id.startswith("n-")
    assert desk.shown(code(1), "subjects") is None
    assert measure_lag(desk.ledger, desk.engine.status()) == 0
    desk.clock.move_to(date(2026, 11, 25))
    assert desk.shown(ended) == Gone(ended)


# -- what a subject has from its records ------------------------------------------------------------------------


OTHER = "鹿乡新名食品有限公司"
OLD_NUMBER = "220402000000017"


def watched(**changes: str) -> dict[str, str]:
    """A row of a list that is never public."""
    return {
        "企业名称": NAME,
        "统一社会信用代码": code(1),
        "注册号": "",
        "数据类别": "重点关注",
        "列入原因类型": "异常",
        "列入日期": "2026-11-01",
        "列入决定机关": AUTHORITY,
        **changes,
    }


def found(desk: Desk, words: str) -> set[str]:
    """Ids of the subjects that this text finds or suggests today."""
    readings = desk.engine.analyzer.queries(words)
    hits = desk.engine.search(SearchQuery("subjects", desk.today, readings=readings)).hits
    return {hit.id for hit in hits} | {s.id for s in desk.engine.suggest(words, desk.today)}


def test_a_record_that_was_never_public_gives_its_subject_nothing(desk: Desk) -> None:
    desk.bring(penalty(1, 统一社会信用代码=code(1)))
    desk.bring(watched(企业名称=OTHER, 注册号=OLD_NUMBER), kind="watch_list")
    desk.bring(
        penalty(
            2,
            统一社会信用代码=code(1),
            工商登记码=OLD_NUMBER,
            行政相对人名称=OTHER,
            处罚类别="警告",
            处罚结果="警告",
            处罚决定日期="2026-10-01",
        )
    )
    assert desk.query("SELECT withheld FROM records ORDER BY number") == [("",), ("not_public",), ("minor",)]
    desk.sync()
    subject = desk.subject(code(1))
    assert (subject.title, subject.old_codes) == (NAME, (code(1)[8:17],))
    assert [found(desk, words) for words in (OTHER, OLD_NUMBER, NAME)] == [set(), set(), {code(1)}]


def test_nothing_is_attached_by_a_record_that_was_never_public(desk: Desk) -> None:
    desk.bring(watched(注册号=OLD_NUMBER), kind="watch_list")
    desk.bring(
        penalty(1),
        penalty(2, 行政相对人名称=OTHER, 工商登记码=OLD_NUMBER),
        penalty(3, 行政相对人名称="鹿乡三号食品有限公司", 组织机构代码=code(1)[8:17]),
    )
    assert {how for _, _, how in desk.attachments()} == {"code", "name_only"}
    desk.sync()
    assert desk.shown(code(1), "subjects") is None
    desk.bring(penalty(4, 统一社会信用代码=code(1), 工商登记码=OLD_NUMBER))
    assert [how for _, _, how in desk.attachments()] == [
        "code",
        "name",
        "registration_number",
        "organisation_code",
        "code",
    ]


def test_no_name_or_number_of_a_record_outlives_its_last_day(desk: Desk) -> None:
    ends = {"公示截止期": "2026-11-22"}
    desk.bring(
        penalty(1, 统一社会信用代码=code(1), 工商登记码="220402000000025"),
        penalty(
            2,
            统一社会信用代码=code(1),
            工商登记码=OLD_NUMBER,
            行政相对人名称=OTHER,
            处罚决定日期="2026-10-01",
            **ends,
        ),
    )
    asked = (OTHER, OLD_NUMBER, "220402000000025", NAME)
    is_found, nothing = {code(1)}, set[str]()
    desk.sync()
    assert [found(desk, words) for words in asked] == [is_found, is_found, is_found, nothing]
    desk.clock.move_to(date(2026, 11, 23))
    assert [found(desk, words) for words in asked] == [nothing] * 4
    desk.sync()
    assert [found(desk, words) for words in asked] == [nothing, nothing, is_found, is_found]


@pytest.mark.parametrize("newest_first", [False, True])
def test_an_entry_without_an_end_does_not_hide_the_name_of_a_later_decision(
    desk: Desk, newest_first: bool
) -> None:
    """The subject waits for the sync after the last day of its name, which gives it the next one."""
    files = [
        [abnormal(1)],
        [
            penalty(
                1,
                统一社会信用代码=code(1),
                行政相对人名称=OTHER,
                处罚决定日期="2026-10-01",
                公示截止期="2026-11-25",
            )
        ],
    ]
    for rows in files[::-1] if newest_first else files:
        desk.bring(*rows)
    desk.sync()
    assert desk.subject(code(1)).title == OTHER
    assert desk.engine.count_by_subject([code(1)], desk.today) == {
        code(1): {"administrative_penalty": 1, "abnormal_operation": 1}
    }
    desk.clock.move_to(date(2026, 11, 25))
    desk.sync()
    assert desk.subject(code(1)).title == OTHER
    desk.clock.move_to(date(2026, 11, 26))
    assert desk.shown(code(1), "subjects") is None
    assert desk.sync().operations == 2
    assert desk.subject(code(1)).title == NAME
    assert desk.sync().operations == 0


def test_a_name_that_begins_by_the_clock_is_there_after_the_sync(desk: Desk) -> None:
    desk.bring(
        penalty(1, 统一社会信用代码=code(1)),
        penalty(2, 统一社会信用代码=code(1), 行政相对人名称=OTHER, 处罚决定日期="2026-10-01"),
    )
    desk.execute("UPDATE records SET visible_from = 20261124 WHERE content_no = 2")
    desk.sync()
    desk.clock.move_to(date(2026, 11, 24))
    assert desk.subject(code(1)).title == NAME
    desk.sync()
    assert desk.subject(code(1)).title == OTHER


def test_a_kind_that_is_public_no_more_is_refused_until_a_rebuild_has_taken_it_out(desk: Desk) -> None:
    desk.bring(penalty(1, 统一社会信用代码=code(1)))
    desk.bring(abnormal(1))
    penalised, listed = desk.ids()
    desk.sync()
    kinds = {key: kind for key, kind in CATALOG.kinds.items() if key != "administrative_penalty"}
    hidden = msgspec.structs.replace(CATALOG.kinds["administrative_penalty"], public=False)
    catalog = msgspec.structs.replace(CATALOG, kinds={**kinds, "administrative_penalty": hidden})
    engine = open_engine(f"embedded:{desk.folder / 'index'}", catalog, ANALYZER)
    publisher = Publisher(catalog, ANALYZER, desk.ledger, engine)
    with pytest.raises(FingerprintMismatch):
        engine.get("records", penalised, desk.today)
    with pytest.raises(FingerprintMismatch):
        publisher.sync()
    publisher.rebuild()
    assert engine.get("records", penalised, desk.today) == Gone(penalised)
    assert isinstance(engine.get("records", listed, desk.today), PublicRecord)
    engine.close()
