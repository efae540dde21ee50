from itertools import permutations

import pytest
from deliveries import NAME, Desk, abnormal, code, penalty, profile, timeless

from indexers.documents import Moved, PublicSubject

OTHER = "鹿乡新名食品有限公司"


def only(desk: Desk) -> tuple[str, str]:
    """(subject, how) of the only record, which the index shows too."""
    [(_, subject, how)] = desk.attachments()
    desk.sync()
    record = desk.record(desk.record_id())
    assert record.subject_id == subject
    assert record.by_name_only == (how in ("name", "name_only"))
    return str(subject), str(how)


def test_without_a_code_a_record_stands_under_a_name_only_subject(desk: Desk) -> None:
    desk.bring(penalty(1), penalty(2))
    desk.sync()
    [first, second] = desk.attachments()
    assert first == second
    subject = desk.subject(str(first[1]))
    assert subject.id.startswith("n-")
    assert (subject.title, subject.by_name_only, subject.kind, subject.uscc) == (NAME, True, "", "")


def test_it_is_attached_by_name_while_one_coded_subject_has_the_name(desk: Desk) -> None:
    desk.bring(penalty(1))
    name_only, _ = only(desk)
    desk.bring(profile())
    assert only(desk) == (code(1), "name")
    assert desk.shown(name_only, "subjects") == Moved(name_only, code(1))


def test_a_namesake_that_arrives_later_sends_it_back(desk: Desk) -> None:
    desk.bring(penalty(1))
    name_only, _ = only(desk)
    desk.bring(profile())
    desk.bring(profile(NAME, 2))
    assert only(desk) == (name_only, "name_only")
    assert isinstance(desk.shown(name_only, "subjects"), PublicSubject)
    desk.bring(profile("鹿乡改名食品有限公司", 2))
    assert only(desk) == (code(1), "name")


def test_former_names_count_and_short_names_never(desk: Desk) -> None:
    desk.bring(penalty(1))
    desk.bring(profile(OTHER, 1, 简称=NAME))
    assert only(desk)[1] == "name_only"
    desk.bring(profile(OTHER, 1, 曾用名=f"鹿乡旧名食品有限公司;{NAME}"))
    assert only(desk) == (code(1), "name")
    desk.bring(profile("鹿乡二号食品有限公司", 2, 曾用名=NAME))
    assert only(desk)[1] == "name_only"


def test_code_wins_over_name_and_the_delivered_name_stays_on_the_record(desk: Desk) -> None:
    desk.bring(profile(OTHER, 1))
    desk.bring(penalty(1, 统一社会信用代码=code(1)))
    assert only(desk) == (code(1), "code")
    assert desk.record(desk.record_id()).subject == NAME
    subject = desk.subject(code(1))
    assert (subject.title, [name.name for name in subject.names]) == (OTHER, [OTHER])


@pytest.mark.parametrize("profile_first", [True, False])
def test_an_organisation_code_attaches(desk: Desk, profile_first: bool) -> None:
    rows = [profile(OTHER, 1), penalty(1, 组织机构代码=code(1)[8:16] + "-" + code(1)[16])]
    for row in rows if profile_first else rows[::-1]:
        desk.bring(row)
    assert only(desk) == (code(1), "organisation_code")


@pytest.mark.parametrize("profile_first", [True, False])
def test_an_old_registration_number_attaches(desk: Desk, profile_first: bool) -> None:
    rows = [profile(OTHER, 1, 工商注册号="220402000000017"), penalty(1, 工商登记码="220402000000017")]
    for row in rows if profile_first else rows[::-1]:
        desk.bring(row)
    assert only(desk) == (code(1), "registration_number")


def test_a_corrected_registration_number_lets_go(desk: Desk) -> None:
    desk.bring(profile(OTHER, 1, 工商注册号="220402000000017"))
    desk.bring(penalty(1, 工商登记码="220402000000017"))
    desk.bring(profile(OTHER, 1, 工商注册号="220402000000025"))
    assert only(desk)[1] == "name_only"
    assert "220402000000017" not in desk.subject(code(1)).old_codes


def test_without_a_profile_a_coded_subject_has_the_name_of_its_latest_decision(desk: Desk) -> None:
    desk.bring(
        penalty(1, 统一社会信用代码=code(1), 处罚决定日期="2026-05-06"),
        penalty(2, 统一社会信用代码=code(1), 处罚决定日期="2026-06-06", 行政相对人名称=OTHER),
    )
    desk.bring(penalty(3, 行政相对人名称=OTHER))
    desk.bring(penalty(4))
    desk.sync()
    subject = desk.subject(code(1))
    assert (subject.title, subject.kind) == (OTHER, "")
    assert [row[2] for row in desk.attachments()] == ["code", "code", "name", "name_only"]


def test_a_name_lost_with_its_decision_lets_go(desk: Desk) -> None:
    desk.bring(penalty(1, 统一社会信用代码=code(1)), penalty(2))
    first, second = desk.ids()
    assert desk.attachments()[1][2] == "name"
    desk.end(first)
    assert desk.attachments()[1][2] == "name_only"
    desk.end(first, "reinstated")
    assert desk.attachments()[1][1:] == (code(1), "name")
    desk.sync()
    assert desk.record(second).subject_id == code(1)


def test_each_change_of_attachment_is_a_numbered_event(desk: Desk) -> None:
    desk.bring(penalty(1))
    desk.bring(profile())
    found = desk.query("SELECT seq, record_id, subject_id FROM events WHERE event = 'attached'")
    [(seq, record, subject)] = found
    assert (record, subject) == (desk.record_id(), code(1))
    assert desk.query("SELECT seq FROM records WHERE id = :id", id=record) == [(seq,)]


def test_a_corrected_code_moves_the_record_and_leaves_nothing_behind(desk: Desk) -> None:
    desk.bring(penalty(1, 统一社会信用代码=code(1)))
    desk.sync()
    desk.bring(penalty(1, 统一社会信用代码=code(2), 记录编号=desk.record_id()))
    assert only(desk) == (code(2), "code")
    assert desk.shown(code(1), "subjects") is None


FILES = (
    (penalty(1), penalty(2, 行政相对人名称=OTHER)),
    (profile(), profile("鹿乡二号食品有限公司", 2, 曾用名=OTHER)),
    (abnormal(1, 企业名称=OTHER, 统一社会信用代码=code(3)), abnormal(2)),
    (penalty(3, 统一社会信用代码=code(4), 行政相对人名称=NAME, 处罚决定日期="2026-04-02"),),
    (
        penalty(4, 工商登记码="220402000000017"),
        penalty(5, 组织机构代码=code(3)[8:], 行政相对人名称="鹿乡五号食品有限公司"),
        penalty(
            6, 统一社会信用代码=code(5), 工商登记码="220402000000017", 行政相对人名称="鹿乡六号食品有限公司"
        ),
    ),
)


def index_of(desk: Desk) -> dict[str, list[str]]:
    return {
        collection: sorted(str(timeless(document)) for document in desk.all_shown(collection).values())
        for collection in ("subjects", "records", "library")
    }


@pytest.mark.parametrize("collected", ["at the end", "after every file"])
def test_any_order_of_imports_gives_the_same_index(desk: Desk, collected: str) -> None:
    """The tables are emptied between the orders, so that one ledger serves all of them."""
    found: list[dict[str, list[str]]] = []
    for order in list(permutations(FILES))[::29]:
        for table in ("records", "contents", "subjects", "subject_names", "subject_codes", "events"):
            desk.execute(f"DELETE FROM {table}")
        desk.publisher.rebuild()
        for rows in order:
            desk.bring(*rows)
            if collected == "after every file":
                desk.sync()
        desk.publisher.rebuild() if collected == "at the end" else desk.sync()
        found.append(index_of(desk))
    assert [len(found[0][c]) for c in ("subjects", "records")] == [8, 8]
    assert found == [found[0]] * len(found)
