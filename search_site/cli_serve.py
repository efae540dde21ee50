"""How is the site run?"""

from __future__ import annotations

import argparse

import uvicorn

from search_site.cli_output import write_note
from search_site.settings import load_settings

APP = "search_site.app:create_app"


def serve(options: argparse.Namespace) -> int:
    """The site on one address, in one process or several."""
    settings = load_settings()
    write_note(f"{settings.site_name}：http://{options.host}:{options.port}/（Ctrl+C 停止）")
    uvicorn.run(
        APP,
        factory=True,
        host=options.host,
        port=options.port,
        workers=options.workers,
        log_level=settings.log_level,
        access_log=False,
        server_header=False,
    )
    return 0
