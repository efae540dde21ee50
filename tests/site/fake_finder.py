"""What does a site show that is tested without an engine? A finder over a few invented documents."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime

from indexers.answers import (
    Answer,
    AnswerHit,
    DocumentAnswer,
    Other,
    Reason,
    Request,
    SubjectAnswer,
    Understood,
)
from indexers.catalog import COLLECTION_OF_TYPE, Catalog
from indexers.clock import SHANGHAI
from indexers.documents import (
    Gone,
    Moved,
    PublicDocument,
    PublicEntry,
    PublicName,
    PublicRecord,
    PublicSubject,
    Source,
)
from indexers.engines.base import Applied, EngineStatus, GenerationStatus
from indexers.errors import EngineError
from indexers.identifiers import organisation_code_check
from indexers.query import DataVersion, FacetResult, FacetValue, Total
from samples.codes import uscc_check_digit

TODAY = datetime(2026, 11, 22, 10, 0, tzinfo=SHANGHAI)


def make_code(serial: str, region: str = "220402") -> str:
    """A valid code around eight characters of an organisation code."""
    first = f"91{region}{serial}{organisation_code_check(serial)}"
    return first + uscc_check_digit(first)


LUXIANG = make_code("MA17ABCD")
NAMESAKE = make_code("MA17EFGH", "220502")
SCRIPT = "<script>alert(1)</script>"
SOURCES = (Source("辽源市市场监督管理局", "20261121-01", "2026-11-21"),)


def _subject(code: str, name: str, region: str, **more: object) -> PublicSubject:
    names = (PublicName(name, "present"), PublicName("辽源鹿乡糕点厂", "former"))
    fields = {
        "founded_on": "2016-03-01",
        "organisation_type": "有限责任公司",
    }
    return PublicSubject(
        id=code,
        title=name,
        uscc=code,
        names=names,
        kind="subject_profile",
        status="live",
        region=region,
        organisation_class="enterprise",
        fields=fields,
        sources=SOURCES,
        **more,
    )


def _record(record_id: str, kind: str, title: str, day: str, **more: object) -> PublicRecord:
    defaults: dict[str, object] = {
        "subject_id": LUXIANG,
        "subject": "辽源市鹿乡食品有限公司",
        "uscc": LUXIANG,
        "authority": "辽源市市场监督管理局",
        "visible_from": day,
        "sources": SOURCES,
        "hash": "ab12" * 16,
    }
    return PublicRecord(id=record_id, title=title, kind=kind, decided_on=day, **{**defaults, **more})


SUBJECTS = [
    _subject(LUXIANG, "辽源市鹿乡食品有限公司", "220402"),
    _subject(NAMESAKE, "辽源市鹿乡食品有限公司", "220502"),
    PublicSubject(
        "n-7", f"鹿乡{SCRIPT}合作社", names=(PublicName(f"鹿乡{SCRIPT}合作社", "present"),), by_name_only=True
    ),
]
RECORDS = [
    _record(
        "r-penalty",
        "administrative_penalty",
        "销售超过保质期食品",
        "2026-05-01",
        polarity="adverse",
        document_number="辽市监罚〔2026〕15号",
        status="published",
        last_day="2027-05-01",
        repairable_from="2026-08-01",
        rule="administrative_penalty",
        snippet="当事人在经营场所销售超过保质期的饼干，货值 120 元。",
        fields={
            "fine_amount": "5000",
            "violation_type": "销售超过保质期食品",
            "decided_on": "2026-05-01",
        },
    ),
    _record("r-licence", "administrative_licence", "食品经营许可", "2026-03-12", status="valid"),
    _record("r-licence2", "administrative_licence", "食品生产许可", "2025-07-20", status="valid"),
    _record(
        "r-list",
        "adverse_entry",
        "发生较大生产安全责任事故",
        "2026-06-30",
        polarity="adverse",
        list="safety_dishonesty",
        last_day="2027-06-30",
        authority="吉林省应急管理厅",
    ),
    _record(
        "r-script",
        "commitment",
        f"承诺{SCRIPT}",
        "2024-01-05",
        subject_id="n-7",
        subject="鹿乡合作社",
        uscc="",
    ),
]
LIBRARY = [
    PublicEntry(
        "l-1",
        "辽源市守信激励办法",
        "policy_document",
        body="辽源市人民政府",
        number="辽府发〔2024〕3号",
        dated_on="2024-02-01",
        status="in_force",
        abstract="规定守信激励的措施。",
        text="第一条 为了……\n第二条 本办法……",
        related=("辽府发〔2023〕1号", "《辽源市信用目录》"),
        sources=SOURCES,
    ),
]
DOCUMENTS: dict[str, list[PublicDocument]] = {"subject": SUBJECTS, "record": RECORDS, "library": LIBRARY}


class FakeFinder:
    """Answers as `Finder` does, by substring; `failure` is raised by every method while it is set."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self.failure: EngineError | None = None
        self.revision = 412
        self.today = TODAY
        self.asked: list[Request] = []
        self.documents = {kind: list(found) for kind, found in DOCUMENTS.items()}

    def _check(self) -> None:
        if self.failure is not None:
            raise self.failure

    def _published(self) -> DataVersion:
        return DataVersion("g-20261122", self.revision, "2026-11-22T06:00+08:00")

    def version(self) -> tuple[DataVersion, date]:
        self._check()
        return self._published(), self.today.date()

    def known_version(self) -> tuple[DataVersion, date] | None:
        return None

    def state(self) -> tuple[EngineStatus, GenerationStatus]:
        self._check()
        counts = {"subjects": 3, "records": 9, "library": 1}
        live = GenerationStatus("g-20261122", "f1", Applied(seq=77, day="2026-11-22"), counts)
        return EngineStatus("embedded", "tantivy 0.27.0", self.revision, live, None), live

    def find(self, request: Request, *, alone: bool = False) -> Answer:
        self._check()
        self.asked.append(request)
        found = self._matching(request, request.type)
        begin = (request.page - 1) * request.size
        hits = tuple(_hit(document, request.text) for document in found[begin : begin + request.size])
        return Answer(
            request=request,
            total=Total(len(found)),
            hits=hits,
            facets=self._facets(request),
            proposals=self._proposals(request),
            understood=_understood(request),
            other=self._others(request),
            counts={LUXIANG: {"administrative_licence": 2, "administrative_penalty": 1}},
            version=self._published(),
            as_of=self.today,
        )

    def count(self, request: Request) -> Total:
        return self.find(request).total

    def _matching(self, request: Request, kind: str) -> list[PublicDocument]:
        found = [d for d in self.documents[kind] if request.text in d.title or request.text in str(d)]
        if request.subject:
            found = [d for d in found if getattr(d, "subject_id", "") == request.subject]
        for name, values in request.filters.items():
            found = [d for d in found if _value(d, name) in values]
        return found

    def _facets(self, request: Request) -> tuple[FacetResult, ...]:
        results = []
        for field in self.catalog.facets(COLLECTION_OF_TYPE[request.type]):
            counted = Counter(_value(d, field.key) for d in self.documents[request.type])
            values = tuple(FacetValue(v, n) for v, n in sorted(counted.items()) if v)
            results.append(FacetResult(field.key, values))
        return tuple(results)

    def _proposals(self, request: Request) -> tuple[AnswerHit, ...]:
        if request.text != "鹿香食品":
            return ()
        return (AnswerHit("subject", SUBJECTS[0], Reason("homophone", "读音相同"), {"title": ()}),)

    def _others(self, request: Request) -> tuple[Other, ...]:
        if not request.text:
            return ()
        others = []
        for kind in COLLECTION_OF_TYPE:
            if kind != request.type:
                found = self._matching(Request(text=request.text), kind)
                others.append(Other(kind, Total(len(found)), tuple(_hit(d, request.text) for d in found[:3])))
        return tuple(others)

    def suggest(self, text: str, limit: int = 8) -> tuple[AnswerHit, ...]:
        self._check()
        return tuple(_hit(d, text) for d in self.documents["subject"] if text in d.title)[:limit]

    def subject(self, subject_id: str) -> SubjectAnswer | Moved | None:
        self._check()
        if subject_id == "n-1":
            return Moved("n-1", LUXIANG)
        found = next((d for d in self.documents["subject"] if d.id == subject_id), None)
        if not isinstance(found, PublicSubject):
            return None
        mine = [
            d for d in self.documents["record"] if isinstance(d, PublicRecord) and d.subject_id == found.id
        ]
        twins = [d for d in SUBJECTS if d.title == found.title and d.id != found.id]
        return SubjectAnswer(
            document=found,
            counts=dict(Counter(d.kind for d in mine)),
            lists=tuple(d for d in mine if d.list),
            authorities=FacetResult("authority", (FacetValue("辽源市市场监督管理局", 3),)),
            namesakes=tuple(twins),
            version=self._published(),
            as_of=self.today,
        )

    def record(self, record_id: str) -> DocumentAnswer | Gone | None:
        return self._document("record", record_id)

    def entry(self, entry_id: str) -> DocumentAnswer | Gone | None:
        return self._document("library", entry_id)

    def _document(self, kind: str, wanted: str) -> DocumentAnswer | Gone | None:
        self._check()
        if wanted == "gone":
            return Gone("gone")
        found = next((d for d in self.documents[kind] if d.id == wanted), None)
        return DocumentAnswer(found, self._published(), self.today) if found else None

    def held(self, named: Iterable[str], besides: str) -> dict[str, str]:
        return {text: "l-9" for text in named if "目录" in text}

    def recent(self, limit: int = 10) -> tuple[PublicRecord, ...]:
        self._check()
        newest = sorted(RECORDS, key=lambda record: record.decided_on, reverse=True)
        return tuple(newest[:limit])

    def totals(self) -> dict[str, Total]:
        self._check()
        return {
            "subject": Total(3),
            "record": Total(5),
            "library": Total(1),
            "kind:administrative_licence": Total(2),
            "list:safety_dishonesty": Total(1),
        }


def _hit(document: PublicDocument, text: str) -> AnswerHit:
    kind = next(key for key, found in DOCUMENTS.items() if type(document) is type(found[0]))
    start = document.title.find(text) if text else -1
    ranges = ((start, start + len(text)),) if start >= 0 else ()
    reason = Reason("contains", "名称包含所查文字") if text else Reason("", "")
    return AnswerHit(kind, document, reason, {"title": ranges} if text else {})


def _value(document: PublicDocument, name: str) -> str:
    region = getattr(document, "region", "")
    if name in ("province", "city", "county"):
        return region[: {"province": 2, "city": 4, "county": 6}[name]]
    if name == "year":
        return (getattr(document, "decided_on", "") or getattr(document, "dated_on", ""))[:4]
    return str(getattr(document, name, ""))


def _understood(request: Request) -> tuple[Understood, ...]:
    if request.text == "安全生产":
        return (
            Understood(
                "list",
                "safety_dishonesty",
                "某名单",
                "安全生产",
                "",
                type="record",
                whole=True,
                total=Total(1),
            ),
            Understood(
                "kind",
                "administrative_penalty",
                "行政处罚",
                "安全生产",
                "",
                type="record",
                whole=True,
                total=Total(2),
            ),
            Understood("q", "安全", "安全", "安全生产", "", type="library", whole=True, total=Total(1200)),
        )
    if "辽源" not in request.text or "region" in request.filters:
        return ()
    rest = request.text.replace("辽源", "").strip()
    return (Understood("region", "2204", "辽源市", "辽源", rest),)
