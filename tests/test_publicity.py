import tomllib
from datetime import date
from importlib import resources
from typing import Any

import pytest

from indexers.publicity import OPEN_END, PublicityError, PublicityRules, add_months, parse_publicity


def shipped() -> PublicityRules:
    raw = tomllib.loads(resources.files("mappings").joinpath("publicity.toml").read_text("utf-8"))
    rules, faults = parse_publicity(raw, "publicity.toml")
    assert faults == []
    return rules


RULES = shipped()
PENALTY = "administrative_penalty"


def rules_of(**table: Any) -> PublicityRules:
    base = {"key": "r", "label": "规则", "source": "来源", "certainty": "text"}
    rules, faults = parse_publicity({"rule": [base | table]}, "test.toml")
    assert faults == []
    return rules


@pytest.mark.parametrize(
    ("day", "months", "last"),
    [
        (date(2026, 4, 1), 12, date(2027, 4, 1)),
        (date(2026, 8, 31), 3, date(2026, 11, 30)),
        (date(2027, 11, 30), 3, date(2028, 2, 29)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 12, 31), 1, date(2027, 1, 31)),
        (date(9999, 9, 9), 12, OPEN_END),
    ],
)
def test_months_end_on_the_same_day_or_the_last_of_the_month(day: date, months: int, last: date) -> None:
    assert add_months(day, months) == last


def test_an_ordinary_penalty_is_public_for_a_year_and_repairable_after_three_months() -> None:
    period = RULES.period(PENALTY, decided_on=date(2026, 5, 20), grade="一般")
    assert period.visible_from == date(2026, 5, 20)
    assert period.last_day == date(2027, 5, 20)
    assert period.visible_until == date(2027, 5, 21)
    assert period.repairable_from == date(2026, 8, 21)
    assert (period.grade, period.grade_assumed, period.withheld) == ("ordinary", False, None)
    assert period.rule == "administrative_penalty@2026-04-01"


def test_a_serious_penalty_is_public_for_three_years() -> None:
    period = RULES.period(PENALTY, decided_on=date(2026, 5, 20), grade="严重")
    assert (period.last_day, period.repairable_from) == (date(2029, 5, 20), date(2027, 5, 21))


@pytest.mark.parametrize(
    ("decided_on", "rule", "last_day"),
    [
        (date(2026, 4, 1), "administrative_penalty@2026-04-01", date(2027, 4, 1)),
        (date(2026, 3, 31), "administrative_penalty@2023-05-01", date(2029, 3, 31)),
        (date(2023, 5, 1), "administrative_penalty@2023-05-01", date(2026, 5, 1)),
        (date(2019, 1, 8), "administrative_penalty@2023-05-01", date(2022, 1, 8)),
    ],
)
def test_the_rule_in_force_on_the_day_of_decision_counts_and_before_all_the_earliest(
    decided_on: date, rule: str, last_day: date
) -> None:
    period = RULES.period(PENALTY, decided_on=decided_on)
    assert (period.rule, period.last_day) == (rule, last_day)


@pytest.mark.parametrize(
    "texts",
    [
        ("警告",),
        ("通报批评",),
        ("警告、通报批评", "普通程序"),
        ("给予警告的行政处罚",),
        ("罚款", "简易程序"),
        ("", "警告"),
    ],
)
def test_warnings_and_simple_procedure_are_minor_and_withheld(texts: tuple[str, ...]) -> None:
    period = RULES.period(PENALTY, decided_on=date(2026, 5, 20), texts=texts)
    assert (period.grade, period.grade_assumed, period.withheld) == ("minor", True, "minor")


@pytest.mark.parametrize(
    "texts",
    [
        (),
        ("罚款",),
        ("警告;罚款", "普通程序"),
        ("警告", "罚款"),
        ("没收违法所得",),
        ("警告", "不适用简易程序"),
        ("",),
        ("普通程序",),
        ("行政处罚" * 200 + "罚",),
    ],
)
def test_everything_else_is_assumed_to_be_ordinary(texts: tuple[str, ...]) -> None:
    period = RULES.period(PENALTY, decided_on=date(2026, 5, 20), texts=texts)
    assert (period.grade, period.grade_assumed, period.withheld) == ("ordinary", True, None)


def test_a_delivered_grade_overrides_the_words() -> None:
    period = RULES.period(PENALTY, decided_on=date(2026, 5, 20), grade="serious", texts=("警告",))
    assert (period.grade, period.grade_assumed) == ("serious", False)


def test_a_minor_penalty_that_must_be_published_is_public_for_three_months() -> None:
    period = RULES.period(PENALTY, decided_on=date(2026, 5, 20), grade="轻微（确有必要公示）")
    assert (period.withheld, period.last_day) == (None, date(2026, 8, 20))
    assert period.repairable_from == date(2026, 5, 20)


@pytest.mark.parametrize(
    ("supplied", "last_day"),
    [
        (date(2026, 12, 31), date(2026, 12, 31)),
        (date(2030, 1, 1), date(2027, 5, 20)),
        (date(2099, 12, 31), date(2027, 5, 20)),
    ],
)
def test_the_earlier_of_the_supplied_and_the_computed_last_day_counts(supplied: date, last_day: date) -> None:
    period = RULES.period(PENALTY, decided_on=date(2026, 5, 20), grade="一般", supplied_end=supplied)
    assert period.last_day == last_day


def test_a_record_that_ends_before_repair_is_possible_has_no_day_of_repair() -> None:
    early = RULES.period(PENALTY, decided_on=date(2026, 5, 20), supplied_end=date(2026, 8, 20))
    later = RULES.period(PENALTY, decided_on=date(2026, 5, 20), supplied_end=date(2026, 8, 21))
    assert early.repairable_from is None
    assert later.repairable_from == date(2026, 8, 21)


def test_a_licence_has_no_last_day_but_the_supplied_one() -> None:
    valid_until = date(2028, 5, 19)
    period = RULES.period("administrative_licence", decided_on=date(2026, 5, 20), valid_until=valid_until)
    supplied = RULES.period("administrative_licence", decided_on=date(2026, 5, 20), supplied_end=valid_until)
    assert (period.visible_until, period.last_day, period.grade) == (OPEN_END, None, "")
    assert supplied.last_day == valid_until


@pytest.mark.parametrize(
    ("valid_until", "last_day"),
    [(date(2028, 5, 19), date(2028, 5, 19)), (None, date(2027, 5, 20)), (date(2099, 12, 31), None)],
)
def test_an_honour_ends_with_its_validity_or_after_a_year(
    valid_until: date | None, last_day: date | None
) -> None:
    period = RULES.period("honour", decided_on=date(2026, 5, 20), valid_until=valid_until)
    assert period.last_day == last_day


def test_lists_are_open_until_exit_or_end_with_their_maximum() -> None:
    decided_on = date(2026, 5, 20)
    assert RULES.period("adverse_list", decided_on=decided_on).visible_until == OPEN_END
    assert RULES.period("abnormal_operation", decided_on=decided_on).visible_until == OPEN_END
    assert RULES.period("court_defaulter", decided_on=decided_on).last_day == date(2028, 5, 20)


def test_a_rule_may_count_from_publication() -> None:
    key = "administrative_penalty_market_supervision"
    period = RULES.period(key, decided_on=date(2026, 5, 20), published_on=date(2026, 6, 8), texts=("罚款",))
    assert (period.visible_from, period.last_day) == (date(2026, 6, 8), date(2029, 6, 8))


def test_an_unknown_rule_or_grade_is_refused() -> None:
    with pytest.raises(PublicityError, match="没有公示规则 nothing"):
        RULES.period("nothing", decided_on=date(2026, 5, 20))
    with pytest.raises(PublicityError, match="没有等级“很重”"):
        RULES.period(PENALTY, decided_on=date(2026, 5, 20), grade="很重")


def test_delivered_words_lead_to_grades() -> None:
    day = date(2026, 5, 20)
    words = ["轻微", " 严重失信 ", "ordinary", "很重"]
    assert [RULES.grade_key(PENALTY, day, word) for word in words] == ["minor", "serious", "ordinary", None]


def test_rules_no_paper_confirms_are_marked_as_such() -> None:
    assert RULES.rule("judgment", date(2026, 1, 1)).certainty == "deployment"
    assert RULES.rule("court_defaulter", date(2026, 1, 1)).certainty == "secondary"
    assert RULES.rule(PENALTY, date(2026, 4, 1)).certainty == "text"


def test_a_rule_of_ones_own_needs_only_its_name_and_source() -> None:
    period = rules_of(max_months=6).period("r", decided_on=date(2026, 8, 31))
    assert (period.rule, period.last_day, period.repairable_from) == ("r", date(2027, 2, 28), None)


@pytest.mark.parametrize(
    ("table", "fault"),
    [
        ({"colour": 1, "size": 2}, "未知的键 colour"),
        ({"colour": 1, "size": 2}, "未知的键 size"),
        ({"certainty": "rumour"}, "Invalid enum value 'rumour'"),
        ({"label": " "}, "label 不能为空"),
        ({"min_months": 6, "max_months": 3}, "min_months 6 大于 max_months 3"),
        ({"max_months": 0}, "max_months 不能小于 1"),
        ({"months_without_validity": 12}, "months_without_validity 只在"),
        ({"default_grade": "minor"}, "没有 grades 时不能有 default_grade"),
        ({"grades": {"minor": {"label": "轻微"}}}, "default_grade None 不在 grades 中"),
        ({"default_grade": "a", "grades": {"a": {"label": "甲"}}, "max_months": 3}, "写在各等级下"),
        (
            {"default_grade": "a", "grades": {"a": {"label": "甲"}, "b": {"label": "甲"}}},
            "“甲”同时属于 a 和 b",
        ),
        ({"default_grade": "a", "grades": {"a": {"label": "甲", "x": 1}}}, "unknown field `x`"),
        (
            {"default_grade": "a", "grades": {"a": {"label": "甲"}}, "detect": [{"grade": "b"}]},
            "等级 b 不在 grades 中",
        ),
        (
            {"default_grade": "a", "grades": {"a": {"label": "甲"}}, "detect": [{"grade": "a"}]},
            "等级 a 需要 any 或 only",
        ),
    ],
)
def test_a_faulty_rule_is_named_with_its_fault(table: dict[str, Any], fault: str) -> None:
    base = {"key": "r", "label": "规则", "source": "来源", "certainty": "text"}
    _, faults = parse_publicity({"rule": [base | table]}, "test.toml")
    assert any(text.startswith("test.toml：rule 1（r）") and fault in text for text in faults)


def test_all_faults_of_a_file_are_told_at_once_and_sound_rules_are_read() -> None:
    good = {"key": "good", "label": "规则", "source": "来源", "certainty": "text"}
    raw = {"rules": 1, "rule": [good, {"key": "bad"}, {"key": "worse", "x": 1}, good]}
    rules, faults = parse_publicity(raw, "test.toml")
    assert rules.keys == {"good"}
    assert faults == [
        "test.toml：未知的键 rules",
        "test.toml：rule 2（bad）：Object missing required field `label`",
        "test.toml：rule 3（worse）：未知的键 x",
        "test.toml：good 在 最早 生效的规则重复",
    ]


def test_a_file_without_rules_is_a_fault() -> None:
    assert parse_publicity({}, "test.toml")[1] == ["test.toml：至少需要一个 [[rule]]"]


def test_a_rule_is_found_by_the_name_that_a_period_gives_it() -> None:
    period = RULES.period(PENALTY, decided_on=date(2025, 5, 20))
    rule = RULES.named(period.rule)
    assert rule is not None and (rule.effective_from, rule.key) == (date(2023, 5, 1), PENALTY)
    assert RULES.named("judgment") is RULES.rule("judgment", date(2025, 5, 20))
    assert RULES.named("administrative_penalty@1999-01-01") is None
