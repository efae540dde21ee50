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

Cut = Callable[[str, bool], list[str]]
"""Cuts a text; the second argument says whether words may be guessed."""


class Segmenter:
    """jieba's algorithm and dictionary with the domain's words; the dictionary is loaded at first use.

    `rjieba` where it can be imported, else `jieba` itself (`name` tells which one).
    """

    def __init__(self, words: Iterable[tuple[str, int | None]], prefer: str = "rjieba") -> None:
        self._words = tuple(words)
        self._library = _find_library(prefer)
        self.name = f"{self._library} {version(self._library)}"
        self._cut: Cut | None = None
        self._search: Cut | None = None

    def cut(self, text: str) -> list[str]:
        """Words one after another; joined they are the text."""
        if self._cut is None:
            self._load()
        assert self._cut is not None
        return self._cut(text, HMM)

    def words(self, text: str) -> dict[str, None]:
        """Search-mode words of a normalised text as an ordered set: Han runs first, then letters and digits.

        In search mode a word comes with the words of two and three characters inside it.
        """
        if self._search is None:
            self._load()
        assert self._search is not None
        runs = HAN_RUN.findall(text)
        found = dict.fromkeys(self._search("\n".join(runs), HMM)) if runs else {}
        found.pop("\n", None)
        if len(runs) != 1 or len(runs[0]) != len(text):
            found.update(dict.fromkeys([run[:TOKEN_LENGTH] for run in ALNUM_RUN.findall(text)]))
        return found

    def _load(self) -> None:
        tokenizer, has_word = _open_rjieba() if self._library == "rjieba" else _open_jieba()
        for word, frequency in self._words:
            if frequency is not None or not has_word(word):
                tokenizer.add_word(word, frequency, None)
        if self._library == "rjieba":
            self._cut, self._search = tokenizer.cut, tokenizer.cut_for_search
        else:
            self._cut = lambda text, hmm: tokenizer.lcut(text, HMM=hmm)
            self._search = tokenizer.lcut_for_search


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
