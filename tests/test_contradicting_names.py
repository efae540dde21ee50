"""Who is told that a name does not belong to its code?"""

from __future__ import annotations

import pytest
from deliveries import ANALYZER, Desk, code, penalty, profile, tally

from indexers.ledger.contradicting import MOST_TOLD, NOTE_OTHER_NAME
from indexers.likeness import may_be_one
from indexers.records import FileAccount

KNOWN = "吉林省鹿乡食品有限公司"
STRANGE = "北京某某科技有限公司"


def named(number: int, name: str, serial: int = 1) -> dict[str, str]:
    return penalty(number, 行政相对人名称=name, 统一社会信用代码=code(serial))


def told(account: FileAccount) -> list[tuple[int, str, str, str]]:
    return [(note.row, note.column, note.value, note.message) for note in account.notes]


def test_a_name_that_contradicts_its_code_is_told_once(desk: Desk) -> None:
    assert told(desk.bring(named(1, KNOWN))) == []
    account = desk.bring(named(2, KNOWN), named(3, STRANGE))
    assert tally(account) == (2, 2, 0, 0)
    assert told(account) == [(3, "统一社会信用代码", "", NOTE_OTHER_NAME)]
    assert told(desk.bring(named(2, KNOWN), named(3, STRANGE))) == []
    assert told(desk.bring(named(4, STRANGE), named(5, KNOWN))) == []


def test_the_first_row_of_a_code_contradicts_nothing(desk: Desk) -> None:
    desk.bring(named(1, KNOWN))
    assert told(desk.bring(named(2, STRANGE, serial=2))) == []


def test_a_former_name_contradicts_nothing(desk: Desk) -> None:
    desk.bring(profile(KNOWN, 1, 曾用名=STRANGE))
    assert told(desk.bring(named(1, STRANGE))) == []
    assert told(desk.bring(named(2, "上海东方物流有限公司")))[0][3] == NOTE_OTHER_NAME


def test_a_column_of_wrong_codes_does_not_drown_the_rest(desk: Desk) -> None:
    desk.bring(named(1, KNOWN))
    account = desk.bring(*(named(n, STRANGE) for n in range(2, MOST_TOLD + 50)))
    assert len(account.notes) == MOST_TOLD


@pytest.mark.parametrize(
    ("name", "other", "alike"),
    [
        (KNOWN, "鹿乡食品", True),
        (KNOWN, "鹿乡食品(吉林)有限责任公司", True),
        (KNOWN, "鹿乡食品有限公司辽源分公司", True),
        ("东北师范大学", "东师大", True),
        (KNOWN, "鹿乡视品有限公司", True),
        (KNOWN, "吉林省鹿乡食品股份有限公司", True),
        (KNOWN, STRANGE, False),
        (KNOWN, "吉林省东方物流有限公司", False),
        ("鹿乡镇王家饭店", "东丰县粮食收储有限公司", False),
    ],
)
def test_names_of_one_organisation_have_much_in_common(name: str, other: str, alike: bool) -> None:
    names = ANALYZER.normalize(name), ANALYZER.normalize(other)
    assert may_be_one(ANALYZER, *names) is alike
    assert may_be_one(ANALYZER, *reversed(names)) is alike
