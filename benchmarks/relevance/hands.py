"""How do people get a name or a code wrong? Second answer: by how hands type, eyes read and input methods offer.

Written on its own, without the first answer's code, so that nothing is judged by one idea of a mistake.
"""

from __future__ import annotations

import random
import re
from collections import Counter, defaultdict
from collections.abc import Sequence

import opencc
from pypinyin import lazy_pinyin

LOOK_ALIKE = (
    "晶品 末未 土士 己已巳 日曰目 千干于 人入八 大太犬 贷货 侯候 拔拨 陕峡 折拆析 "
    "戍戌戊成 茶荼 冶治 泠冷 洗冼 栗粟 暑署 辩辨 徒徙 博搏 淮准 壁璧 鸟乌 兔免 微徽 "
    "肓盲 宵霄 延廷 刁刀 风凤 今令 住佳往 间问闻 历厉 力刀 本木 石右 田由甲申 圆园 城域 "
    "科料 源原 宏宠 高商 秦泰奏 恒桓 隆降 建健 星皇 东乐 车东 王玉主 天夫 工土 永水 "
    "兴光 华毕 利刺 和知 金全 明朋 林材 海梅 达运 新亲 安宝 宇宁 众从 广厂 万方 鸿鸣 "
    "福幅 昌冒 盛威 瑞端 通诵 旺班 顺须 吉古 中申 元无 正止 平乎 宏宋 伟纬 龙尤 凯剀 "
    "荣劳 贝见 欣欢 联耻 辉晖 鑫森 淼森 益盖 佰伯 粮粱 捷健 铭铬 锦绵 祥详 煌惶 诚城 "
    "嘉喜"
)
"""Groups of characters that are read or picked for each other, separated by blanks."""
KEYS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
OFFERED = 6
"""Characters that an input method shows first for a syllable."""
FORMS = ("有限责任公司", "股份有限公司", "有限公司", "公司")


class Hands:
    """Makes mistakes from one seed; `names` is text that shows which characters are how frequent."""

    def __init__(self, seed: int, names: Sequence[str]) -> None:
        self.random = random.Random(f"hands {seed}")
        counted = Counter("".join(names))
        self._frequent = {c for c, _ in counted.most_common(3_000) if "\u4e00" <= c <= "\u9fa5"}
        self._offered: dict[str, list[str]] = defaultdict(list)
        for character, _ in counted.most_common():
            if character in self._frequent:
                self._offered[lazy_pinyin(character)[0]].append(character)
        self._alike: dict[str, set[str]] = defaultdict(set)
        for group in LOOK_ALIKE.split():
            for character in group:
                self._alike[character] |= set(group) - {character}
        self._beside = {
            key: row[max(0, at - 1) : at] + row[at + 1 : at + 2] for row in KEYS for at, key in enumerate(row)
        }
        self._hong_kong = opencc.OpenCC("s2hk")
        self._taiwan = opencc.OpenCC("s2tw")

    # -- one character ----------------------------------------------------------------------------------------

    def slip(self, name: str) -> str | None:
        """A look-alike, a neighbour in the order of strokes, a wrong key, a character lost, doubled or exchanged."""
        way = self.random.choice(
            (self._look, self._stroke, self._key, self._lost, self._doubled, self._exchanged)
        )
        text = way(name)
        return text if text and text != name else None

    def _look(self, name: str) -> str | None:
        return self._replaced(name, {c: sorted(self._alike[c]) for c in set(name) & self._alike.keys()})

    def _stroke(self, name: str) -> str | None:
        """Unicode orders by radical, then strokes: what stands near looks alike and is near in stroke input."""
        near = {
            c: [chr(ord(c) + step) for step in (-2, -1, 1, 2) if chr(ord(c) + step) in self._frequent]
            for c in set(name)
        }
        return self._replaced(name, near)

    def _key(self, name: str) -> str | None:
        """The key beside the right one, and the first character offered for what was typed so."""
        offers: dict[str, list[str]] = {}
        for character in set(name):
            syllable = lazy_pinyin(character)[0]
            for at, key in enumerate(syllable):
                for other in self._beside.get(key, ""):
                    typed = syllable[:at] + other + syllable[at + 1 :]
                    offers.setdefault(character, []).extend(self._offered.get(typed, ())[:1])
        return self._replaced(name, offers)

    def _lost(self, name: str) -> str:
        at = self.random.randrange(1, len(name))
        return name[:at] + name[at + 1 :]

    def _doubled(self, name: str) -> str:
        at = self.random.randrange(1, len(name))
        return name[:at] + name[at] + name[at:]

    def _exchanged(self, name: str) -> str:
        at = self.random.randrange(1, len(name) - 1)
        return name[:at] + name[at + 1] + name[at] + name[at + 2 :]

    def _replaced(self, name: str, offers: dict[str, list[str]]) -> str | None:
        places = [at for at, c in enumerate(name) if offers.get(c)]
        if not places:
            return None
        at = self.random.choice(places)
        return name[:at] + self.random.choice(offers[name[at]]) + name[at + 1 :]

    # -- sound and script -------------------------------------------------------------------------------------

    def homophone(self, name: str) -> str | None:
        """What an input method offers for the same syllables: one character, or now and then two neighbours."""
        sounds = lazy_pinyin(name)
        if len(sounds) != len(name):
            return None
        width = 2 if self.random.random() < 0.3 else 1
        at = self.random.randrange(len(name) - width + 1)
        picked = []
        for place in range(at, at + width):
            others = [c for c in self._offered.get(sounds[place], ())[:OFFERED] if c != name[place]]
            if not others:
                return None
            picked.append(self.random.choice(others))
        return name[:at] + "".join(picked) + name[at + width :]

    def traditional(self, name: str) -> str | None:
        """As written in Hong Kong or in Taiwan, character by character."""
        text = self.random.choice((self._hong_kong, self._taiwan)).convert(name)
        return text if text != name else None

    # -- spelling ---------------------------------------------------------------------------------------------

    def full(self, name: str) -> str:
        """Wide letters and digits, square or wide brackets, blanks around and between."""
        text = name
        if self.random.random() < 0.5:
            text = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)
        pair = self.random.choice(("【】", "[]", "（）", "()"))
        for old, new in zip(("(", "（", ")", "）"), (pair[0], pair[0], pair[1], pair[1]), strict=True):
            text = text.replace(old, new)
        for form in FORMS:
            if text.endswith(form) and self.random.random() < 0.5:
                return f" {text.removesuffix(form)}\u3000{form}"
        return f"{text} "

    def without_level(self, name: str, region: int) -> str | None:
        """The region as people say it: without any 省, 市, 县, 区, as long as two characters are left before it."""
        text = re.sub("([^省市县区]{2,})[省市县区]", r"\1", name[: max(region, 0)]) + name[max(region, 0) :]
        return text if text != name else None

    def fragment(self, name: str) -> str | None:
        """Three or four characters, not the first ones."""
        size = self.random.choice((3, 4))
        if len(name) < size + 2:
            return None
        at = self.random.randrange(1, len(name) - size + 1)
        return name[at : at + size]

    def words(self, region: str, core: str) -> list[str] | None:
        """Trade, brand and the place without its level: what people remember, last things first."""
        place = region.rstrip("省市县区")
        if not 4 <= len(core) <= 12 or len(place) < 2:
            return None
        words = [core[-2:], core[: 2 if len(core) < 6 else 3], place[:4]]
        if self.random.random() < 0.5:
            words = [words[1], words[2], words[0]]
        return words

    # -- codes and numbers ------------------------------------------------------------------------------------

    def code(self, code: str) -> str:
        """Groups of four, small letters, a label before it, full width, or the organisation's old code."""
        grouped = " ".join(code[at : at + 4] for at in range(0, len(code), 4))
        wide = "".join(chr(ord(c) + 0xFEE0) for c in code.lower())
        return self.random.choice((grouped, grouped.lower(), wide, f"{code[8:16]}-{code[16]}".lower(), code))

    def wrong_code(self, code: str) -> str:
        """Two neighbours exchanged, a key beside the right one, or a letter read for a digit."""
        read = {"0": "O", "1": "I", "2": "Z", "5": "S", "8": "B", "B": "8"}
        places = [at for at in range(2, 17) if code[at] != code[at + 1]]
        if places and self.random.random() < 0.4:
            at = self.random.choice(places)
            return code[:at] + code[at + 1] + code[at] + code[at + 2 :]
        seen = [at for at in range(2, 18) if code[at] in read]
        if seen and self.random.random() < 0.5:
            at = self.random.choice(seen)
            return code[:at] + read[code[at]] + code[at + 1 :]
        digits = [at for at in range(2, 18) if code[at].isdigit()]
        at = self.random.choice(digits)
        beside = (int(code[at]) + self.random.choice((1, 9))) % 10
        return code[:at] + str(beside) + code[at + 1 :]

    def number(self, number: str) -> str:
        """Blanks inside, other brackets or none, 号 left out, 第 added."""
        opened, closed = self.random.choice(("[]", "()", "（）", "【】", "  "))
        text = number.replace("〔", opened).replace("〕", closed)
        if self.random.random() < 0.5:
            text = text.removesuffix("号")
        return text
