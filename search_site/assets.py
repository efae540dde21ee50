"""Where are templates and static files, and under which URL is each of them served?"""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
from pathlib import Path

import msgspec
from jinja2 import (
    BaseLoader,
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    PrefixLoader,
    StrictUndefined,
    select_autoescape,
)
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

FOREVER = "public, max-age=31536000, immutable"
"""A static URL carries the hash of its content, so that it never means anything else."""
_COMPRESSIBLE = (".css", ".js", ".svg")
_TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}


def asset_dir(name: str) -> Path:
    """The folder `name`: beside this module in an installed package, beside the package in a checkout."""
    here = Path(__file__).resolve().parent
    inside = here / name
    return inside if inside.is_dir() else here.parent / name


class StaticFile(msgspec.Struct, frozen=True):
    """One static file, held in memory: all of them together are a few ten thousand bytes."""

    body: bytes
    packed: bytes
    media_type: str


class StaticFiles:
    """All files of static/, each under `/static/<stem>.<hash><ending>`."""

    def __init__(self, folder: Path) -> None:
        self._urls: dict[str, str] = {}
        self._files: dict[str, StaticFile] = {}
        for path in sorted(folder.iterdir()):
            if path.is_file() and not path.name.startswith("."):
                self._add(path)

    def _add(self, path: Path) -> None:
        body = path.read_bytes()
        digest = hashlib.sha256(body).hexdigest()[:12]
        served = f"{path.stem}.{digest}{path.suffix}"
        packed = gzip.compress(body, 9, mtime=0) if path.suffix in _COMPRESSIBLE else b""
        guessed = _TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        self._urls[path.name] = f"/static/{served}"
        self._files[served] = StaticFile(body, packed, guessed)

    def url(self, name: str) -> str:
        """The URL of a file by its plain name; KeyError for a file that does not exist."""
        return self._urls[name]

    @property
    def urls(self) -> tuple[str, ...]:
        """All URLs; they change with any change of a file."""
        return tuple(self._urls.values())

    def respond(self, request: Request) -> Response:
        """The file under its hashed name, else 404."""
        found = self._files.get(request.path_params["name"])
        if found is None:
            raise HTTPException(404)
        headers = {"Cache-Control": FOREVER, "Vary": "Accept-Encoding"}
        if found.packed and "gzip" in request.headers.get("accept-encoding", ""):
            return Response(
                found.packed, media_type=found.media_type, headers={**headers, "Content-Encoding": "gzip"}
            )
        return Response(found.body, media_type=found.media_type, headers=headers)


def make_environment(own_folder: str = "") -> Environment:
    """Jinja2 over the deployer's folder first, then ours, which `default:` names in any case."""
    ours = FileSystemLoader(asset_dir("templates"))
    loaders: list[BaseLoader] = [ours, PrefixLoader({"default": ours}, delimiter=":")]
    if own_folder:
        loaders.insert(0, FileSystemLoader(own_folder))
    return Environment(
        loader=ChoiceLoader(loaders),
        autoescape=select_autoescape(("html",), default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
