"""What does `retract` say became of a record in the index?"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date

import pytest
from deliveries import CATALOG, NAME, Desk, penalty

from indexers.documents import Gone
from indexers.ledger import erase_ended
from search_site.cli import main
from search_site.cli_intake import NOT_REINSTATED

RECORD = "行政处罚 某罚〔2026〕1号"
Retract = Callable[..., tuple[int, str, str]]


@pytest.fixture
def retract(desk: Desk, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Retract:
    """`retract` of the desk's only record: (exit code, standard output, standard error)."""
    desk.bring(penalty(1))
    monkeypatch.setenv("CREDIT_SEARCH_ENGINE", f"embedded:{desk.folder / 'index'}")
    monkeypatch.setenv("CREDIT_SEARCH_LEDGER", desk.ledger.address)

    def retract_it(*options: str) -> tuple[int, str, str]:
        code = main(["retract", desk.record_id(), "--reason", "repaired", *options])
        told = capsys.readouterr()
        return code, told.out, told.err

    return retract_it


def test_where_there_is_no_index_it_says_so(desk: Desk, retract: Retract) -> None:
    code, told, note = retract()
    assert (code, told, "还没有索引" in note) == (0, f"已记录：{RECORD}\n", True)
    code, told, note = retract()
    assert (code, told, "还没有索引" in note) == (0, f"该记录已经是这个状态：{RECORD}\n", True)
    desk.sync()
    assert desk.shown(desk.record_id()) == Gone(desk.record_id())


def test_a_program_is_told_too(retract: Retract) -> None:
    code, told, note = retract("--json")
    assert (code, json.loads(told)["applied"], "还没有索引" in note) == (0, True, True)


def test_where_there_is_one_it_takes_effect_at_once(desk: Desk, retract: Retract) -> None:
    desk.sync()
    assert retract() == (0, f"已生效：{RECORD}\n", "")
    assert desk.shown(desk.record_id()) == Gone(desk.record_id())
    assert retract() == (0, f"该记录已经是这个状态：{RECORD}\n", "")


def test_where_no_engine_can_be_nothing_is_recorded(
    desk: Desk, retract: Retract, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.sync()
    monkeypatch.setenv("CREDIT_SEARCH_ENGINE", "nonsense")
    code, told, note = retract()
    assert (code, told, note.count("\n")) == (2, "", 1)
    assert desk.query("SELECT state FROM records") == [("current",)]
    code, told, note = retract("--no-sync")
    assert (code, told, "尚未生效" in note) == (1, f"已记录：{RECORD}\n", True)


def test_what_is_put_off_is_only_recorded(desk: Desk, retract: Retract) -> None:
    desk.sync()
    code, told, note = retract("--no-sync")
    assert (code, told, "尚未生效" in note) == (1, f"已记录：{RECORD}\n", True)


def test_what_was_erased_does_not_come_back_and_that_is_said(desk: Desk, retract: Retract) -> None:
    desk.sync()
    retract()
    erase_ended(desk.ledger, date(2027, 1, 1))
    code, told, note = retract("--reason", "reinstated")
    assert (code, told, note) == (1, f"{NOT_REINSTATED}\n", "")
    code, told, _ = retract("--reason", "reinstated", "--json")
    assert (code, json.loads(told)["applied"], json.loads(told)["erased"]) == (1, True, True)
    assert desk.shown(desk.record_id()) == Gone(desk.record_id())


def test_a_record_without_a_number_is_told_by_its_matter(desk: Desk, retract: Retract) -> None:
    content = json.dumps({"party": NAME, "facts": "迟报年度报告" * 20}, ensure_ascii=False)
    desk.execute("UPDATE contents SET content = :content", content=content)
    _, told, _ = retract()
    assert told == f"已记录：行政处罚 {('迟报年度报告' * 20)[:59]}…\n"


def test_the_words_of_the_reasons_are_those_of_the_events_sheet(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["retract", "--help"])
    told = "".join(capsys.readouterr().out.split())
    for reason, words in CATALOG.kinds["events"].own["event"].choices.items():
        assert f"{reason}{words}" in told


def test_an_index_that_cannot_be_written_is_not_taken_for_none(desk: Desk, retract: Retract) -> None:
    desk.sync()
    (desk.folder / "index" / "pointer.json").write_text("{")
    code, told, note = retract()
    assert (code, told, "还没有索引" in note, "尚未生效" in note) == (1, f"已记录：{RECORD}\n", False, True)
