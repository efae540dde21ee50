"""Which queries are asked, and what must come first?"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator

import msgspec

from benchmarks.relevance.mistakes import Mistakes
from indexers.analysis import Analyzer
from indexers.documents import PublicRecord, PublicSubject

NONSENSE = ("犇骉麤龘公司", "魑魅魍魉鬱龘", "囍龘靐齉实业", "qzxjkwvq", "9ZZZZZZZZZZZZZZZZZ")
FEW = 10
"""A fragment or a prefix that more documents share than this asks for nothing in particular."""


class Judged(msgspec.Struct, frozen=True):
    """One query of a class: the ids that are right, the reasons that are right; none: nothing may be found."""

    name: str
    text: str
    right: frozenset[str]
    reasons: frozenset[str]
    type: str = "subject"


class Corpus:
    """What is in the index, and what follows from it: who shares a name, a core, a reading."""

    def __init__(
        self, subjects: list[PublicSubject], records: list[PublicRecord], analyzer: Analyzer
    ) -> None:
        self.subjects = subjects
        self.records = records
        self.analyzer = analyzer
        self.by_norm: dict[str, set[str]] = defaultdict(set)
        for subject in subjects:
            self.by_norm[analyzer.normalize(subject.title)].add(subject.id)
        self.prefixes = Counter(subject.uscc[:12] for subject in subjects if subject.uscc)
        self._all = "\n".join(self.by_norm)
        self.norms = list(self.by_norm)

    def containing(self, fragment: str, most: int) -> set[str] | None:
        """Ids of subjects whose name contains the fragment; None if more than `most` names do."""
        found: set[str] = set()
        place = self._all.find(fragment)
        names = 0
        while place >= 0:
            begin = self._all.rfind("\n", 0, place) + 1
            end = self._all.find("\n", place)
            name = self._all[begin : end if end >= 0 else len(self._all)]
            found |= self.by_norm[name]
            names += 1
            if names > most:
                return None
            place = self._all.find(fragment, end if end >= 0 else len(self._all))
        return found

    def same_name(self, name: str) -> frozenset[str]:
        """Ids of all subjects of this name."""
        return frozenset(self.by_norm[self.analyzer.normalize(name)])


Maker = Callable[[PublicSubject], Judged | None]


class JudgedQueries:
    """Makes the queries of every class from one seed."""

    def __init__(self, corpus: Corpus, seed: int, per_class: int) -> None:
        self.corpus = corpus
        self.per_class = per_class
        self.mistakes = Mistakes(seed, [s.title for s in corpus.subjects[:50_000]])
        self._readings: Counter[str] = Counter()
        self._initials: Counter[str] = Counter()

    def all(self) -> Iterator[Judged]:
        """Every class, each with as many queries as asked for (fewer where the data does not give them)."""
        for maker in self._makers():
            yield from self._some(maker)
        yield from self._numbers()
        yield from (Judged("nonsense", text, frozenset(), frozenset()) for text in NONSENSE)

    def _makers(self) -> tuple[Maker, ...]:
        return (
            self._full, self._no_form, self._no_level, self._brand, self._fragment, self._order, self._wrong,
            self._homophone, self._pinyin, self._initials_of, self._traditional, self._other_name, self._code,
            self._wrong_code, self._code_prefix,
        )  # fmt: skip

    def _some(self, maker: Maker) -> Iterator[Judged]:
        made = 0
        for _ in range(self.per_class * 30):
            query = maker(self.mistakes.random.choice(self.corpus.subjects))
            if query is not None:
                yield query
                made += 1
            if made == self.per_class:
                return

    def _judge(self, name: str, text: str | None, subject: PublicSubject, *reasons: str) -> Judged | None:
        if not text or len(text) < 2:
            return None
        return Judged(name, text, self.corpus.same_name(subject.title), frozenset(reasons))

    def _full(self, s: PublicSubject) -> Judged | None:
        return self._judge("full name", self.mistakes.width(s.title), s, "exact_name")

    def _short(self, s: PublicSubject) -> str:
        analyzer = self.corpus.analyzer
        norm = analyzer.normalize(s.title)
        return norm.removesuffix(analyzer.legal_form(s.title) or "")

    def _no_form(self, s: PublicSubject) -> Judged | None:
        text = self._short(s)
        right = self.corpus.containing(text, FEW) if len(text) >= 4 and text != s.title else None
        if not right:
            return None
        return Judged(
            "without legal form", text, frozenset(right), frozenset({"prefix", "exact_name", "short_name"})
        )

    def _no_level(self, s: PublicSubject) -> Judged | None:
        return self._judge(
            "without 市/省/县", self.mistakes.without_level(s.title), s, "words", "contains", "near_miss"
        )

    def _brand(self, s: PublicSubject) -> Judged | None:
        core = self.corpus.analyzer.core(s.title)
        right = self.corpus.containing(core, 1) if len(core) >= 3 else None
        return (
            Judged("brand only", core, frozenset(right), frozenset({"prefix", "contains", "short_name"}))
            if right
            else None
        )

    def _fragment(self, s: PublicSubject) -> Judged | None:
        text = self.mistakes.fragment(self.corpus.analyzer.normalize(s.title))
        if not text or not text.isalnum() or text.isascii() or self.corpus.containing(text, FEW - 1) is None:
            return None
        return self._judge("fragment", text, s, "contains", "prefix")

    def _order(self, s: PublicSubject) -> Judged | None:
        """Place, brand and trade in another order: 食品 鹿乡 辽源."""
        analyzer = self.corpus.analyzer
        norm, core = analyzer.normalize(s.title), analyzer.core(s.title)
        region = norm[: norm.find(core)] if core and norm.find(core) > 1 else ""
        if not 4 <= len(core) <= 10 or not core.isalpha() or not region.isalpha():
            return None
        return self._judge(
            "words out of order",
            self.mistakes.shuffled([region, core[:2], core[2:]]),
            s,
            "words",
            "near_miss",
        )

    def _wrong(self, s: PublicSubject) -> Judged | None:
        return self._judge(
            "one character wrong",
            self.mistakes.wrong(s.title),
            s,
            "near_miss",
            "words",
            "contains",
            "prefix",
            "homophone",
        )

    def _homophone(self, s: PublicSubject) -> Judged | None:
        short = self._short(s)
        text = self.mistakes.homophone(short) if len(short) >= 4 else None
        return self._judge("homophone", text, s, "homophone")

    def _pinyin(self, s: PublicSubject) -> Judged | None:
        core = self.corpus.analyzer.core(s.title)
        letters = "".join(self.corpus.analyzer.pinyin(core))
        if not 3 <= len(core) <= 8 or not letters.isascii() or not letters.isalpha():
            return None
        if not self._readings:
            self._count_readings()
        if self._readings[letters] > 1:
            return None
        return self._judge("pinyin in full", letters, s, "pinyin")

    def _initials_of(self, s: PublicSubject) -> Judged | None:
        letters = "".join(p[:1] for p in self.corpus.analyzer.pinyin(self._short(s)))
        if not 5 <= len(letters) <= 12 or not letters.isascii() or not letters.isalpha():
            return None
        if not self._readings:
            self._count_readings()
        if self._initials[letters] >= FEW:
            return None
        return self._judge("initials", letters, s, "initials")

    def _count_readings(self) -> None:
        analyzer = self.corpus.analyzer
        for subject in self.corpus.subjects:
            self._readings["".join(analyzer.pinyin(analyzer.core(subject.title)))] += 1
            self._initials["".join(p[:1] for p in analyzer.pinyin(self._short(subject)))] += 1

    def _traditional(self, s: PublicSubject) -> Judged | None:
        return self._judge("traditional script", self.mistakes.traditional(s.title), s, "exact_name")

    def _other_name(self, s: PublicSubject) -> Judged | None:
        others = [n for n in s.names if n.kind != "present"]
        if not others:
            return None
        name = self.mistakes.random.choice(others)
        return self._judge("former or short name", name.name, s, f"{name.kind}_name")

    def _code(self, s: PublicSubject) -> Judged | None:
        if not s.uscc:
            return None
        return Judged(
            "code", self.mistakes.code_spelling(s.uscc), frozenset({s.id}), frozenset({"code", "old_code"})
        )

    def _wrong_code(self, s: PublicSubject) -> Judged | None:
        if not s.uscc:
            return None
        return Judged(
            "code, one wrong", self.mistakes.wrong_code(s.uscc), frozenset({s.id}), frozenset({"code_near"})
        )

    def _code_prefix(self, s: PublicSubject) -> Judged | None:
        if not s.uscc or self.corpus.prefixes[s.uscc[:12]] >= FEW:
            return None
        return Judged("code prefix of 12", s.uscc[:12], frozenset({s.id}), frozenset({"code"}))

    def _numbers(self) -> Iterator[Judged]:
        made = 0
        for _ in range(self.per_class * 20 if self.corpus.records else 0):
            record = self.mistakes.random.choice(self.corpus.records)
            if "〔" in record.document_number and ";" not in record.document_number:
                text = self.mistakes.number_spelling(record.document_number)
                yield Judged(
                    "document number", text, frozenset({record.id}), frozenset({"document_number"}), "record"
                )
                made += 1
            if made == self.per_class:
                return
