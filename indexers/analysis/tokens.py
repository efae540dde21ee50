"""Which words does a text consist of: one tokenizer for documents and queries, in search mode."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property
from importlib.metadata import version
from importlib.util import find_spec
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

    @cached_property
    def _cuts(self) -> tuple[Cut, Cut]:
        """How a text is cut: as it is, and in search mode, where a word comes with the shorter words inside it."""
        tokenizer, has_word = _open_rjieba() if self._library == "rjieba" else _open_jieba()
        for word, frequency in self._words:
            if frequency is not None or not has_word(word):
                tokenizer.add_word(word, frequency, None)
        if self._library == "rjieba":
            return tokenizer.cut, tokenizer.cut_for_search
        return lambda text, hmm: tokenizer.lcut(text, HMM=hmm), tokenizer.lcut_for_search

    def cut(self, text: str) -> list[str]:
        """Words one after another; joined they are the text."""
        return self._cuts[0](text, HMM)

    def words(self, text: str) -> dict[str, None]:
        """Search-mode words of a normalised text as an ordered set: Han runs first, then letters and digits."""
        return _unique(text, self._cuts[1])

    def whole_words(self, text: str) -> dict[str, None]:
        """The same without the words inside words: whatever holds the whole word holds those as well."""
        return _unique(text, self._cuts[0])


def _unique(text: str, cut: Cut) -> dict[str, None]:
    runs = HAN_RUN.findall(text)
    found = dict.fromkeys(cut("\n".join(runs), HMM)) if runs else {}
    found.pop("\n", None)
    if len(runs) != 1 or len(runs[0]) != len(text):
        found.update(dict.fromkeys([run[:TOKEN_LENGTH] for run in ALNUM_RUN.findall(text)]))
    return found


def _find_library(prefer: str) -> str:
    """Looked for and not imported: that loads its dictionary, and whoever only reads sheets needs none."""
    return "jieba" if prefer == "rjieba" and find_spec(prefer) is None else prefer


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
