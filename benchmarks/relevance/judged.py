"""Which queries are asked, of which classes, and what would be a right answer to each?"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

import msgspec

from benchmarks.relevance.corpus import Corpus
from benchmarks.relevance.mistakes import Slips
from indexers.documents import PublicRecord, PublicSubject

FEW = 10
"""What more subjects share asks for nothing in particular."""
TRIES = 60
"""Documents looked at for each query that a class is given."""
RARE = "犇骉麤龘魑魅魍魉囍靐齉麣爨灪彧翀赟昉甯睢茕虪籱瀿"
"""Characters that names have seldom or never; nonsense is made of them."""
NONSENSE_ENDS = ("", "公司", "有限公司", "实业", "科技有限公司", "商贸行", "食品有限责任公司", "集团")
FORMS = ("有限责任公司", "股份有限公司", "有限公司", "公司")
"""Forms of companies, the longest of those that end alike first."""
_CUT_OFF = re.compile(r"[^，。；、,;]*…$")
"""The clause at which a snippet ends."""
BY_NAME = frozenset({"exact_name", "prefix", "contains", "words"})


class Judged(msgspec.Struct, frozen=True):
    """One query of a class.

    `right`: ids of which one must come; none: nothing may be found. `reasons`: those that are right.
    `words`: if set, every hit must hold all of them, and there must be a hit. `sharing`: names that answer it
    equally well, of which the one it was made from is asked for.
    """

    name: str
    text: str
    right: frozenset[str] = frozenset()
    reasons: frozenset[str] = frozenset()
    type: str = "subject"
    words: tuple[str, ...] = ()
    sharing: int = 1


T = TypeVar("T")
Maker = Callable[[PublicSubject], Judged | None]


class JudgedQueries:
    """Makes the queries of every class with one generator of mistakes."""

    def __init__(self, corpus: Corpus, slips: Slips, per_class: int) -> None:
        self._corpus = corpus
        self._analyzer = corpus.analyzer
        self._slips = slips
        self._per_class = per_class

    def all(self) -> Iterator[Judged]:
        """Every class, each with as many queries as asked for (fewer where the data does not give them)."""
        makers: tuple[Maker, ...] = (
            self._full, self._no_form, self._no_level, self._brand, self._fragment, self._words, self._shared_words,
            self._slip, self._other_form, self._homophone, self._pinyin, self._own_initials, self._shared_initials,
            self._traditional, self._other_name, self._code, self._wrong_code, self._code_prefix,
        )  # fmt: skip
        for maker in makers:
            yield from self._some(maker, self._corpus.subjects)
        yield from self._some(self._number, self._corpus.records)
        yield from self._some(self._text, self._corpus.records)
        yield from (self._nonsense() for _ in range(self._per_class))

    def _some(self, maker: Callable[[T], Judged | None], source: Sequence[T]) -> Iterator[Judged]:
        made = 0
        for _ in range(self._per_class * TRIES if source else 0):
            query = maker(self._slips.random.choice(source))
            if query is not None:
                yield query
                made += 1
            if made == self._per_class:
                return

    def _judge(self, name: str, text: str | None, subject: PublicSubject, *reasons: str) -> Judged | None:
        if not text or len(text) < 2:
            return None
        return Judged(name, text, self._corpus.same_name(subject.title), frozenset(reasons))

    # -- names --------------------------------------------------------------------------------------------

    def _full(self, s: PublicSubject) -> Judged | None:
        return self._judge("full name", self._slips.full(s.title), s, "exact_name")

    def _no_form(self, s: PublicSubject) -> Judged | None:
        text = self._corpus.without_form(s.title)
        right = self._corpus.containing(text, FEW) if len(text) >= 4 and text != s.title else None
        if not right:
            return None
        reasons = frozenset({"prefix", "exact_name", "short_name"})
        return Judged("without legal form", text, right, reasons)

    def _no_level(self, s: PublicSubject) -> Judged | None:
        norm, core = self._analyzer.normalize(s.title), self._analyzer.core(s.title)
        text = self._slips.without_level(norm, norm.find(core) if core else 0)
        return self._judge("without 市/省/县", text, s, "words", "contains", "near_miss")

    def _brand(self, s: PublicSubject) -> Judged | None:
        core = self._analyzer.core(s.title)
        right = self._corpus.containing(core, 1) if len(core) >= 3 else None
        reasons = frozenset({"exact_name", "prefix", "contains", "short_name"})
        return Judged("brand only", core, right, reasons) if right else None

    def _fragment(self, s: PublicSubject) -> Judged | None:
        text = self._slips.fragment(self._analyzer.normalize(s.title))
        if not text or not text.isalnum() or text.isascii():
            return None
        sharing = self._corpus.containing(text, FEW - 1)
        query = self._judge("fragment", text, s, "contains", "prefix")
        return _shared(query, sharing)

    def _words(self, s: PublicSubject) -> Judged | None:
        """Place, brand and trade in another order, where together they are in one name alone."""
        words = self._mixed(s)
        if not words or not self._corpus.holding(words, 1):
            return None
        return self._judge("words out of order", " ".join(words), s, "words")

    def _shared_words(self, s: PublicSubject) -> Judged | None:
        """The same where some names hold them all: the visitor has to choose."""
        words = self._mixed(s)
        if not words or self._corpus.holding(words, 1):
            return None
        query = self._judge("words that 2 to 9 share", " ".join(words), s, "words")
        return _shared(query, self._corpus.holding(words, FEW - 1))

    def _mixed(self, s: PublicSubject) -> list[str] | None:
        norm, core = self._analyzer.normalize(s.title), self._analyzer.core(s.title)
        region = norm[: norm.find(core)] if core else ""
        if not core.isalpha() or not region.isalpha() or self._analyzer.is_branch(s.title):
            return None
        words = self._slips.words(region, core)
        return words if words and all(len(word) > 1 for word in words) else None

    def _slip(self, s: PublicSubject) -> Judged | None:
        reasons = ("near_miss", "homophone", "words", "contains", "prefix")
        text = self._slips.slip(s.title)
        same = text is not None and self._analyzer.normalize(text) in self._corpus.by_norm
        return None if same else self._judge("one slip", text, s, *reasons)

    def _other_form(self, s: PublicSubject) -> Judged | None:
        """The legal form of another company: few people keep 有限公司 and 有限责任公司 apart."""
        own = next((form for form in FORMS if s.title.endswith(form)), "")
        rest = s.title.removesuffix(own)
        text = rest + self._slips.random.choice([form for form in FORMS if form != own])
        # 总公司 and 分公司 are forms of another kind: nobody makes 分股份有限公司 of one.
        if not own or rest.endswith(("总", "分")) or self._analyzer.normalize(text) in self._corpus.by_norm:
            return None
        return self._judge("another legal form", text, s, "near_miss", "words", "contains", "prefix")

    def _homophone(self, s: PublicSubject) -> Judged | None:
        short = self._corpus.without_form(s.title)
        text = self._slips.homophone(short) if len(short) >= 4 else None
        if text is None or self._corpus.containing(self._analyzer.normalize(text), 0) is None:
            return None
        return self._judge("homophone", text, s, "homophone")

    def _traditional(self, s: PublicSubject) -> Judged | None:
        return self._judge("traditional script", self._slips.traditional(s.title), s, "exact_name")

    def _other_name(self, s: PublicSubject) -> Judged | None:
        others = [n for n in s.names if n.kind != "present"]
        if not others:
            return None
        name = self._slips.random.choice(others)
        return self._judge("former or short name", name.name, s, f"{name.kind}_name")

    # -- letters and codes --------------------------------------------------------------------------------

    def _pinyin(self, s: PublicSubject) -> Judged | None:
        core = self._analyzer.core(s.title)
        letters = "".join(self._analyzer.pinyin(core))
        is_spelled = 3 <= len(core) <= 8 and letters.isascii() and letters.isalpha()
        if not is_spelled or self._corpus.spelled[letters] > 1:
            return None
        return self._judge("pinyin in full", letters, s, "pinyin")

    def _own_initials(self, s: PublicSubject) -> Judged | None:
        letters = self._letters_of(s)
        if not letters or self._corpus.initials[letters] > 1:
            return None
        return self._judge("initials, unique", letters, s, "initials")

    def _shared_initials(self, s: PublicSubject) -> Judged | None:
        letters = self._letters_of(s)
        if not letters or not 1 < self._corpus.initials[letters] < FEW:
            return None
        query = self._judge("initials that 2 to 9 share", letters, s, "initials")
        return msgspec.structs.replace(query, sharing=self._corpus.initials[letters]) if query else None

    def _letters_of(self, s: PublicSubject) -> str:
        letters = self._analyzer.initials(self._corpus.without_form(s.title))
        return letters if 5 <= len(letters) <= 12 and letters.isascii() and letters.isalpha() else ""

    def _code(self, s: PublicSubject) -> Judged | None:
        reasons = frozenset({"code", "old_code"})
        return Judged("code", self._slips.code(s.uscc), frozenset({s.id}), reasons) if s.uscc else None

    def _wrong_code(self, s: PublicSubject) -> Judged | None:
        text = self._slips.wrong_code(s.uscc) if s.uscc else ""
        reasons = frozenset({"code_near"})
        return Judged("code, one wrong", text, frozenset({s.id}), reasons) if text else None

    def _code_prefix(self, s: PublicSubject) -> Judged | None:
        sharing = self._corpus.prefixes[s.uscc[:12]] if s.uscc else FEW
        if sharing >= FEW:
            return None
        right, reasons = frozenset({s.id}), frozenset({"code"})
        return Judged("code prefix of 12", s.uscc[:12], right, reasons, sharing=sharing)

    # -- records ------------------------------------------------------------------------------------------

    def _number(self, record: PublicRecord) -> Judged | None:
        if "〔" not in record.document_number or ";" in record.document_number:
            return None
        text = self._slips.number(record.document_number)
        return Judged(
            "document number", text, frozenset({record.id}), frozenset({"document_number"}), "record"
        )

    def _text(self, record: PublicRecord) -> Judged | None:
        """Two words of the text of a record, or one of them with its authority's, its year's or its party's."""
        # A word that the end of a snippet cuts off is no word of the record.
        said = _CUT_OFF.sub("", record.snippet) or record.title
        words = [w for w in self._analyzer.words(said) if len(w) > 1 and w.isalpha()]
        if len(words) < 2:
            return None
        picked = self._slips.random.sample(words, 2)
        reasons = frozenset({"body", *BY_NAME})
        return Judged("record text", " ".join(picked), reasons=reasons, type="record", words=tuple(picked))

    def _nonsense(self) -> Judged:
        rare = "".join(self._slips.random.sample(RARE, self._slips.random.randint(3, 5)))
        return Judged("nonsense", rare + self._slips.random.choice(NONSENSE_ENDS))


def _shared(query: Judged | None, sharing: frozenset[str] | None) -> Judged | None:
    """The query with the number of subjects that answer it equally well; None where they are too many."""
    if query is None or sharing is None:
        return None
    return msgspec.structs.replace(query, sharing=max(1, len(sharing - query.right) + 1))
