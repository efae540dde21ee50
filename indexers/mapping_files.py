"""What does a deployer's own mapping file say about a sheet?"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from indexers.catalog import Catalog
from indexers.catalog_checks import template_errors
from indexers.errors import CatalogError, UsageError
from indexers.grammar import UNANSWERED, Column, Template


def load_mapping(path: str | Path, catalog: Catalog, answers: Mapping[str, str] | None = None) -> Template:
    """The mapping of a file with its open constants answered by `answers` (--set KEY=VALUE).

    Raises UsageError for a missing file, an answer to a key that is no field, and a constant left open;
    CatalogError with every fault of the file.
    """
    file = Path(path)
    try:
        text = file.read_text("utf-8-sig")
    except OSError as error:
        raise UsageError(f"找不到映射文件：{path}") from error
    except UnicodeDecodeError as error:
        raise CatalogError([f"{file.name}：不是 UTF-8 编码"]) from error
    known = dict(answers or {})
    table = _read_toml(text, file.name)
    if table.get("kind") == UNANSWERED:
        table["kind"] = known.pop("kind", UNANSWERED)
    return answer_constants(_make_template(table, catalog, file.name, file.stem), known, catalog)


def _read_toml(text: str, where: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise CatalogError([f"{where}：不是有效的 TOML：{error}"]) from error


def _make_template(table: dict[str, Any], catalog: Catalog, where: str, key: str) -> Template:
    if table.get("kind") == UNANSWERED:
        raise UsageError(
            f"{where} 还没有定是哪一类（kind）；请用 draft-mapping --set kind=… 重新起草"
            "（credit-search kinds 列出全部）"
        )
    table = {"key": key, "label": key, **table}
    errors = _unknown_keys(table, where)
    try:
        template = msgspec.convert(table, Template)
    except msgspec.ValidationError as error:
        raise CatalogError(errors or [f"{where}: {error}"]) from error
    errors.extend(template_errors(catalog, template, where))
    if errors:
        raise CatalogError(errors)
    return template


def _unknown_keys(table: Mapping[str, Any], where: str) -> list[str]:
    known = {field.encode_name for field in msgspec.structs.fields(Template)}
    column_keys = {field.encode_name for field in msgspec.structs.fields(Column)}
    errors = [f"{where}：不认识的键 {key!r}" for key in table if key not in known]
    columns = table.get("columns")
    for place, column in enumerate(columns if isinstance(columns, list) else (), start=1):
        if isinstance(column, dict):
            strange = [key for key in column if key not in column_keys]
            errors += [f"{where}：第 {place} 列：不认识的键 {key!r}" for key in strange]
    return errors


_HOW_PARTY = (
    "主体名称每一行不同；请在映射文件的 columns 里指出哪一列是，或用 draft-mapping --set party=列名 重新起草"
)


def answer_constants(template: Template, answers: Mapping[str, str], catalog: Catalog) -> Template:
    """The template with `answers` among its constants; raises UsageError for strange and for open keys.

    A key that a column fills by now is answered by that column, or by one for what the kind takes in its stead.
    """
    kind = catalog.kinds[template.kind]
    fields = catalog.fields_of(kind)
    strange = [key for key in answers if key not in fields]
    if strange:
        raise UsageError(f"--set 里的 {'、'.join(strange)} 不是 {template.kind} 的字段")
    if "party" in answers:
        raise UsageError(f"party 不能由 --set 给出：{_HOW_PARTY}")
    filled = {field for column in template.columns for field in (column.to, column.day_to)}
    asked = {**template.constants, **answers}
    given = filled | {key for key, value in asked.items() if value != UNANSWERED}
    wanted, lacking = catalog.lacking(kind, frozenset()), catalog.lacking(kind, given)
    settled = filled | {name for names in wanted if names not in lacking for name in names}
    constants = {key: value for key, value in asked.items() if value != UNANSWERED or key not in settled}
    still_open = [key for key, value in constants.items() if value == UNANSWERED]
    if still_open:
        named = "、".join(f"{key}({fields[key].label})" for key in still_open)
        how = (
            _HOW_PARTY
            if still_open == ["party"]
            else f"用 --set {still_open[0]}=… 回答，或写在文件的 constants 里"
        )
        raise UsageError(f"映射文件还有没回答的键：{named}；{how}")
    return msgspec.structs.replace(template, constants=constants)
