"""Do other processes build the same operations, and write what the engine takes?"""

import pytest
from deliveries import ANALYZER, CATALOG, Desk, code, penalty

from indexers import document_stream, sharing
from indexers.building import Builder
from indexers.documents import Bury, IndexValue, Operation, Packed, Upsert
from indexers.engines.fitting import Form, Unfit, make_forms
from indexers.ledger import changes
from indexers.publishing import Publisher

ODD = "鹿乡二号食品有限公司"
ROWS = [
    penalty(1, 统一社会信用代码=code(1)),
    penalty(2, 行政相对人名称="鹿乡三号食品有限公司"),
    penalty(3, 行政相对人名称=ODD),
    penalty(4, 行政相对人名称="鹿乡四号食品有限公司"),
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
def shared(monkeypatch: pytest.MonkeyPatch, prepared_helpers: None) -> None:
    """A row for each task, and another process that does some of them."""
    monkeypatch.setattr(document_stream, "MANY_CHANGES", 1)
    monkeypatch.setattr(document_stream, "count_processes", lambda: 2)
    monkeypatch.setattr(sharing, "LOOK_AFTER", 1)
    monkeypatch.setattr(changes, "CHUNK", 1)


def by_id(made: list[Operation]) -> dict[tuple[str, str], Operation]:
    found = {(operation.collection, operation.id): operation for operation in made}
    assert len(found) == len(made)
    return found


@pytest.fixture
def filled(desk: Desk) -> Desk:
    desk.bring(*ROWS)
    desk.end(desk.ids()[3])
    return desk


def test_shared_work_makes_the_same(filled: Desk, shared: None, monkeypatch: pytest.MonkeyPatch) -> None:
    made = operations(filled)
    monkeypatch.setattr(document_stream, "MANY_CHANGES", 1_000)
    assert by_id(made) == by_id(operations(filled))
    assert {type(operation) for operation in made} >= {Upsert, Bury}


def test_documents_of_others_come_written_but_for_those_that_do_not_fit(filled: Desk, shared: None) -> None:
    plain, packed = by_id(operations(filled)), by_id(operations(filled, Picky))
    assert plain.keys() == packed.keys()
    forms = make_forms(Picky, CATALOG)
    written = [operation for operation in packed.values() if isinstance(operation, Packed)]
    assert written != []
    for each in written:
        document = plain[each.collection, each.id]
        assert isinstance(document, Upsert)
        assert document.fields["name_norm"] != (ODD,)
        assert each == forms[each.collection].pack(document)
    unwritten = {key: operation for key, operation in packed.items() if not isinstance(operation, Packed)}
    assert all(plain[key] == operation for key, operation in unwritten.items())


def test_an_index_made_by_other_processes_is_the_same(filled: Desk, shared: None) -> None:
    publisher = Publisher(CATALOG, ANALYZER, filled.ledger, filled.engine)
    report = publisher.sync()
    assert report.rebuilt
    live = filled.engine.status().live
    assert live is not None
    assert (live.counts["records"], live.counts["subjects"]) == (3, 3)
    assert list(filled.all_shown("records")) == filled.ids()[:3]
