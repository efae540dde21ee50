"""How is the site run?"""

from __future__ import annotations

import argparse
import contextlib
import copy
import errno
import socket
import sys
from pathlib import Path
from typing import Any

import uvicorn

from indexers.analysis import load_analyzer
from indexers.engines import open_engine
from indexers.errors import EngineError, UsageError
from indexers.ledger import check_address
from indexers.mappings_loading import load_mappings
from search_site.cli_output import write_json, write_note
from search_site.settings import Settings, load_settings

_REASONS = {errno.EADDRINUSE: "端口已被占用", errno.EACCES: "没有权限使用这个端口"}
APP = "search_site.app:create_app"


def serve(options: argparse.Namespace) -> int:
    """The site on one address, in one process or several."""
    settings = load_settings()
    _check(settings, options.host, options.port)
    address = address_of(options.host, options.port)
    if options.json:
        # Written out now: the site runs until it is stopped.
        write_json({"address": address})
        sys.stdout.flush()
    write_note(f"{settings.site_name}：{address}（Ctrl+C 停止）")
    uvicorn.run(
        APP,
        factory=True,
        host=options.host,
        port=options.port,
        workers=options.workers,
        log_level=settings.log_level,
        log_config=log_config(settings.log_level),
        access_log=False,
        server_header=False,
        # The site has no sockets; the server would log the whole address of whoever asks for one.
        ws="none",
    )
    return 0


def address_of(host: str, port: int) -> str:
    """Where a browser finds the site; the colons of an IPv6 address stand in brackets."""
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def log_config(level: str) -> dict[str, Any]:
    """The server's own logging, and beside it ours: one line for a request, what upkeep did, what went wrong."""
    config = copy.deepcopy(uvicorn.config.LOGGING_CONFIG)
    config["formatters"]["ours"] = {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}
    config["handlers"]["ours"] = {
        "class": "logging.StreamHandler",
        "formatter": "ours",
        "stream": "ext://sys.stderr",
    }
    ours = {"handlers": ["ours"], "level": level.upper(), "propagate": False}
    config["loggers"].update({"search_site": ours, "indexers": ours})
    return config


def _check(settings: Settings, host: str, port: int) -> None:
    """What would end the processes of the site as they start is told before, in one sentence."""
    catalog = load_mappings(settings.mappings_folder)
    check_address(settings.ledger)
    # An engine that does not answer yet ends nothing: the site waits for it.
    with contextlib.suppress(EngineError):
        open_engine(settings.engine, catalog, load_analyzer(catalog.directory)).close()
    if settings.templates and not Path(settings.templates).is_dir():
        raise UsageError(f"设置 CREDIT_SEARCH_TEMPLATES 的值 {settings.templates!r} 不是一个目录")
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        with socket.create_server((host, port), family=family):
            pass
    except OSError as error:
        why = _REASONS.get(error.errno or 0, str(error.strerror or error))
        raise UsageError(f"无法在 {host} 的端口 {port} 上运行：{why}") from error
