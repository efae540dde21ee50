"""Which question does a URL ask, what is wrong with it, and which URL asks a given question?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from urllib.parse import quote, unquote_to_bytes

import msgspec

from indexers.answers import Request
from indexers.catalog import COLLECTION_OF_TYPE, Catalog
from indexers.grammar import IndexField
from indexers.identifiers import USCC_LENGTH, compact, holds_identity_number
from indexers.query import MAX_SIZE, MAX_WINDOW, is_in_window

MAX_QUERY_STRING = 8_192
"""Longer query strings come from no page of ours; servers commonly stop near this size as well."""
MAX_FIELDS = 400
MAX_TEXT = 200
"""Longest text: the longest registered names have about 100 characters, a sentence of a record fits too."""
MAX_VALUE = 200
MAX_VALUES = 50
"""Values of one filter; every link of a page repeats them all, so that some hundreds make megabytes."""
FIRST_YEAR = 1900
"""No decision is older; day sums with the year 1 leave the calendar."""
LAST_YEAR = 2999
MAX_ID = 80

TYPES = tuple(COLLECTION_OF_TYPE)
SORTS = ("relevance", "newest", "oldest", "name")
_SINGLE = ("q", "type", "region", "subject", "from", "to", "fine_from", "fine_to", "sort", "page", "size")
REGION = re.compile(r"[0-9]{2}(?:[0-9]{2}){0,2}")
_NUMBER = re.compile(r"\d{1,6}", re.ASCII)
_MOST_DIGITS = 15
"""Every engine orders whole numbers of fifteen digits exactly."""
_WHOLE = re.compile(rf"[0-9]{{1,{_MOST_DIGITS}}}")
MOST_YUAN = 10**_MOST_DIGITS - 1
_YEAR = re.compile(r"[0-9]{4}")
_WANTED = {
    REGION: "应为 2、4 或 6 位区划代码",
    _YEAR: "应为 4 位数字",
    _WHOLE: f"应为整数，最多 {_MOST_DIGITS} 位",
}
NO_PERSONS = "不能按身份证号查询；本站不公示自然人"
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")
_ONLY_HAN = re.compile(r"[\u4e00-\u9fff]{2,}")
_TWO_BYTES = re.compile(r"[\u0080-\u07ff]")
_GREEK_OR_CYRILLIC = re.compile(r"[\u0386-\u03ce]+|[\u0400-\u045fғҒқҚңҢөӨұҰүҮһҺ]+")
"""Words of living languages, Kazakh and Mongolian among them; 学校 in GB 2312 reads as letters that nobody writes."""
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff\ufff9-\uffff]")
"""Control and invisible characters: nobody types them, and some reorder the text around them."""


class ParameterError(msgspec.Struct, frozen=True):
    """One fault of one parameter, in words for people; never repeats what was typed."""

    parameter: str
    detail: str


class BadParameters(Exception):
    """The URL asks nothing that can be answered; `errors` holds every fault."""

    def __init__(self, errors: Iterable[ParameterError]) -> None:
        self.errors = tuple(errors)
        super().__init__(";".join(f"{error.parameter}: {error.detail}" for error in self.errors))


class OldEncoding(Exception):
    """The query string was written in GB 18030 (old portals link so); `pairs` is what it says.

    `is_guess`: it could be UTF-8 too, which would then say what nobody looks for.
    """

    def __init__(self, pairs: list[tuple[str, str]], *, is_guess: bool = False) -> None:
        self.pairs = pairs
        self.is_guess = is_guess
        super().__init__("query string in GB 18030")


Pairs = dict[str, list[str]]


def read_pairs(query_string: bytes, *, may_guess: bool = False) -> Pairs:
    """Parameters with their values. An empty value asks nothing, yet its parameter is noted with no value.

    Raises OldEncoding for GB 18030 text, with `may_guess` for what could be UTF-8 as well; BadParameters for what is
    neither that nor UTF-8, or too long, or asks for a person by number.
    """
    if len(query_string) > MAX_QUERY_STRING:
        raise BadParameters([ParameterError("", "网址过长")])
    parts = [part for part in query_string.split(b"&") if part]
    if len(parts) > MAX_FIELDS:
        raise BadParameters([ParameterError("", "参数过多")])
    raw = [tuple(map(_unquoted, (key, value))) for key, _, value in (part.partition(b"=") for part in parts)]
    try:
        found = [(key.decode(), value.decode()) for key, value in raw]
    except UnicodeDecodeError:
        raise OldEncoding(_old_pairs(raw)) from None
    if may_guess and _says_more_in_old_encoding(raw, found):
        raise OldEncoding(_old_pairs(raw), is_guess=True)
    refuse_persons(found)
    pairs: Pairs = {}
    for key, value in found:
        pairs.setdefault(key, []).extend([value] if value else [])
    return pairs


def _unquoted(part: bytes) -> bytes:
    return unquote_to_bytes(part.replace(b"+", b" "))


def _old_pairs(raw: list[tuple[bytes, ...]]) -> list[tuple[str, str]]:
    try:
        pairs = [(key.decode("gb18030"), value.decode("gb18030")) for key, value in raw]
    except UnicodeDecodeError as error:
        raise BadParameters([ParameterError("", "文字编码不是 UTF-8 或 GB18030")]) from error
    refuse_persons(pairs)
    return pairs


def _says_more_in_old_encoding(raw: list[tuple[bytes, ...]], found: list[tuple[str, str]]) -> bool:
    """Whether bytes that could be UTF-8 are words of GB 2312: 食品 reads as `ʳƷ`, which nobody looks for."""
    if any(_HAN.search(value) for _, value in found):
        return False
    return any(
        _TWO_BYTES.search(text)
        and _ONLY_HAN.fullmatch(value.decode("gb2312", "replace"))
        and not _GREEK_OR_CYRILLIC.fullmatch(text)
        for (_, value), (_, text) in zip(raw, found, strict=True)
    )


def refuse_persons(pairs: Iterable[tuple[str, str]]) -> None:
    """BadParameters where the name or value of a parameter holds somebody's identity number, without repeating it."""
    faults = [
        ParameterError("" if is_name else name, NO_PERSONS)
        for name, value in pairs
        if (is_name := holds_identity_number(name)) or holds_identity_number(value)
    ]
    if faults:
        raise BadParameters(faults)


def read_request(pairs: Mapping[str, list[str]], catalog: Catalog, size: int, strict: bool) -> Request:
    """The question of these parameters. BadParameters holds all faults at once.

    `strict` (the API) refuses unknown parameters, facets of another type and repeated single values; pages
    ignore the first two and take the first of the third.
    """
    reader = _Reader(pairs, strict)
    result_type = reader.choice("type", TYPES, "subject")
    request = Request(
        text=reader.text("q"),
        type=result_type,
        filters=reader.filters(catalog, result_type),
        subject=canonical_id(reader.only_for_records("subject", result_type)),
        decided_from=reader.day("from", result_type),
        decided_to=reader.day("to", result_type),
        fine_from=reader.sum("fine_from", result_type),
        fine_to=reader.sum("fine_to", result_type),
        sort=reader.choice("sort", SORTS, "relevance"),
        page=reader.number("page", 1, MAX_WINDOW),
        size=reader.number("size", size, MAX_SIZE) if strict else size,
    )
    reader.check_order(request)
    reader.check_window(request)
    if reader.errors:
        raise BadParameters(reader.errors)
    return request


class _Reader:
    """Reads parameters one by one and gathers every fault."""

    def __init__(self, pairs: Mapping[str, list[str]], strict: bool) -> None:
        self.pairs = pairs
        self.strict = strict
        self.errors: list[ParameterError] = []

    def fault(self, parameter: str, detail: str) -> None:
        self.errors.append(ParameterError(parameter, detail))

    def one(self, name: str) -> str:
        values = self.pairs.get(name, [])
        if len(values) > 1 and self.strict:
            self.fault(name, "只能给出一次")
        return values[0] if values else ""

    def text(self, name: str) -> str:
        value = " ".join(_UNSEEN.sub(" ", self.one(name)).split())
        if len(value) > MAX_TEXT:
            self.fault(name, f"最多 {MAX_TEXT} 个字符")
            return ""
        return value

    def choice(self, name: str, choices: tuple[str, ...], default: str) -> str:
        value = self.one(name) or default
        if value not in choices:
            self.fault(name, f"应为 {'、'.join(choices)} 之一")
            return default
        return value

    def number(self, name: str, default: int, most: int) -> int:
        value = self.one(name)
        if not value:
            return default
        if not _NUMBER.fullmatch(value) or not 1 <= int(value) <= most:
            self.fault(name, f"应为 1 至 {most} 的整数")
            return default
        return int(value)

    def only_for_records(self, name: str, result_type: str) -> str:
        value = self.one(name)
        if not value or (result_type != "record" and not self.strict):
            return ""
        if result_type != "record":
            self.fault(name, "只用于 type=record")
        elif len(value) > MAX_ID:
            self.fault(name, f"最多 {MAX_ID} 个字符")
        return value if len(value) <= MAX_ID else ""

    def day(self, name: str, result_type: str) -> date | None:
        value = self.only_for_records(name, result_type)
        if not value:
            return None
        try:
            # The length keeps out the short forms of ISO 8601, which fromisoformat reads as well.
            found = date.fromisoformat(value) if len(value) == len("2026-01-31") else None
        except ValueError:
            found = None
        if found is None or not FIRST_YEAR <= found.year <= LAST_YEAR:
            self.fault(name, "应为 2026-01-31 这样的日期")
            return None
        return found

    def sum(self, name: str, result_type: str) -> int | None:
        value = self.only_for_records(name, result_type)
        if not value:
            return None
        if not _WHOLE.fullmatch(value):
            self.fault(name, f"应为元的整数，最多 {_MOST_DIGITS} 位")
            return None
        return int(value)

    def filters(self, catalog: Catalog, result_type: str) -> dict[str, tuple[str, ...]]:
        collection = COLLECTION_OF_TYPE[result_type]
        known = {field.key: form_of(field) for field in catalog.facets(collection)}
        if "region" in catalog.fields_in(collection):
            known["region"] = REGION
        chosen: dict[str, tuple[str, ...]] = {}
        for name, form in known.items():
            values = tuple(sorted(set(self.pairs.get(name, ()))))
            if values and self._usable(name, form, values):
                chosen[name] = values
        if self.strict:
            for name in self.pairs:
                if name not in known and (name not in _SINGLE or name == "region"):
                    self.fault(name[:MAX_ID], self._why_unknown(name, catalog, result_type))
        return chosen

    def _why_unknown(self, name: str, catalog: Catalog, result_type: str) -> str:
        field = catalog.fields.get(name)
        if field is not None and (field.facet or name == "region"):
            return f"不是 type={result_type} 的筛选项"
        return "不认识的参数"

    def _usable(self, name: str, form: re.Pattern[str] | None, values: tuple[str, ...]) -> bool:
        if len(values) > MAX_VALUES:
            self.fault(name, f"最多 {MAX_VALUES} 个值")
        elif form and not all(map(form.fullmatch, values)):
            self.fault(name, _WANTED[form])
        elif any(len(value) > MAX_VALUE or _UNSEEN.search(value) for value in values):
            self.fault(name, f"最多 {MAX_VALUE} 个字符，不含控制字符")
        else:
            return True
        return False

    def check_order(self, request: Request) -> None:
        if request.decided_from and request.decided_to and request.decided_from > request.decided_to:
            self.fault("from", "晚于截止日期")
        if (
            request.fine_from is not None
            and request.fine_to is not None
            and request.fine_from > request.fine_to
        ):
            self.fault("fine_from", "大于最高金额")

    def check_window(self, request: Request) -> None:
        if not is_in_window(request.page, request.size):
            self.fault("page", f"只能翻看前 {MAX_WINDOW} 条，请缩小范围")


def form_of(field: IndexField) -> re.Pattern[str] | None:
    """What a value of a facet looks like; None for any text."""
    if field.tree:
        return REGION
    if field.is_year:
        return _YEAR
    return _WHOLE if field.type == "int" else None


def typed_text(pairs: Mapping[str, list[str]]) -> str:
    """The text of a question whose other parameters may be wrong; "" where it is wrong itself."""
    return _Reader(pairs, strict=False).text("q")


def read_suggest(pairs: Mapping[str, list[str]]) -> str:
    """The text typed so far; nothing else may be asked of suggestions."""
    reader = _Reader(pairs, strict=True)
    text = reader.text("q")
    for name in pairs:
        if name != "q":
            reader.fault(name[:MAX_ID], "不认识的参数")
    if reader.errors:
        raise BadParameters(reader.errors)
    return text


def refuse_parameters(pairs: Mapping[str, list[str]]) -> None:
    """For addresses that take none: BadParameters names each that is given."""
    if pairs:
        raise BadParameters(ParameterError(name[:MAX_ID], "不认识的参数") for name in pairs)


def pairs_of(request: Request, catalog: Catalog, default_sort: str = "relevance") -> list[tuple[str, str]]:
    """The parameters of a question in their fixed order, defaults left out."""
    parts: list[tuple[str, str]] = []
    if request.text:
        parts.append(("q", request.text))
    if request.type != "subject":
        parts.append(("type", request.type))
    order = [field.key for field in catalog.facets(COLLECTION_OF_TYPE[request.type])]
    for name in (*order, "region"):
        parts.extend((name, value) for value in request.filters.get(name, ()))
    if request.subject:
        parts.append(("subject", request.subject))
    if request.decided_from:
        parts.append(("from", request.decided_from.isoformat()))
    if request.decided_to:
        parts.append(("to", request.decided_to.isoformat()))
    if request.fine_from is not None:
        parts.append(("fine_from", str(request.fine_from)))
    if request.fine_to is not None:
        parts.append(("fine_to", str(request.fine_to)))
    if request.sort != default_sort:
        parts.append(("sort", request.sort))
    if request.page != 1:
        parts.append(("page", str(request.page)))
    return parts


def encode_pairs(pairs: Iterable[tuple[str, str]]) -> str:
    """A query string in UTF-8."""
    return "&".join(f"{encode(name)}={encode(value)}" for name, value in pairs)


def encode(text: str) -> str:
    """Percent-encoded UTF-8; codes and numbers, which most values are, need none."""
    return text if text.isascii() and text.isalnum() else quote(text, safe="")


def own_path(path: str) -> str:
    """A path that was asked for, as a link to this site: with two slashes before it, it would name another host."""
    return quote(f"/{path.lstrip('/')}")


def search_url(request: Request, catalog: Catalog, path: str = "/search") -> str:
    """The page that asks this question."""
    query = encode_pairs(pairs_of(request, catalog))
    return f"{path}?{query}" if query else path


def looks_like_uscc(text: str) -> bool:
    """Whether a path or a scanned text has the form of a code: 18 letters and digits, at least one digit."""
    code = compact(text)
    return len(code) == USCC_LENGTH and code.isascii() and code.isalnum() and any(c.isdigit() for c in code)


def canonical_id(given: str) -> str:
    """The id of a subject: a code in any width and case is put right, any other id stays as it is."""
    return compact(given) if looks_like_uscc(given) else given
