"""How do clerks and operators bring records in, and take them out again?"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from datetime import date
from enum import Enum
from pathlib import Path

from indexers.addresses import show_address
from indexers.blank_sheets import write_blank_sheet
from indexers.catalog import Catalog
from indexers.clock import shanghai_today
from indexers.drafting import draft_mapping as draft
from indexers.errors import EngineError, OtherLedger, SheetError, UsageError
from indexers.grammar import UNANSWERED, Template
from indexers.identity import decode_content
from indexers.importing import Importer, check_file
from indexers.ledger import Ledger, record_event
from indexers.ledger.changes import has_removals
from indexers.ledger.events import NOTE_ERASED, NOTE_SAME, Recorded
from indexers.mapping_files import load_mapping
from indexers.publishing import Publisher, measure_lag
from indexers.records import REINSTATED, Draft, FileAccount, ImportReport
from indexers.wording import shortened
from search_site.cli_output import (
    Workplace,
    open_workplace,
    progress_line,
    write_json,
    write_line,
    write_note,
)
from search_site.cli_report import write_report

TOLD_LENGTH = 60
"""Characters by which a record is told from others."""
NOT_APPLIED = "已记录，尚未生效：检索引擎现在不可用或已要求暂缓；请在恢复后运行 credit-search sync"
NOT_REINSTATED = f"没有恢复公示：{NOTE_ERASED}"
NO_INDEX = "还没有索引，没有可撤下的；首次运行 credit-search sync 时按台账建立"


class _Outcome(Enum):
    """What became of the removals in the index."""

    APPLIED = "applied"
    NO_INDEX = "no index"
    WAITING = "waiting"


def draft_mapping(options: argparse.Namespace) -> int:
    """Propose a mapping for a sheet; what it cannot know is left open as `?`."""
    place = open_workplace()
    answers = _answers(options.answers)
    text = draft(options.file, place.catalog, answers, query=options.query, sheet=options.sheet)
    if options.output:
        try:
            Path(options.output).write_text(text, encoding="utf-8")
        except OSError as error:
            raise UsageError(f"无法写入 {options.output}：{error.strerror or error}") from error
        is_open = f'= "{UNANSWERED}"' in text
        is_partial = "\nsheets = [" in text
        write_note(
            f"已写入 {options.output}；请核对"
            + ("，并回答值为“?”的各项" if is_open else "")
            + ("；它只管一部分工作表，其余的见文件开头" if is_partial else "")
        )
    if options.json:
        output = options.output and show_address(options.output)
        write_json({"file": show_address(options.file), "output": output, "mapping": text})
    elif not options.output:
        sys.stdout.write(text)
    return 0


def check(options: argparse.Namespace) -> int:
    """A dry run over files, told of as those of an import are."""
    place = open_workplace()
    mapping = _mapping(options, place)
    report, today = ImportReport(), shanghai_today()

    def read(file: str) -> FileAccount:
        return check_file(
            file, place.catalog, place.analyzer, today, options.kind, mapping, query=options.query
        )

    unread = _read_each(options.files, report, read)
    if report.files:
        write_report(report, place.catalog, options.json, dry=True)
    if unread is not None:
        raise unread
    return 1 if _has_refused(report) else 0


def import_(options: argparse.Namespace) -> int:
    """Files into the ledger; what they take out is applied to the index before it returns.

    A file that cannot be read ends it: the files before it are in, applied and told of, then its error is.
    """
    place = open_workplace()
    mapping = _mapping(options, place)
    if not options.no_sync:
        place.check_engine()
    tell = progress_line()
    report = ImportReport()
    with place.ledger() as ledger:
        importer = Importer(place.catalog, place.analyzer, ledger, lambda what, rows: tell(what, rows, 0))
        unread = _read_each(
            options.files,
            report,
            lambda file: importer.import_file(file, options.kind, mapping, query=options.query),
        )
        if report.files:
            outcome = _look(place, ledger) if options.no_sync else _apply(place, ledger)
            report.applied = outcome is not _Outcome.WAITING
    if report.files:
        write_report(report, place.catalog, options.json, dry=False)
    if not report.applied:
        write_note(NOT_APPLIED)
    if unread is not None:
        raise unread
    if not report.applied:
        return 1
    return 1 if options.strict and _has_refused(report) else 0


def _has_refused(report: ImportReport) -> bool:
    """Whether a row or a sheet was refused; a sheet that is refused whole has no rejected row if it has no rows."""
    return any(account.rejected or account.problems for account in report.files)


def _read_each(
    files: list[str], report: ImportReport, read: Callable[[str], FileAccount]
) -> SheetError | UsageError | None:
    """The account of each file, up to one that cannot be read; why that one cannot."""
    started, unread = time.monotonic(), None
    for file in files:
        try:
            report.files.append(read(file))
        except (SheetError, UsageError) as error:
            unread = error
            break
    report.seconds = round(time.monotonic() - started, 3)
    return unread


def retract(options: argparse.Namespace) -> int:
    """End (or reinstate) one record, everywhere at once; exit 1 too where nothing is left to reinstate."""
    today = shanghai_today()
    on = _day(options.on) if options.on else today
    if on > today:
        raise UsageError(f"--on {on.isoformat()} 在今天之后；请在当天办理")
    place = open_workplace()
    if not options.no_sync:
        place.check_engine()
    with place.ledger() as ledger:
        recorded = record_event(ledger, options.record_id, options.reason, on.isoformat())
        bring = _look if options.no_sync else _apply
        outcome = bring(place, ledger, follow=options.reason == REINSTATED)
    applied = outcome is not _Outcome.WAITING
    is_lost = options.reason == REINSTATED and recorded.is_erased
    if options.json:
        told = {"changed": recorded.changed, "applied": applied, "erased": recorded.is_erased}
        write_json({"record_id": options.record_id, "reason": options.reason, **told})
    elif is_lost:
        write_line(NOT_REINSTATED)
    else:
        done = "已生效" if outcome is _Outcome.APPLIED else "已记录"
        done = NOTE_SAME if applied and not recorded.changed else done
        write_line(f"{done}：{_named(recorded, place.catalog)}")
    if outcome is not _Outcome.APPLIED:
        write_note(NO_INDEX if applied else NOT_APPLIED)
    return 0 if applied and not is_lost else 1


def _named(recorded: Recorded, catalog: Catalog) -> str:
    """Which record it is, in the words of its sheet and without whom it is about."""
    kind, entry = catalog.kinds.get(recorded.kind), catalog.lists.get(recorded.list)
    label = entry.label if entry else kind.label if kind else recorded.kind
    draft = Draft(recorded.kind, decode_content(recorded.content) if recorded.content else {})
    names = ("document_number", *(name for name in (kind.matter if kind else ()) if name != "party"))
    text = next((text for name in names if (text := "、".join(draft.all(name)))), "")
    line = text.partition("\n")[0]
    return f"{label} {shortened(line, TOLD_LENGTH)}".strip()


def template(options: argparse.Namespace) -> int:
    """Write the empty official sheet of a kind."""
    place = open_workplace()
    path = Path(options.output or f"{options.kind}.xlsx")
    write_blank_sheet(options.kind, place.catalog, path)
    if options.json:
        write_json({"kind": options.kind, "file": show_address(str(path))})
    else:
        write_line(f"已写出 {path}")
    return 0


def _apply(place: Workplace, ledger: Ledger, *, follow: bool = False) -> _Outcome:
    """Apply pending removals (with `follow`, everything) to the index."""
    try:
        with place.engine() as engine:
            publisher = Publisher(place.catalog, place.analyzer, ledger, engine)
            publisher.apply_removals()
            if engine.status().live is None:
                return _Outcome.NO_INDEX
            if follow:
                publisher.sync()
    except OtherLedger as error:
        write_note(str(error))
        return _Outcome.WAITING
    except EngineError as error:
        write_note(str(error))
        return _unasked(ledger, follow=follow)
    return _Outcome.APPLIED


def _look(place: Workplace, ledger: Ledger, *, follow: bool = False) -> _Outcome:
    """Whether the index has every removal (with `follow`, everything) of the ledger; nothing is applied.

    What was recorded by an earlier command waits as well.
    """
    try:
        with place.engine() as engine:
            publisher = Publisher(place.catalog, place.analyzer, ledger, engine)
            status = engine.status()
            if status.live is None:
                return _Outcome.NO_INDEX
            waits = publisher.removals_wait() or (follow and measure_lag(ledger, status) > 0)
    except (EngineError, UsageError):
        return _unasked(ledger, follow=follow)
    return _Outcome.WAITING if waits else _Outcome.APPLIED


def _unasked(ledger: Ledger, *, follow: bool) -> _Outcome:
    """The same where the engine cannot be asked: it may lack any removal that there is, and only those can wait."""
    with ledger.reading() as connection:
        waits = follow or has_removals(connection)
    return _Outcome.WAITING if waits else _Outcome.APPLIED


def _mapping(options: argparse.Namespace, place: Workplace) -> Template | None:
    if not options.mapping:
        if options.answers:
            raise UsageError("--set 只能与 --mapping 一起使用")
        return None
    return load_mapping(Path(options.mapping), place.catalog, _answers(options.answers))


def _answers(given: list[str]) -> dict[str, str]:
    answers: dict[str, str] = {}
    for item in given:
        key, sign, value = item.partition("=")
        if not sign or not key:
            raise UsageError(f"--set {item!r} 要写成 KEY=VALUE")
        answers[key.strip()] = value.strip()
    return answers


def _day(text: str) -> date:
    try:
        found = date.fromisoformat(text)
        if found.isoformat() != text:  # 20261101 and 2026-W45-1 are dates to Python
            raise ValueError(text)
        return found
    except ValueError as error:
        raise UsageError(f"日期 {text!r} 要写成 YYYY-MM-DD") from error
