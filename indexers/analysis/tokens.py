"""Which words does a text consist of: one tokenizer for documents and queries, in search mode."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from importlib.metadata import version
from typing import Any

from indexers.analysis.normal import ALNUM_RUN, HAN_RUN

HMM = False
"""Fixed on purpose: without guessed words a word is cut alike in every context more often (brands found .937
against .917, random fragments of three characters .245 against .158)."""
TOKEN_LENGTH = 60
"""Longer runs of letters and digits are noise; an engine drops words of more than 250 bytes anyway."""
CACHE_LIMIT = 400_000
"""Words kept with their parts: the dictionary has 350,000; the cache is emptied when it is full."""


class Segmenter:
    """jieba's algorithm and dictionary with the domain's words; the dictionary is loaded at first use.

    `rjieba` where it can be imported, else `jieba` itself (`name` tells which one).
    """

    def __init__(self, words: Iterable[tuple[str, int | None]], prefer: str = "rjieba") -> None:
        self._words = tuple(words)
        self._library = _find_library(prefer)
        self.name = f"{self._library} {version(self._library)}"
        self._cut: Callable[[str, bool], list[str]] | None = None
        self._has_word: Callable[[str], bool] = _never
        self._parts: dict[str, tuple[str, ...]] = {}

    def cut(self, text: str) -> list[str]:
        """Words one after another; joined they are the text."""
        if self._cut is None:
            self._load()
        assert self._cut is not None
        return self._cut(text, HMM)

    def parts(self, word: str) -> tuple[str, ...]:
        """A word and the words of two and three characters inside it, as in jieba's search mode."""
        known = self._parts.get(word)
        if known is None:
            if len(self._parts) >= CACHE_LIMIT:
                self._parts.clear()
            known = self._parts[word] = self._find_parts(word)
        return known

    def words(self, text: str) -> list[str]:
        """Search-mode words of a normalised text, unique: Han runs first, then letters and digits."""
        runs = HAN_RUN.findall(text)
        found = self._search_words(self.cut("\n".join(runs))) if runs else []
        if len(runs) != 1 or len(runs[0]) != len(text):
            found.extend([run[:TOKEN_LENGTH] for run in ALNUM_RUN.findall(text)])
        unique = dict.fromkeys(found)
        unique.pop("\n", None)
        return list(unique)

    def _search_words(self, cut: list[str]) -> list[str]:
        """Words of a cut text with the words inside them; not unique."""
        known = self._parts.get
        return [part for word in cut for part in known(word) or self.parts(word)]

    def _find_parts(self, word: str) -> tuple[str, ...]:
        if self._cut is None:
            self._load()
        sizes = [size for size in (2, 3) if len(word) > size]
        grams = [word[i : i + size] for size in sizes for i in range(len(word) - size + 1)]
        return (*(gram for gram in grams if self._has_word(gram)), word)

    def _load(self) -> None:
        tokenizer, self._has_word = _open_rjieba() if self._library == "rjieba" else _open_jieba()
        for word, frequency in self._words:
            if frequency is not None or not self._has_word(word):
                tokenizer.add_word(word, frequency, None)
        self._cut = tokenizer.cut if self._library == "rjieba" else _jieba_cut(tokenizer)


def _never(word: str) -> bool:
    return False


def _find_library(prefer: str) -> str:
    if prefer == "rjieba":
        try:
            import rjieba  # noqa: F401
        except ImportError:
            return "jieba"
    return prefer


def _open_rjieba() -> tuple[Any, Callable[[str], bool]]:
    """An instance of our own: the module's functions share one that others may have changed."""
    from rjieba import Jieba

    tokenizer = Jieba()
    return tokenizer, tokenizer.has_word


def _open_jieba() -> tuple[Any, Callable[[str], bool]]:
    import logging

    import jieba

    jieba.setLogLevel(logging.WARNING)
    tokenizer = jieba.Tokenizer()
    tokenizer.initialize()
    return tokenizer, lambda word: bool(tokenizer.FREQ.get(word))


def _jieba_cut(tokenizer: Any) -> Callable[[str, bool], list[str]]:
    return lambda text, hmm: tokenizer.lcut(text, HMM=hmm)
