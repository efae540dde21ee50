"""From which day to which day is a record public, and from when may its subject ask for repair?"""

from __future__ import annotations

import calendar
import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Literal

import msgspec

from indexers.words_within import any_of

OPEN_END = date(9999, 12, 31)
"""``visible_until`` of a record without a last day."""

_LONG_TERM = date(2099, 12, 31)
"""Official templates write this date, and later ones, for "no end"."""

_ONE_DAY = timedelta(days=1)


class PublicityError(ValueError):
    """A rule or grade that the rules do not know."""


class Grade(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A grade of seriousness: months from the base date, words that deliveries use for it."""

    label: str
    words: tuple[str, ...] = ()
    min_months: int | None = None
    max_months: int | None = None
    withheld: bool = False


class Detection(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a grade is assumed from words: ``any`` of them occurs, or ``only`` they (and fillers) are there."""

    grade: str
    any: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    fillers: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()


class PublicityRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One table of mappings/publicity.toml; its comments say what each key means."""

    key: str
    label: str
    source: str
    certainty: Literal["text", "secondary", "deployment"]
    clock: Literal["decided_on", "published_on"] = "decided_on"
    effective_from: date | None = None
    min_months: int | None = None
    max_months: int | None = None
    ends_with_validity: bool = False
    months_without_validity: int | None = None
    default_grade: str | None = None
    grades: dict[str, Grade] = {}
    detect: tuple[Detection, ...] = ()


class PublicityPeriod(msgspec.Struct, frozen=True):
    """When a record is public: visible on a day iff ``visible_from <= day < visible_until``.

    ``visible_until`` is the day after the last day, or OPEN_END. ``repairable_from`` is the first day after
    the shortest period, None where there is none before the end. ``rule`` is the applied rule's key with
    the date it is effective from. ``grade`` is "" for rules without grades; ``withheld`` is the grade's
    key if records of this grade are not public at all.
    """

    visible_from: date
    visible_until: date
    repairable_from: date | None
    rule: str
    grade: str
    grade_assumed: bool
    withheld: str | None

    @property
    def last_day(self) -> date | None:
        """The last public day, inclusive; None for an open end."""
        return None if self.visible_until == OPEN_END else self.visible_until - _ONE_DAY


class _Detector:
    """One detection, its words made into expressions once."""

    def __init__(self, detection: Detection) -> None:
        self.grade = detection.grade
        self._any = re.compile(any_of(detection.any))
        self._unless = re.compile(any_of(detection.unless))
        self._only = re.compile(any_of(detection.only))
        self._nothing_else = re.compile(rf"(?:{any_of((*detection.only, *detection.fillers))}|[\s\W_])*+")

    def applies(self, texts: Sequence[str]) -> bool:
        given = "\n".join(texts)
        if self._unless.search(given):
            return False
        if self._any.search(given):
            return True
        return self._only.search(given) is not None and self._nothing_else.fullmatch(given) is not None


class _Version:
    """A rule with what is computed from it once: its name, its detectors, its words for grades."""

    def __init__(self, rule: PublicityRule) -> None:
        self.rule = rule
        self.name = f"{rule.key}@{rule.effective_from}" if rule.effective_from else rule.key
        self.since = rule.effective_from or date.min
        self.detectors = tuple(map(_Detector, rule.detect))
        self.grade_of_word = {
            word: key for key, grade in rule.grades.items() for word in (key, grade.label, *grade.words)
        }


class PublicityRules:
    """All rules; each key may have several versions, and the decision's date chooses among them."""

    def __init__(self, rules: Sequence[PublicityRule]) -> None:
        self.rules = tuple(rules)
        versions = sorted(map(_Version, rules), key=lambda version: version.since, reverse=True)
        self._versions: dict[str, tuple[_Version, ...]] = {
            rule.key: tuple(version for version in versions if version.rule.key == rule.key) for rule in rules
        }
        self._named = {version.name: version.rule for version in versions}

    @property
    def keys(self) -> frozenset[str]:
        """Every rule key that a kind or list file may name."""
        return frozenset(self._versions)

    def rule(self, rule_key: str, decided_on: date) -> PublicityRule:
        """The rule in force on a decision's date; before the earliest rule the earliest one."""
        return self._version(rule_key, decided_on).rule

    def named(self, name: str) -> PublicityRule | None:
        """The rule that a record's period says it came from (`PublicityPeriod.rule`); None for one of old days."""
        return self._named.get(name)

    def grade_key(self, rule_key: str, decided_on: date, text: str) -> str | None:
        """The key of a delivered grade (key, label or one of its words), or None if the rule has no such."""
        return self._version(rule_key, decided_on).grade_of_word.get(text.strip())

    def period(
        self,
        rule_key: str,
        *,
        decided_on: date,
        grade: str | None = None,
        texts: Sequence[str] = (),
        supplied_end: date | None = None,
        valid_until: date | None = None,
        published_on: date | None = None,
    ) -> PublicityPeriod:
        """The period of a record decided on a day.

        ``grade`` is a delivered grade; without it, one is assumed from ``texts`` (kinds of penalty,
        procedure). ``supplied_end`` is a delivered last day, ``valid_until`` the last day of validity of
        what was decided; 2099-12-31 and later mean none. ``published_on`` starts the clock of rules that
        count from publication (default: the decision's date). Raises PublicityError for an unknown rule or
        grade.
        """
        version = self._version(rule_key, decided_on)
        rule = version.rule
        key, assumed = _grade(version, grade, texts)
        terms: Grade | PublicityRule = rule.grades[key] if key else rule
        start = decided_on
        if rule.clock == "published_on" and published_on is not None:
            start = published_on
        ends = [end for end in (supplied_end,) if end is not None]
        ends += _computed_ends(rule, terms.max_months, start, valid_until)
        last_day = min(ends, default=OPEN_END)
        visible_until = last_day + _ONE_DAY if last_day < _LONG_TERM else OPEN_END
        return PublicityPeriod(
            visible_from=start,
            visible_until=visible_until,
            repairable_from=_repairable_from(terms.min_months, start, visible_until),
            rule=version.name,
            grade=key,
            grade_assumed=assumed,
            withheld=key if key and rule.grades[key].withheld else None,
        )

    def _version(self, rule_key: str, decided_on: date) -> _Version:
        versions = self._versions.get(rule_key)
        if versions is None:
            raise PublicityError(f"没有公示规则 {rule_key}")
        for version in versions:
            if version.since <= decided_on:
                return version
        return versions[-1]


def add_months(day: date, months: int) -> date:
    """The same day of the month ``months`` later, or that month's last day (Civil Code, articles 201–203)."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    if year > OPEN_END.year:  # a placeholder such as 9999-09-09 came in as a date
        return OPEN_END
    if day.day <= 28:  # every month has it
        return date(year, month + 1, day.day)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def parse_publicity(raw: dict[str, Any], source: str) -> tuple[PublicityRules, list[str]]:
    """The rules of a parsed publicity.toml and everything that is wrong with it, each fault with its place.

    ``source`` is the name that the faults begin with. With faults, the rules hold what could be read.
    """
    faults = [f"{source}：未知的键 {key}" for key in raw if key != "rule"]
    tables = raw.get("rule")
    if not isinstance(tables, list) or not tables:
        return PublicityRules(()), [*faults, f"{source}：至少需要一个 [[rule]]"]
    rules: list[PublicityRule] = []
    for number, table in enumerate(tables, start=1):
        key = table.get("key") if isinstance(table, dict) else None
        place = f"{source}：rule {number}" + (f"（{key}）" if key else "")
        try:
            rule = msgspec.convert(table, PublicityRule)
        except msgspec.ValidationError as error:
            known: Sequence[str] = PublicityRule.__struct_fields__
            unknown = [name for name in table if name not in known] if isinstance(table, dict) else []
            faults += [f"{place}：未知的键 {name}" for name in unknown] or [f"{place}：{error}"]
            continue
        faults += [f"{place}: {fault}" for fault in _rule_faults(rule)]
        rules.append(rule)
    versions = [(rule.key, rule.effective_from) for rule in rules]
    faults += [
        f"{source}：{key} 在 {since or '最早'} 生效的规则重复"
        for key, since in dict.fromkeys(versions)
        if versions.count((key, since)) > 1
    ]
    return PublicityRules(rules), faults


def _rule_faults(rule: PublicityRule) -> list[str]:
    empty = [name for name in ("key", "label", "source") if not getattr(rule, name).strip()]
    faults = [f"{name} 不能为空" for name in empty]
    spans: Mapping[str, Grade | PublicityRule] = {"": rule, **rule.grades}
    for name, terms in spans.items():
        shortest, longest = terms.min_months, terms.max_months
        where = f"grades.{name}: " if name else ""
        if (shortest is not None and shortest < 0) or (longest is not None and longest < 1):
            faults.append(f"{where}min_months 不能小于 0，max_months 不能小于 1")
        elif shortest is not None and longest is not None and shortest > longest:
            faults.append(f"{where}min_months {shortest} 大于 max_months {longest}")
    if rule.months_without_validity is not None and not rule.ends_with_validity:
        faults.append("months_without_validity 只在 ends_with_validity = true 时有意义")
    return faults + _grade_faults(rule)


def _grade_faults(rule: PublicityRule) -> list[str]:
    if not rule.grades:
        return ["没有 grades 时不能有 default_grade 或 detect"] if rule.default_grade or rule.detect else []
    faults: list[str] = []
    if rule.default_grade not in rule.grades:
        faults.append(f"default_grade {rule.default_grade} 不在 grades 中")
    if rule.min_months is not None or rule.max_months is not None:
        faults.append("有 grades 时，min_months 和 max_months 写在各等级下")
    for detection in rule.detect:
        if detection.grade not in rule.grades:
            faults.append(f"detect：等级 {detection.grade} 不在 grades 中")
        if not detection.any and not detection.only:
            faults.append(f"detect：等级 {detection.grade} 需要 any 或 only")
    owner: dict[str, str] = {}
    for key, grade in rule.grades.items():
        for word in {key, grade.label, *grade.words}:
            if owner.setdefault(word, key) != key:
                faults.append(f"grades：“{word}”同时属于 {owner[word]} 和 {key}")
    return faults


def _grade(version: _Version, given: str | None, texts: Sequence[str]) -> tuple[str, bool]:
    """The grade's key ("" where the rule has none) and whether it was assumed."""
    rule = version.rule
    if rule.default_grade is None:
        return "", False
    if given is not None and given.strip():
        key = version.grade_of_word.get(given.strip())
        if key is None:
            raise PublicityError(f"“{version.rule.label}”没有等级“{given.strip()}”")
        return key, False
    for detector in version.detectors:
        if texts and detector.applies(texts):
            return detector.grade, True
    return rule.default_grade, True


def _computed_ends(
    rule: PublicityRule, max_months: int | None, start: date, valid_until: date | None
) -> list[date]:
    ends = [] if max_months is None else [add_months(start, max_months)]
    if rule.ends_with_validity:
        if valid_until is not None:
            ends.append(valid_until)
        elif rule.months_without_validity is not None:
            ends.append(add_months(start, rule.months_without_validity))
    return ends


def _repairable_from(min_months: int | None, start: date, visible_until: date) -> date | None:
    if min_months is None:
        return None
    last_of_shortest = add_months(start, min_months) if min_months else start - _ONE_DAY
    return last_of_shortest + _ONE_DAY if last_of_shortest < visible_until - _ONE_DAY else None
