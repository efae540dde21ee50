"""How does an operator look after the index and ask it questions?"""

from __future__ import annotations

import argparse
from pathlib import Path

import msgspec

from indexers.answers import Answer, Request
from indexers.catalog import COLLECTION_OF_TYPE
from indexers.clock import in_shanghai, shanghai_now
from indexers.comparing import compare_engines
from indexers.documents import PublicDocument, PublicRecord
from indexers.engines.base import EngineStatus, SearchEngine
from indexers.errors import EngineError, FingerprintMismatch, IndexMissing, LedgerError, UsageError
from indexers.finding import Finder
from indexers.ledger import is_there
from indexers.publishing import OTHER_LEDGER, Publisher, SyncReport, follows, measure_lag
from search_site.cli_output import (
    Workplace,
    open_workplace,
    progress_line,
    write_json,
    write_line,
    write_note,
)
from search_site.labels import Labels
from search_site.params import BadParameters, read_request, refuse_persons
from search_site.present_answers import SearchView, search_view
from search_site.present_offers import offer_groups
from search_site.present_results import TYPE_LABELS
from search_site.present_text import count_text


def sync(options: argparse.Namespace) -> int:
    """Ledger to engine: removals, changes, boundaries of the day."""
    place = open_workplace()
    with place.ledger() as ledger, place.engine() as engine:
        publisher = Publisher(place.catalog, place.analyzer, ledger, engine, progress_line())
        report = publisher.sync()
        publisher.erase(place.settings.erase_after_days)
    _write_sync(report, options.json)
    return 0


def rebuild(options: argparse.Namespace) -> int:
    """Build beside the live generation and switch."""
    place = open_workplace()
    with place.ledger() as ledger, place.engine() as engine:
        report = Publisher(place.catalog, place.analyzer, ledger, engine, progress_line()).rebuild()
    _write_sync(report, options.json)
    return 0


def rollback(options: argparse.Namespace) -> int:
    """Back to the kept generation, brought up to the ledger first."""
    place = open_workplace()
    with place.ledger() as ledger, place.engine() as engine:
        state = Publisher(place.catalog, place.analyzer, ledger, engine, progress_line()).rollback()
    name = state.live.name if state.live else ""
    if options.json:
        write_json({"generation": name, "revision": state.revision})
    else:
        write_line(f"现在使用索引 {name}")
    return 0


_COUNTED = {"subjects": "单位", "records": "记录", "library": "资料"}


class _Status(msgspec.Struct):
    """What `status` tells; `lag` is None where there is no ledger or it cannot be reached."""

    engine: str
    version: str
    ready: bool
    generation: str
    fingerprint: str
    fits: bool
    counts: dict[str, int]
    last_seq: int
    lag: int | None
    day: str
    kept: str
    revision: int


def status(options: argparse.Namespace) -> int:
    """Engine, version, generation, fingerprint, counts, last number, lag; exit 1 if not ready."""
    place = open_workplace()
    try:
        with place.engine() as engine:
            found, fingerprint = engine.status(), engine.fingerprint
            is_readable = _is_readable(engine)
    except EngineError as error:
        write_note(f"不可用：{error}")
        if options.json:
            scheme = place.settings.engine.partition(":")[0]
            write_json(_status(EngineStatus(scheme, "", 0, None, None), "", None, is_readable=False))
        return 1
    state = _status(found, fingerprint, _lag(place, found), is_readable=is_readable)
    if options.json:
        write_json(state)
    else:
        _write_status(state)
    return 0 if state.ready else 1


def _is_readable(engine: SearchEngine) -> bool:
    """Whether what is published can be opened; what hinders it is told."""
    try:
        engine.check()
    except (IndexMissing, FingerprintMismatch):
        # Told below, with what is there instead.
        return False
    except EngineError as error:
        write_note(f"不可用：{error}")
        return False
    return True


def _lag(place: Workplace, state: EngineStatus) -> int | None:
    """How far the index is behind the ledger; the site may run where there is no ledger."""
    if not is_there(place.settings.ledger):
        return None
    try:
        with place.ledger() as ledger:
            with ledger.reading() as connection:
                is_its_own = state.live is None or follows(connection, state.live.applied)
            if not is_its_own:
                write_note(OTHER_LEDGER)
            return measure_lag(ledger, state)
    except LedgerError:
        return None


def _status(state: EngineStatus, fingerprint: str, lag: int | None, *, is_readable: bool) -> _Status:
    live = state.live
    fits = live is not None and live.fingerprint == fingerprint
    return _Status(
        engine=state.engine,
        version=state.version,
        ready=fits and is_readable,
        generation=live.name if live else "",
        fingerprint=live.fingerprint if live else "",
        fits=fits,
        counts=live.counts if live else {},
        last_seq=live.applied.seq if live else 0,
        lag=lag,
        day=live.applied.day if live else "",
        kept=state.kept.name if state.kept else "",
        revision=state.revision,
    )


def _write_status(state: _Status) -> None:
    write_line(f"引擎 {state.engine} {state.version}")
    if state.generation:
        unfit = "" if state.fits else "（与本程序不符）"
        write_line(
            f"索引 {state.generation}，第 {state.revision} 次发布，指纹 {state.fingerprint}{unfit}，"
            f"公示区间算到 {state.day}，保留的上一套 {state.kept or '无'}"
        )
        write_line("条数 " + "，".join(f"{_COUNTED[name]} {count:,}" for name, count in state.counts.items()))
    else:
        write_line("索引 （还没有）")
    write_line(f"序号 {state.last_seq}，{_told_lag(state.lag)}")
    write_line("可用" if state.ready else "不可用：请运行 credit-search sync 或 rebuild")


def _told_lag(lag: int | None) -> str:
    if lag is None:
        return "台账不可用"
    if lag < 0:
        return f"台账的序号还少 {-lag}"
    return f"落后台账 {lag}"


def search(options: argparse.Namespace) -> int:
    """Ask as a visitor would."""
    place = open_workplace()
    request = _request(options, place)
    with place.engine() as engine:
        clock = in_shanghai(shanghai_now)
        finder = Finder(engine, place.catalog, place.analyzer, clock, place.settings.deadline)
        answer = finder.find(request)
    labels = Labels(place.catalog)
    view = search_view(answer, labels)
    if options.json:
        write_json(view)
        return 0
    _write_answer(answer)
    _write_ways_on(answer, view, labels)
    return 0


def _request(options: argparse.Namespace, place: Workplace) -> Request:
    """The question as the API reads it, so that both take and refuse the same."""
    asked = {"q": [options.text], "type": [options.type], "sort": [options.sort]}
    pairs = {name: [value for value in values if value] for name, values in asked.items()}
    for item in options.filters:
        field, sign, value = item.partition("=")
        if not sign:
            raise UsageError(f"--filter {item!r} 要写成 FIELD=VALUE")
        if field in asked:
            raise UsageError(f"--filter 不接受 {field}：要查的文字写作 TEXT，另有 --type 和 --sort")
        # An empty value asks nothing, as in an address.
        pairs.setdefault(field, []).extend([value] if value else [])
    try:
        refuse_persons((name, value) for name, values in pairs.items() for value in values)
        return read_request(pairs, place.catalog, options.limit, strict=True)
    except BadParameters as error:
        told = "；".join(f"{fault.parameter} {fault.detail}" for fault in error.errors)
        known = "、".join(field.key for field in place.catalog.facets(COLLECTION_OF_TYPE[options.type]))
        raise UsageError(f"查询不对：{told}。FIELD 可用：{known}、region") from error


def _write_answer(answer: Answer) -> None:
    write_line(f"共 {count_text(answer.total)} 条")
    for mark, hits in (("", answer.hits), ("是否要找：", answer.proposals)):
        for hit in hits:
            reason = f"（{hit.reason.label}）" if hit.reason.label else ""
            write_line(f"{mark}{'  '.join(filter(None, (*_columns(hit.document), reason)))}")


def _write_ways_on(answer: Answer, view: SearchView, labels: Labels) -> None:
    """What the site offers beside an answer: what else the text may mean, and what other types hold for it."""
    for group in offer_groups(answer, view.understood, labels):
        for link in group.links:
            count = f"（{link.count}）" if link.count else ""
            write_line(f"{group.label}：{link.label}{count}  {link.url}")
    for other in answer.other:
        if other.total.value:
            write_line(f"{TYPE_LABELS[other.type]}里有 {count_text(other.total)} 条  --type {other.type}")


def _columns(document: PublicDocument) -> tuple[str, ...]:
    """What a line tells of a hit: its id, what it is called, and of a record who it is about and its number."""
    if isinstance(document, PublicRecord):
        about = document.subject, document.uscc, document.document_number
        return document.id, document.title, *about
    return document.id, document.title


def compare(options: argparse.Namespace) -> int:
    """The same queries on two engines."""
    place = open_workplace()
    lines = _lines_of(options.queries) if options.queries else []
    with place.engine(options.left) as left, place.engine(options.right) as right:
        report = compare_engines(left, right, place.catalog, place.analyzer, shanghai_now, lines)
    if options.json:
        write_json(report)
    else:
        for difference in report.differences:
            write_line(
                f"{difference.query} [{difference.type}] {difference.what}：{difference.left} ≠ {difference.right}"
            )
        write_line(f"{report.queries} 个查询，{len(report.differences)} 处不同")
    return 1 if report.differences else 0


def _lines_of(name: str) -> list[str]:
    try:
        return Path(name).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"无法读取 {name}：应为每行一个查询的 UTF-8 文件") from error


def _write_sync(report: SyncReport, as_json: bool) -> None:
    if as_json:
        write_json(report)
        return
    verb = "新建" if report.rebuilt else "更新"
    write_line(
        f"{verb}索引 {report.generation}：写入 {report.operations:,} 条，撤下 {report.removals} 条，"
        f"序号 {report.seq}，{report.seconds:.1f} 秒"
    )
