"""What does a visitor or a program see when something cannot be answered?"""

from __future__ import annotations

import logging
import math
from typing import Any

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from indexers.errors import BadQuery, EngineBusy, EngineError
from indexers.identifiers import holds_identity_number
from search_site.asked import UnknownCode
from search_site.middleware import fixed_headers, is_open_to_all
from search_site.params import (
    BadParameters,
    OldEncoding,
    ParameterError,
    encode_pairs,
    own_path,
    read_pairs,
    typed_text,
)
from search_site.problems import Problem
from search_site.site import site_of
from search_site.statements import SAYS

logger = logging.getLogger("search_site")

RETRY_AFTER = 5
"""Seconds after which a client should ask again when the engine says nothing: a restart takes about that."""
GONE_FOR = "public, max-age=300"
"""A tombstone names nobody, so it may be kept for a while."""

TITLES = {
    400: "无法理解这个查询",
    404: "没有这个页面",
    405: "不支持这种请求方式",
    410: "已停止公示",
    500: "网站出了故障",
    503: "检索暂时不可用",
}
DETAILS = {
    400: "网址中的参数有误。",
    404: f"网址可能有误，或者这里没有可以公示的信息。{SAYS.nothing_means}",
    405: "这个网址只能用 GET 或 HEAD 读取。",
    410: "该编号的信息已停止公示。",
    500: "这不是您的错误。请稍后再试；如果一直这样，请告诉网站主办单位。",
    503: "检索服务没有响应，请稍后再试。这不是查询结果，不说明有没有记录。",
}


SEARCH = "/search"
AGAIN = "再试一次"
WITHOUT_FAULTS = "去掉有误的条件再查"
TO_MEND = "下面的条件有误，请改正后再查。"
NOTHING_OF_CODE = f"请核对 18 位代码有没有抄错。{SAYS.held}{SAYS.nothing_means}"


class Fault(msgspec.Struct, frozen=True):
    """What is wrong with one parameter; `label` is "" where it belongs to none that visitors know."""

    label: str
    detail: str


class Way(msgspec.Struct, frozen=True):
    """Where to go on from an error."""

    label: str
    url: str


class ErrorView(msgspec.Struct, frozen=True):
    """One error for people. `kept` is what the search box carries along."""

    status: int
    title: str
    detail: str
    errors: tuple[Fault, ...] = ()
    ways: tuple[Way, ...] = ()
    kept: tuple[tuple[str, str], ...] = ()


HOME = Way("回首页", "/")


def is_for_machines(path: str) -> bool:
    """Whether errors under this path are problem documents instead of pages."""
    return path.startswith(("/api/", "/healthz", "/readyz", "/openapi.json")) or path.endswith(".json")


def respond_with(
    request: Request,
    status: int,
    errors: tuple[ParameterError, ...] = (),
    headers: dict[str, str] | None = None,
) -> Response:
    """The error as a page or, under /api, as a problem."""
    title, detail = TITLES.get(status, "请求未能完成"), DETAILS.get(status, "请求未能完成。")
    caching = GONE_FOR if status == 410 else "no-cache" if status < 500 else "no-store"
    all_headers = {"Cache-Control": caching, **(headers or {})}
    if is_for_machines(request.scope["path"]):
        problem = Problem(f"/problems/{status}", title, status, detail, errors)
        return Response(
            msgspec.json.encode(problem), status, all_headers, media_type="application/problem+json"
        )
    view, text = _view_of(request, ErrorView(status, title, detail, ways=(HOME,)), errors)
    return site_of(request).page("error.html", {"page": view, "q": text}, status, all_headers)


def _view_of(request: Request, view: ErrorView, errors: tuple[ParameterError, ...]) -> tuple[ErrorView, str]:
    """The error with a way back to what was right in the question, and the text that was typed."""
    is_ours = view.status >= 500
    if not errors and not is_ours:
        return view, ""
    labels = site_of(request).labels
    faults = tuple(Fault(labels.parameter(error.parameter), error.detail) for error in errors)
    pairs = _right_pairs(request, {error.parameter for error in errors})
    path = own_path(request.scope["path"])
    url = f"{path}?{encode_pairs(pairs)}" if pairs else path
    kept = tuple(pair for pair in pairs if pair[0] not in ("q", "page", "sort")) if path == SEARCH else ()
    text = next((value for name, value in pairs if name == "q"), "")
    # What is wrong may be the path itself; then there is nothing to go back to.
    is_nowhere = holds_identity_number(request.scope["path"])
    back = () if is_nowhere else (Way(AGAIN if is_ours else WITHOUT_FAULTS, url),)
    shown = msgspec.structs.replace(
        view,
        detail=view.detail if is_ours else TO_MEND,
        errors=faults,
        ways=(*back, *((HOME,) if url != HOME.url else ())),
        kept=kept,
    )
    return shown, text


def _right_pairs(request: Request, wrong: set[str]) -> list[tuple[str, str]]:
    """The parameters that nothing was said against; the text alone where the fault is in all of them together."""
    try:
        given = read_pairs(request.scope["query_string"])
    except (BadParameters, OldEncoding):
        return []
    text = typed_text(given)
    others = [(name, value) for name, values in given.items() if name != "q" for value in values]
    right = [] if "" in wrong else [pair for pair in others if pair[0] not in wrong]
    return [("q", text), *right] if text else right


def meaning(request: Request) -> Response:
    """`/problems/{status}`, where the type of every problem document leads: what this error means."""
    status = request.path_params["status"]
    if status not in TITLES:
        raise HTTPException(404)
    view = ErrorView(status, TITLES[status], DETAILS[status], ways=(HOME,))
    return site_of(request).page("error.html", {"page": view, "q": ""})


def on_http_error(request: Request, error: Exception) -> Response:
    """404, 405, 410 and their like."""
    assert isinstance(error, HTTPException)
    if isinstance(error, UnknownCode) and not is_for_machines(request.scope["path"]):
        return _unknown_code(request, error.code)
    return respond_with(request, error.status_code, headers=dict(error.headers or {}))


def _unknown_code(request: Request, code: str) -> Response:
    search = Way("查询这个代码", f"{SEARCH}?{encode_pairs([('q', code)])}")
    view = ErrorView(404, "本站没有收录这个代码", NOTHING_OF_CODE, ways=(search, HOME))
    return site_of(request).page("error.html", {"page": view, "q": code}, 404, {"Cache-Control": "no-cache"})


def on_bad_parameters(request: Request, error: Exception) -> Response:
    """Every fault of the parameters at once."""
    assert isinstance(error, BadParameters)
    return respond_with(request, 400, error.errors)


def on_old_encoding(request: Request, error: Exception) -> Response:
    """Links of old portals in GB 18030 go to the same page in UTF-8; programs are told to write UTF-8.

    Only what cannot be UTF-8 goes there for ever: a browser would never ask again.
    """
    assert isinstance(error, OldEncoding)
    if is_for_machines(request.scope["path"]):
        return respond_with(request, 400, (ParameterError("", "文字编码应为 UTF-8"),))
    return RedirectResponse(
        f"{own_path(request.scope['path'])}?{encode_pairs(error.pairs)}", 302 if error.is_guess else 301
    )


def on_bad_query(request: Request, error: Exception) -> Response:
    """The contract of engines refuses what single parameters allow: too many regions together."""
    return respond_with(request, 400, (ParameterError("", "筛选值过多或页码过大"),))


def on_engine_error(request: Request, error: Exception) -> Response:
    """The engine cannot answer now: say when to ask again, and nothing about the inside."""
    wait = math.ceil(error.retry_after) if isinstance(error, EngineBusy) else RETRY_AFTER
    logger.warning("engine: %s: %s", type(error).__name__, error)
    return respond_with(request, 503, headers={"Retry-After": str(max(1, wait))})


def on_failure(request: Request, error: Exception) -> Response:
    """Anything else is our fault; the server logs it with its traceback."""
    response = respond_with(request, 500)
    # This handler stands outside the middleware, so that it must set their headers itself.
    shared = is_open_to_all(request.scope["path"])
    response.headers.update(fixed_headers(https=site_of(request).is_known_by_tls, shared=shared))
    return response


HANDLERS: dict[Any, Any] = {
    HTTPException: on_http_error,
    BadParameters: on_bad_parameters,
    OldEncoding: on_old_encoding,
    BadQuery: on_bad_query,
    EngineError: on_engine_error,
    Exception: on_failure,
}
