"""Which rows does a query bring from a department's own database?"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, event, make_url, text
from sqlalchemy.engine import URL, CursorResult, Engine
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from indexers.addresses import show_address
from indexers.errors import SheetError, UsageError
from indexers.readers.cells import Row, Sheet, clean_cell

_ROWS_AT_ONCE = 2_000
_QUERY_KEY = "query"


def read_database(address: str, query: str = "") -> Iterator[Sheet]:
    """The rows of one query as one table, named by the address without its secrets.

    The query is `query` or the ``query=`` part of the address; it reads, and changes nothing in the database. Raises
    UsageError for an address or query that cannot be used, SheetError for what the database refuses.
    """
    try:
        url = make_url(address)
    except (ArgumentError, ValueError) as error:  # ValueError: a port that is no number
        raise UsageError(
            "数据库地址写法不对，例如 sqlite:///data.db 或 postgresql+psycopg://user@host/db"
        ) from error
    inside = url.query.get(_QUERY_KEY, "")
    statement = query or (inside if isinstance(inside, str) else inside[0])
    if not statement.strip():
        raise UsageError("从数据库读取要有查询语句：用 --query 给出，或写在地址的 ?query= 里")
    return _read(url.difference_update_query([_QUERY_KEY]), statement)


def _read(url: URL, statement: str) -> Iterator[Sheet]:
    name = show_address(url.render_as_string(hide_password=False))
    is_sqlite = url.get_backend_name() == "sqlite"
    if is_sqlite and _is_missing(url.database or ""):
        raise UsageError(f"找不到文件：{name}")
    try:
        engine = create_engine(url)
    except (NoSuchModuleError, ModuleNotFoundError) as error:
        raise UsageError(f"没有安装 {url.drivername} 的驱动") from error
    if is_sqlite:
        event.listen(engine, "connect", _only_read)
    try:
        yield from _sheet(engine, name, statement)
    except SQLAlchemyError as error:
        raise _refused(name, error) from error
    finally:
        engine.dispose()


def _is_missing(path: str) -> bool:
    """Whether a file is named that is not there: SQLite would make an empty one."""
    is_path = path not in ("", ":memory:") and not path.startswith("file:")
    return is_path and not Path(path).is_file()


def _only_read(connection: Any, _record: Any) -> None:
    """What defines tables takes effect in SQLite at once; nothing else is kept, because nothing is committed."""
    connection.execute("PRAGMA query_only = ON")


def _sheet(engine: Engine, name: str, statement: str) -> Iterator[Sheet]:
    with engine.connect() as connection:
        streamed = connection.execution_options(stream_results=True, yield_per=_ROWS_AT_ONCE)
        result = streamed.execute(text(statement))
        yield Sheet(name, "", _rows(name, result), tuple(map(str, result.keys())))


def _rows(name: str, result: CursorResult[Any]) -> Iterator[Row]:
    try:
        for number, record in enumerate(result, start=1):
            yield number, [clean_cell(value) for value in record]
    except SQLAlchemyError as error:
        raise _refused(name, error) from error


def _refused(name: str, error: SQLAlchemyError) -> SheetError:
    cause = getattr(error, "orig", None) or error
    return SheetError(f"{name}：查询失败（{type(cause).__name__}：{cause}）")
