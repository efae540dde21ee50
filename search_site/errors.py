"""What does a visitor or a program see when something cannot be answered?"""

from __future__ import annotations

import logging
import math
from typing import Any
from urllib.parse import quote

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from indexers.errors import BadQuery, EngineBusy, EngineError
from search_site.middleware import SECURITY_HEADERS
from search_site.params import BadParameters, OldEncoding, ParameterError, encode_pairs
from search_site.problems import Problem
from search_site.site import site_of

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
    404: "网址可能有误，或者这里没有可以公示的信息。没有查到记录不等于没有失信行为，也不是信用证明。",
    405: "这个网址只能用 GET 或 HEAD 读取。",
    410: "该编号的信息已停止公示。",
    500: "这不是您的错误。请稍后再试；如果一直这样，请告诉网站主办单位。",
    503: "检索服务没有响应，请稍后再试。数据没有丢失。",
}


class ErrorView(msgspec.Struct, frozen=True):
    """One error for people."""

    status: int
    title: str
    detail: str
    errors: tuple[ParameterError, ...] = ()


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
    view = ErrorView(status, title, detail, errors)
    return site_of(request).page("error.html", {"page": view, "q": ""}, status, all_headers)


def meaning(request: Request) -> Response:
    """`/problems/{status}`, where the type of every problem document leads: what this error means."""
    status = request.path_params["status"]
    if status not in TITLES:
        raise HTTPException(404)
    view = ErrorView(status, TITLES[status], DETAILS[status])
    return site_of(request).page("error.html", {"page": view, "q": ""})


def on_http_error(request: Request, error: Exception) -> Response:
    """404, 405, 410 and their like."""
    assert isinstance(error, HTTPException)
    return respond_with(request, error.status_code, headers=dict(error.headers or {}))


def on_bad_parameters(request: Request, error: Exception) -> Response:
    """Every fault of the parameters at once."""
    assert isinstance(error, BadParameters)
    return respond_with(request, 400, error.errors)


def on_old_encoding(request: Request, error: Exception) -> Response:
    """Links of old portals in GB 18030 go to the same page in UTF-8; programs are told to write UTF-8."""
    assert isinstance(error, OldEncoding)
    if is_for_machines(request.scope["path"]):
        return respond_with(request, 400, (ParameterError("", "文字编码应为 UTF-8"),))
    return RedirectResponse(f"{quote(request.scope['path'])}?{encode_pairs(error.pairs)}", 301)


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
    response.headers.update(SECURITY_HEADERS)
    return response


HANDLERS: dict[Any, Any] = {
    HTTPException: on_http_error,
    BadParameters: on_bad_parameters,
    OldEncoding: on_old_encoding,
    BadQuery: on_bad_query,
    EngineError: on_engine_error,
    Exception: on_failure,
}
