"""Why is this hit here, in a code for programs and words for people?"""

from __future__ import annotations

from collections.abc import Mapping

from indexers.analysis import Analyzer, QueryTerms
from indexers.answers import Reason
from indexers.catalog import Catalog
from indexers.documents import PublicEntry, PublicRecord, PublicSubject
from indexers.paper_numbers import OWN_NUMBER, numbers_of
from indexers.query import Hit, Suggestion

LABELS = {
    "exact_name": "名称完全一致",
    "prefix": "名称以此开头",
    "contains": "名称包含所查文字",
    "words": "名称包含所查各词",
    "former_name": "曾用名相符",
    "short_name": "简称相符",
    "code": "代码相符",
    "old_code": "旧代码相符",
    "document_number": "文号一致",
    "body": "正文包含所查各词",
    "near_miss": "名称相近",
    "homophone": "读音相同",
    "pinyin": "拼音相符",
    "initials": "拼音首字母相符",
    "code_near": "代码只差一处",
    "other_region": "地区不同",
}
"""The reasons of the outside interface with their words."""

NEAR_NUMBER = Reason("near_miss", "年份和号数相同")
"""Of a document whose number has other words before its year."""
CORE_BEGINS = "字号以此开头"
"""Not the whole name begins so, but what stands behind its region: the words for `prefix` then."""
_OF_RECORDS = {
    "exact_name": "主体名称完全一致",
    "prefix": "主体名称以此开头",
    "contains": "主体名称包含所查文字",
    "words": "主体名称包含所查各词",
    "body": "记录内容包含所查各词",
    "code": "主体代码相符",
}
"""A record is found by its subject or by its text, and says by which."""
_OF_LIBRARY = {
    "exact_name": "标题完全一致",
    "prefix": "标题以此开头",
    "contains": "标题包含所查文字",
    "words": "标题包含所查各词",
}

NO_REASON = Reason("", "")
_BY_TIER = {
    "exact": "exact_name",
    "prefix": "prefix",
    "contains": "contains",
    "words": "words",
    "body": "body",
}


def reason(code: str) -> Reason:
    """A reason with its words."""
    return Reason(code, LABELS[code])


class Explainer:
    """Finds the reason of a hit from what is shown of it."""

    def __init__(self, catalog: Catalog, analyzer: Analyzer) -> None:
        self._catalog = catalog
        self._analyzer = analyzer

    def reason(self, hit: Hit, readings: tuple[QueryTerms, ...]) -> Reason:
        """Why the document answers these readings of the query; nothing for browsing."""
        if hit.tier == "browse":
            return NO_REASON
        document = hit.document
        if isinstance(document, PublicSubject):
            return self._of_subject(document, hit.tier, readings)
        labels = _OF_RECORDS if isinstance(document, PublicRecord) else _OF_LIBRARY
        code = _BY_TIER[hit.tier]
        if (by_number := self._by_number(document, readings)) is not None:
            return by_number
        if isinstance(document, PublicRecord):
            code = self._code_of_record(document, hit.tier, readings) or code
        if code == "prefix" and isinstance(document, PublicRecord):
            return self._of_beginning(document.subject, readings, labels, f"主体{CORE_BEGINS}")
        if code == "prefix":
            return self._of_beginning(document.title, readings, labels)
        return Reason(code, labels.get(code, LABELS[code]))

    def suggestion_reason(self, item: Suggestion, readings: tuple[QueryTerms, ...]) -> Reason:
        """Why a subject is suggested."""
        if item.source in ("pinyin", "initials"):
            return reason(item.source)
        if isinstance(item.document, PublicSubject):
            return self._of_subject(item.document, item.source, readings)
        return reason("contains")

    def _of_subject(self, subject: PublicSubject, tier: str, readings: tuple[QueryTerms, ...]) -> Reason:
        code = self._by_code(subject, readings) or self._by_name(subject, tier, readings)
        if code == "prefix":
            return self._of_beginning(subject.title, readings, LABELS, CORE_BEGINS)
        return reason(code)

    def _of_beginning(
        self, name: str, readings: tuple[QueryTerms, ...], labels: Mapping[str, str], of_core: str = ""
    ) -> Reason:
        """Both a name and its core may begin so, but people look at the whole; the title of a document has no core."""
        norm = self._analyzer.normalize(name)
        if any(norm.startswith(terms.norm) for terms in readings):
            return Reason("prefix", labels["prefix"])
        core = self._analyzer.core(name) if of_core else ""
        if any(core.startswith(terms.norm) for terms in readings):
            return Reason("prefix", of_core)
        return Reason("contains", labels["contains"])

    def _code_of_record(self, record: PublicRecord, tier: str, readings: tuple[QueryTerms, ...]) -> str:
        if _code_starts(record.uscc, readings):
            return "code"
        if tier not in ("exact", "prefix"):
            return ""
        norm = self._analyzer.normalize(record.subject)
        # Nothing else is compared as a whole or by its beginning: a number of its subject that is not shown.
        return "" if any(_answers(norm, tier, terms) for terms in readings) else "old_code"

    def _by_code(self, subject: PublicSubject, readings: tuple[QueryTerms, ...]) -> str:
        if _code_starts(subject.uscc, readings):
            return "code"
        return "old_code" if any(_code_starts(code, readings) for code in subject.old_codes) else ""

    def _by_name(self, subject: PublicSubject, tier: str, readings: tuple[QueryTerms, ...]) -> str:
        """The present name, if it answers as well as any other; else the former or short name that does."""
        for name in sorted(subject.names, key=lambda n: n.kind != "present"):
            norm = self._analyzer.normalize(name.name)
            if any(_answers(norm, tier, terms) for terms in readings):
                if name.kind != "present":
                    return f"{name.kind}_name"
                return _BY_TIER.get(tier, "contains")
        return _BY_TIER.get(tier, "contains")

    def _by_number(
        self, document: PublicRecord | PublicEntry, readings: tuple[QueryTerms, ...]
    ) -> Reason | None:
        """Which of the document's numbers was typed; its own comes first, that of a certificate is called by its
        label."""
        wanted = {number for terms in readings for number in terms.document_numbers}
        if not wanted:
            return None
        for name, text in numbers_of(document, self._catalog).items():
            if wanted & set(self._analyzer.document_number_forms(text)):
                label = self._catalog.numbers_of(document.kind).get(name, "")
                return (
                    reason("document_number")
                    if name == OWN_NUMBER
                    else Reason("document_number", f"{label}一致")
                )
        return None


def _answers(norm: str, tier: str, terms: QueryTerms) -> bool:
    if tier == "exact":
        return norm == terms.norm
    if tier == "prefix":
        return norm.startswith(terms.norm) or (bool(terms.norm) and terms.norm in norm)
    if tier == "contains":
        return terms.norm in norm
    return all(word in norm for word in terms.words)


def _code_starts(code: str, readings: tuple[QueryTerms, ...]) -> bool:
    return bool(code) and any(code.startswith(asked) for terms in readings for asked in terms.codes)
