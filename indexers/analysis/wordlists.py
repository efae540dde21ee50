"""Which words does the analyzer know beyond its tokenizer? The lists of `mappings/`, read and digested."""

from __future__ import annotations

from importlib.resources.abc import Traversable

import msgspec

from indexers.errors import CatalogError
from indexers.mappings_reading import read_text

WORD_FILES = ("common_phrases.txt", "dictionary.txt", "legal_forms.txt", "pinyin.txt", "synonyms.txt")
"""All lists of words."""

FORM_HEADINGS = ("[form]", "[branch]", "[always branch]")
"""Parts of `legal_forms.txt`; what stands before any heading is a form."""


class WordLists(msgspec.Struct, frozen=True):
    """The lists as values."""

    dictionary: tuple[tuple[str, int | None], ...]
    phrases: frozenset[str]
    legal_forms: tuple[str, ...]
    branch_forms: tuple[str, ...]
    sure_branch_forms: frozenset[str]
    pinyin: dict[str, tuple[str, ...]]
    synonyms: dict[str, tuple[str, ...]]


def load_word_lists(directory: Traversable) -> WordLists:
    """Read every list; raise one `CatalogError` with all faults, each naming file and line."""
    faults: list[str] = []
    texts: dict[str, str] = {}
    for name in WORD_FILES:
        try:
            texts[name] = read_text(directory, name)
        except CatalogError as error:
            faults.extend(error.errors)
            texts[name] = ""
    legal, branch, sure = _forms(texts["legal_forms.txt"])
    lists = WordLists(
        dictionary=_dictionary(texts["dictionary.txt"], faults),
        phrases=frozenset(line for _, line in _lines(texts["common_phrases.txt"])),
        legal_forms=legal,
        branch_forms=branch + sure,
        sure_branch_forms=frozenset(sure),
        pinyin=_pinyin(texts["pinyin.txt"], faults),
        synonyms=_synonyms(texts["synonyms.txt"], faults),
    )
    if faults:
        raise CatalogError(faults)
    return lists


def _lines(text: str) -> list[tuple[int, str]]:
    """Numbered lines that say something: neither blank nor a comment."""
    lines = ((number, line.strip()) for number, line in enumerate(text.splitlines(), 1))
    return [(number, line) for number, line in lines if line and not line.startswith("#")]


def _dictionary(text: str, faults: list[str]) -> tuple[tuple[str, int | None], ...]:
    words: list[tuple[str, int | None]] = []
    for number, line in _lines(text):
        word, _, frequency = line.partition("\t")
        if frequency and not (frequency.isascii() and frequency.isdigit()):
            faults.append(f"dictionary.txt 第 {number} 行：词频须是整数")
            continue
        words.append((word, int(frequency) if frequency else None))
    return tuple(words)


def _forms(text: str) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Legal forms, branch words, branch words that need no legal form before them."""
    parts: tuple[list[str], list[str], list[str]] = ([], [], [])
    part = 0
    for _, line in _lines(text):
        if line in FORM_HEADINGS:
            part = FORM_HEADINGS.index(line)
        else:
            parts[part].append(line)
    return tuple(parts[0]), tuple(parts[1]), tuple(parts[2])


def _pinyin(text: str, faults: list[str]) -> dict[str, tuple[str, ...]]:
    readings: dict[str, tuple[str, ...]] = {}
    for number, line in _lines(text):
        word, _, syllables = line.partition("\t")
        reading = tuple(syllables.split())
        if len(reading) != len(word):
            faults.append(f"pinyin.txt 第 {number} 行：“{word}”的每个字须有一个音节")
        readings[word] = reading
    return readings


def _synonyms(text: str, faults: list[str]) -> dict[str, tuple[str, ...]]:
    table: dict[str, tuple[str, ...]] = {}
    for number, line in _lines(text):
        left, _, right = line.partition("=")
        if not all((*left.split("|"), *right.split("|"))):
            faults.append(f"synonyms.txt 第 {number} 行：须写成 “词|词=词|词”")
        for word in left.split("|"):
            table[word] = tuple(right.split("|"))
    return table
