"""Does a record that is retracted in the middle of a rebuild stay away, on every engine?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from deliveries import do_meanwhile, penalty, write_sheet
from engine_documents import TODAY
from fixed_clock import FixedClock

from indexers.documents import Gone, PublicRecord
from indexers.engines.base import SearchEngine
from indexers.importing import Importer
from indexers.ledger import Ledger, record_event
from indexers.publishing import Publisher


@pytest.fixture
def ledger(engine: SearchEngine, tmp_path: Path) -> Iterator[Ledger]:
    """A ledger with two penalties on one subject."""
    opened = Ledger(f"sqlite:///{tmp_path / 'ledger.db'}", FixedClock(TODAY))
    rows = [penalty(number, 处罚决定日期="2026-01-06") for number in (1, 2)]
    sheet = write_sheet(tmp_path / "sheet.csv", rows)
    Importer(engine.catalog, engine.analyzer, opened).import_file(str(sheet))
    yield opened
    opened.close()


def records_of(engine: SearchEngine) -> list[str]:
    return [found.id for found in engine.scan("records", (), TODAY)]


class Filling:
    """An engine whose builds, once filled, see something happen in another thread."""

    def __init__(self, engine: SearchEngine, act: Callable[[], None]) -> None:
        self._engine = engine
        self._act = act

    def __getattr__(self, name: str) -> object:
        return getattr(self._engine, name)

    def begin_build(self) -> object:
        build = self._engine.begin_build()
        finish, acts = build.finish, [self._act]

        def finish_and_act() -> dict[str, int]:
            counts = finish()
            if acts:
                do_meanwhile(acts.pop())
            return counts

        build.finish = finish_and_act  # type: ignore[method-assign]
        return build


def test_what_is_retracted_while_a_build_is_filled_is_gone_before_and_after_the_switch(
    engine: SearchEngine, ledger: Ledger
) -> None:
    publisher = Publisher(engine.catalog, engine.analyzer, ledger, engine)
    publisher.sync()
    record, other = records_of(engine)
    assert isinstance(engine.get("records", record, TODAY), PublicRecord)
    during: list[object] = []

    def retract() -> None:
        record_event(ledger, record, "withdrawn", TODAY.isoformat())
        publisher.apply_removals()
        during.append(engine.get("records", record, TODAY))

    front = Filling(engine, retract)
    report = Publisher(engine.catalog, engine.analyzer, ledger, front).rebuild()  # type: ignore[arg-type]
    assert during == [Gone(record)]
    assert engine.data_version().generation == report.generation
    assert (engine.get("records", record, TODAY), records_of(engine)) == (Gone(record), [other])
    publisher.rollback()
    assert (engine.get("records", record, TODAY), records_of(engine)) == (Gone(record), [other])
