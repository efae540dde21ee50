"""What does one data file hold: its text, its tables, its tables as structs, with every fault in words?"""

from __future__ import annotations

import csv
import functools
import re
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from importlib.resources.abc import Traversable
from typing import Any, TypeVar, get_args, get_origin

import msgspec

from indexers.errors import CatalogError

_T = TypeVar("_T", bound=msgspec.Struct)


def read_text(directory: Traversable, name: str) -> str:
    """The text of a data file; raises CatalogError with its name."""
    try:
        return directory.joinpath(name).read_text("utf-8")
    except OSError as error:
        raise CatalogError([f"{name}：文件不存在或无法读取"]) from error
    except UnicodeDecodeError as error:
        raise CatalogError([f"{name}：不是 UTF-8 编码"]) from error


def read_toml(directory: Traversable, name: str) -> dict[str, Any]:
    """The tables of a data file; raises CatalogError with its name."""
    return parse_toml(name, read_text(directory, name))


def parse_toml(name: str, text: str) -> dict[str, Any]:
    """The tables of a text; raises CatalogError with the name of the file that it was read from."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise CatalogError([f"{name}：不是有效的 TOML：{error}"]) from error


def read_struct(directory: Traversable, name: str, struct: type[_T]) -> _T:
    """A whole data file as one struct; raises CatalogError with all that is wrong with its keys."""
    return parse_struct(name, read_text(directory, name), struct)


def parse_struct(name: str, text: str, struct: type[_T]) -> _T:
    """A text as one struct; raises CatalogError with all that is wrong with its keys."""
    found, faults = convert(name, parse_toml(name, text), struct)
    if found is None or faults:
        raise CatalogError(faults)
    return found


def read_rows(
    directory: Traversable, name: str, columns: tuple[str, ...]
) -> tuple[list[dict[str, str]], list[str]]:
    """The whole rows of a table, and a fault for each other one; raises CatalogError if it has other columns."""
    reader = csv.reader(read_text(directory, name).splitlines())
    try:
        header, *lines = [(reader.line_num, tuple(cells)) for cells in reader if cells] or [(0, ())]
    except csv.Error as error:
        raise CatalogError([f"{name} 第 {reader.line_num} 行：不是有效的 CSV：{error}"]) from error
    if header[1] != columns:
        raise CatalogError([f"{name}：列须是 {', '.join(columns)}"])
    faults = [
        f"{name} 第 {number} 行：有 {len(cells)} 列，应有 {len(columns)} 列"
        for number, cells in lines
        if len(cells) != len(columns)
    ]
    return [
        dict(zip(columns, cells, strict=True)) for _, cells in lines if len(cells) == len(columns)
    ], faults


def convert(where: str, table: Mapping[str, Any], struct: type[_T]) -> tuple[_T | None, list[str]]:
    """A table as a struct, and everything wrong with it; None if what is known of it makes no struct."""
    fields = _fields_of(struct)
    faults = [f"{where}：不认识的键 {key!r}" for key in table if key not in fields]
    known = {key: value for key, value in table.items() if key in fields}
    try:
        return msgspec.convert(known, struct), faults
    except msgspec.ValidationError:
        return None, faults + [f"{where}: {fault}" for fault in find_faults(known, struct)]


def find_faults(value: object, form: Any, place: str = "$") -> Iterator[str]:
    """Every place where a value has not the form, in the words of msgspec, which itself ends at the first."""
    try:
        msgspec.convert(value, form)
    except msgspec.ValidationError as error:
        faults = [*_key_faults(value, form, place)]
        for part, part_form, part_place in _parts(value, form, place):
            faults += find_faults(part, part_form, part_place)
        what, _, within = str(error).partition(" - at `$")
        yield from faults or [_at(what, place + within.removesuffix("`"))]


def _parts(value: object, form: Any, place: str) -> Iterator[tuple[object, Any, str]]:
    """What stands inside a table or list, with its form and its place."""
    if isinstance(value, dict) and _is_struct(form):
        fields = _fields_of(form)
        yield from (
            (value[key], field.type, f"{place}.{key}") for key, field in fields.items() if key in value
        )
    elif isinstance(value, dict) and get_origin(form) is dict:
        yield from ((part, get_args(form)[1], f"{place}.{key}") for key, part in value.items())
    elif isinstance(value, list) and get_origin(form) in (tuple, list):
        yield from ((part, get_args(form)[0], f"{place}[{at}]") for at, part in enumerate(value))


def _key_faults(value: object, form: Any, place: str) -> Iterator[str]:
    if not isinstance(value, dict) or not _is_struct(form):
        return
    fields = _fields_of(form)
    for key, field in fields.items():
        if field.required and key not in value:
            yield _at(f"Object missing required field `{key}`", place)
    if form.__struct_config__.forbid_unknown_fields:
        yield from (
            _at(f"Object contains unknown field `{key}`", place) for key in value if key not in fields
        )


def _at(what: str, place: str) -> str:
    return what if place == "$" else f"{what} - at `{place}`"


def _is_struct(form: Any) -> bool:
    return isinstance(form, type) and issubclass(form, msgspec.Struct)


def twice_faults(file: str, words: Iterable[str]) -> list[str]:
    """One sentence for each word that a file has more than once."""
    return [f"{file}：“{word}”写了两次" for word, count in sorted(Counter(words).items()) if count > 1]


def pattern_faults(patterns: Iterable[tuple[str, str]]) -> list[str]:
    """One sentence for each (place, pattern) that is no regular expression."""
    return [fault for place, pattern in patterns for fault in _pattern_fault(place, pattern)]


def _pattern_fault(place: str, pattern: str) -> list[str]:
    try:
        re.compile(pattern)
    except re.error as error:
        return [f"{place}：pattern 不是正则表达式：{error}"]
    return []


def gather_faults(loads: Iterable[Callable[[], object]]) -> list[str]:
    """Carry out all, whatever is wrong with some: every fault of every one, once."""
    faults: dict[str, None] = {}
    for load in loads:
        try:
            load()
        except CatalogError as error:
            faults.update(dict.fromkeys(error.errors))
    return list(faults)


@functools.cache
def _fields_of(struct: type[msgspec.Struct]) -> dict[str, msgspec.structs.FieldInfo]:
    """The keys that a table read into a struct may have; found out once, there being hundreds of tables."""
    return {field.encode_name: field for field in msgspec.structs.fields(struct)}
