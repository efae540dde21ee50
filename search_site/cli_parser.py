"""How are arguments of the command line read, and how is it told what is wrong with them?"""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Iterable
from typing import Any, NoReturn

WRONG_USAGE = 2

_HEADINGS = {"positional arguments": "参数", "options": "选项"}
_MESSAGES = (
    (r"the following arguments are required: (.+)", r"缺少参数 \1"),
    (r"unrecognized arguments: (.+)", r"不认识的参数 \1"),
    (r"argument (\S+): invalid choice: (.+?) \(choose from (.+)\)", r"\1 不能是 \2，可用：\3"),
    (r"argument (\S+): expected .*arguments?", r"\1 后面缺少值"),
    (r"argument (\S+): (.+)", r"\1 \2"),
)
"""What argparse says in English, which it does for every fault it finds itself."""


class _Help(argparse.HelpFormatter):
    """The words of argparse in Chinese."""

    def add_usage(
        self,
        usage: str | None,
        actions: Iterable[argparse.Action],
        groups: Iterable[Any],
        prefix: str | None = None,
    ) -> None:
        super().add_usage(usage, actions, groups, "用法：" if prefix is None else prefix)

    def start_section(self, heading: str | None) -> None:
        super().start_section(_HEADINGS.get(heading or "", heading))


class Parser(argparse.ArgumentParser):
    """Says what is wrong in one sentence and where help is. Options are written out in full."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options, formatter_class=_Help, allow_abbrev=False, add_help=False)
        self.add_argument("-h", "--help", action="help", help="显示这段帮助")

    def error(self, message: str) -> NoReturn:
        told = next(
            (
                re.sub(english, chinese, message)
                for english, chinese in _MESSAGES
                if re.match(english, message)
            ),
            message,
        )
        self.exit(WRONG_USAGE, f"用法不对：{told}；帮助：{self.prog} --help\n")


def whole_number(least: int, most: int) -> Callable[[str], int]:
    """The type of an argument that is a whole number between two bounds."""

    def read(text: str) -> int:
        try:
            number = int(text)
        except ValueError:
            number = least - 1
        if not least <= number <= most:
            raise argparse.ArgumentTypeError(f"应为 {least} 到 {most} 的整数，不能是 {text!r}")
        return number

    return read
