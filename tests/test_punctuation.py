"""What clerks, operators and visitors read is punctuated as Chinese is: in full width."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
HAN = r"[\u3400-\u9fff“”「」《》（）]"
LETTER = r"[\u3400-\u9fff]"
HALF_WIDTH = re.compile(
    rf"(?<={HAN})\s?[,;:!?]|[,;:!?](?={HAN})|(?<={LETTER})\s?\(|\((?={LETTER})|(?<={LETTER})\)|\)(?={LETTER})"
)
WORDS_OF_DATA = {"(空)", "(集团)", "其他:"}
"""What is compared with what departments deliver, not what anybody reads."""
NOT_PUNCTUATION = re.compile(r"\w+(?:\+\w+)?://\S+|\?[a-z]*=|“\?”|(?<= )\?(?= )| },  # |, drop = true")
"""Addresses in examples, the sign for an open question, and the TOML that a draft is written in."""


def fault(text: str) -> str:
    found = HALF_WIDTH.search(NOT_PUNCTUATION.sub("", text))
    return text[max(0, found.start() - 8) : found.end() + 8] if found else ""


def sentences(source: str) -> Iterator[tuple[int, str]]:
    """The strings of a module that are no docstring and no pattern, with 值 in the place of values."""
    tree = ast.parse(source)
    lines = source.encode().splitlines()
    skipped = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("re."):
            skipped.update(id(inner) for inner in ast.walk(node))
        if isinstance(node, ast.JoinedStr):
            skipped.update(id(part) for part in node.values)
    for node in ast.walk(tree):
        if id(node) in skipped or not isinstance(node, (ast.Constant, ast.JoinedStr)):
            continue
        if lines[node.lineno - 1][node.col_offset :].startswith((b"r", b"fr")):  # part of a pattern
            continue
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.lineno, node.value
        if isinstance(node, ast.JoinedStr):
            parts = (part.value if isinstance(part, ast.Constant) else "值" for part in node.values)
            text = "".join(map(str, parts))
            if re.search(HAN, text.replace("值", "")):
                yield node.lineno, text


def read_texts(value: object, key: str = "") -> Iterator[str]:
    """The strings of a data file; the labels of columns stand as departments write them."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from read_texts(inner, name)
    elif isinstance(value, list):
        for inner in value:
            yield from read_texts(inner, key)
    elif isinstance(value, str) and key not in ("names", "pattern", "grade", "beside", "unless", "where"):
        yield value


@pytest.mark.parametrize("text", ["没有名单;请核对", "名单(全部)", "用法不对: 值", "值,值", "（见下):"])
def test_the_check_sees_half_width_punctuation(text: str) -> None:
    assert fault(text)


@pytest.mark.parametrize(
    "text", ["没有名单；请核对", "见 samples/*.csv, 2 files", "postgresql://用户:密码@主机:5432/库"]
)
def test_the_check_lets_full_width_and_latin_text_pass(text: str) -> None:
    assert not fault(text)


@pytest.mark.parametrize("room", ["indexers", "search_site"])
def test_messages_have_full_width_punctuation(room: str) -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}: {fault(text)}"
        for path in sorted((ROOT / room).rglob("*.py"))
        for line, text in sentences(path.read_text("utf-8"))
        if text not in WORDS_OF_DATA and fault(text)
    ]
    assert found == []


def test_words_of_the_mappings_have_full_width_punctuation() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {fault(text)}"
        for path in sorted((ROOT / "mappings").rglob("*.toml"))
        for text in read_texts(tomllib.loads(path.read_text("utf-8")))
        if fault(text)
    ]
    assert found == []


def test_pages_have_full_width_punctuation() -> None:
    visible = (
        (path, re.sub(r"\{[{%#].*?[}%#]\}", "值", path.read_text("utf-8")))
        for path in (ROOT / "templates").glob("*.html")
    )
    found = [
        f"{path.name}: {fault(line)}" for path, text in visible for line in text.splitlines() if fault(line)
    ]
    assert found == []
