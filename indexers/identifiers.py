"""Is this text a code of an organisation or of a person, which one, and what does it say?

Sources: GB 32100-2015 (unified social credit code), GB 11714 (organisation code), GS15-2006 (registration
number, ISO 7064 mod 11,10), GB 11643 (identity number, ISO 7064 mod 11-2), GB/T 2260 (regions).
No message of this module repeats the text it refuses: that text may be somebody's identity number.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from operator import mul
from pathlib import Path

import msgspec

from indexers.errors import CatalogError
from indexers.mappings_folder import open_mappings
from indexers.mappings_reading import read_struct

USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""The 31 characters of GB 32100; I, O, S, V and Z are left out because they are misread."""

USCC_LENGTH = 18
_USCC_WEIGHTS = (*(pow(3, place, 31) for place in range(17)), 1)
_USCC_FORM = re.compile(r"[1-9ANY][1-9]\d{6}[0-9A-HJ-NPQRTUWXY]{10}", re.ASCII)
_USCC_VALUES = bytes.maketrans(USCC_ALPHABET.encode(), bytes(range(31)))

_ORGANISATION_FORM = re.compile(r"[0-9A-Z]{8}[0-9X]")
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)

_IDENTITY_WEIGHTS = tuple(pow(2, 17 - place, 11) for place in range(17))
_IDENTITY_CHECKS = "10X98765432"
_IDENTITY_FORM = re.compile(r"(?:\d{17}[\dX]|\d{15})(?:0\d)?", re.ASCII)
_IDENTITY_WITHIN = re.compile(
    r"(?<!\d)(?=0{0,2}([1-9](?:[\W_]{0,2}\d){16}[\W_]{0,2}[\dXx])(?:0\d)?(?!\d))", re.ASCII
)
_BETWEEN_DIGITS = re.compile(r"[\W_]", re.ASCII)
_CENTURIES = ("19", "20")
_PROVINCES = frozenset(
    f"{first}{second}"
    for first, seconds in zip(
        "12345678", ("12345", "123", "1234567", "123456", "01234", "12345", "1", "123"), strict=True
    )
    for second in seconds
)

_NO_CODE_FORM = re.compile(r"[0O]+X?")
_CODE_LIKE_FORM = re.compile(r"[0-9A-Z]{8,20}")
_CODE_LIKE_DIGITS = 4
"""Fewer digits than this and a run of Latin letters is a word, not (part of) a code."""

_CODE_WITHIN = re.compile(
    rf"(?<![0-9A-Za-z])[0-9A-Za-z](?:[ -]?[0-9A-Za-z]){{{USCC_LENGTH - 1}}}(?![0-9A-Za-z])", re.ASCII
)

_CONFUSABLES = str.maketrans("OIZS", "0125")
_DROPPED = dict.fromkeys(
    map(ord, " \t\n\r\v\f\u1680\u180e\u200b\u200c\u200d\u2028\u2029\u2060\ufeff\u00ad-‐‑‒–—―−_.·•・‧∙⋅'‘’`")
)


class IdentifierError(ValueError):
    """A code that cannot be accepted; ``message`` says why, to the clerk."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class InvalidLength(IdentifierError):
    """Not 18 characters."""


class InvalidFormat(IdentifierError):
    """A character where the standard does not allow it, or the number of a person."""


class InvalidChecksum(IdentifierError):
    """The check character does not follow from the others."""


class OrganisationClass(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A class of organisations: stable ``key``, Chinese ``label``, first two characters of its codes."""

    key: str
    label: str
    codes: tuple[str, ...]


class _OrganisationClasses(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"classes": "class"}
):
    """The file organisation_classes.toml."""

    classes: tuple[OrganisationClass, ...]


_CLASSES_FILE = "organisation_classes.toml"


def compact(text: str) -> str:
    """The text in half width and upper case, without spaces of any kind, hyphens and dots."""
    if text.isascii() and text.isalnum():
        return text.upper()
    return unicodedata.normalize("NFKC", text).translate(_DROPPED).upper()


def is_no_code(text: str) -> bool:
    """Whether a code cell says "none": seventeen zeros and X, or nothing but zeros."""
    return _NO_CODE_FORM.fullmatch(compact(text)) is not None


# --- unified social credit code ---------------------------------------------------------------------------


def validate_uscc(text: str) -> str:
    """The compact code; raises InvalidLength, InvalidFormat or InvalidChecksum.

    Eighteen digits that are valid as an identity number too are refused: a person must never slip in as
    an organisation. Position 17 is not checked: characters 9–17 of 0.007 % of the real codes are no
    organisation code.
    """
    code = compact(text)
    if len(code) != USCC_LENGTH:
        raise InvalidLength(f"统一社会信用代码应为 18 位，实际为 {len(code)} 位")
    if not _USCC_FORM.fullmatch(code):
        raise InvalidFormat(_format_message(code))
    if not _uscc_checks(code):
        raise InvalidChecksum(_checksum_message(code))
    if code[6:8] in _CENTURIES and is_identity_number(code):
        raise InvalidFormat(_IDENTITY_MESSAGE)
    return code


def _uscc_checks(code: str) -> bool:
    total: int = sum(map(mul, code.encode().translate(_USCC_VALUES), _USCC_WEIGHTS))
    return total % 31 == 0


_IDENTITY_MESSAGE = "统一社会信用代码栏中疑似自然人证件号码，不予接收"


def _format_message(code: str) -> str:
    if is_identity_number(code):
        return _IDENTITY_MESSAGE
    if is_no_code(code):
        return "“17 个 0 加 X”表示没有统一社会信用代码，不是代码"
    strange = sorted(set(code) - set(USCC_ALPHABET))
    if strange:
        return f"统一社会信用代码含有不允许的字符：{'、'.join(strange)}（不使用 I、O、S、V、Z）"
    return "统一社会信用代码前 8 位不符合规则（登记管理部门、机构类别、6 位行政区划数字）"


def _checksum_message(code: str) -> str:
    if is_identity_number(code):
        return _IDENTITY_MESSAGE
    return "统一社会信用代码校验位不符，请核对是否有错字或错位"


def is_uscc(text: str) -> bool:
    """Whether the text is a valid unified social credit code."""
    try:
        validate_uscc(text)
    except IdentifierError:
        return False
    return True


def organisation_code_of(uscc: str) -> str:
    """Characters 9–17: the organisation code that the subject had before."""
    return uscc[8:17]


def region_of(uscc: str) -> str:
    """Characters 3–8: the six digits of the registering office's region, which may be a historic one."""
    return uscc[2:8]


@cache
def organisation_classes(directory: Path | None = None) -> Mapping[str, OrganisationClass]:
    """All classes by key, in the order of organisation_classes.toml of `directory` (default: the shipped mappings).

    Raises CatalogError with every fault of the file.
    """
    classes = read_struct(open_mappings(directory), _CLASSES_FILE, _OrganisationClasses).classes
    faults = _class_faults(classes)
    if faults:
        raise CatalogError([f"{_CLASSES_FILE}：{fault}" for fault in faults])
    return {entry.key: entry for entry in classes}


def _class_faults(classes: Sequence[OrganisationClass]) -> list[str]:
    faults = [f"{entry.key!r} 的 key 或 label 是空的" for entry in classes if not (entry.key and entry.label)]
    for name, words in (
        ("key", [entry.key for entry in classes]),
        ("codes", [code for entry in classes for code in entry.codes]),
    ):
        faults += [f"{name} 里的 {word!r} 重复" for word, count in Counter(words).items() if count > 1]
    rest = sum(not entry.codes for entry in classes)
    if rest != 1:
        faults.append(f"没有 codes 的类别应当正好有一个，现有 {rest} 个：不在任何类别里的代码归入它")
    return faults


@cache
def _class_of_pair(pair: str, directory: Path | None) -> str:
    classes = organisation_classes(directory).values()
    fallback = next(entry.key for entry in classes if not entry.codes)
    return next((entry.key for entry in classes if pair in entry.codes), fallback)


def organisation_class(uscc: str, directory: Path | None = None) -> str:
    """The key of the subject's class, by the first two characters of its valid code."""
    return _class_of_pair(uscc[:2], directory)


# --- codes before 2015 ------------------------------------------------------------------------------------


def organisation_code_check(first8: str) -> str:
    """The ninth character of an organisation code (11 − Σ mod 11; 10 is X, 11 is 0)."""
    check = 11 - sum(map(mul, (int(char, 36) for char in first8), _ORGANISATION_WEIGHTS)) % 11
    return "X" if check == 10 else str(check % 11)


def is_organisation_code(text: str) -> bool:
    """Whether the text is an organisation code, written with its hyphen or without."""
    code = compact(text)
    return _ORGANISATION_FORM.fullmatch(code) is not None and organisation_code_check(code[:8]) == code[8]


def is_registration_number(text: str) -> bool:
    """Whether the text is a 15-digit registration number with a right check digit."""
    code = compact(text)
    if len(code) != 15 or not (code.isascii() and code.isdigit()):
        return False
    product = 10
    for digit in code[:14]:
        product = ((product + int(digit)) % 10 or 10) * 2 % 11
    return (11 - product) % 10 == int(code[14])


def looks_like_registration_number(text: str) -> bool:
    """Whether the text has the form of one: a region and more, 15 digits or the 13 that were given out before 2007."""
    code = compact(text)
    return len(code) in (13, 15) and code.isascii() and code.isdigit() and code[0] != "0"


# --- identity numbers of persons --------------------------------------------------------------------------

_BORN_AFTER = "2010"


def is_identity_number(text: str) -> bool:
    """Whether the text is a person's identity number (18 characters, or 15 of the old form).

    Asks for a region, a real date of birth and, with 18, the check character. Two digits ``0n`` behind are
    tolerated: taxpayer numbers of persons have them. Ask this before any test for a code of organisations.
    """
    code = compact(text)
    if not _IDENTITY_FORM.fullmatch(code):
        return False
    if len(code) in (17, 20):
        code = code[:-2]
        # Serial numbers of files (region, day, serial) have this form too; who is taxed was not born this century's
        # second decade or later.
        if len(code) == 18 and code[6:10] >= _BORN_AFTER:
            return False
    if len(code) == 15:
        return _is_old_identity_number(code)
    if not has_identity_form(code) or identity_check_digit(code[:17]) != code[17]:
        return False
    # A foreigner's permanent residence number begins with 9, as the codes of all enterprises do; five of a
    # million real enterprises read as one, so there, and only there, the organisation's code comes first.
    return not (code[0] == "9" and _USCC_FORM.fullmatch(code) and _uscc_checks(code))


_AGE_OF_REASON = 14
"""Years from which a person may be punished (Administrative Penalty Law, article 30)."""


def is_numbered_like_a_child(text: str, today: date) -> bool:
    """Whether a whole text reads as the number of a person too young today for anybody to decide anything of him:
    numbers of permits are made of a region, the day of issue and a serial (220402202604080103)."""
    code = compact(text)
    return has_identity_form(code) and int(code[6:10]) > today.year - _AGE_OF_REASON


def holds_identity_number(text: str) -> bool:
    """Whether the text is an identity number or one with a right check character stands in it, parted or not."""
    if is_identity_number(text):
        return True
    found = _IDENTITY_WITHIN.finditer(unicodedata.normalize("NFKC", text))
    return any(is_identity_number(_BETWEEN_DIGITS.sub("", match[1])) for match in found)


def has_identity_form(code: str) -> bool:
    """Whether 18 compact characters have region, date and serial of an identity number, check aside."""
    return (
        len(code) == 18
        and (code[:2] in _PROVINCES or (code[0] == "9" and code[1:3] in _PROVINCES))
        and code[6:8] in _CENTURIES
        and code[14:17] != "000"  # serials begin with 001; numbers of files often have zeros here
        and _is_date(code[6:14])
    )


def identity_check_digit(first17: str) -> str:
    """The 18th character of an identity number (ISO 7064 mod 11-2)."""
    return _IDENTITY_CHECKS[sum(map(mul, map(int, first17), _IDENTITY_WEIGHTS)) % 11]


def _is_old_identity_number(code: str) -> bool:
    if code[:2] not in _PROVINCES or code[12:] == "000" or not _is_date("19" + code[6:12]):
        return False
    # Registration numbers of large districts read as births of 1900 to 1909: nobody alive.
    return not (code[6] == "0" and is_registration_number(code))


def _is_date(digits: str) -> bool:
    try:
        date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return False
    return True


# --- what people type -------------------------------------------------------------------------------------


def looks_like_code(text: str) -> bool:
    """Whether a query is meant as a code or a part of one: 8 to 20 letters and digits, 4 of them digits."""
    code = compact(text)
    return (
        _CODE_LIKE_FORM.fullmatch(code) is not None
        and sum(char.isdigit() for char in fold_confusables(code)) >= _CODE_LIKE_DIGITS
    )


def codes_within(text: str) -> tuple[str, ...]:
    """Valid unified codes that stand in a text beside other words, compact, in order; () where it is one itself."""
    found = (compact(match.group()) for match in _CODE_WITHIN.finditer(unicodedata.normalize("NFKC", text)))
    return () if is_uscc(text) else tuple(dict.fromkeys(filter(is_uscc, found)))


def fold_confusables(text: str) -> str:
    """The compact text with letters that no code has read as digits: O→0, I→1, Z→2, S→5."""
    return compact(text).translate(_CONFUSABLES)


def near_codes(text: str) -> tuple[str, ...]:
    """Valid codes that one slip explains, most likely first; empty for a valid code or a person's number.

    Slips: a confusable letter, two neighbours exchanged, one wrong character. The check is linear modulo a
    prime, so each place has exactly one character that repairs it: at most 36 candidates, never a search.
    """
    typed = compact(text)
    code = fold_confusables(typed)
    if len(code) != USCC_LENGTH or is_identity_number(typed) or is_uscc(typed):
        return ()
    if code != typed and is_uscc(code):
        return (code,)
    swapped = (code[:at] + code[at + 1] + code[at] + code[at + 2 :] for at in range(USCC_LENGTH - 1))
    candidates = dict.fromkeys((*swapped, *_one_character_repaired(code)))
    return tuple(candidate for candidate in candidates if is_uscc(candidate))


def _one_character_repaired(code: str) -> list[str]:
    wrong = [at for at, char in enumerate(code) if char not in USCC_ALPHABET]
    if len(wrong) > 1:
        return []
    values = [USCC_ALPHABET.find(char) for char in code]
    total = sum(map(mul, values, _USCC_WEIGHTS))
    repaired = []
    for at in wrong or range(USCC_LENGTH):
        value = (values[at] - total * pow(_USCC_WEIGHTS[at], -1, 31)) % 31
        repaired.append(code[:at] + USCC_ALPHABET[value] + code[at + 1 :])
    return repaired
