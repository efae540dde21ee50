"""What do people read of a file that was tried or imported?"""

from __future__ import annotations

import msgspec

from indexers.catalog import Catalog
from indexers.records import FileAccount, ImportReport, RowProblem
from search_site.cli_output import write_json, write_line, write_note

SHOWN_PROBLEMS = 50
"""Problems of one file printed for people; `--json` has more, the ledger has all."""


def write_report(report: ImportReport, catalog: Catalog, as_json: bool, *, dry: bool) -> None:
    """The accounts of all files, on standard output."""
    if as_json:
        write_json(msgspec.to_builtins(report))
        return
    for account in report.files:
        _write_account(account, catalog, dry=dry)
    write_note(f"用时 {report.seconds:.1f} 秒")


def _write_account(account: FileAccount, catalog: Catalog, *, dry: bool) -> None:
    write_line(account.file)
    for sheet in account.sheets:
        known = f"{sheet.kind} · {sheet.template}" if sheet.kind else "未识别"
        verb = "可收" if dry else "收下"
        unchanged = "" if dry else f"，未变 {sheet.unchanged}"
        write_line(
            f"  {sheet.sheet or '（表）'} [{known}] 共 {sheet.rows} 行：{verb} {sheet.accepted}{unchanged}，"
            f"退回 {sheet.rejected}；其中不公开 {sheet.withheld}"
        )
    if account.withheld_by:
        reasons = (f"{_reason(key, catalog)} {rows}" for key, rows in account.withheld_by.items())
        write_line(f"  不公开的原因：{'，'.join(reasons)}")
    _write_problems(account)
    _write_notes(account)


def _reason(key: str, catalog: Catalog) -> str:
    """The words for why rows are not public: a grade of penalty has its own."""
    if word := catalog.choices.get("withheld", {}).get(key):
        return word
    grades = (grade for rule in catalog.publicity.rules for name, grade in rule.grades.items() if name == key)
    return next((grade.label for grade in grades), key)


def _write_problems(account: FileAccount) -> None:
    of_sheets = {(problem.sheet, problem.message) for problem in account.problems if not problem.row}
    told = [p for p in account.problems if not p.row or (p.sheet, p.message) not in of_sheets]
    for problem in told[:SHOWN_PROBLEMS]:
        write_line(f"  问题：{_told(problem)}")
    rest = len(told) + account.problems_left_out - SHOWN_PROBLEMS
    if rest > 0:
        write_line(f"  还有 {rest} 个问题（--json 可看更多）")


def _write_notes(account: FileAccount) -> None:
    alike: dict[tuple[str, str, str], list[RowProblem]] = {}
    for note in account.notes:
        alike.setdefault((note.sheet, note.column, note.message), []).append(note)
    for notes in alike.values():
        more = f"（同样的还有 {len(notes) - 1} 处）" if len(notes) > 1 else ""
        write_line(f"  提示：{_told(notes[0])}{more}")


def _told(problem: RowProblem) -> str:
    place = f"{problem.sheet} 第 {problem.row} 行".strip() if problem.row else problem.sheet or "整个文件"
    column = f" [{problem.column}]" if problem.column else ""
    value = f" “{problem.value}”" if problem.value else ""
    return f"{place}{column}{value}：{problem.message}"
