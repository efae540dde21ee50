"""What can be asked of `credit-search` on the command line, and how does it answer?

Exit codes: 0 as the command promises, 1 its named shortcoming, 2 wrong usage or an unusable file or setting, 3 the
engine or ledger could not be reached.
"""

from __future__ import annotations

import argparse
import errno
import io
import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import cast

from indexers.errors import CatalogError, CreditSearchError, EngineError, LedgerError, SheetError, UsageError
from indexers.query import MAX_SIZE
from indexers.records import EVENT_NAMES
from search_site.cli_parser import WRONG_USAGE, Parser, whole_number
from search_site.params import SORTS, TYPES
from search_site.settings import is_broken, program_version

Runner = Callable[[argparse.Namespace], int]

_NAMES_OF_FILES = frozenset(
    {"file", "files", "mapping", "output", "queries", "left", "right", "site", "desk"}
)
"""Arguments that are or hold a path: one of an old system may have a name in another encoding."""

UNREACHABLE = 3
MOST_WORKERS = 64
"""More processes than any machine of a city has cores are a slip of the finger."""


class _Command:
    """One command: where it runs, what it says of itself, its arguments."""

    def __init__(
        self, runner: str, summary: str, example: str, *arguments: tuple[tuple[str, ...], dict[str, object]]
    ) -> None:
        self.runner = runner
        self.summary = summary
        self.example = example
        self.arguments = arguments


def _argument(*names: str, **options: object) -> tuple[tuple[str, ...], dict[str, object]]:
    return names, options


_FILES = _argument("files", nargs="+", metavar="FILE", help="表格、CSV、JSON 文件，或 SQLAlchemy 地址")
_KIND = _argument("--kind", help="指明类别（见 kinds）")
_MAPPING = _argument("--mapping", metavar="MAPPING.toml", help="部门自有表格的映射文件")
_ANSWER = _argument(
    "--set",
    action="append",
    default=[],
    metavar="KEY=VALUE",
    dest="answers",
    help="回答映射里的 ? 项，可重复",
)
_QUERY = _argument("--query", default="", metavar="SQL", help="来源是数据库时要执行的查询")
_NO_SYNC = _argument("--no-sync", action="store_true", help="只记入台账，暂不撤下已公示内容")

COMMANDS: dict[str, _Command] = {
    "draft-mapping": _Command(
        "cli_intake:draft_mapping",
        "为部门自有表格起草映射文件",
        "credit-search draft-mapping 处罚.xlsx -o 处罚.toml",
        _argument("file", metavar="FILE", help="样本文件"),
        _argument("-o", "--output", metavar="MAPPING.toml", help="写到文件；不给则写到标准输出"),
        _argument("--sheet", metavar="NAME", default="", help="只为这张工作表起草，工作表不是同一类时用"),
        _ANSWER,
        _QUERY,
    ),
    "check": _Command(
        "cli_intake:check",
        "试读文件：列出每一行的所有问题，不写入任何内容",
        "credit-search check 处罚.xlsx",
        _FILES,
        _KIND,
        _MAPPING,
        _ANSWER,
        _QUERY,
    ),
    "import": _Command(
        "cli_intake:import_",
        "把文件收进台账，逐行交代去向",
        "credit-search import 许可.csv 处罚.xlsx",
        _FILES,
        _KIND,
        _MAPPING,
        _ANSWER,
        _QUERY,
        _argument("--strict", action="store_true", help="有被退回的行时退出码为 1"),
        _NO_SYNC,
    ),
    "retract": _Command(
        "cli_intake:retract",
        "终止一条记录的公示（或恢复），立即生效",
        "credit-search retract r0a1b2c3d4e5f607182 --reason repaired",
        _argument("record_id", metavar="RECORD_ID", help="记录编号"),
        _argument(
            "--reason",
            required=True,
            choices=EVENT_NAMES,
            help=(
                "原因：repaired 信用修复，withdrawn 撤回，revoked 撤销，annulled 确认无效，exited 移出，"
                "reinstated 恢复公示"
            ),
        ),
        _argument("--on", metavar="DATE", help="日期 YYYY-MM-DD，默认今天"),
        _NO_SYNC,
    ),
    "sync": _Command("cli_index:sync", "让索引跟上台账", "credit-search sync"),
    "rebuild": _Command("cli_index:rebuild", "另建一套索引，检查后切换", "credit-search rebuild"),
    "rollback": _Command("cli_index:rollback", "退回上一套索引（先让它跟上台账）", "credit-search rollback"),
    "status": _Command("cli_index:status", "引擎、版本、索引、条数和滞后", "credit-search status --json"),
    "search": _Command(
        "cli_index:search",
        "像网站一样查询",
        "credit-search search 鹿乡食品 --filter region=2204",
        _argument("text", metavar="TEXT", help="名称、代码、文号或其他文字；空串为浏览"),
        _argument("--type", default="subject", choices=TYPES, help="查什么"),
        _argument(
            "--filter",
            action="append",
            default=[],
            metavar="FIELD=VALUE",
            dest="filters",
            help="筛选，可重复",
        ),
        _argument("--sort", default="relevance", choices=SORTS, help="顺序"),
        _argument(
            "--limit",
            type=whole_number(1, MAX_SIZE),
            default=20,
            metavar="N",
            help=f"条数，1 到 {MAX_SIZE}",
        ),
    ),
    "compare": _Command(
        "cli_index:compare",
        "同样的查询在两个引擎上的结果是否一致",
        "credit-search compare embedded:./var/index elasticsearch://127.0.0.1:9200",
        _argument("left", metavar="ADDRESS", help="引擎地址"),
        _argument("right", metavar="ADDRESS", help="另一引擎地址"),
        _argument("--queries", metavar="FILE", help="每行一个查询的文件；不给则取自索引"),
    ),
    "template": _Command(
        "cli_intake:template",
        "写出空白的官方表格",
        "credit-search template administrative_penalty -o 处罚.xlsx",
        _argument("kind", metavar="KIND", help="类别，或 events"),
        _argument("-o", "--output", metavar="FILE", help=".xlsx 或 .csv；默认 KIND.xlsx"),
    ),
    "kinds": _Command("cli_info:kinds", "列出所有类别", "credit-search kinds --json"),
    "lists": _Command("cli_info:lists", "列出所有名单", "credit-search lists --json"),
    "settings": _Command("cli_info:settings", "列出所有设置和现值", "credit-search settings"),
    "keys": _Command(
        "cli_keys:keys",
        "在检索服务器上为网站（只读）和收表（可写）各建一个账号",
        "credit-search keys --site site.toml --desk desk.toml",
        _argument("--site", required=True, metavar="FILE", help="网站的设置文件"),
        _argument("--desk", required=True, metavar="FILE", help="收表和建索引的设置文件"),
    ),
    "serve": _Command(
        "cli_serve:serve",
        "运行网站",
        "credit-search serve --port 8000",
        _argument("--host", default="127.0.0.1", help="监听地址"),
        _argument("--port", type=whole_number(1, 65_535), default=8000, help="端口"),
        _argument("--workers", type=whole_number(1, MOST_WORKERS), default=1, metavar="N", help="进程数"),
    ),
}
"""Every command of the outside interface. The module of a command is imported only when it runs."""


def build_parser() -> argparse.ArgumentParser:
    """The parser of all commands."""
    parser = Parser(prog="credit-search", description="公共信用信息查询：收表、建索引、开网站")
    parser.add_argument("--version", action="version", version=program_version(), help="显示版本")
    subparsers = parser.add_subparsers(dest="command", required=True, metavar="命令", parser_class=Parser)
    for name, command in COMMANDS.items():
        sub = subparsers.add_parser(
            name, help=command.summary, description=command.summary, epilog=f"例：{command.example}"
        )
        for names, options in command.arguments:
            sub.add_argument(*names, **options)  # type: ignore[arg-type]
        sub.add_argument("--json", action="store_true", help="在标准输出给出 JSON")
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code."""
    _write_in_any_encoding()
    options = build_parser().parse_args(arguments)
    module, _, function = COMMANDS[options.command].runner.partition(":")
    try:
        _refuse_broken_text(options)
        run = cast("Runner", getattr(import_module(f"search_site.{module}"), function))
        code = run(options)
        sys.stdout.flush()
        return code
    except (UsageError, SheetError, CatalogError) as error:
        return _fail(error, WRONG_USAGE)
    except (EngineError, LedgerError) as error:
        return _fail(error, UNREACHABLE)
    except CreditSearchError as error:
        return _fail(error, 1)
    except KeyboardInterrupt:
        print("已中断；已完成的部分有效，再次运行同一命令即可继续。", file=sys.stderr)
        return 130
    except BrokenPipeError:
        sys.stderr.close()
        return 0
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        _forget_output()
        print(f"credit-search: {_FULL}", file=sys.stderr)
        return 1


def _refuse_broken_text(options: argparse.Namespace) -> None:
    """UsageError for a text whose bytes were no characters: it can be neither looked up nor written out again.

    It is not repeated, since it may be what somebody searches for.
    """
    for name, value in vars(options).items():
        texts = [] if name in _NAMES_OF_FILES else value if isinstance(value, list) else [value]
        if any(isinstance(text, str) and is_broken(text) for text in texts):
            raise UsageError("命令行里有不成文字的字节；请按终端的编码（一般是 UTF-8）重新输入")


_FULL = "磁盘（或标准输出）已满，结果没有写完；请腾出空间，再次运行同一命令"


def _write_in_any_encoding() -> None:
    """What the terminal's encoding cannot write is escaped: a command that did its work shall say so."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _forget_output() -> None:
    """Let nobody try once more to write what found no room."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


def _fail(error: CreditSearchError, code: int) -> int:
    print(f"credit-search: {error}", file=sys.stderr)
    return code
