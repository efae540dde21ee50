"""How do the site and the desk come to accounts of their own at the search server?"""

from __future__ import annotations

import argparse
import json
import os
import secrets
import tomllib
from pathlib import Path

from indexers.addresses import show_address
from indexers.engines import grant_access
from indexers.engines.access import DESK, SITE
from indexers.errors import UsageError
from search_site.cli_output import write_json, write_line
from search_site.settings import load_settings

OWN_KEY = "engine"
"""The one setting in the files that are written here."""


def keys(options: argparse.Namespace) -> int:
    """Make both accounts as the administrator that the engine's address names, and write one file for each."""
    files = {SITE: Path(options.site), DESK: Path(options.desk)}
    known = {account: _address_in(file) for account, file in files.items()}
    granted = grant_access(load_settings().engine, known)
    for account, file in files.items():
        _write(file, granted[account])
    if options.json:
        write_json({account: show_address(str(file)) for account, file in files.items()})
    else:
        write_line(f"网站（只读）：CREDIT_SEARCH_CONFIG={files[SITE]}")
        write_line(f"收表和建索引（可写）：CREDIT_SEARCH_CONFIG={files[DESK]}")
    return 0


def _address_in(file: Path) -> str:
    """The address that an earlier run wrote; "" where there is no file. Anything else in it would be lost."""
    try:
        held = tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return ""
    except (OSError, ValueError) as error:
        raise UsageError(f"{file} 无法读取：{error}") from error
    address = held.pop(OWN_KEY, "")
    if held or not isinstance(address, str):
        raise UsageError(f"{file} 里有其他设置，不能覆盖；请另给一个文件")
    return address


def _write(file: Path, address: str) -> None:
    """Replace the file in one step; only its owner may read it."""
    part = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    # A string of JSON is a string of TOML.
    text = f"# Written by credit-search keys.\n{OWN_KEY} = {json.dumps(address)}\n"
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as handle:
            handle.write(text)
        part.replace(file)
    except OSError as error:
        raise UsageError(f"无法写入 {file}：{error.strerror or error}") from error
