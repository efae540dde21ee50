"""What would people ask of the demo: queries for `credit-search compare --queries`?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import cycle
from random import Random

from pypinyin import Style, lazy_pinyin

from samples.collection import Collection
from samples.names import in_traditional, widened
from samples.subjects import Subject

COUNT = 500
WORDS = (
    "有限公司", "食品", "商贸", "东丰县", "辽源市", "科技有限公司", "罚款", "吊销许可证", "食品安全法", "公司", "店",
    "超过保质期", "市场监督管理局", "诚实守信", "严重失信", "拖欠工资", "行政许可", "环境影响评价", "2026", "A",
    "没有这样的主体", "有限公司辽源",
)  # fmt: skip
"""Words that many have, that none has, and single characters."""

Form = Callable[[Subject, Random], str]
_FORMS: tuple[Form, ...] = (
    lambda subject, rng: subject.name,
    lambda subject, rng: _part(subject.name, rng, 2),
    lambda subject, rng: _part(subject.name, rng, 4),
    lambda subject, rng: subject.name[-6:],
    lambda subject, rng: subject.name[:3],
    lambda subject, rng: subject.former or subject.name[2:],
    lambda subject, rng: subject.short or subject.name[:6],
    lambda subject, rng: subject.uscc,
    lambda subject, rng: subject.uscc.lower()[: rng.randint(6, 17)],
    lambda subject, rng: subject.registration_number or subject.uscc[8:17],
    lambda subject, rng: in_traditional(subject.name),
    lambda subject, rng: widened(subject.name),
    lambda subject, rng: "".join(lazy_pinyin(_part(subject.name, rng, 4))),
    lambda subject, rng: "".join(lazy_pinyin(_part(subject.name, rng, 5), style=Style.FIRST_LETTER)),
    lambda subject, rng: _with_a_slip(subject.name, rng),
    lambda subject, rng: f"{_part(subject.name, rng, 2)} {_part(subject.name, rng, 2)}",
)


def make_queries(collection: Collection, count: int, seed: int) -> list[str]:
    """So many different queries of every form in turn: names and codes as people write them, numbers, words."""
    rng = Random(seed)
    subjects = list(collection.subjects)
    rng.shuffle(subjects)
    numbers = sorted(_numbers(collection))
    rng.shuffle(numbers)
    found = dict.fromkeys(WORDS)
    for subject, form, number in zip(cycle(subjects), cycle((*_FORMS, None)), cycle(numbers), strict=False):
        if len(found) >= count:
            break
        found[(number if form is None else form(subject, rng)).strip()] = None
    return list(found)[:count]


def _part(name: str, rng: Random, length: int) -> str:
    at = rng.randint(0, max(0, len(name) - length))
    return name[at : at + length]


def _with_a_slip(name: str, rng: Random) -> str:
    """A name with one character left out."""
    at = rng.randrange(len(name))
    return name[:at] + name[at + 1 :]


def _numbers(collection: Collection) -> Iterator[str]:
    for file in collection.files():
        for table in file.tables:
            yield from (str(row["document_number"]) for row in table.rows if row.get("document_number"))
