"""Which codes do invented organisations have: formally valid, and never those of real ones?"""

from __future__ import annotations

from indexers.identifiers import USCC_ALPHABET, is_registration_number, organisation_code_check

SUBJECT_MARK = "DM"
"""Characters 9 and 10 of every code here; not one of a million registered codes has them there."""

_SPREAD = 7_919
"""A prime: neighbours in the sheet have codes that are far apart."""
_MOST = 1_000_000
_ENTERPRISE_SERIAL, _INDIVIDUAL_SERIAL = 2_999, 8_999
"""The end of the ranges of registration numbers, which small districts never reached."""


class CodeMaker:
    """Gives out codes, each one once, in the same order every time."""

    def __init__(self) -> None:
        self._given = 0

    def uscc(self, pair: str, region: str) -> str:
        """A unified social credit code of department and class `pair`, registered in `region`."""
        self._given += 1
        return uscc_of(pair, region, self._given * _SPREAD % _MOST)

    def registration_number(self, region: str, *, individual: bool) -> str:
        """A registration number of 15 digits, as it was used before the unified codes."""
        self._given += 1
        serial = _INDIVIDUAL_SERIAL if individual else _ENTERPRISE_SERIAL
        first14 = f"{region}{serial}{self._given % 10_000:04d}"
        return next(first14 + digit for digit in "0123456789" if is_registration_number(first14 + digit))


def uscc_of(pair: str, region: str, serial: int) -> str:
    """The code with a serial of six digits behind the mark, and both of its check characters."""
    body = f"{SUBJECT_MARK}{serial:06d}"
    first17 = f"{pair}{region}{body}{organisation_code_check(body)}"
    return first17 + uscc_check_digit(first17)


def uscc_check_digit(first17: str) -> str:
    """The 18th character for 17 characters of the code's alphabet (C18 = 31 − Σ cᵢ·3^(i−1) mod 31)."""
    total = sum(USCC_ALPHABET.index(char) * pow(3, place, 31) for place, char in enumerate(first17))
    return USCC_ALPHABET[-total % 31]


def misspelt(code: str) -> str:
    """The code with a wrong last character, as a slip of the hand leaves it."""
    return code[:-1] + ("8" if code[-1] != "8" else "3")
