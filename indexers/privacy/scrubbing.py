"""Where in a free text does something personal stand?"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence

from ..identifiers import (
    compact,
    has_identity_form,
    is_identity_number,
    is_organisation_code,
    is_uscc,
)
from ..spans import Span, unite
from .notations import AS_DIGITS, HAN_CENTURIES, HAN_DIGITS, LIKE_DIGITS, ODD, unfold
from .persons import HAN
from .wordlists import PrivacyWords

# Only what patterns ask for, and one character for one: a place in the copy is the same place in the text.
_WIDE = "０１２３４５６７８９" + "".join(
    chr(code) for code in (*range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))
)
_WIDE += "＠＊＋－．—–‐‑\u3000\xa0"
_TO_HALF_WIDTH = str.maketrans(_WIDE, unicodedata.normalize("NFKC", _WIDE[:67]) + "----  ")
_HAS_WIDE = re.compile(f"[{_WIDE}{ODD}]")
_HAS_ODD = re.compile(f"[{ODD}]")

# A text without such a run, without a label and without an address word holds nothing personal.
_INSIDE_RUN = r"0-9A-Za-z@*×●•·.,/+_ \n()（）挂学警港澳领\-"
_RUN = re.compile(rf"[0-9A-Za-z{_WIDE[:62]}{ODD}][{_INSIDE_RUN}{_WIDE}{ODD}]{{5,}}")

_BEFORE, _AFTER = r"(?<![0-9A-Za-z])", r"(?![0-9A-Za-z])"
_PARTING = r"[ \n·•.,/_-]{0,2}"
_IDENTITY = re.compile(rf"{_BEFORE}[1-9](?:{_PARTING}\d){{16}}{_PARTING}[\dXx](?:0\d)?{_AFTER}")
# A number in Han digits, or with letters that look like digits: read only where so much of one stands together.
_IN_HAN_DIGITS = re.compile(rf"[{HAN_CENTURIES}](?:{_PARTING}[{HAN_DIGITS}]){{10}}")
_LIKE_DIGIT = re.compile(f"[{LIKE_DIGITS}]")
_SHORTEST_IDENTITY = 18
# The shortest number, of a landline, has ten digits; sums and days have fewer.
_TEN_DIGITS = re.compile(r"\d(?:\D{0,3}\d){9}")
_USUALLY_PARTED = re.compile(r"\d(?:[ \n-]?[\dXx])*")
_PARTED = re.compile(r"[\s·•.,/_-]+")
# Taxpayer numbers of persons: L before the number, or up to three characters behind it; and slips of the keyboard:
# zeros before the number, a word behind it.
_GLUED_IDENTITY = re.compile(rf"(?<!\d)0{{0,2}}([1-9]\d{{16}}[\dXx])(?=[A-Za-z]|[0-9A-Za-z]{{0,3}}{_AFTER})")
_CUT_IDENTITY = re.compile(rf"{_BEFORE}[1-9]\d{{16}}[*×●•]?{_AFTER}")
_OLD_IDENTITY = re.compile(rf"{_BEFORE}[1-9]\d{{14}}(?:0\d)?{_AFTER}")
_MOBILE = re.compile(
    r"(?<![0-9A-Za-z.,])(?:(?:\+|00)?86[ -]?)?(?:1[3-9]\d[ -]?\d{4}[ -]?\d{4}"
    rf"|(?<!\d[ .·-])1(?:[3-9]\d([.·])\d{{4}}\1\d{{4}}(?!\1\d)|([ .·-])[3-9](?:\2\d){{9}}(?!\2\d))){_AFTER}"
)
_LANDLINE = re.compile(
    r"(?<![0-9A-Za-z.,-])[(（]?0(?:10|2\d|[3-9](?!00)\d{2})[)）]?[ -]{0,2}[2-9]\d{6,7}(?:-\d{1,5})?" + _AFTER
)
_CARD = re.compile(rf"{_BEFORE}(?:62\d{{14,17}}|[3-69]\d{{3}}(?:[ -]\d{{4}}){{3}}(?:[ -]\d{{1,3}})?){_AFTER}")
_PART_MASKED = re.compile(rf"{_BEFORE}\d{{2,}} ?[*×●•Xx]{{2,}}[*×●•Xx\d ]*[*×●•Xx\d]{_AFTER}")
# Without an end, a run of thousands of letters would be gone through anew from each of them (RFC 5321 allows 64).
_EMAIL = re.compile(r"[A-Za-z0-9_.+-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_PLATE = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-HJ-Za-hj-z][ ·•.-]?"
    r"(?:[A-HJ-Ka-hj-k][A-HJ-NP-Za-hj-np-z0-9]\d{4}|\d{5}[A-HJ-Ka-hj-k]"
    r"|[A-HJ-NP-Za-hj-np-z0-9]{5}|[A-HJ-NP-Za-hj-np-z0-9]{4}[挂学警港澳领])"
    r"(?![0-9A-Za-z-])"
)
_FEWEST_DIGITS_OF_A_PLATE = 2
_FEWEST_PART_MASKED = 7
_FEWEST_LABELLED_DIGITS = 5

_GLUED_BORN_BEFORE = "2010"
"""Numbers of files are glued of region, day and serial too, of days since such numbers are given out."""

_ADDRESS_END = r"[^,，。;；、!！?？()（）「」\n\r\t \"”]"
_HOUSE = r"(?:[0-9A-Za-z一二三四五六七八九十-]{1,6}(?:号楼?|室|单元|栋|幢|弄|组|楼|层|座))"
_HOME = "住"
_HANDLE = r"[A-Za-z][A-Za-z0-9_-]{5,19}"
"""What a name in a network may be: 6 to 20 characters after a letter."""
_PLACE = r"[省市县区旗州盟镇乡村街路]"
_DESCRIBED = re.compile(
    rf"(?P<name>(?:{HAN}|·){{2,4}})[\s,，、(（]{{1,3}}(?:(?:性别[:：]?)?[男女](?:性|士)?(?=[,，、;；。)）\s])"
    r"|(?:公民|居民)*身份证?号?|(?:现年|时年|年仅)?\d{1,3}周?岁)"
    r"|(?P<born>(?:19|20)\d\d年\d{1,2}月(?:\d{1,2}日)?)(?:出生|生(?=[,，、;；。)）\s]|$))"
)
"""A person described as courts do, 某甲（男，1981年3月出生）, or by a number or an age, 某甲（14岁）."""
_SIGNS_OF_DESCRIPTION = ("男", "女", "身份", "岁")
_FILE_NUMBER_OPENING = re.compile(r"[〔〕\[\]【】﹝﹞)第字]\s*(?:第\s*)?$")
_MONEY = re.compile(r"(?:\.\d+)?\s*[余多]?\s*[元万亿美欧港]")


class Finder:
    """Finds identity numbers, phones, bank accounts, plates, home addresses and e-mail in free text, and the names and
    birthdays of persons who are described by sex, age or number, or named as witnesses and the like.

    `looks_like_name` knows names of persons.
    """

    def __init__(self, words: PrivacyWords, looks_like_name: Callable[[str], bool]) -> None:
        self._looks_like_name = looks_like_name
        labels = (*words.contact_labels, *words.account_labels, *words.document_labels)
        # "住" is asked for by itself
        self._address_stems = tuple(stem for stem in _stems(words.address_labels) if _HOME not in stem)
        self._address_signs = tuple({stem[0] for stem in self._address_stems})
        self._label_stems = _stems((*labels, *words.handle_labels))
        self._address = re.compile(
            rf"(?:{_any_of(words.address_labels)})\s*"
            rf"(?:[:：为是系于在]|(?={_ADDRESS_END}{{1,12}}{_PLACE}))\s*(?P<value>{_ADDRESS_END}{{2,80}})"
            r"|(?<=[,，。;；、(（])住(?![所房宅宿建院户])"
            rf"(?P<court>{_ADDRESS_END}{{1,12}}{_PLACE}{_ADDRESS_END}{{1,60}})"
            rf"|(?:{_any_of(words.living_words)})(?![所房宅宿建院户])(?P<home>{_ADDRESS_END}{{1,40}}?{_HOUSE}{{1,6}})"
        )
        self._handle = re.compile(
            rf"(?:{_any_of(words.handle_labels)})(?:(?:号码|号)?\s*[:：为是]\s*(?P<told>{_HANDLE})"
            rf"|(?:号\s*|\s+)(?P<beside>(?=[A-Za-z-]*[0-9_]){_HANDLE})){_AFTER}"
        )
        self._labelled = re.compile(
            rf"(?:{_any_of(labels)})(?:号码|号|码)?(?:[（(][^（）()]{{1,8}}[)）])?\s*[:：为是系]{{0,2}}\s*"
            r"(?P<value>[A-Za-z0-9+*](?:[ -]?[A-Za-z0-9*]){5,29})"
        )
        self._named = re.compile(
            rf"(?:{_any_of(words.named_labels)})(?:姓名)?[:：]\s*(?P<name>{HAN}{{2,4}})(?=[,，、;；。(（)）\s]|$)"
        )
        self._file_number_label = re.compile(rf"(?:{_any_of(words.file_number_labels)})\s*[:：为是]?\s*$")
        self._document_label = re.compile(rf"(?:{_any_of(words.document_labels)})[^0-9]{{0,6}}$")

    def find(self, text: str, *, with_names: bool = True) -> list[Span]:
        """The places of everything personal, in order and apart from each other; `with_names` of persons too."""
        has_run = _RUN.search(text) is not None
        has_address = _HOME in text or (
            _has_any(text, self._address_signs) and _has_any(text, self._address_stems)
        )
        found = self._in_any_script(text, has_run, has_address) if has_run or has_address else []
        if _has_any(text, _SIGNS_OF_DESCRIPTION):
            found = unite([*found, *self._described(text, with_names)])
        if with_names and ("：" in text or ":" in text):
            found = unite([*found, *self._told(text)])
        if _may_hold_number_in_han(text) and (more := list(self._disguised(text, 0, len(text)))):
            return unite(found + more)
        return found

    def _in_any_script(self, text: str, has_run: bool, has_address: bool) -> list[Span]:
        if _HAS_WIDE.search(text) is None:
            return self._in_plain(text, has_run, has_address)
        plain = text.translate(_TO_HALF_WIDTH)
        if _HAS_ODD.search(plain) is None:
            return self._in_plain(plain, has_run, has_address)
        plain, places = unfold(plain)
        spans = self._in_plain(plain, True, has_address)
        return [(places[start], places[end - 1] + 1) for start, end in spans]

    def _in_plain(self, plain: str, has_run: bool, has_address: bool) -> list[Span]:
        """The places in a text whose digits and letters are ASCII."""
        spans: list[Span] = []
        if has_address:
            spans += (match.span(match.lastgroup or 0) for match in self._address.finditer(plain))
        if has_run and any(stem in plain for stem in self._label_stems):
            spans += self._labelled_values(plain)
        for run in _RUN.finditer(plain) if has_run else ():
            spans += self._in_run(plain, max(0, run.start() - 1), run.end() + 1)
        return unite(spans)

    def _in_run(self, plain: str, start: int, end: int) -> Iterator[Span]:
        """Personal numbers in a run of letters and digits and one character on both sides."""
        if _TEN_DIGITS.search(plain, start, end):
            yield from self._identity_numbers(plain, start, end)
            yield from self._numbers(plain, start, end)
        for match in _PART_MASKED.finditer(plain, start, end):
            if len(compact(match[0])) >= _FEWEST_PART_MASKED:
                yield match.span()
        if end - start >= _SHORTEST_IDENTITY and _LIKE_DIGIT.search(plain, start, end):
            yield from self._disguised(plain, start, end)
        yield from (match.span() for match in _EMAIL.finditer(plain, start, end))
        for match in _PLATE.finditer(plain, start, end):
            digits = sum(char.isdigit() for char in match[0])
            if digits >= _FEWEST_DIGITS_OF_A_PLATE and not self._is_file_number(plain, match):
                yield match.span()

    def _described(self, text: str, with_names: bool) -> Iterator[Span]:
        """Names before 男, 女, a number or an age, the longest that may be one of what stands there, and days of
        birth."""
        for match in _DESCRIBED.finditer(text):
            if match["born"]:
                yield match.span("born")
                continue
            if not with_names or "某" in match["name"]:
                continue  # 张某 is nobody's name any more
            end = match.end("name")
            for length in range(len(match["name"]), 1, -1):
                if self._looks_like_name(text[end - length : end]):
                    yield end - length, end
                    break

    def _told(self, text: str) -> Iterator[Span]:
        """Names of those who are no parties behind the word for what they are (投诉人：某甲)."""
        for match in self._named.finditer(text):
            if "某" not in match["name"] and self._looks_like_name(match["name"]):
                yield match.span("name")

    def _labelled_values(self, plain: str) -> Iterator[Span]:
        for match in self._labelled.finditer(plain):
            value = match["value"]
            digits = sum(char.isdigit() or char == "*" for char in value)
            is_code = is_uscc(value) and not has_identity_form(compact(value))
            if digits >= _FEWEST_LABELLED_DIGITS and not is_code and not _is_money(plain, match.end()):
                yield match.span("value")
        for match in self._handle.finditer(plain):
            yield match.span(match.lastgroup or 0)

    def _identity_numbers(self, plain: str, start: int, end: int) -> Iterator[Span]:
        for match in _IDENTITY.finditer(plain, start, end):
            if self._is_identity(plain, match):
                yield match.span()
        for match in _GLUED_IDENTITY.finditer(plain, start, end):
            if is_identity_number(match[1]) and match[1][6:10] < _GLUED_BORN_BEFORE:
                yield match.span()
        for match in _CUT_IDENTITY.finditer(plain, start, end):
            if has_identity_form(match[0][:17] + "0") and match[0][6:8] == "19":
                yield match.span()
        for match in _OLD_IDENTITY.finditer(plain, start, end):
            if is_identity_number(match[0]) and not self._is_file_number(plain, match):
                yield match.span()

    def _disguised(self, text: str, start: int, end: int) -> Iterator[Span]:
        """Identity numbers in Han digits or with letters for digits: with a right check character only."""
        read = text.translate(AS_DIGITS)
        for match in _IDENTITY.finditer(read, start, end):
            number = _PARTED.sub("", match[0])
            could_be_file = number[6:8] == "20" and self._is_file_number(read, match)
            if is_identity_number(number) and not could_be_file:
                yield match.span()

    def _is_identity(self, plain: str, match: re.Match[str]) -> bool:
        number = _PARTED.sub("", match[0]).upper()
        # Eighteen digits of region, this century's date and a serial are also how files are numbered;
        # births before 2000 are not.
        could_be_file = number[6:8] == "20" and not self._document_label.search(plain, 0, match.start())
        if could_be_file and self._is_file_number(plain, match):
            return False
        if is_identity_number(number):
            return True
        if not _USUALLY_PARTED.fullmatch(match[0]):
            return False  # sums and dates one after another
        return not could_be_file and has_identity_form(number[:18]) and not is_uscc(number[:18])

    def _numbers(self, plain: str, start: int, end: int) -> Iterator[Span]:
        for pattern in (_MOBILE, _LANDLINE):
            for match in pattern.finditer(plain, start, end):
                if not self._is_file_number(plain, match) and not _is_money(plain, match.end()):
                    yield match.span()
        for match in _CARD.finditer(plain, start, end):
            number = compact(match[0])
            if not is_uscc(number) and not self._is_file_number(plain, match) and _passes_luhn(number):
                yield match.span()

    def _is_file_number(self, plain: str, match: re.Match[str]) -> bool:
        """Whether brackets, 第 … 号 or a label say that this is the number of a file."""
        before = plain[max(0, match.start() - 12) : match.start()]
        if self._file_number_label.search(before) and not self._document_label.search(before):
            return True
        is_closed = plain.startswith("号", match.end())
        return is_closed and _FILE_NUMBER_OPENING.search(before) is not None


def _has_any(text: str, words: tuple[str, ...]) -> bool:
    """As any() says, in half its time: every text of every row is asked."""
    found = False
    for word in words:
        found = found or word in text
    return found


def _may_hold_number_in_han(text: str) -> bool:
    """Whether so many Han digits stand side by side; most texts have none of those that a century has."""
    for sign in HAN_CENTURIES:
        if sign in text:
            at = text.find(sign)
            while at >= 0:
                if _IN_HAN_DIGITS.match(text, at):
                    return True
                at = text.find(sign, at + 1)
    return False


def may_be_personal_number(value: str) -> bool:
    """Whether a whole cell, not a place in a text, may be an identity number with a slip in it."""
    code = compact(value)
    if is_uscc(code) or is_organisation_code(code):
        return False
    if not code.isdecimal():
        code = code[:-1].replace("O", "0").replace("I", "1") + code[-1:]
    return is_identity_number(code) or (code[:17].isdigit() and has_identity_form(code))


def _is_money(plain: str, end: int) -> bool:
    return _MONEY.match(plain, end) is not None


def _stems(labels: Sequence[str]) -> tuple[str, ...]:
    """The labels that contain no other one (「电话」 of 「联系电话」): without these there is none."""
    shortest = {label for label in labels if not any(o in label for o in labels if o != label)}
    spelt = {spelling for label in shortest for spelling in (label, label.lower(), label.capitalize())}
    return tuple(sorted(spelt, key=len))


def _any_of(words: Sequence[str]) -> str:
    """The words as one expression; those in Latin letters in any case and not within a longer run, a code maybe."""
    ordered = sorted(words, key=len, reverse=True)
    return (
        "|".join(f"{_BEFORE}(?i:{re.escape(w)})" if w[0].isascii() else re.escape(w) for w in ordered)
        or "(?!)"
    )


def _passes_luhn(number: str) -> bool:
    total = 0
    for place, digit in enumerate(reversed(number)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0
