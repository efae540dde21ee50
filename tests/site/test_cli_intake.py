"""What `draft-mapping`, `check` and `import` answer to what clerks hand in: exit code, account, one sentence."""

import csv
import json
import os
import sqlite3
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from deliveries import CATALOG, penalty, write_sheet

from indexers.publication import ENDED, NOT_BEGUN, NOT_PUBLIC
from indexers.records import NATURAL_PERSON
from samples.codes import uscc_check_digit
from search_site.cli import main

LIST_HEADER = ["主体名称", "统一社会信用代码", "名单名称", "认定单位", "认定日期"]
OWN_HEADER = ["文号", "被处罚单位", "案由", "处罚日期"]
OWN_ROW = ["某罚〔2024〕1号", "鹿乡一号食品有限公司", "迟报", "2024年3月1日"]


def make_code(serial: int) -> str:
    first = f"91220402MA{serial:07d}"
    return first + uscc_check_digit(first)


def write(path: Path, rows: Sequence[Sequence[str]]) -> str:
    with path.open("w", encoding="gb18030", newline="") as file:
        csv.writer(file).writerows(rows)
    return str(path)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def good(folder: Path) -> str:
    entry = ["鹿乡一号食品有限公司", make_code(1), "诚信典型", "某某市信用办", "2026-05-01"]
    return write(folder / "good.csv", [LIST_HEADER, entry])


def test_a_bad_file_ends_an_import_and_those_before_it_are_in_and_told_of(
    folder: Path, good: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "bad.xlsx").write_bytes(b"\x00\x01\x02" * 99)
    assert main(["import", good, "bad.xlsx", "--json"]) == 2
    first = capsys.readouterr()
    [account] = json.loads(first.out)["files"]
    assert (account["file"], account["accepted"]) == (good, 1)
    assert first.err.count("bad.xlsx") == 1
    assert main(["import", good, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["files"][0]["unchanged"] == 1


@pytest.mark.parametrize("unread", ["nope.csv", "bad.xlsx"])
def test_a_dry_run_tells_of_the_files_before_one_that_cannot_be_read(
    folder: Path, good: str, unread: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "bad.xlsx").write_bytes(b"\x00\x01\x02" * 99)
    assert main(["check", good, unread, good, "--json"]) == 2
    told = capsys.readouterr()
    [account] = json.loads(told.out)["files"]
    assert (account["file"], account["accepted"]) == (good, 1)
    assert (told.err.count(unread), told.err.count("\n")) == (1, 1)


@pytest.mark.parametrize("missing", ["nope.csv", "bad.xlsx"])
def test_that_a_removal_waits_is_told_although_a_later_file_cannot_be_read(
    folder: Path,
    published: str,
    missing: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (folder / "bad.xlsx").write_bytes(b"\x00\x01\x02" * 99)
    events = write(folder / "e.csv", [["事件", "记录编号", "日期"], ["exited", published, "2026-01-20"]])
    monkeypatch.setenv("CREDIT_SEARCH_ENGINE", "elasticsearch://127.0.0.1:1")
    assert main(["import", events, missing, "--json"]) == 2
    told = capsys.readouterr()
    assert json.loads(told.out)["applied"] is False
    assert ("尚未生效" in told.err, missing in told.err) == (True, True)


@pytest.mark.parametrize("command", ["check", "import"])
def test_why_rows_are_not_public_is_printed(
    folder: Path, command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [
        penalty(1, 行政相对人名称="某甲乙"),
        penalty(2, 处罚类别="警告", 处罚结果="警告"),
        penalty(3, 公示截止期="2026-06-01"),
    ]
    assert main([command, str(write_sheet(folder / "penalties.csv", rows))]) == 0
    told = capsys.readouterr().out
    assert "其中不公开 3\n  不公开的原因：公示已经结束 1，轻微 1，自然人 1\n" in told


def test_every_reason_for_which_rows_are_not_public_has_words() -> None:
    assert CATALOG.choices["withheld"].keys() == {NATURAL_PERSON, NOT_PUBLIC, NOT_BEGUN, ENDED}


def test_a_file_with_a_name_in_an_old_encoding_is_taken_and_named(
    folder: Path, good: str, capsys: pytest.CaptureFixture[str]
) -> None:
    name = os.fsdecode("名单.csv".encode("gb18030"))
    Path(good).rename(folder / name)
    for command in ("check", "import"):
        assert main([command, name, "--json"]) == 0
        [account] = json.loads(capsys.readouterr().out)["files"]
        assert (account["file"], account["accepted"]) == ("名单.csv", 1)
    assert main(["draft-mapping", name, "-o", "own.toml"]) == 0
    assert 'label = "名单"' in (folder / "own.toml").read_text("utf-8")


def test_a_file_is_written_under_a_name_in_an_old_encoding_and_named(
    folder: Path, good: str, capsys: pytest.CaptureFixture[str]
) -> None:
    name = os.fsdecode("映射.toml".encode("gb18030"))
    assert main(["draft-mapping", good, "-o", name, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["output"] == "映射.toml"
    sheet = os.fsdecode("事件.csv".encode("gb18030"))
    assert main(["template", "events", "-o", sheet, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["file"] == "事件.csv"
    assert (folder / name).is_file()
    assert (folder / sheet).is_file()


@pytest.mark.parametrize("address", ["sqlite://", "sqlite:///:memory:"])
def test_no_row_is_accepted_into_a_ledger_that_ends_with_the_command(
    address: str, good: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CREDIT_SEARCH_LEDGER", address)
    assert main(["import", good]) == 2
    said = capsys.readouterr()
    assert (said.out, said.err.count("\n")) == ("", 1)
    assert "台账在内存里" in said.err
    assert "sqlite:///./var/ledger.db" in said.err


@pytest.mark.parametrize("address", ["nonsense", "elasticsearch://host:99999"])
def test_where_no_engine_can_be_nothing_is_recorded_untold(
    address: str, good: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with monkeypatch.context() as wrong:
        wrong.setenv("CREDIT_SEARCH_ENGINE", address)
        assert main(["import", good]) == 2
        said = capsys.readouterr()
        assert (said.out, said.err.count("\n"), "检索引擎" in said.err) == ("", 1, True)
    assert main(["import", good, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["files"][0]["accepted"] == 1


def test_what_cannot_be_read_is_one_sentence_and_exit_code_2(
    folder: Path, good: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "empty.csv").write_bytes(b"")
    (folder / "locked.xls").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(3000))
    with zipfile.ZipFile(folder / "other.xlsx", "w") as archive:
        archive.writestr("word/document.xml", "<a/>")
    calls = [
        ["check", "empty.csv"],
        ["check", "locked.xls"],
        ["check", "other.xlsx"],
        ["check", str(folder)],
        ["check", "nothing.csv"],
        ["check", good, "--kind", "nothing"],
        ["check", good, "--mapping", "nothing.toml"],
        ["draft-mapping", good, "-o", "no/such/folder/a.toml"],
        *([command, good, "--query", "SELECT 1"] for command in ("check", "import", "draft-mapping")),
    ]
    ends = [(main(call), capsys.readouterr()) for call in calls]
    assert [code for code, _ in ends] == [2] * len(calls)
    assert [(told.out, told.err.count("\n")) for _, told in ends] == [("", 1)] * len(calls)


def test_an_unanswered_key_is_named_and_its_answer_lets_the_file_in(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own = write(folder / "own.csv", [OWN_HEADER, OWN_ROW])
    assert main(["draft-mapping", own, "-o", "own.toml"]) == 0
    assert main(["import", own, "--mapping", "own.toml"]) == 2
    assert "authority" in capsys.readouterr().err
    assert main(["check", own, "--mapping", "own.toml", "--set", "colour=red"]) == 2
    assert "colour" in capsys.readouterr().err
    assert main(["check", own, "--mapping", "own.toml", "--set", "authority=某某市监管局"]) == 0


def test_the_account_for_people_names_a_refused_sheet_once_and_columns_not_read(
    folder: Path, good: str, capsys: pytest.CaptureFixture[str]
) -> None:
    own = write(folder / "own.csv", [OWN_HEADER, *[OWN_ROW] * 5])
    assert main(["check", own]) == 1
    assert capsys.readouterr().out.count("问题") == 1
    extra = [
        [*LIST_HEADER, "本局备用栏"],
        ["鹿乡一号食品有限公司", make_code(1), "诚信典型", "某办", "2026-05-01", "x"],
    ]
    assert main(["check", write(folder / "extra.csv", extra)]) == 0
    assert "提示：第 1 行 [本局备用栏]" in capsys.readouterr().out


def test_strict_fails_for_a_sheet_that_is_refused_whole(folder: Path) -> None:
    unknown = write(folder / "hello.csv", [["hello", "world"]])
    assert main(["import", unknown, "--no-sync"]) == 0
    assert main(["import", unknown, "--no-sync", "--strict"]) == 1


@pytest.mark.parametrize("day", ["20261101", "2026-W45-1", "2026-13-01"])
def test_a_day_is_written_in_one_way(folder: Path, day: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["retract", "r1", "--reason", "repaired", "--on", day]) == 2
    assert "YYYY-MM-DD" in capsys.readouterr().err


@pytest.fixture
def published(good: str, capsys: pytest.CaptureFixture[str]) -> str:
    """The id of a record that is shown."""
    assert main(["import", good, "--no-sync"]) == 0
    assert main(["sync", "--json"]) == 0
    capsys.readouterr()
    assert main(["search", "鹿乡一号", "--type", "record", "--json"]) == 0
    return str(json.loads(capsys.readouterr().out)["hits"][0]["id"])


def test_what_was_put_off_waits_until_it_is_applied_however_often_it_is_told(
    folder: Path, good: str, published: str, capsys: pytest.CaptureFixture[str]
) -> None:
    retract = ["retract", published, "--reason", "withdrawn", "--json"]
    events = write(folder / "e.csv", [["事件", "记录编号", "日期"], ["exited", published, "2026-01-20"]])
    put_off = [retract, retract, ["import", events, "--json"], ["import", good, "--json"]]
    for call in put_off:
        assert main([*call, "--no-sync"]) == 1
        told = capsys.readouterr()
        assert (json.loads(told.out)["applied"], "尚未生效" in told.err) == (False, True)
    assert main(["sync", "--json"]) == 0
    assert [main([*call, "--no-sync"]) for call in put_off] == [0, 0, 0, 0]


def test_what_came_back_waits_for_the_index_too(
    folder: Path, published: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["retract", published, "--reason", "withdrawn"]) == 0
    back = ["retract", published, "--reason", "reinstated", "--no-sync"]
    assert [main(back), main(back)] == [1, 1]
    assert main(["sync"]) == 0
    assert main(back) == 0


@pytest.mark.parametrize("address", ["elasticsearch://127.0.0.1:1", "nonsense"])
def test_an_index_that_cannot_be_asked_may_lack_what_was_put_off(
    address: str, folder: Path, good: str, published: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CREDIT_SEARCH_ENGINE", address)
    assert main(["import", good, "--no-sync"]) == 0
    retract = ["retract", published, "--reason", "withdrawn", "--no-sync"]
    assert [main(retract), main(retract), main(["import", good, "--no-sync"])] == [1, 1, 1]


def test_an_engine_that_is_silent_makes_only_removals_wait(
    folder: Path,
    good: str,
    published: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("CREDIT_SEARCH_ENGINE", "elasticsearch://127.0.0.1:1")
    assert main(["import", good, "--json"]) == 0
    told = capsys.readouterr()
    assert (json.loads(told.out)["applied"], "连不上" in told.err) == (True, True)
    assert "尚未生效" not in told.err
    assert main(["retract", published, "--reason", "withdrawn", "--no-sync"]) == 1
    capsys.readouterr()
    assert main(["import", good, "--json"]) == 1
    told = capsys.readouterr()
    assert (json.loads(told.out)["applied"], "尚未生效" in told.err) == (False, True)


def test_a_draft_is_made_of_the_answer_to_a_query(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with sqlite3.connect(folder / "own.db") as database:
        database.execute("CREATE TABLE cf (被处罚单位, 处罚文号, 处罚日期, 处罚机关)")
        database.execute(
            "INSERT INTO cf VALUES ('鹿乡一号食品有限公司', '某罚〔2026〕1号', '2026-01-08', '某某局')"
        )
    assert main(["draft-mapping", "sqlite:///own.db", "--query", "SELECT * FROM cf"]) == 0
    assert 'kind = "administrative_penalty"' in capsys.readouterr().out
