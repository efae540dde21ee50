"""What does a clerk fill in: the empty official sheet of a kind, as a workbook or as text?"""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

from indexers.catalog import Catalog
from indexers.errors import UsageError
from indexers.grammar import Column, RecordField, Template
from indexers.nearest import tell_nearest

GUIDE_SHEET = "填写说明"
"""The sheet beside the empty one that explains its columns; no import reads a sheet of this name."""

_NOT_DELIVERED = "不用填写：为保护个人信息，这一列不会保存"
_HOW_TO_FILL = {
    "date": "日期，例如 2026-01-31",
    "code": "代码，这一列请保持文本格式",
    "amount": "数字",
    "number": "数字",
    "url": "网址，以 https:// 开头",
}
_LAST_DAYS = ("valid_until", "performance_until", "publicity_end")
"""The days that may never come; every other is one on which something was done."""
_NO_LAST_DAY = "没有期限写 长期"
_NARROWEST, _WIDEST = 12, 36
_MOST_ROWS_OFFERED = 5_000


def write_blank_sheet(kind: str, catalog: Catalog, path: str | Path) -> Template:
    """Write the empty sheet of a record kind, list or template to .xlsx or .csv; returns its template.

    Workbooks have the columns formatted as text, so that no code loses digits, and a sheet of explanations.
    Text files begin with a byte order mark, by which spreadsheet programs know UTF-8. Raises UsageError for
    an unknown kind, another ending or a path that cannot be written.
    """
    template = _template_of(kind, catalog)
    file = Path(path)
    fields = catalog.fields_of(catalog.kinds[template.kind])
    # columns that are dropped when they come are not asked for, unless the official sheet must have them
    columns = [column for column in template.columns if column.to or column.required or template.official]
    try:
        if file.suffix.lower() == ".csv":
            with file.open("w", encoding="utf-8-sig", newline="") as out:
                csv.writer(out).writerow([column.names[0] for column in columns])
        elif file.suffix.lower() == ".xlsx":
            file.write_bytes(_workbook(template, columns, fields))
        else:
            raise UsageError(f"{file.name}：只能写 .xlsx 或 .csv 文件")
    except OSError as error:
        raise UsageError(f"无法写入 {file}：{error.strerror or error}") from error
    return template


def _template_of(kind: str, catalog: Catalog) -> Template:
    if kind in catalog.templates and kind not in catalog.kinds:
        return catalog.templates[kind]
    entry = catalog.lists.get(kind)
    found = catalog.templates_of(entry.kind if entry else kind)
    own = [template for template in found if template.constants.get("list") == kind] if entry else []
    if not found:
        known = {key: catalog.kinds[key].label for key in {t.kind for t in catalog.templates.values()}}
        near = tell_nearest(kind, known, "credit-search kinds")
        raise UsageError(f"没有类别 {kind!r} 的模板；{near}")
    general = [t for t in found if t.key == t.kind] or [t for t in found if not t.constants and not t.sheets]
    return (own or general or list(found))[0]


def _workbook(template: Template, columns: list[Column], fields: dict[str, RecordField]) -> bytes:
    # Here, because whatever reads sheets loads this module as well.
    import xlsxwriter  # type: ignore[import-untyped]

    written = io.BytesIO()
    with xlsxwriter.Workbook(
        written, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        heading = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#EEF2F7"})
        as_text = book.add_format({"num_format": "@"})
        sheet = book.add_worksheet(_sheet_name(template.label))
        guide = book.add_worksheet(GUIDE_SHEET)
        for place, column in enumerate(columns):
            label = column.names[0]
            sheet.set_column(place, place, min(max(len(label) * 2, _NARROWEST), _WIDEST), as_text)
            sheet.write_string(0, place, label, heading)
            _offer_choices(sheet, place, fields.get(column.to))
        sheet.freeze_panes(1, 1)
        for place, head in enumerate(("列名", "必填", "怎样填写")):
            guide.write_string(0, place, head, heading)
            guide.set_column(place, place, (_WIDEST, _NARROWEST, 3 * _WIDEST)[place])
        for row, column in enumerate(columns, start=1):
            for place, words in enumerate(_explained(column, fields)):
                guide.write_string(row, place, words)
    return written.getvalue()


def _offer_choices(sheet: Any, place: int, field: RecordField | None) -> None:
    words = list(field.choices.values()) if field is not None else []
    if words and not any("," in word for word in words):
        offer = {"validate": "list", "source": words, "error_type": "warning"}
        sheet.data_validation(1, place, _MOST_ROWS_OFFERED, place, offer)


def _explained(column: Column, fields: dict[str, RecordField]) -> tuple[str, str, str]:
    field = fields.get(column.to)
    if field is None or not field.keep:
        return column.names[0], "", _NOT_DELIVERED
    how = [_HOW_TO_FILL.get(field.type, "")]
    if field.key in _LAST_DAYS:
        how.append(_NO_LAST_DAY)
    if field.choices:
        how.append("可填：" + "、".join(field.choices.values()))
    if column.amount:
        how.append(f"单位：{column.amount}")
    if column.split or field.multiple:
        how.append(f"可填几个，用 {(column.split or '；')[-1]} 隔开")
    how.append(field.explain)
    return column.names[0], "是" if column.required else "", "；".join(filter(None, how))


_SHEET_NAME_LENGTH = 31
"""The longest name that spreadsheet programs allow."""


def _sheet_name(label: str) -> str:
    return "".join(char for char in label if char not in "[]:*?/\\")[:_SHEET_NAME_LENGTH]
