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
    template = parse_mapping(text, catalog, file.name, file.stem)
    return answer_constants(template, answers or {}, catalog)


def parse_mapping(text: str, catalog: Catalog, where: str, key: str) -> Template:
    """The mapping in a TOML text; raises CatalogError with every fault, each beginning with `where`."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise CatalogError([f"{where}：不是有效的 TOML：{error}"]) from error
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


def answer_constants(template: Template, answers: Mapping[str, str], catalog: Catalog) -> Template:
    """The template with `answers` among its constants; raises UsageError for strange and for open keys.

    A key that a column fills by now is answered by that column.
    """
    fields = catalog.fields_of(catalog.kinds[template.kind])
    strange = [key for key in answers if key not in fields]
    if strange:
        raise UsageError(f"--set 里的 {'、'.join(strange)} 不是 {template.kind} 的字段")
    filled = {field for column in template.columns for field in (column.to, column.day_to)}
    asked = {**template.constants, **answers}.items()
    constants = {key: value for key, value in asked if value != UNANSWERED or key not in filled}
    still_open = [key for key, value in constants.items() if value == UNANSWERED]
    if still_open:
        named = "、".join(f"{key}({fields[key].label})" for key in still_open)
        how = f"用 --set {still_open[0]}=… 回答，或写在文件的 constants 里"
        raise UsageError(f"映射文件还有没回答的键：{named}；{how}")
    return msgspec.structs.replace(template, constants=constants)
