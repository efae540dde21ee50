"""Which part of an organisation's name is its own, without region, legal form and bracketed region?"""

from __future__ import annotations

import re
from collections.abc import Iterable

from indexers.analysis.wordlists import WordLists
from indexers.regions import COUNTY, Regions

SHORTEST_CORE = 2
"""Characters; what is left of 上海市有限公司 is no name."""
_BRACKETED = re.compile(r"\(([^()]{2,12})\)")
_NATIONS = frozenset({"中国", "中华人民共和国"})


class NameParts:
    """Takes names in normal form apart; built once from the regions and the list of legal forms."""

    def __init__(self, regions: Regions, lists: WordLists) -> None:
        self._prefixes: dict[str, list[tuple[str, int]]] = {}
        self._bracketed = set(_NATIONS)
        for region in regions:
            self._bracketed.update(word for word in (region.name, region.short) if word)
            words = {region.name, *region.aliases}
            # 白云 or 东方 is a brand far more often than a county without its suffix.
            if region.level != COUNTY:
                words.add(region.short)
            for word in words - {""}:
                self._prefixes.setdefault(word[:2], []).append((word, region.level))
        for candidates in self._prefixes.values():
            candidates.sort(key=lambda pair: (-len(pair[0]), pair[1]))
        self._branches = _by_ending(lists.branch_forms)
        self._forms = _by_ending(lists.legal_forms)
        self._sure_branches = lists.sure_branch_forms
        self._inner = re.compile(r"(?:集团)?(?:股份)?(?:有限责任|有限)?公司(?=.)")

    def legal_form(self, name: str) -> str | None:
        """The legal form at the end of a name, of a branch the branch word; None if there is none listed."""
        return _ending(name, self._branches) or _ending(name, self._forms)

    def is_branch(self, name: str) -> bool:
        """A branch word at the end and, unless it is sure by itself (支行), a legal form before it."""
        word = _ending(name, self._branches)
        before = name[: -len(word)] if word else ""
        return bool(word and (word in self._sure_branches or self._inner.search(before + " ")))

    def core(self, name: str) -> str:
        """The name's own part, "" if nothing is left; a branch keeps its place and branch word."""
        if "(" in name:
            name = _BRACKETED.sub(self._without_region, name)
        rest = self._without_prefix(name)
        branch = _ending(rest, self._branches)
        if branch:
            head = self._inner.search(rest)
            if head and head.start() >= SHORTEST_CORE and head.end() < len(rest) - len(branch) + 1:
                return rest[: head.start()] + rest[head.end() :]
        form = _ending(rest, self._forms)
        core = rest[: -len(form)] if form else rest
        core = core.removesuffix("(集团)")
        return core if len(core) >= SHORTEST_CORE else ""

    def _without_region(self, match: re.Match[str]) -> str:
        return "" if match.group(1) in self._bracketed else match.group()

    def _without_prefix(self, name: str) -> str:
        """Province, city and county, in this order, each at most once, taken off the front."""
        start, reached = 0, 0
        while reached < COUNTY:
            for word, level in self._prefixes.get(name[start : start + 2], ()):
                if level > reached and name.startswith(word, start):
                    start, reached = start + len(word), level
                    break
            else:
                break
        return name[start:] if len(name) - start >= SHORTEST_CORE else name


def _by_ending(words: Iterable[str]) -> dict[str, list[str]]:
    """Words by their last two characters, longest first."""
    table: dict[str, list[str]] = {}
    for word in sorted(set(words), key=len, reverse=True):
        table.setdefault(word[-2:], []).append(word)
    return table


def _ending(name: str, table: dict[str, list[str]]) -> str | None:
    for word in table.get(name[-2:], ()):
        if name.endswith(word):
            return word
    return None
