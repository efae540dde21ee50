# ruff: noqa: E501  (a row of data reads better on one line)
"""Which files make up the demo, and how large is each?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from random import Random

from samples import licences, penalties
from samples.authorities import SOURCE, Authorities
from samples.codes import CodeMaker, misspelt
from samples.entries import EntryMaker, Row
from samples.names import in_traditional, widened
from samples.policies import POLICIES, cases, measures, notices, scopes
from samples.promises import PromiseMaker
from samples.sheets import UTF8_WITH_MARK, Cell, SampleFile, Table
from samples.subjects import LIVE, Subject, SubjectMaker

DEFAULT_SEED = 2204
DEFAULT_SUBJECTS = 3_000
DEFAULT_RECORDS = 20_000
DEFAULT_TODAY = date(2026, 11, 22)
"""The day that the committed files are made for: dates of decisions lie before it."""

_PARTS = {
    "licences_2018": 2_000, "licences_merged": 4_900, "penalties_2018": 3_400, "penalties_2016": 500,
    "penalties_merged": 900, "acts": 700, "abnormal": 700, "serious": 150, "court": 400, "tax_violations": 60,
    "wages": 90, "procurement": 40, "safety": 40, "adverse": 140, "overload": 60, "tax_arrears": 160,
    "grade_a": 900, "honours": 220, "red_list": 40, "commitments": 2_500, "contracts": 240, "evaluations": 1_300,
    "judgments": 560, "body_commitments": 120, "body_faith": 50, "watch": 30,
}  # fmt: skip
"""Rows of each part when `records` is the default; other sizes keep the proportions."""

_SPOILT_EVERY = 90
_PERSON_ROWS = 24
_EVENTS = 20


class Collection:
    """The files of one demo. The same arguments give the same files."""

    def __init__(self, subjects: int, records: int, seed: int, today: date) -> None:
        self._rng = Random(seed)
        codes = CodeMaker()
        self.authorities = Authorities(codes)
        self.subjects = SubjectMaker(self._rng, codes).make(subjects, self.authorities.all())
        self._businesses = [entry for entry in self.subjects if entry.uscc[0] == "9"]
        self._live = [entry for entry in self._businesses if entry.status == LIVE]
        self._enterprises = [entry for entry in self._live if entry.uscc[:2] == "91"]
        self._share = records / sum(_PARTS.values())
        self._today = today

    def _count(self, part: str) -> int:
        return max(1, round(_PARTS[part] * self._share))

    def _some(self, part: str, among: Sequence[Subject]) -> list[Subject]:
        """Subjects for a part, with repetition: few have many records, most have few."""
        return [among[int(len(among) * self._rng.random() ** 1.3)] for _ in range(self._count(part))]

    def _distinct(self, part: str, among: Sequence[Subject]) -> list[Subject]:
        """Subjects for a part, each at most once."""
        return self._rng.sample(list(among), min(self._count(part), len(among) // 2))

    def files(self) -> list[SampleFile]:
        """Every file, in the order of their names, which is the order of an import."""
        return [
            SampleFile("01_subjects.xlsx", [Table("subject_profile", self._profiles(), "主体登记信息")]),
            *self._licence_files(),
            *self._penalty_files(),
            *self._list_files(),
            *self._other_files(),
            *library_files(),
            SampleFile("90_events.csv", [Table("events", self._events)]),
        ]

    def _profiles(self) -> list[Row]:
        return [
            {
                "party": entry.name, "uscc": entry.uscc, "founded_on": entry.founded_on, "status": entry.status, "region": entry.region,
                "former_names": entry.former, "short_names": entry.short, "registration_number": entry.registration_number,
                "industry": entry.trade.industry, "organisation_type": entry.type,
            }
            for entry in self.subjects
        ]  # fmt: skip

    def _licence_files(self) -> list[SampleFile]:
        maker = licences.LicenceMaker(
            self._rng, self.authorities, date(2021, 1, 4), self._today - timedelta(2)
        )
        old = [maker.make(entry) for entry in self._some("licences_2018", self._businesses)]
        new = [maker.make(entry) for entry in self._some("licences_merged", self._live)]
        first = self._spoil(list(licences.rows_2018(old, self._today)), is_penalty=False)
        merged = self._spoil(list(licences.rows_merged(new, self._today)), is_penalty=False)
        return [
            SampleFile("02_licences_2018.csv", [Table("licence_organisation_2018", first)]),
            SampleFile("03_licences_merged.xlsx", [Table("licence_merged_2019", merged, "行政许可")]),
        ]

    def _penalty_files(self) -> list[SampleFile]:
        rng = self._rng
        maker = penalties.PenaltyMaker(rng, self.authorities, date(2022, 6, 1), self._today - timedelta(2))
        main = [maker.make(entry) for entry in self._some("penalties_2018", self._businesses)]
        early = penalties.PenaltyMaker(rng, self.authorities, date(2022, 1, 4), date(2024, 6, 28))
        old = [early.make(entry) for entry in self._some("penalties_2016", self._businesses)]
        new = [maker.make(entry) for entry in self._some("penalties_merged", self._live)]
        rows = self._spoil(self._disguise(list(penalties.rows_2018(main, rng))), is_penalty=True)
        merged = self._spoil(list(penalties.rows_merged(new, rng)), is_penalty=True)
        persons = [_about_a_person(row, at) for at, row in enumerate(merged[5 : 5 + _PERSON_ROWS])]
        kept = list(penalties.rows_2016(old, rng))
        self._events = [_event(row) for row in rows[3 : 3 + 9 * _EVENTS : 9]]
        return [
            SampleFile("04_penalties_2018.xlsx", [Table("penalty_organisation_2018", rows, "行政处罚")]),
            SampleFile("05_penalties_2016.csv", [Table("penalty_2016", kept, in_codes=True)]),
            SampleFile(
                "06_penalties_merged.xlsx", [Table("penalty_merged_2019", [*merged, *persons], "行政处罚")]
            ),
        ]

    def _disguise(self, rows: list[Row]) -> list[Row]:
        """Names as other systems write them: traditional script, other brackets; some rows lose their code."""
        for at, row in enumerate(rows):
            name = str(row["party"])
            if at % 50 == 7:
                row["party"] = in_traditional(name)
            elif at % 50 == 19:
                row["party"] = widened(name)
            elif at % 25 == 11:
                row["uscc"] = "0" * 17 + "X"
        return rows

    def _spoil(self, rows: list[Row], *, is_penalty: bool) -> list[Row]:
        """About one row in a hundred as careless hands leave it; each of them is rejected."""
        for turn, at in enumerate(range(40, len(rows), _SPOILT_EVERY)):
            row = rows[at]
            faults = _FAULTS if is_penalty else _FAULTS[:-1]
            faults[turn % len(faults)](row)
        return rows

    def _list_files(self) -> list[SampleFile]:
        make = EntryMaker(self._rng, self.authorities, self._today)
        some, live, firms = self._distinct, self._live, self._enterprises

        def one(name: str, template: str, rows: list[Row], sheet: str = "Sheet1") -> SampleFile:
            return SampleFile(name, [Table(template, rows, sheet)])

        honours = [
            Table("honour_entry", make.honours(some("honours", firms)), "诚实守信"),
            Table("red_list", make.red_list(some("red_list", firms)), "守信红榜"),
        ]
        grades = Table("tax_grade_a", make.tax_grade_a(some("grade_a", firms)))
        return [
            one("08_abnormal_operations.xlsx", "abnormal_operation", make.abnormal(some("abnormal", self._businesses)), "经营异常名录"),
            one("09_serious_violations.xlsx", "serious_violation_enterprises", make.serious(some("serious", firms))),
            one("10_court_defaulters.json", "court_defaulter", make.court_defaulters(some("court", self._businesses))),
            one("11_tax_violations.xlsx", "tax_violation", make.tax_violations(some("tax_violations", firms))),
            one("12_wage_arrears.xlsx", "wage_arrears", make.wage_arrears(some("wages", firms))),
            one("13_procurement_misconduct.xlsx", "procurement_misconduct", make.procurement(some("procurement", firms))),
            one("14_safety_dishonesty.xlsx", "safety_dishonesty", make.safety(some("safety", firms))),
            one("15_adverse_lists.xlsx", "adverse_entry", make.adverse(some("adverse", firms))),
            one("16_overload_transport.xlsx", "overload_transport", make.overload(some("overload", live))),
            one("17_tax_arrears.xlsx", "tax_arrears", make.tax_arrears(some("tax_arrears", live))),
            SampleFile("18_tax_grade_a.csv", [grades], UTF8_WITH_MARK),
            SampleFile("19_honour_lists.xlsx", honours),
            one("27_watch_list.xlsx", "watch_list", make.watch_list(some("watch", live))),
        ]  # fmt: skip

    def _other_files(self) -> list[SampleFile]:
        make = PromiseMaker(self._rng, self.authorities, self._today)
        some, live = self._some, self._live
        government = [
            Table(
                "government_commitment", make.body_commitments(self._count("body_commitments")), "政府承诺"
            ),
            Table("government_faith", make.body_faith(self._count("body_faith")), "政务诚信记录"),
        ]
        contracts = make.contracts(some("contracts", self._enterprises))
        return [
            SampleFile("07_other_acts.xlsx", [Table("other_administrative_act", make.acts(some("acts", live)))]),
            SampleFile("20_commitments.xlsx", [Table("commitment", make.commitments(some("commitments", live)))]),
            SampleFile("21_contracts.xlsx", [Table("contract_performance", contracts)]),
            SampleFile("22_evaluations.xlsx", [Table("credit_evaluation", make.evaluations(self._distinct("evaluations", live)))]),
            SampleFile("23_judgments.xlsx", [Table("judgment", make.judgments(some("judgments", live)))]),
            SampleFile("24_government.xlsx", government),
        ]  # fmt: skip


def library_files() -> list[SampleFile]:
    """The library: catalogues, policy documents, cases and notices. Nothing in it is left to chance."""
    honour, adverse = scopes()
    incentives, disciplinary = measures()
    catalogues = [
        Table("honour_scope", honour, "诚信典型范围"),
        Table("adverse_scope", adverse, "严重失信行为及主体范围"),
        Table("incentive_measure", incentives, "守信激励政策措施"),
        Table("disciplinary_measure", disciplinary, "失信惩戒政策措施"),
    ]
    papers = [
        Table("policy_document", list(POLICIES), "政策法规"),
        Table("case", cases(), "典型案例"),
        Table("notice", notices(), "通报公告"),
    ]
    return [SampleFile("25_catalogues.xlsx", catalogues), SampleFile("26_library.xlsx", papers)]


def _about_a_person(row: Row, at: int) -> Row:
    """A row of class 自然人: no name, only a placeholder. It is counted and kept out."""
    heavenly = "甲乙丙丁戊己庚辛壬癸"
    kept: Row = {key: value for key, value in row.items() if key not in ("uscc", "registration_number")}
    return {
        **kept,
        "party": f"某{heavenly[at % 10]}",
        "party_class": "自然人",
        "document_number": f"演人罚〔2026〕{at + 1}号",
    }


def _event(row: Row) -> Row:
    """A penalty that was repaired: it is named by its key columns, and gone from the site after the import."""
    return {
        "event": "信用修复", "kind": "行政处罚", "party": row["party"], "uscc": row["uscc"], "authority": row["authority"],
        "document_number": row["document_number"], "decided_on": row["decided_on"], "event_on": date(2026, 11, 16), "remark": SOURCE,
    }  # fmt: skip


def _wrong_code(row: dict[str, Cell]) -> None:
    row["uscc"] = misspelt(str(row["uscc"]))


def _no_such_day(row: dict[str, Cell]) -> None:
    row["decided_on"] = "2025/02/30"


def _in_the_future(row: dict[str, Cell]) -> None:
    row["decided_on"] = "2062/03/18"


def _no_authority(row: dict[str, Cell]) -> None:
    row["authority"] = "——"


def _authority_as_party(row: dict[str, Cell]) -> None:
    row["party"] = row["authority"]


def _slipped(row: dict[str, Cell]) -> None:
    row["decided_on"] = row["party"]


def _fine_without_amount(row: dict[str, Cell]) -> None:
    row["penalty_class"] = "罚款"
    row.pop("fine_amount", None)


_FAULTS: tuple[Callable[[dict[str, Cell]], None], ...] = (
    _wrong_code, _no_such_day, _in_the_future, _no_authority, _authority_as_party, _slipped, _fine_without_amount,
)  # fmt: skip
