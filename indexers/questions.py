"""What is left of a question in a sentence: a name, and what is asked about it?"""

from __future__ import annotations

import re
from importlib.resources.abc import Traversable

import msgspec

from indexers.errors import CatalogError
from indexers.mappings_reading import read_struct
from indexers.words_within import any_of

_FILE = "questions.toml"
_SIGNS = "?？!！。,，;；"
_SHORTEST_NAME = 2
"""Characters; one alone is neither a name nor a word for anybody."""


class Asked(msgspec.Struct, frozen=True):
    """A question without its words: `name` is what it is about, "" where that may be anybody; `text` has the names of
    kinds and lists beside it."""

    name: str
    text: str


class _Data(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file questions.toml, which explains its keys."""

    words: tuple[str, ...]
    endings: tuple[str, ...]
    nouns: tuple[str, ...]
    deeds: tuple[str, ...]
    anybody: tuple[str, ...]
    asked: dict[str, tuple[str, ...]]


class Questions:
    """Takes questions apart by the words of mappings/questions.toml; `asked` names the kinds and lists in it."""

    def __init__(self, data: _Data) -> None:
        self.asked = tuple(data.asked)
        self.said = tuple(
            word
            for word in (
                *data.words,
                *data.endings,
                *data.nouns,
                *(way for ways in data.asked.values() for way in ways),
            )
            if len(word) > 1
        )
        """All words of a question; one character alone begins other words too."""
        self._names = {said: name for name, ways in data.asked.items() for said in ways}
        self._words = re.compile(f"的?(?:{any_of((*data.words, *self._names))})")
        self._anybody = re.compile(f"的?(?:{any_of(data.anybody)})")
        self._of_anybody = re.compile(f"的(?:{any_of(data.anybody)})$")
        self._plain_words = re.compile(f"的?(?:{any_of(data.words)})")
        self._nouns = _pattern_of_nouns(data)
        self._endings = re.compile(f"(?:{any_of((*data.endings, *data.nouns))})+[{_SIGNS}\\s]*$")

    def read(self, text: str) -> Asked | None:
        """What is left of a question; None for a text with no words of one, or that asks for nothing."""
        bare = text.rstrip(f"{_SIGNS} ")
        name = self._left(self._words.sub(" ", bare))
        if 0 < len(name) < _SHORTEST_NAME or name == _joined(text):
            return None
        left = self._left(self._words.sub(self._named, bare))
        return Asked(name, left) if left else None

    def bare(self, text: str) -> str:
        """The text without the words that only make it a question: what kinds and lists are called stays."""
        return self._left(self._plain_words.sub(" ", text.rstrip(f"{_SIGNS} ")))

    def without_anybody(self, text: str) -> str:
        """The text without the words between blanks that mean whoever it may be."""
        return " ".join(word for word in text.split() if not self._anybody.fullmatch(word))

    def _left(self, text: str) -> str:
        left = self._of_anybody.sub("", self._endings.sub("", self._nouns.sub(" ", text).strip()))
        return self.without_anybody(_joined(left))

    def _named(self, match: re.Match[str]) -> str:
        said = match.group()
        name = self._names.get(said) or self._names.get(said.removeprefix("的"), "")
        return f" {name} "


def load_questions(directory: Traversable) -> Questions:
    """The words of questions.toml in the folder of a catalogue; raises CatalogError with every fault of the file."""
    data = read_struct(directory, _FILE, _Data)
    lists = {
        "words": data.words,
        "endings": data.endings,
        "nouns": data.nouns,
        "deeds": data.deeds,
        "anybody": data.anybody,
    } | {f"asked {name}": ways for name, ways in data.asked.items()}
    faults = [
        f"{_FILE}：{where} 是空的，或里面有空的词"
        for where, words in lists.items()
        if not words or "" in words
    ]
    if faults:
        raise CatalogError(faults)
    return Questions(data)


def _pattern_of_nouns(data: _Data) -> re.Pattern[str]:
    """The words that may begin a name, where what stands around them says that they do not."""
    noun, end = f"(?:{any_of(data.nouns)})", rf"(?:[{_SIGNS}\s]|$)"
    leads = f"(?:{any_of(data.deeds)})|(?:{any_of(data.anybody)}){end}"
    return re.compile(rf"的?{noun}(?={leads})|(?:的|(?<!\S)){noun}+(?={end})")


def _joined(text: str) -> str:
    """The text without signs around its words; "" where these hold no letter or digit."""
    joined = " ".join(word for part in text.split() if (word := part.strip(_SIGNS)))
    return joined if any(map(str.isalnum, joined)) else ""
