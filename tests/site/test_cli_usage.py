"""Is wrong usage of any command one clear sentence in Chinese and exit code 2, and help in Chinese with an example?"""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from deliveries import NAME, Desk, code, penalty, profile

from search_site.cli import COMMANDS, main

SHIPPED = Path(__file__).parent.parent.parent / "mappings"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """One subject with one record, published."""
    folder = tmp_path_factory.mktemp("usage")
    desk = Desk(folder, f"sqlite:///{folder / 'ledger.db'}")
    desk.bring(profile())
    desk.bring(penalty(1, 统一社会信用代码=code(1)))
    desk.sync()
    yield desk
    desk.close()


@pytest.fixture
def index(published: Desk, monkeypatch: pytest.MonkeyPatch) -> str:
    address = f"embedded:{published.folder / 'index'}"
    monkeypatch.setenv("CREDIT_SEARCH_ENGINE", address)
    monkeypatch.setenv("CREDIT_SEARCH_LEDGER", published.ledger.address)
    return address


def exit_code(arguments: list[str]) -> int:
    """What the shell sees, whether argparse or a command ends it."""
    try:
        return main(arguments)
    except SystemExit as ended:
        return int(str(ended.code))


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], "缺少参数 命令"),
        (["nonsense"], "命令 不能是 'nonsense'，可用：'draft-mapping'"),
        (["search"], "缺少参数 TEXT"),
        (["search", "x", "--limit", "0"], "--limit 应为 1 到 100 的整数，不能是 '0'"),
        (["search", "x", "--limit", "many"], "--limit 应为 1 到 100 的整数，不能是 'many'"),
        (["search", "x", "--limit"], "--limit 后面缺少值"),
        (["search", "x", "--sort", "best"], "--sort 不能是 'best'"),
        (["search", "x", "--lim", "3"], "不认识的参数 --lim 3"),
        (["retract", "x"], "缺少参数 --reason"),
        (["serve", "--port", "65536"], "--port 应为 1 到 65535 的整数"),
        (["serve", "--workers", "0"], "--workers 应为 1 到 64 的整数"),
    ],
)
def test_wrong_usage_is_one_sentence(
    arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert exit_code(arguments) == 2
    said = capsys.readouterr()
    assert (said.out, said.err.count("\n")) == ("", 1)
    assert told in said.err.replace('"', "'").replace("(choose from ", "")
    assert said.err.endswith("--help\n")


BROKEN = os.fsdecode(b"x\xff")
"""What Python makes of bytes on the command line that are no characters."""


@pytest.mark.parametrize(
    "arguments",
    [
        ["retract", BROKEN, "--reason", "repaired"],
        ["retract", "r1", "--reason", "repaired", "--on", BROKEN],
        ["search", BROKEN],
        ["search", "x", "--type", "record", "--filter", f"kind={BROKEN}"],
        ["check", "a.csv", "--kind", BROKEN],
        ["check", "a.csv", "--mapping", "a.toml", "--set", f"authority={BROKEN}"],
        ["import", "a.csv", "--query", BROKEN],
        ["draft-mapping", "a.csv", "--sheet", BROKEN],
        ["template", BROKEN],
        ["serve", "--host", BROKEN],
    ],
)
def test_bytes_that_are_no_characters_are_wrong_usage(
    arguments: list[str], index: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert exit_code([*arguments, "--json"]) == 2
    said = capsys.readouterr()
    assert (said.out, said.err.count("\n"), "不成文字的字节" in said.err) == ("", 1, True)
    assert list(folder.iterdir()) == []


def test_a_setting_of_bytes_that_are_no_characters_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CREDIT_SEARCH_SITE_NAME", BROKEN)
    assert exit_code(["settings", "--json"]) == 2
    said = capsys.readouterr()
    assert (said.out, said.err.count("\n"), "CREDIT_SEARCH_SITE_NAME" in said.err) == ("", 1, True)


@pytest.mark.parametrize("command", COMMANDS)
def test_help_is_chinese_and_has_an_example(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code([command, "--help"]) == 0
    help_text = capsys.readouterr().out
    assert f"例：{COMMANDS[command].example}" in " ".join(help_text.split())
    assert help_text.startswith(f"用法：credit-search {command}")
    assert re.findall(r"usage|optional|positional|show this|exit$", help_text, re.MULTILINE) == []


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--filter", "founded_year=abc"], "founded_year 应为 4 位数字"),
        (["--filter", "region=abc"], "region 应为 2、4 或 6 位区划代码"),
        (["--filter", "kind=case"], "kind 不是 type=subject 的筛选项"),
        (["--filter", "bogus=1"], "bogus 不认识的参数"),
        (["--filter", "city"], "--filter 'city' 要写成 FIELD=VALUE"),
        (["--filter", "sort=name"], "--filter 不接受 sort：要查的文字写作 TEXT，另有 --type 和 --sort"),
        (["--type", "record", "--filter", "from=2026-02-30"], "from 应为 2026-01-31 这样的日期"),
    ],
)
def test_a_search_refuses_what_the_api_refuses(
    arguments: list[str], told: str, index: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert exit_code(["search", "鹿乡", *arguments]) == 2
    said = capsys.readouterr()
    assert (said.out, said.err.count("\n")) == ("", 1)
    assert told in said.err


def test_a_search_takes_every_filter_of_the_api(index: str, capsys: pytest.CaptureFixture[str]) -> None:
    narrowed = [
        "--filter",
        "year=2026",
        "--filter",
        f"subject={code(1).lower()}",
        "--filter",
        "from=2026-05-06",
    ]
    assert exit_code(["search", "", "--type", "record", "--json", "--limit", "5", *narrowed]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["total"], found["size"]) == ({"value": 1, "exact": True}, 5)
    assert [hit["subject"] for hit in found["hits"]] == [NAME]
    assert exit_code(["search", "", "--type", "record", "--filter", "to=2026-05-05"]) == 0
    assert capsys.readouterr().out == "共 0 条\n"


def test_a_filter_without_a_value_asks_nothing_as_in_the_api(
    index: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert exit_code(["search", "", "--type", "record"]) == 0
    everything = capsys.readouterr().out
    assert exit_code(["search", "", "--type", "record", "--filter", "kind=", "--filter", "year="]) == 0
    assert capsys.readouterr().out == everything != "共 0 条\n"
    assert exit_code(["search", "", "--filter", "bogus="]) == 2
    assert "bogus 不认识的参数" in capsys.readouterr().err


def test_a_line_of_a_search_tells_who_a_record_is_about(
    index: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert exit_code(["search", "", "--type", "record"]) == 0
    first, *lines = capsys.readouterr().out.splitlines()
    assert first == "共 1 条"
    assert [f"  {NAME}  {code(1)}  " in line for line in lines] == [True]
    assert exit_code(["search", NAME]) == 0
    assert f"{code(1)}  {NAME}  （名称完全一致）" in capsys.readouterr().out.splitlines()


def test_a_search_tells_the_ways_on_that_the_site_offers(
    index: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert exit_code(["search", f"{NAME}有没有被罚"]) == 0
    told = capsys.readouterr().out.splitlines()
    assert told[0] == "共 0 条"
    assert f"换个词查：{NAME}（1）  /search?q={quote(NAME)}" in told
    assert exit_code(["search", NAME]) == 0
    assert "记录里有 1 条  --type record" in capsys.readouterr().out.splitlines()


@pytest.mark.parametrize("name", ["missing.txt", "binary.txt"])
def test_queries_that_cannot_be_read_are_one_sentence(
    name: str, folder: Path, index: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "binary.txt").write_bytes(b"\xff\xfe\x00")
    assert exit_code(["compare", index, index, "--queries", name]) == 2
    assert capsys.readouterr().err == f"credit-search: 无法读取 {name}：应为每行一个查询的 UTF-8 文件\n"


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_a_sheet_that_cannot_be_written_is_one_sentence(
    ending: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = f"missing/sheet.{ending}"
    assert exit_code(["template", "administrative_penalty", "-o", target]) == 2
    said = capsys.readouterr().err
    assert said.startswith(f"credit-search: 无法写入 {target}：")
    assert said.count("\n") == 1


def test_a_site_that_cannot_start_says_why_in_one_sentence(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert exit_code(["serve", "--port", port]) == 2
    assert capsys.readouterr().err == f"credit-search: 无法在 127.0.0.1 的端口 {port} 上运行：端口已被占用\n"
    monkeypatch.setenv("CREDIT_SEARCH_MAPPINGS", "missing")
    assert exit_code(["serve"]) == 2
    assert capsys.readouterr().err == "credit-search: 数据定义目录 missing 不存在\n"
    monkeypatch.delenv("CREDIT_SEARCH_MAPPINGS")
    monkeypatch.setenv("CREDIT_SEARCH_TEMPLATES", "missing")
    assert exit_code(["serve"]) == 2
    assert "'missing' 不是一个目录" in capsys.readouterr().err
    monkeypatch.setenv("CREDIT_SEARCH_LOG_LEVEL", "loud")
    assert exit_code(["serve"]) == 2
    assert "需要日志级别：debug、info、warning 或 error" in capsys.readouterr().err


def test_faults_of_any_data_file_are_told_by_kinds_and_before_the_site_starts(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    mappings = Path(shutil.copytree(SHIPPED, folder / "mappings"))
    monkeypatch.setenv("CREDIT_SEARCH_MAPPINGS", str(mappings))
    for file in ("ranking.toml", "regions.csv"):
        (mappings / file).write_text("= 1\n", encoding="utf-8")
    for command in (["kinds"], ["serve", "--port", "1"]):
        assert exit_code(command) == 2
        said = capsys.readouterr()
        assert (said.out, said.err.count("\n")) == ("", 2)
        assert "ranking.toml：不是有效的 TOML" in said.err
        assert "regions.csv：列须是" in said.err
    assert exit_code(["search", "鹿乡"]) == 2
    assert capsys.readouterr().err.startswith("credit-search: ranking.toml：不是有效的 TOML")


def test_the_example_of_a_retraction_names_an_id_as_records_have_them(published: Desk) -> None:
    [given] = published.ids()
    named = COMMANDS["retract"].example.split()[2]
    assert re.sub("[0-9a-f]", "0", named) == re.sub("[0-9a-f]", "0", given)


PROGRAM = [sys.executable, "-c", "from search_site.cli import main; raise SystemExit(main())"]


def test_an_encoding_without_chinese_is_answered_with_escapes(folder: Path) -> None:
    here = {**os.environ, "PYTHONIOENCODING": "latin-1"}
    told = subprocess.run([*PROGRAM, "lists", "--json"], capture_output=True, env=here, check=True)
    assert any("严重" in entry["label"] for entry in json.loads(told.stdout))
    assert told.stderr == b""
    refused = subprocess.run([*PROGRAM, "check", "missing.xlsx"], capture_output=True, env=here, check=False)
    assert (refused.returncode, b"Traceback" in refused.stderr) == (2, False)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full device")
@pytest.mark.parametrize("command", ["lists", "settings"])
def test_an_output_without_room_is_told_in_a_sentence(folder: Path, command: str) -> None:
    with Path("/dev/full").open("wb") as full:
        ended = subprocess.run(
            [*PROGRAM, command, "--json"], stdout=full, stderr=subprocess.PIPE, check=False
        )
    assert ended.returncode == 1
    assert (
        ended.stderr.decode()
        == "credit-search: 磁盘（或标准输出）已满，结果没有写完；请腾出空间，再次运行同一命令\n"
    )
