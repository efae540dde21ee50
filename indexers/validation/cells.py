"""How does the text of one column become values of its field?

A converter takes clean or unclean text and returns a value, or None for nothing; it raises Refused or Noted.
"""

from __future__ import annotations

import re
import unicodedata

from indexers.amounts import UNITS, read_amounts, read_number
from indexers.analysis.names import NAME_LENGTH
from indexers.errors import UsageError
from indexers.grammar import Column, RecordField, RecordKind
from indexers.identifiers import (
    compact,
    is_identity_number,
    is_no_code,
    is_numbered_like_a_child,
    is_uscc,
)
from indexers.periods import (
    length_of,
    read_last_day,
    read_months,
    read_range,
    split_day,
    unit_of_label,
    with_unit,
)
from indexers.privacy import LONGEST_CELL, ODD_DIGITS
from indexers.records import Value
from indexers.validation.keys import keyed, list_of
from indexers.validation.rules import Noted, Refused, Surroundings, check_digits_kept
from indexers.validation.wrapping import (
    Converter,
    codes_apart,
    registration_number_first,
    several,
    uscc_first,
    value_of,
    with_rules,
)
from indexers.values import clean_name, clean_text, is_blank, read_date, read_document_numbers

DOCUMENT_NUMBER = "document_number"
PARTY = "party"
VALID_UNTIL = "valid_until"
PUBLICITY_END = "publicity_end"
FINE_AMOUNT = "fine_amount"
REGISTRATION_NUMBER = "registration_number"
RECORD_ID = "record_id"
_NAME_SEPARATORS = ";；\n"
"""Names may hold 、 themselves; a mapping whose cells part names by it says so with `split`."""

_CODE_SEPARATORS = "、;；,，\n"
"""Codes hold none of these."""

_TEXT_SEPARATORS = "、;；,，\n"
_SHORTEST_NUMBER = 11
"""No number of a person is shorter: shorter codes need no look."""
_SHORTEST_PLATE = 7
"""Shorter texts hold nothing personal."""
_DIGITS_OF_A_PERSON = re.compile(r"\d{17}[\dX]", re.ASCII)

_PERSONAL_MESSAGE = "栏中有自然人证件号码，已丢弃，不保存"
_NOT_A_NAME = re.compile(r"[\d\s年月日号/.:：\\-]+|[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_YEAR_OF_NUMBER = re.compile(r"[〔\[【﹝(（]\d{4}[〕\]】﹞)）]")
_END_OF_NUMBER = re.compile(r"\d\s*号?\Z")
_HAN = re.compile(r"[\u3400-\u9fff]")
_AROUND_NUMBER = re.compile(
    r"[(（\[【〔、,，;；:：\s]*(?:公民)?(?:居民)?(?:身份证?件?|身份|证件|联系)?(?:电话|手机)?(?:号码?)?[:：]?\0[)）\]】〕]*"
)
_OTHER = ("其他-", "其他—", "其它-", "其他:", "其他：")
_BETWEEN_COMPANIES = re.compile(r"(?<=公司) +(?=[^\n ]{4,}(?<![分支子])公司(?:[ \n]|$))")
_JOINED_COMPANIES = re.compile(
    r"(?<=公司)(?:以?及|[和与])(?=[^\s,，;；、]{4,}(?:有限(?:责任)?公司|合作社)(?:$|\n))"
)
_CODE_BESIDE_NAME = re.compile(
    r"[\s,，;；]*[(（]?(?:(?:统一)?(?:社会)?信用代码|代码)?[:： ]*"
    r"(?<![0-9A-Z])([0-9A-HJ-NPQRTUWXY]{18})(?![0-9A-Z])[)）]?",
    re.IGNORECASE,
)
_AROUND_CODE = re.compile(r"^\s*(?:统一)?(?:社会)?信用代码\s*[:：]\s*|\s*[(（]\d-\d[)）]\s*$")
"""A label in the cell, and the number of the copy of a business licence: 9122…（1-1）."""
_FORMER_NAME = re.compile(
    r"\s*[(（](?:曾用名|原名称?|原企业名称|原单位名称|更名前)[:：]?\s*[^()（）\n]+[)）]"
    r"|\s*[(（]原[^()（）\n]{4,}(?:公司|厂|店|合作社|中心|医院|学校)[)）]"
)
_FORMER_MESSAGE = "名称后面写有曾用名，没有读入；曾用名请随主体登记信息报送"
_CODE_MESSAGE = "名称栏里写有统一社会信用代码，没有读入；请另设一列“统一社会信用代码”"
_DIGIT = re.compile(rf"[\d{ODD_DIGITS}]")
_CONFISCATED = re.compile(r"没收(?:(?!并?处)[^,，;；。、罚]|,(?=\d{3}))*?[元圆]整?[,，;；。、]?")
_LENGTH_OF_PUBLICITY = re.compile(r"公示(期限?|时限)(?:[(（][^()（）]*[)）])?")
_WEB_ADDRESS = re.compile(r"https?://[^\s<>\"']+", re.IGNORECASE)


class ConverterMaker:
    """Makes the converter of a column, once per sheet."""

    def __init__(self, around: Surroundings, record_kind: RecordKind) -> None:
        self._privacy = around.catalog.privacy
        self._around = around
        catalog = around.catalog
        kinds = {kind.key: kind.label for kind in catalog.kinds.values()}
        self._keys = {
            "list": list_of(catalog, record_kind),
            "kind": keyed(kinds, "没有这个信息类别", "credit-search kinds"),
        }

    def make(self, field: RecordField, column: Column) -> Converter:
        """The converter of a column; the column's own `values` are exchanged before anything is read."""
        inner = self._by_type(field, column)
        if column.day_to:
            return lambda text: inner(split_day(text)[0])
        if not column.values:
            return inner
        exchanged = column.values
        return lambda text: inner(exchanged.get(clean_text(text), text))

    def make_day(self, field: RecordField) -> Converter:
        """The converter of a day that stands in a cell beside something else."""
        inner = self._by_type(field, Column(names=(field.label,), to=field.key))
        return lambda text: inner(split_day(text)[1])

    def _by_type(self, field: RecordField, column: Column) -> Converter:
        if field.key in self._keys:
            return self._keys[field.key]
        if field.key == RECORD_ID:
            return self._record_id
        if field.type == "amount":
            read = self._amount(column.amount or "元")
            return _without_confiscation(read) if field.key == FINE_AMOUNT else read
        if field.type == "choice":
            return self._choice(field)
        if field.type == "text" and field.multiple and field.key == DOCUMENT_NUMBER:
            return self._document_numbers
        if field.key == PARTY:
            return self._party
        if field.key in (VALID_UNTIL, PUBLICITY_END):
            is_length = field.key == PUBLICITY_END and any(map(_LENGTH_OF_PUBLICITY.fullmatch, column.names))
            end = self._end_of_publicity if is_length else self._last_day
            unit = unit_of_label(column.names[0])
            return (lambda text: end(with_unit(text, unit))) if unit else end
        one: Converter = {
            "text": self._paper_number if "digits_kept" in field.rules else self._text,
            "name": self._name, "date": self._date,
            "code": self._code if "uscc" in field.rules else self._old_code,
            "number": self._number, "url": self._url,
        }[field.type]  # fmt: skip
        one = with_rules(one, field, self._around)
        if field.multiple or column.split or field.key == "uscc":
            if field.type == "code" and not column.split:
                one = codes_apart(several(one, _CODE_SEPARATORS))
            else:
                usual = _NAME_SEPARATORS if field.type == "name" else _TEXT_SEPARATORS
                one = several(one, column.split or usual)
        if field.key == REGISTRATION_NUMBER:
            return registration_number_first(one)
        return uscc_first(one) if "uscc" in field.rules else one

    def _text(self, text: str) -> str | None:
        if is_blank(text):
            return None
        text = clean_text(text)
        return self._privacy.scrub(text) if len(text) >= _SHORTEST_PLATE or "住" in text else text

    def _name(self, text: str) -> str | None:
        if is_blank(text):
            return None
        name = clean_name(text)
        if _DIGIT.search(name):
            if _may_be_number(name) and is_identity_number(name):
                raise Noted(_PERSONAL_MESSAGE, "personal_number", personal=True)
            if _NOT_A_NAME.fullmatch(name) or _is_document_number(name):
                raise Refused("这里应是名称，却是日期、文号或编号；请检查这一行是否错了列", "name")
            if (scrubbed := self._privacy.scrub(name, with_names=False)) != name:
                raise Noted(
                    _PERSONAL_MESSAGE, "personal_number", self._beside_number(scrubbed), personal=True
                )
        return name

    def _beside_number(self, scrubbed: str) -> str:
        """The name that a person's number stood beside, "" where hardly anything is left."""
        rest = _AROUND_NUMBER.sub("", scrubbed.replace(self._privacy.placeholder, "\0"))
        return rest if _HAN.search(rest) else ""

    def _party(self, text: str) -> str | None:
        """Several parties may stand in lines of their own: line breaks stay until they are told apart."""
        lines: list[str] = []
        noted: Noted | None = None
        if len(text) > LONGEST_CELL:
            raise Refused("内容太长，不像是主体名称；请核对这一格是否错了列", "name")
        cell = clean_text(text)
        if _DIGIT.search(cell) and (bare := _CODE_BESIDE_NAME.sub(_without_code, cell)) not in ("", cell):
            cell, noted = bare, Noted(_CODE_MESSAGE, "code_beside_name")
        if "原" in cell or "名" in cell:
            cell, former = _FORMER_NAME.subn("", cell)
            noted = Noted(_FORMER_MESSAGE, "former_name") if former else noted
        cell = self._privacy.read_party(cell).parties
        if self._privacy.is_party_unclear(cell):
            raise Refused(
                "单位和个人写在一起，看不出说的是谁；请分行写，或只留当事人", "party_class", personal=True
            )
        for line in self._lines_of_parties(cell):
            if len(line) > NAME_LENGTH:
                raise Refused(f"名称超过{NAME_LENGTH}个字；请核对这一行是否错了列，几个单位请分行写", "name")
            try:
                lines.append(self._name(line) or "")
            except Noted as found:
                noted = found
                lines.append(str(found.value))
        party = "\n".join(filter(None, lines))
        if noted is not None:
            raise Noted(noted.message, noted.rule, party, personal=noted.personal)
        return party or None

    def _lines_of_parties(self, text: str) -> list[str]:
        """The lines of a cell, and those names apart that only blanks part: 甲有限公司 乙有限公司, 某甲 某乙.

        A word parts only companies (甲有限公司与乙有限公司), whose ends are plain.
        """
        text = _JOINED_COMPANIES.sub("\n", text)
        if " " not in text:
            return text.split("\n")
        lines = _BETWEEN_COMPANIES.sub("\n", text).split("\n")
        return [
            part
            for line in lines
            for part in (
                line.split(" ") if " " in line and self._privacy.are_names(line.split(" ")) else [line]
            )
        ]

    def _code(self, text: str) -> str | None:
        if is_blank(text):
            return None
        if not text.isascii() or "(" in text:
            text = _AROUND_CODE.sub("", text)
        code = compact(text)
        if "*" in code:
            raise Noted("代码被部分遮盖，按没有代码处理", "masked_code")
        may_be_personal = len(code) >= _SHORTEST_NUMBER or not code.isascii()
        if may_be_personal and (
            self._privacy.is_personal_number(code)
            or self._privacy.contains_personal(text)
            or (code != text and self._privacy.contains_personal(code))
        ):
            raise Noted(_PERSONAL_MESSAGE, "personal_number", personal=True)
        check_digits_kept(text, self._around)
        return None if is_no_code(code) else code

    def _old_code(self, text: str) -> str | None:
        """A code that nothing checks: what may be a person's number with a slip in it is not kept."""
        code = self._code(text)
        if code and _DIGITS_OF_A_PERSON.fullmatch(code) and not is_uscc(code):
            raise Noted("不是有效的代码，可能是个人证件号码，已丢弃", "personal_number", personal=True)
        return code

    def _holds_personal(self, text: str) -> bool:
        return len(text) >= _SHORTEST_NUMBER and self._privacy.contains_personal(text)

    def _drop_personal(self, text: str) -> None:
        """Go on without a cell that is, or holds, the number of a person: where nothing hangs on the column."""
        if self._holds_personal(text):
            raise Noted(_PERSONAL_MESSAGE, "personal_number", personal=True)

    def _date(self, text: str) -> str | None:
        """A day. A person's number refuses the row too: without its day, a record would be public for too long."""
        day = read_date(text)
        if day is None:
            told = "不是日期；请写成 2026-01-31 的样子，并检查这一行是否错了列"
            raise Refused(told, "date", personal=self._holds_personal(text))
        return day or None

    def _last_day(self, text: str) -> str | None:
        """The end of a period: a day, also behind 至, the second day of a range, or a length."""
        if (day := read_date(text)) is not None:
            return day or None
        if span := read_range(text):
            return span[1]
        if day := read_last_day(text):
            return day
        if months := read_months(text):
            return length_of(months)
        return self._date(text)

    def _end_of_publicity(self, text: str) -> str | None:
        """The same of publicity, where a length is usual: words and bare numbers leave it to the kind's rule."""
        try:
            return self._last_day(text)
        except Refused as refused:
            told = "看不出公示到哪一天，按规定的期限公示；请写成 2026-01-31 的样子"
            raise Noted(told, "date", personal=refused.personal) from refused

    def _amount(self, unit: str) -> Converter:
        if unit not in UNITS:
            raise UsageError(f"不认识的金额单位 {unit!r}；可用：{'、'.join(filter(None, UNITS))}")

        def convert(text: str) -> Value | None:
            self._drop_personal(text)
            amounts = read_amounts(text, unit)
            if amounts is None:
                raise Refused(f"不是金额；请写数字（单位{unit}）或“90万元”的样子", "amount")
            return value_of(list(amounts))

        return convert

    def _number(self, text: str) -> str | None:
        self._drop_personal(text)
        number = read_number(text)
        if number is None:
            raise Refused("不是数字", "number")
        return number or None

    def _record_id(self, text: str) -> str | None:
        self._drop_personal(text)
        return None if is_blank(text) else check_digits_kept(clean_text(text), self._around)

    def _url(self, text: str) -> str | None:
        if is_blank(text):
            return None
        self._drop_personal(text)
        if not _WEB_ADDRESS.fullmatch(address := text.strip()):
            raise Refused("不是网址；应以 http:// 或 https:// 开头", "url")
        return address

    def _choice(self, field: RecordField) -> Converter:
        words = {_plain(word): key for word, key in field.aliases.items()}
        for key, label in field.choices.items():
            words[_plain(label)] = words[_plain(key)] = key

        def convert(text: str) -> Value | None:
            if is_blank(text):
                return None
            plain = _plain(clean_text(text))
            if (key := words.get(plain)) is not None:
                return key
            if plain.startswith(_OTHER):
                return self._text(text)
            if field.lenient:
                self._drop_personal(text)
                raise Noted("不认识的值，这一栏已留空", "choice")
            told = f"不认识的值；可填：{'、'.join(field.choices.values())}"
            raise Refused(told, "choice", personal=self._holds_personal(text))

        return convert

    def _document_numbers(self, text: str) -> Value | None:
        if is_blank(text):
            return None
        numbers = [self._document_number(number) for number in read_document_numbers(text)]
        return value_of(numbers)

    def _paper_number(self, text: str) -> str | None:
        if is_numbered_like_a_child(text, self._around.today):
            return clean_text(text)
        self._drop_personal(text)
        return self._text(text)

    def _document_number(self, number: str) -> str:
        check_digits_kept(number, self._around)
        if len(number) < _SHORTEST_PLATE:
            return number
        if _may_be_number(number):
            if is_numbered_like_a_child(number, self._around.today):
                return number
            if is_identity_number(number):
                raise Noted(_PERSONAL_MESSAGE, "personal_number", personal=True)
        return self._privacy.scrub(number)


def _may_be_number(text: str) -> bool:
    """A fast look before a slow one: numbers of persons begin with the six digits of a region."""
    return text.lstrip()[:2].isdigit()


def _without_code(found: re.Match[str]) -> str:
    """Nothing in the place of a valid code; other letters and digits may belong to a name."""
    return "" if is_uscc(found[1].upper()) else found[0]


def _is_document_number(name: str) -> bool:
    """Whether a year in brackets stands in it, and a number behind that at its end."""
    year = _YEAR_OF_NUMBER.search(name)
    return year is not None and _END_OF_NUMBER.search(name, year.end()) is not None


def _without_confiscation(read: Converter) -> Converter:
    """In a column of fines, what was confiscated beside one is no second fine."""

    def convert(text: str) -> Value | None:
        return read(_CONFISCATED.sub("", text) if "没收" in text and "罚" in text else text)

    return convert


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split()).strip("《》“”\"'").casefold()
