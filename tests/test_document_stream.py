"""Do other processes build the same operations, in the same order, and write what the engine takes?"""

import pytest
from deliveries import ANALYZER, CATALOG, Desk, code, penalty

from indexers import document_stream, processes
from indexers.building import Builder
from indexers.documents import Bury, IndexValue, Operation, Packed, Upsert
from indexers.engines.fitting import Form, Unfit, make_forms
from indexers.publishing import Publisher

ODD = "鹿乡二号食品有限公司"
ROWS = [
    penalty(1, 统一社会信用代码=code(1)),
    penalty(2, 行政相对人名称=ODD),
    penalty(3, 行政相对人名称="鹿乡三号食品有限公司"),
]


class Picky(Form):
    """Writes ids, and refuses one name."""

    def _write(self, operation: Upsert, values: dict[str, IndexValue]) -> bytes:
        if values.get("name_norm") == (ODD,):
            raise Unfit("odd")
        return operation.id.encode()


def operations(desk: Desk, form: type[Form] | None = None) -> list[Operation]:
    builder = Builder(CATALOG, ANALYZER)
    with desk.ledger.reading() as connection:
        return list(
            document_stream.changed_operations(
                desk.ledger, connection, builder, -1, desk.ledger.last_seq(), desk.today, form
            )
        )


@pytest.fixture
def share(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(document_stream, "MANY_CHANGES", 1)
    monkeypatch.setattr(document_stream, "count_cores", lambda: 2)
    monkeypatch.setattr(processes, "count_cores", lambda: 2)


@pytest.fixture
def filled(desk: Desk) -> Desk:
    desk.bring(*ROWS)
    desk.end(desk.ids()[2])
    return desk


def test_other_processes_build_the_same(filled: Desk, share: None, monkeypatch: pytest.MonkeyPatch) -> None:
    shared = operations(filled)
    monkeypatch.setattr(document_stream, "MANY_CHANGES", 1_000)
    assert shared == operations(filled)
    assert {type(operation) for operation in shared} >= {Upsert, Bury}


def test_documents_come_written_but_for_those_that_do_not_fit(filled: Desk, share: None) -> None:
    plain, packed = operations(filled), operations(filled, Picky)
    forms = make_forms(Picky, CATALOG)
    expected = [
        forms[operation.collection].pack(operation)
        if isinstance(operation, Upsert) and operation.fields["name_norm"] != (ODD,)
        else operation
        for operation in plain
    ]
    assert packed == expected
    assert {type(operation) for operation in packed} >= {Packed, Upsert, Bury}


def test_an_index_made_by_other_processes_is_the_same(filled: Desk, share: None) -> None:
    publisher = Publisher(CATALOG, ANALYZER, filled.ledger, filled.engine)
    report = publisher.sync()
    assert report.rebuilt
    live = filled.engine.status().live
    assert live is not None
    assert (live.counts["records"], live.counts["subjects"]) == (2, 2)
    assert list(filled.all_shown("records")) == filled.ids()[:2]
