# ruff: noqa: E501  (a row of data reads better on one line)
"""What do delivered sheets do wrong: one small invented file for each fault that was counted in real ones?"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from random import Random

from indexers.identifiers import identity_check_digit
from samples.codes import CodeMaker, misspelt
from samples.sheets import GB18030, write_csv, write_workbook

Sheet = list[list[str]]

_SEED = 7
_OFFICE = "东丰县市场监督管理局"
_PENALTY = [
    "行政相对人名称",
    "统一社会信用代码",
    "行政处罚决定书文号",
    "违法行为类型",
    "违法事实",
    "处罚依据",
    "处罚类别",
    "处罚内容",
    "罚款金额(万元)",
    "处罚决定日期",
    "处罚机关",
]
_NO_SUCH_COUNTY = "220499"
"""A region that no identity number was ever given out in: the numbers here check, and are nobody's."""


def write_dirty(folder: Path) -> list[Path]:
    """Write every file; they are the same every time."""
    codes = _Codes()
    tables: dict[str, Sheet] = {
        "01_no_codes.csv": _no_codes(),
        "02_nothing.csv": _nothing(codes),
        "03_parties.csv": _parties(codes),
        "04_dates.csv": _dates(codes),
        "05_document_numbers.csv": _document_numbers(codes),
        "06_amounts.csv": _amounts(codes),
        "07_text.csv": _texts(codes),
        "09_shifted_header.csv": _shifted(codes),
        "10_identity_numbers.csv": _identity_numbers(codes),
        "11_doubles.csv": _doubles(codes),
        "12_own_labels.csv": _own_labels(),
        "13_wrong_codes.csv": _wrong_codes(codes),
    }
    paths = [folder / name for name in tables]
    for path in paths:
        write_csv(path, tables[path.name], GB18030)
    books: dict[str, Sequence[tuple[str, Sheet]]] = {
        "07_text.xlsx": [("行政处罚", _escaped(codes))],
        "08_eighteen_sheets.xlsx": _eighteen(codes),
    }
    for name, sheets in books.items():
        write_workbook(folder / name, sheets)
        paths.append(folder / name)
    mapping = folder / "12_own_labels.toml"
    mapping.write_text(_OWN_MAPPING, "utf-8")
    return [*paths, mapping]


class _Codes:
    """Names with codes, one after another."""

    def __init__(self) -> None:
        self._codes = CodeMaker()
        self._rng = Random(_SEED)
        self._number = 0

    def company(self) -> tuple[str, str]:
        self._number += 1
        sign = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥"
        name = f"东丰县演{sign[self._number // 22 % 22]}{sign[self._number % 22]}商贸有限公司"
        return name, self._codes.uscc("91", "220421")


def _row(party: str, code: str, number: int, **other: str) -> list[str]:
    values = {
        "行政相对人名称": party, "统一社会信用代码": code, "行政处罚决定书文号": f"东丰市监演罚〔2026〕{number}号",
        "违法行为类型": "经营超过保质期的食品", "违法事实": "检查时发现货架上有超过保质期的食品三袋,当事人不能说明来源。",
        "处罚依据": "《中华人民共和国食品安全法》有关规定", "处罚类别": "罚款", "处罚内容": "罚款五千元", "罚款金额(万元)": "0.5",
        "处罚决定日期": "2026/05/18", "处罚机关": _OFFICE,
    } | other  # fmt: skip
    return [values[label] for label in _PENALTY]


def _no_codes() -> Sheet:
    """No column of codes at all: the subject is known by its name."""
    header = ["当事人名称", "案号", "案由", "裁判日期", "审理法院"]
    names = ("辽源市鹿乡食品有限责任公司", "东丰县演一商贸有限公司", "东丰县演二供销社", "辽源市鹿乡副食品厂")
    return [
        header,
        *(
            [name, f"(2025)吉0499民初{at}号", "买卖合同纠纷", "2025-06-11", "东丰县人民法院"]
            for at, name in enumerate(names, start=901)
        ),
    ]


def _nothing(codes: _Codes) -> Sheet:
    """Every way to write that there is nothing, in a column that may be empty; the last row lacks what it must have."""
    blanks = (
        "",
        "   ",
        "-",
        "--------",
        "—",
        "————",
        "/",
        "\\",
        "无",
        "暂无",
        "null",
        "\\N",
        "N/A",
        "00000000000000000X",
    )
    rows = []
    for number, blank in enumerate(blanks, start=1):
        name, _ = codes.company()
        rows.append(_row(name, blank, number))
    name, code = codes.company()
    return [_PENALTY, *rows, _row(name, code, 99, 处罚机关="————")]


def _parties(codes: _Codes) -> Sheet:
    """Organisations, persons, both; several of each in one cell; the office itself as the party."""
    one, code = codes.company()
    two, _ = codes.company()
    three, _ = codes.company()
    return [
        _PENALTY,
        _row(one, code, 201),
        _row("某甲", "", 202),
        _row("某乙、某丙", "", 203),
        _row(f"{two}、{three}", "", 204),
        _row(f"{two}、某丁", "", 205, 违法事实=f"{two}的某丁未按规定保存进货查验记录。"),
        _row(_OFFICE, "", 206),
        _row("演示组织体系", "", 207),
    ]


def _dates(codes: _Codes) -> Sheet:
    """Dates in many notations; the last three rows are slipped, impossible and yet to come."""
    dates = (
        "2026年4月28日", "2026 年4月14日", "2026.4.28", "2026-4-14", "20260414", "2026/04/14", "二○二六年一月二十九日",
        "二〇二六年四月八日", "二0二六年四月十日", "二O二六年三月二十一日", "２０２６年４月１日", "2026年\u30004月9日", "2026\u00a0年4月7日",
        "2026-04-14 09:30:00", "46126",
    )  # fmt: skip
    rows = [_row(*codes.company(), number, 处罚决定日期=text) for number, text in enumerate(dates, start=301)]
    name, code = codes.company()
    rows.append(_row(name, code, 391, 处罚决定日期=name))
    rows.append(_row(*codes.company(), 392, 处罚决定日期="2026-02-30"))
    rows.append(_row(*codes.company(), 393, 处罚决定日期="2062-04-14"))
    return [_PENALTY, *rows]


def _document_numbers(codes: _Codes) -> Sheet:
    """One number in all kinds of brackets, several in a cell, none, without a year, shared by rows."""
    numbers = (
        "东市监演罚〔2026〕401号", "东市监演罚﹝2026﹞402号", "东市监演罚[2026]403号", "东市监演罚【2026】404号", "东市监演罚（2026）405号",
        "(东市监演罚〔2026〕406号)", "东市监演罚〔2026〕407号、408号", "东市监演罚〔2026〕409号;东市监演罚〔2026〕410号", "演罚字第411号",
    )  # fmt: skip
    rows = [_row(*codes.company(), 0, 行政处罚决定书文号=text) for text in numbers]
    shared = [_row(*codes.company(), 412) for _ in range(3)]
    return [_PENALTY, *rows, *shared, _row(*codes.company(), 0, 行政处罚决定书文号="无")]


def _amounts(codes: _Codes) -> Sheet:
    """Sums in numerals of both kinds, in 元 and 万元, several in one cell; the last two cannot be read."""
    amounts = (
        "0.5",
        "5000元",
        "90万元",
        "二十万元",
        "人民币伍仟元整",
        "1,200元",
        "3000元、2000元",
        "0.000001",
    )
    rows = [
        _row(*codes.company(), number, **{"罚款金额(万元)": text})
        for number, text in enumerate(amounts, start=501)
    ]
    rows.append(_row(*codes.company(), 591, **{"罚款金额(万元)": "见决定书"}))
    rows.append(_row(*codes.company(), 592, **{"罚款金额(万元)": "无"}))
    return [_PENALTY, *rows]


def _texts(codes: _Codes) -> Sheet:
    """Line breaks in cells, blanks inside names, a cell of more than two thousand characters."""
    name, code = codes.company()
    long = "检查人员逐项核对了进货票据、入库台账和销售记录,发现其中有多处前后不一致的地方。" * 60
    return [
        _PENALTY,
        _row(
            *codes.company(),
            601,
            违法事实="一、货架上有超过保质期的食品。\r\n二、没有进货票据。\n三、没有台账。",
            处罚内容="1.警告;\n2.罚款5000元。",
        ),
        _row(f"{name[:3]} {name[3:6]}\u3000{name[6:]}", code, 602),
        _row(*codes.company(), 603, 违法事实=long),
        _row("\n".join(("东丰县演戊己商贸", "有限公司")), codes.company()[1], 604),
    ]


def _escaped(codes: _Codes) -> Sheet:
    """What workbooks of some programs hold for a line break."""
    return [
        _PENALTY,
        _row(*codes.company(), 651, 违法事实="货架上有超过保质期的食品。_x000D_\n没有进货票据。"),
        _row(*codes.company(), 652, 处罚内容="警告_x000D_\n罚款5000元"),
    ]


def _eighteen(codes: _Codes) -> list[tuple[str, Sheet]]:
    """Eighteen sheets: one wholly empty, the columns in another order each time, some of them absent."""
    rng = Random(_SEED)
    sheets: list[tuple[str, Sheet]] = []
    for number in range(1, 19):
        if number == 9:
            sheets.append((f"{number}月", []))
            continue
        rows = [_PENALTY, _row(*codes.company(), 800 + number * 2), _row(*codes.company(), 801 + number * 2)]
        order = list(range(len(_PENALTY)))
        rng.shuffle(order)
        if number % 4 == 0:
            order.remove(_PENALTY.index("处罚依据"))
        sheets.append((f"第{number}表", [[row[place] for place in order] for row in rows]))
    return sheets


def _shifted(codes: _Codes) -> Sheet:
    """A header that stands one column to the right of its data."""
    rows = [_row(*codes.company(), number) for number in range(701, 706)]
    return [["序号", *_PENALTY], *([*row, ""] for row in rows)]


def _identity_numbers(codes: _Codes) -> Sheet:
    """Numbers of persons where codes and texts should be, one with 01 behind it, and an account that is half masked."""
    header = [*_PENALTY, "税务登记号"]
    person, other = _identity_number("19800229", "117"), _identity_number("19991231", "228")
    clean, code = codes.company()
    return [
        header,
        [*_row("东丰县演庚小吃店", person, 901), ""],
        [*_row("东丰县演辛小吃店", "", 902), f"{other}01"],
        [
            *_row(
                clean,
                code,
                903,
                违法事实=f"当事人的经办人(身份证号{person},电话13800000000)在现场签字,罚款由账户6222****0000缴纳。",
            ),
            "",
        ],
        [*_row("某戊", person, 904), ""],
    ]


def _identity_number(birth: str, serial: str) -> str:
    first17 = f"{_NO_SUCH_COUNTY}{birth}{serial}"
    return first17 + identity_check_digit(first17)


def _doubles(codes: _Codes) -> Sheet:
    """Exact doubles, one code on several rows, a name with half and full brackets."""
    name, code = codes.company()
    bracketed = "演示商贸(东丰)有限公司"
    _, second = codes.company()
    return [
        _PENALTY,
        _row(name, code, 1001),
        _row(name, code, 1001),
        _row(name, code, 1002),
        _row(bracketed, second, 1003),
        _row(bracketed.replace("(", "（").replace(")", "）"), second, 1003),
    ]


def _own_labels() -> Sheet:
    """A department's own labels and no column for the office: a mapping file says what they mean."""
    header = ["处罚单位名称", "处罚日", "文书编号", "主要违法违规事实(案由)", "处理措施"]
    rows = [
        ["东丰县演壬商贸有限公司", "2026年3月2日", "东演罚决字〔2026〕1号", "未按规定报送统计资料", "警告"],
        ["东丰县演癸供销社", "2026.3.9", "东演罚决字〔2026〕2号", "未按规定保存单据", "罚款二万元"],
    ]
    return [header, *rows]


_OWN_MAPPING = """# Says what the labels of 12_own_labels.csv mean; use it with --mapping.
kind = "administrative_penalty"
columns = [
    { names = ["处罚单位名称"], to = "party" },
    { names = ["处罚日"], to = "decided_on" },
    { names = ["文书编号"], to = "document_number" },
    { names = ["主要违法违规事实(案由)"], to = "facts" },
    { names = ["处理措施"], to = "penalty_content" },
]

[constants]
authority = "东丰县统计局"
"""


def _wrong_codes(codes: _Codes) -> Sheet:
    """Codes with a slip, in lower case and full width, part-masked, in scientific form, and an old one."""
    name, code = codes.company()
    second, other = codes.company()
    third, last = codes.company()
    wide = "".join(chr(ord(char) + 0xFEE0) for char in last)
    return [
        _PENALTY,
        _row(name, misspelt(code), 1101),
        _row(second, f" {other.lower()[:8]}-{other.lower()[8:]}", 1102),
        _row(third, wide, 1103),
        _row(codes.company()[0], f"{code[:8]}******{code[14:]}", 1104),
        _row(codes.company()[0], "9.12204E+17", 1105),
        _row(codes.company()[0], f"{code[8:16]}-{code[16]}", 1106),
    ]
