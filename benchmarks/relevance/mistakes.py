"""How do people get a name or a code wrong? First answer: by chance, each character as likely as another."""

from __future__ import annotations

import random
import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from typing import Protocol

import opencc
from pypinyin import lazy_pinyin

_CONFUSABLE = {"0": "O", "1": "I", "2": "Z", "5": "S"}
_LEVELS = "省市县区"
_COMMON_FROM, _COMMON_TO = 0x4E00, 0x9FA5


class Slips(Protocol):
    """What a generator of mistakes can make of a name, a code or a number; None where it cannot."""

    random: random.Random

    def full(self, name: str) -> str:
        """The same name spelled otherwise: brackets, width, spaces."""

    def slip(self, name: str) -> str | None:
        """One character wrong, left out, added (or exchanged with its neighbour)."""

    def homophone(self, name: str) -> str | None:
        """Other characters of the same sound."""

    def without_level(self, name: str, region: int) -> str | None:
        """Without 省, 市, 县 or 区 in the region, which is as many characters long."""

    def traditional(self, name: str) -> str | None:
        """In traditional characters."""

    def fragment(self, name: str) -> str | None:
        """Some characters from inside."""

    def words(self, region: str, core: str) -> list[str] | None:
        """Words of region, brand and trade in another order than that of the name."""

    def code(self, code: str) -> str:
        """The same code as people type it."""

    def wrong_code(self, code: str) -> str:
        """A code with one character wrong."""

    def number(self, number: str) -> str:
        """A document number as people type it."""


class Chance:
    """Makes mistakes from one seed. `alphabet` is text whose characters are those that people type."""

    def __init__(self, seed: int, alphabet: Sequence[str]) -> None:
        self.random = random.Random(seed)
        seen: dict[str, int] = defaultdict(int)
        for name in alphabet:
            for character in name:
                if _COMMON_FROM <= ord(character) <= _COMMON_TO:
                    seen[character] += 1
        self._characters = sorted(seen, key=lambda c: (-seen[c], c))[:2500]
        self._sounds: dict[str, list[str]] = defaultdict(list)
        for character in self._characters:
            self._sounds[lazy_pinyin(character)[0]].append(character)
        self._traditional = opencc.OpenCC("s2t")
        self._taiwan = opencc.OpenCC("s2twp")

    def full(self, name: str) -> str:
        """Other brackets and stray spaces."""
        text = name.translate(str.maketrans("()（）", "（）()"))
        place = self.random.randrange(1, len(text)) if len(text) > 1 else 0
        return f"{text[:place]} {text[place:]}" if self.random.random() < 0.5 else text

    def slip(self, name: str) -> str:
        """One character changed, left out or added, not the first two."""
        place = self.random.randrange(min(2, len(name) - 1), len(name))
        other = self.random.choice(self._characters)
        kind = self.random.choice(("change", "leave out", "add"))
        if kind == "change":
            return name[:place] + other + name[place + 1 :]
        return name[:place] + (other if kind == "add" else "") + name[place + (kind == "leave out") :]

    def homophone(self, name: str) -> str | None:
        """One character replaced by another of the same sound; None where there is none."""
        places = [i for i, c in enumerate(name) if len(self._sounds.get(lazy_pinyin(c)[0], ())) > 1]
        if not places:
            return None
        place = self.random.choice(places)
        others = [c for c in self._sounds[lazy_pinyin(name[place])[0]] if c != name[place]]
        return name[:place] + self.random.choice(others) + name[place + 1 :] if others else None

    def without_level(self, name: str, region: int) -> str | None:
        """Without one of 省, 市, 县 and 区 in the region."""
        places = [place for place in range(2, max(region, 0)) if name[place] in _LEVELS]
        if not places:
            return None
        place = self.random.choice(places)
        return name[:place] + name[place + 1 :]

    def traditional(self, name: str) -> str | None:
        """Traditional characters, or with Taiwan's terms; None where nothing changes."""
        converter = self.random.choice((self._traditional, self._taiwan))
        text = converter.convert(name)
        return text if text != name else None

    def fragment(self, name: str) -> str | None:
        """Three to six characters from inside."""
        size = self.random.randint(3, 6)
        if len(name) < size:
            return None
        place = self.random.randrange(len(name) - size + 1)
        return name[place : place + size]

    def words(self, region: str, core: str) -> list[str] | None:
        """Region, the first two characters of the rest, and what follows them, in another order."""
        if not 4 <= len(core) <= 10 or len(region) < 2:
            return None
        words = [region, core[:2], core[2:]]
        order = list(words)
        while order == words:
            self.random.shuffle(order)
        return order

    def code(self, code: str) -> str:
        """The same code as people type it."""
        return self.random.choice(
            (
                code,
                code.lower(),
                f"{code[:6]} {code[6:12]} {code[12:]}",
                "".join(chr(ord(c) + 0xFEE0) for c in code),
                f"{code[:8]}-{code[8:]}",
                code[8:17],
                f"{code[8:16]}-{code[16]}",
            )
        )

    def wrong_code(self, code: str) -> str:
        """One character wrong, or letters for digits that look like them."""
        folded = [i for i, c in enumerate(code) if c in _CONFUSABLE]
        if folded and self.random.random() < 0.5:
            place = self.random.choice(folded)
            return code[:place] + _CONFUSABLE[code[place]] + code[place + 1 :]
        place = self.random.randrange(2, len(code))
        other = self.random.choice([c for c in "0123456789ABCDEFGH" if c != code[place]])
        return code[:place] + other + code[place + 1 :]

    def number(self, number: str) -> str:
        """The same document number with other brackets, without them, without 号."""
        text = number.translate(str.maketrans("〔〕", self.random.choice(("()", "[]", "【】", "（）"))))
        text = text.removesuffix("号") if self.random.random() < 0.4 else text
        if self.random.random() < 0.2:
            text = "".join(c for c in text if not unicodedata.category(c).startswith("P"))
        return text
