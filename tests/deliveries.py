"""Small invented deliveries, and a desk with ledger, engine and clock that takes them in."""

from __future__ import annotations

import csv
import datetime
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

import msgspec
import sqlalchemy as sa
from fixed_clock import FixedClock
from sqlalchemy.engine import Connection

from indexers.analysis import load_analyzer
from indexers.catalog import Catalog, load_catalog
from indexers.documents import Gone, Moved, PublicDocument, PublicRecord, PublicSubject
from indexers.engines import open_engine
from indexers.grammar import Template
from indexers.identifiers import organisation_code_check
from indexers.importing import Importer
from indexers.ledger import Ledger, record_event
from indexers.publishing import Publisher, SyncReport
from indexers.recognising import recognise_sheets
from indexers.records import FileAccount, RowOutcome, SheetReading
from indexers.sheet_rows import SheetReader
from indexers.validation import Surroundings
from samples.codes import uscc_check_digit

TODAY = datetime.date(2026, 11, 22)
CATALOG = load_catalog()
ANALYZER = load_analyzer()
AUTHORITY = "某某市市场监督管理局"
OTHER_AUTHORITY = "某某市生态环境局"
NAME = "鹿乡一号食品有限公司"

Row = Mapping[str, str]
_PENALTY = {
    "行政处罚决定书文号": "某罚〔2026〕1号",
    "处罚名称": "经营超过保质期食品案",
    "处罚事由": "经营超过保质期的食品",
    "处罚依据": "食品安全法第一百二十四条",
    "行政相对人名称": NAME,
    "统一社会信用代码": "",
    "组织机构代码": "",
    "工商登记码": "",
    "处罚类别": "罚款",
    "处罚结果": "罚款五千元",
    "处罚决定日期": "2026-05-06",
    "处罚机关": AUTHORITY,
    "当前状态": "正常",
    "公示截止期": "",
}


def code(serial: int) -> str:
    """A valid unified code of an invented enterprise."""
    body = f"MA{serial:06d}"
    first = f"91220402{body}{organisation_code_check(body)}"
    return first + uscc_check_digit(first)


def penalty(number: int = 1, **changes: str) -> dict[str, str]:
    """A penalty on 鹿乡一号食品有限公司 without a code, public until 2027-05-06; changes by label."""
    return {**_PENALTY, "行政处罚决定书文号": f"某罚〔2026〕{number}号", **changes}


def profile(name: str = NAME, serial: int = 1, **changes: str) -> dict[str, str]:
    """A row of the subject profile sheet."""
    return {"主体名称": name, "统一社会信用代码": code(serial), "登记状态": "存续", **changes}


def abnormal(number: int = 1, **changes: str) -> dict[str, str]:
    """An entry in the directory of abnormal operations, public until it exits."""
    return {
        "企业名称": NAME,
        "统一社会信用代码": code(1),
        "列入经营异常名录原因类型名称": "未依照规定的期限公示年度报告",
        "列入决定文号": f"某异列〔2026〕{number}号",
        "列入日期": "2026-07-10",
        "列入决定机关名称": AUTHORITY,
        **changes,
    }


def write_sheet(path: Path, rows: Iterable[Row]) -> Path:
    """A CSV with all labels of its rows."""
    several = list(rows)
    labels = list(dict.fromkeys(label for row in several for label in row))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, labels, restval="")
        writer.writeheader()
        writer.writerows(several)
    return path


def read_sheets(
    source: str | Path,
    catalog: Catalog,
    *,
    today: datetime.date,
    kind: str | None = None,
    mapping: Template | None = None,
    query: str = "",
) -> Iterator[tuple[SheetReading, Iterator[RowOutcome]]]:
    """Every sheet of a source with the outcomes of its rows, to be read one after another."""
    sheets = recognise_sheets(source, catalog, kind=kind, mapping=mapping, query=query)
    around = Surroundings(catalog, today)
    for plan, rows in sheets:
        yield plan.reading, SheetReader(plan, around).read(rows)


def tally(account: FileAccount) -> tuple[int, int, int, int]:
    """(rows, accepted, unchanged, rejected)."""
    return account.rows, account.accepted, account.unchanged, account.rejected


class Desk:
    """Where a clerk works: a ledger, an engine beside it, and a clock that stands still."""

    def __init__(self, folder: Path, address: str, today: datetime.date = TODAY) -> None:
        self.folder = folder
        self.clock = FixedClock(today)
        self.ledger = Ledger(address, self.clock)
        self.engine = open_engine(f"embedded:{folder / 'index'}", CATALOG, ANALYZER)
        self.publisher = Publisher(CATALOG, ANALYZER, self.ledger, self.engine)

    def close(self) -> None:
        self.engine.close()
        self.ledger.close()

    @property
    def today(self) -> datetime.date:
        return self.clock().date()

    def bring(self, *rows: Row, kind: str | None = None, name: str = "sheet.csv") -> FileAccount:
        """Import these rows as one file."""
        path = write_sheet(self.folder / f"0-{name}", rows)
        return Importer(CATALOG, ANALYZER, self.ledger).import_file(str(path), kind)

    def removes(self, *rows: Row) -> bool:
        """Import these rows; whether something has to be taken out of the index."""
        last = self.ledger.last_seq()
        self.bring(*rows, name="removing.csv")
        return self.query("SELECT COUNT(*) FROM records WHERE removed_seq > :last", last=last) != [(0,)]

    def end(self, record_id: str, event: str = "repaired") -> bool:
        return record_event(self.ledger, record_id, event, self.today.isoformat()).changed

    def sync(self) -> SyncReport:
        return self.publisher.sync()

    # -- what the ledger holds ------------------------------------------------------------------------------

    def query(self, statement: str, **parameters: object) -> list[tuple[object, ...]]:
        """Rows of a statement on the ledger."""
        with self.ledger.reading() as connection:
            return [tuple(row) for row in connection.execute(sa.text(statement), parameters)]

    def ids(self, collection: str = "records") -> list[str]:
        """Ids of the ledger's records in order of first appearance."""
        rows = self.query("SELECT id FROM records WHERE collection = :c ORDER BY number", c=collection)
        return [str(row[0]) for row in rows]

    def record_id(self) -> str:
        """The id of the only record."""
        [found] = self.ids()
        return found

    def attachments(self) -> list[tuple[object, ...]]:
        """(document number's record, subject, how) in order of first appearance."""
        return self.query(
            "SELECT party, subject_id, attached_by FROM records WHERE collection = 'records' ORDER BY number"
        )

    def execute(self, statement: str, **parameters: object) -> None:
        with self.ledger.writing() as connection:
            connection.execute(sa.text(statement), parameters)

    # -- what the index holds -------------------------------------------------------------------------------

    def shown(self, doc_id: str, collection: str = "records") -> PublicDocument | Gone | Moved | None:
        return self.engine.get(collection, doc_id, self.today)

    def record(self, doc_id: str) -> PublicRecord:
        found = self.shown(doc_id)
        assert isinstance(found, PublicRecord)
        return found

    def subject(self, doc_id: str) -> PublicSubject:
        found = self.shown(doc_id, "subjects")
        assert isinstance(found, PublicSubject)
        return found

    def all_shown(self, collection: str) -> dict[str, PublicDocument]:
        """Every visible document by id."""
        return {document.id: document for document in self.engine.scan(collection, (), self.today)}


def table_sizes(connection: Connection, *tables: str) -> list[int]:
    return [connection.execute(sa.text(f"SELECT COUNT(*) FROM {name}")).scalar_one() for name in tables]


def timeless(document: PublicDocument) -> dict[str, object]:
    """A document without what depends on the order of imports: ids of records and batches."""
    built: dict[str, object] = msgspec.to_builtins(document)
    built.pop("id")
    if str(built.get("subject_id", "")).startswith("n-"):
        built["subject_id"] = "n-"
    built["sources"] = [{"authority": s.authority, "delivered_on": s.delivered_on} for s in document.sources]
    return built


def do_meanwhile(act: Callable[[], object], within: float = 60.0) -> None:
    """Let another thread do something to its end while this one stands still."""
    other = threading.Thread(target=act)
    other.start()
    other.join(within)
    assert not other.is_alive()
