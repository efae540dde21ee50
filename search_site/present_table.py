"""How is an answer written as a table, one line for each hit?"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable

from indexers.documents import PublicDocument, PublicRecord, PublicSubject
from search_site.labels import Labels
from search_site.present_hits import library_url, record_url, subject_url

_BYTE_ORDER_MARK = "\ufeff"
"""Without it spreadsheet programs read Chinese text as something else."""
_FORMULA = re.compile("^(?=[\t\r]|[ \u00a0\u3000\ufeff\u200b-\u200f]*[-=+@－＝＋＠])", re.MULTILINE)
"""The beginning of a line that spreadsheet programs may compute, in whatever width, whatever they leave out before."""
_HEADS = {
    "subject": ("名称", "统一社会信用代码", "登记状态", "所在地", "网址"),
    "record": (
        "主体名称", "统一社会信用代码", "类别", "内容", "决定机关", "文号", "决定日期", "状态", "公示截止日期", "网址",
    ),
    "library": ("标题", "类别", "发布机构", "文号", "成文日期", "状态", "网址"),
}  # fmt: skip


def csv_table(kind: str, documents: Iterable[PublicDocument], labels: Labels, base_url: str) -> str:
    """The documents of one type as CSV (RFC 4180) with a head; dates are ISO, addresses are whole."""
    written = io.StringIO()
    writer = csv.writer(written, quoting=csv.QUOTE_ALL)
    writer.writerow(_HEADS[kind])
    writer.writerows(map(_harmless, _cells(document, labels, base_url)) for document in documents)
    return _BYTE_ORDER_MARK + written.getvalue()


def _cells(document: PublicDocument, labels: Labels, base_url: str) -> tuple[str, ...]:
    if isinstance(document, PublicSubject):
        place = labels.regions.full_name(document.region) if document.region else ""
        status = labels.status(document.status) if document.status else ""
        return document.title, document.uscc, status, place, base_url + subject_url(document.id)
    status = labels.status(document.status, document.kind) if document.status else ""
    if isinstance(document, PublicRecord):
        return (
            document.subject,
            document.uscc,
            labels.badge(document.kind, document.list),
            document.title,
            document.authority,
            document.document_number,
            document.decided_on,
            status,
            document.last_day,
            base_url + record_url(document.id),
        )
    return (
        document.title,
        labels.kind(document.kind),
        document.body,
        document.number,
        document.dated_on,
        status,
        base_url + library_url(document.id),
    )


def _harmless(cell: str) -> str:
    return _FORMULA.sub("'", cell)
