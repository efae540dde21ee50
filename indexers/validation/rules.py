"""Which checks go beyond a field's type: of a value, usable by name from any field, and of a row as a whole?

A value rule takes the value and returns what is kept of it; it raises Refused (the row is rejected) or Noted
(the row goes on, the clerk is told). A row rule tells which field is wrong and why.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date

import msgspec

from indexers.catalog import Catalog
from indexers.grammar import ListKind
from indexers.identifiers import (
    IdentifierError,
    compact,
    is_no_code,
    is_organisation_code,
    is_uscc,
    looks_like_registration_number,
    validate_uscc,
)
from indexers.records import OPEN_DATE, Value
from indexers.sheet_words import SheetWords


class Refused(Exception):
    """The value cannot be accepted; `message` tells the clerk why and what to do; `personal`: as with Noted."""

    def __init__(self, message: str, rule: str = "", personal: bool = False) -> None:
        super().__init__(message)
        self.message = message
        self.rule = rule
        self.personal = personal


class Noted(Exception):
    """The row goes on with `value` (in `field`, if it belongs in another); `personal`: a person's number."""

    def __init__(
        self, message: str, rule: str = "", value: Value = "", field: str = "", personal: bool = False
    ) -> None:
        super().__init__(message)
        self.message = message
        self.rule = rule
        self.value = value
        self.field = field
        self.personal = personal


class Surroundings(msgspec.Struct, frozen=True):
    """What the checks of any sheet may ask beside what stands in it."""

    catalog: Catalog
    today: date


class RowView(msgspec.Struct, frozen=True):
    """What row rules see: the fields that have a value, those that the sheet has a column for, words of the data, and
    the lists."""

    content: Mapping[str, Value]
    mapped: frozenset[str]
    official: bool
    words: SheetWords
    lists: Mapping[str, ListKind]


ValueRule = Callable[[str, Surroundings], str]
Finding = tuple[str, str]
RowRule = Callable[[RowView], Iterator[Finding]]

VALUE_RULES: dict[str, ValueRule] = {}
ROW_RULES: dict[str, tuple[frozenset[str], RowRule]] = {}


def rule(name: str) -> Callable[[ValueRule], ValueRule]:
    """Register a value rule under the name by which fields in mappings/ ask for it."""

    def register(function: ValueRule) -> ValueRule:
        VALUE_RULES[name] = function
        return function

    return register


def row_rule(name: str, *fields: str) -> Callable[[RowRule], RowRule]:
    """Register a row rule; it runs for every kind that has all of `fields`."""

    def register(function: RowRule) -> RowRule:
        ROW_RULES[name] = (frozenset(fields), function)
        return function

    return register


# --- of a value -------------------------------------------------------------------------------------------

_TAX_NUMBER_LENGTH = 15
_REGION_DIGITS = 6


@rule("uscc")
def check_uscc(value: str, around: Surroundings) -> str:
    """A unified social credit code; older codes that stand in its column are put where they belong."""
    try:
        return validate_uscc(value)
    except IdentifierError as error:
        refused = Refused(error.message)
    code = compact(value)
    if is_no_code(code):
        return ""
    if is_organisation_code(code):
        raise Noted("栏中是旧的组织机构代码，已按组织机构代码接收", value=code, field="organisation_code")
    if len(code) == _TAX_NUMBER_LENGTH and is_organisation_code(code[6:]):
        raise Noted("栏中是旧的税务登记号，已按税务登记号接收", value=code, field="tax_number")
    if looks_like_registration_number(code):
        raise Noted("栏中是旧的工商注册号，已按工商注册号接收", value=code, field="registration_number")
    raise refused


@rule("not_future")
def check_not_future(value: str, around: Surroundings) -> str:
    """A date on which something was done lies before tomorrow."""
    if value == OPEN_DATE:
        raise Refused("这一栏要写具体日期，不能写“长期”")
    if value > around.today.isoformat():
        raise Refused("日期晚于今天，请核对年份")
    return value


@rule("region")
def check_region(value: str, around: Surroundings) -> str:
    """A division by code or by unique name; an unknown one is left out, never a reason to refuse a row."""
    if value.isascii() and value.isdigit():
        return value[:_REGION_DIGITS]
    found = around.catalog.regions.by_word.get(value, ())
    # A province and its city may share a short name (吉林): the wider one is certainly right.
    if not found or not all(code.startswith(found[0]) for code in found):
        raise Noted("认不出的行政区划，已留空；请写区划代码")
    return found[0]


@rule("digits_kept")
def check_digits_kept(value: str, around: Surroundings) -> str:
    """A number that a spreadsheet shows as 2.20402E+17 has lost its last digits."""
    if _SCIENTIFIC.fullmatch(value.strip()):
        raise Refused("被表格软件存成了数字，后几位已丢失；请把这一列设为文本后重新填写", "scientific")
    return value


_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?[eE]\+?\d{2,3}", re.ASCII)


@rule("other_needs_words")
def check_other_needs_words(value: str, around: Surroundings) -> str:
    """其他 alone says nothing: the templates ask for 其他-… with the kind written out."""
    if value.rstrip("-—－_:：") in ("其他", "其它"):
        raise Refused("填“其他”时要写明是什么，例如“其他-备案”")
    return value


# --- of a row ---------------------------------------------------------------------------------------------


@row_rule("dates_in_order", "valid_from", "valid_until")
def check_dates_in_order(row: RowView) -> Iterator[Finding]:
    """A period ends after it began."""
    start, end = row.content.get("valid_from"), row.content.get("valid_until")
    if isinstance(start, str) and isinstance(end, str) and end < start:
        yield "valid_until", "有效期至早于有效期自，请核对两个日期"


@row_rule("publicity_after_decision", "decided_on", "publicity_end")
def check_publicity_end(row: RowView) -> Iterator[Finding]:
    """Nothing is taken down before it was decided: with such a day a record would never be shown."""
    day, end = row.content.get("decided_on"), row.content.get("publicity_end")
    if isinstance(day, str) and isinstance(end, str) and end < day:
        yield "publicity_end", "公示截止期早于决定日期，这条记录不会公示；请核对两个日期"


@row_rule("and_others", "party")
def check_parties_named(row: RowView) -> Iterator[Finding]:
    """甲公司等3家企业 is nobody's name: the others would be lost, and the first be missed under its own."""
    party = row.content.get("party")
    if isinstance(party, str) and "等" in party and _AND_OTHERS.search(party):
        yield "party", "“等”没有说全是哪几家；请每个单位一行，写出全称"


_AND_OTHERS = re.compile(
    r"(?:(?<=[司店厂社所部场院校行会户])等|等共?(?:\d+|[一二两三四五六七八九十百几数多]+)余?[家户个名](?:.{0,5}[业司位体户织店])?)"
    r"[)）]?(?=$|[、;；,，\n])"
)


@row_rule("registration_number_needed", "uscc", "registration_number", "party_class")
def check_registration_number(row: RowView) -> Iterator[Finding]:
    """An individual business without a unified code is known by its registration number (template rule)."""
    if (
        row.official
        and row.content.get("party_class") == "individual_business"
        and "uscc" not in row.content
        and "registration_number" not in row.content
    ):
        yield "registration_number", "个体工商户没有统一社会信用代码时，必须填工商注册号"


@row_rule("fine_needs_amount", "penalty_class", "fine_amount")
def check_fine_amount(row: RowView) -> Iterator[Finding]:
    """The official template asks for the amount of every fine."""
    classes = row.content.get("penalty_class", "")
    fined = any("罚款" in entry for entry in ([classes] if isinstance(classes, str) else classes))
    if fined and row.official and "fine_amount" in row.mapped and "fine_amount" not in row.content:
        yield "fine_amount", "处罚类别有罚款时，必须填罚款金额"


_LONGEST_PLAIN_WORD = 30
"""Longer texts say more than that there is no penalty, or that it was taken down."""


def _says_nothing_but(row: RowView, field: str, test: Callable[[str], bool]) -> bool:
    """Whether a field says, in few words, what the test looks for."""
    text = row.content.get(field)
    return isinstance(text, str) and len(text) <= _LONGEST_PLAIN_WORD and test(text)


@row_rule("no_penalty", "penalty_content")
def check_is_penalty(row: RowView) -> Iterator[Finding]:
    """A decision that nobody is punished is no penalty, and would be read as one."""
    if _says_nothing_but(row, "penalty_content", row.words.is_no_penalty):
        yield "penalty_content", "处罚内容是不予处罚，这不是行政处罚，不能当作处罚公示；请删去这一行"


@row_rule("ended_remark", "remark", "publicity_end")
def check_remark(row: RowView) -> Iterator[Finding]:
    """A remark may be all that says of a record that it was repaired, and must not be published with it."""
    if _says_nothing_but(row, "remark", row.words.is_remark_of_ended):
        yield (
            "remark",
            "备注说这条记录已经撤下；请用变更表（credit-search template events）报送，确是有效记录的，请清空备注",
        )


@row_rule("one_subject", "uscc", "tax_number")
def check_codes_agree(row: RowView) -> Iterator[Finding]:
    """A tax number has been the unified code since 2015: two different ones are of two subjects."""
    code, other = row.content.get("uscc"), row.content.get("tax_number")
    if isinstance(code, str) and isinstance(other, str) and code != other and is_uscc(other):
        yield "uscc", "统一社会信用代码与纳税人识别号是两个主体的代码；请检查这一行是否错了列"


@row_rule("grade_of_list", "list", "honour_grade")
def check_grade(row: RowView) -> Iterator[Finding]:
    """A sheet of all who were graded holds those too who are not on the list of the best."""
    entry, grade = row.lists.get(str(row.content.get("list"))), row.content.get("honour_grade")
    if entry and entry.grade and isinstance(grade, str) and not re.search(entry.grade, grade):
        yield "honour_grade", f"这个等级不在“{entry.label}”里；请删去这一行，或报送到别的类别"
