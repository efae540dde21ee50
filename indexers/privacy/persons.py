"""Is the party of a row a person or an organisation, as far as the row itself tells?"""

from __future__ import annotations

import re
import unicodedata

from ..identifiers import is_identity_number, is_organisation_code, is_registration_number, is_uscc
from .wordlists import OrganisationWords, PrivacyWords

MOST_HAN_OF_A_NAME = 4
"""Names of persons in Han characters have at most four (two of surname, two given)."""

HAN = r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af〇]"
_HAN = re.compile(HAN)
_MIDDLE_DOTS = re.compile(r"[·•・‧∙⋅]")
_SPACES = re.compile(r"\s+")
_BEHIND_NAME = re.compile(r"\s*\(.*\)$|等\s*[\d一二三四五六七八九十两]*\s*[人名位].*", re.DOTALL)
_OWNER_OF = re.compile(rf"{_HAN.pattern}{{2,3}}\(.{{5,}}\)", re.DOTALL)


class PersonTest:
    """The test of natural persons (class column, then code, then the form of the name)."""

    def __init__(self, words: PrivacyWords, organisations: OrganisationWords) -> None:
        self._person_classes = words.person_classes
        self._organisation_classes = words.organisation_classes
        self._surnames = frozenset(words.surnames)
        self._compound_surnames = words.compound_surnames
        self._not_names = words.not_names
        anywhere = "|".join(map(re.escape, organisations.anywhere))
        at_end = "|".join(map(re.escape, organisations.at_end)) or "(?!)"
        # The end of a name may be before a bracket: 「第五机械厂（原名 …）」.
        self._organisation_word = re.compile(rf"{anywhere}|(?:{at_end})(?=[()]|$)")
        self._role = re.compile(
            rf"[(,、:]*(?:{'|'.join(map(re.escape, words.role_words)) or '(?!)'}).*", re.DOTALL
        )
        self._trade = re.compile(
            rf"(?:{'|'.join(map(re.escape, words.trade_words)) or '(?!)'}):?(\w{{2,4}})$"
        )
        self._words = frozenset((*organisations.anywhere, *organisations.at_end))

    def is_person(self, name: str, *, code: str = "", party_class: str = "") -> bool | None:
        """True for a person, False for an organisation, None where the row does not tell."""
        stated = party_class.strip()
        if stated in self._person_classes:
            return True
        if stated in self._organisation_classes:
            return False
        if code:
            if is_identity_number(code):
                return True
            if is_uscc(code) or is_organisation_code(code) or is_registration_number(code):
                return False
        return self._by_name(name)

    def _by_name(self, name: str) -> bool | None:
        plain = _SPACES.sub("", unicodedata.normalize("NFKC", name)).casefold()
        if (role := self._role.search(plain)) is not None:
            plain = plain[: role.start()]
            if not plain:
                return True  # only persons are told by the place that they held
        bare = _BEHIND_NAME.sub("", plain)
        if bare != plain and self.looks_like_name(bare):
            return True  # 某甲（鹿乡银行行长）, 某甲等5人
        if (
            _OWNER_OF.fullmatch(plain)
            and self._organisation_word.search(plain[:-1])
            and self.could_be_name(bare)
        ):
            return True  # 某甲（鹿乡县某甲饭店）
        if (trade := self._trade.search(plain)) is not None and self.looks_like_name(trade[1]):
            return True  # 甲村村民某甲, 乙小学教师某乙
        if self._organisation_word.search(plain):
            return self._is_surname_and_word(plain)
        if _MIDDLE_DOTS.search(name):
            return True
        han = len(_HAN.findall(plain))
        if han == 0:
            return None  # Latin only: a foreign firm or a foreigner
        return True if han <= MOST_HAN_OF_A_NAME else None

    def _is_surname_and_word(self, plain: str) -> bool:
        """Whether nothing but a surname stands before the word: given names are 建设 or 志愿 too."""
        return (plain[0] in self._surnames and plain[1:] in self._words) or (
            plain[2:] in self._words and plain.startswith(self._compound_surnames)
        )

    def bare_name(self, name: str) -> str:
        """A person's name without what stands behind it: 「（时任…）」, 「等3人」."""
        plain = self._role.sub("", unicodedata.normalize("NFKC", name))
        return _BEHIND_NAME.sub("", plain)

    def looks_like_name(self, value: str) -> bool:
        """Whether a cell's value may be a person's name: two to four Han characters after a surname.

        Narrower than :meth:`is_person`, for values of columns that hold no parties: 「警告」 is no name.
        """
        plain = _SPACES.sub("", value)
        if not 2 <= len(plain) <= MOST_HAN_OF_A_NAME or len(_HAN.findall(plain)) != len(plain):
            return _MIDDLE_DOTS.search(plain) is not None and self._by_name(plain) is True
        if plain in self._not_names or self._organisation_word.search(plain):
            return False
        return plain[0] in self._surnames or plain.startswith(self._compound_surnames)

    def could_be_name(self, value: str) -> bool:
        """Whether a value may be a person's name beside a word that says so, whatever it begins with."""
        plain = _SPACES.sub("", value)
        is_short = 2 <= len(plain) <= MOST_HAN_OF_A_NAME and len(_HAN.findall(plain)) == len(plain)
        return is_short and plain not in self._not_names and self._organisation_word.search(plain) is None
