"""A regulator's table as it is published, from the file to the index: what is shown, what is nowhere."""

from __future__ import annotations

from pathlib import Path

import msgspec
import xlsxwriter
from deliveries import ANALYZER, CATALOG, Desk, tally

from indexers.importing import Importer

IDENTITY = "220499199001011117"
HIDDEN_WORDS = ("王小明", "李小红", "张大山", IDENTITY, "13812345678", "人民大街")
ROWS = [
    (
        "某银罚决字〔2026〕1号", "", "鹿乡农村商业银行股份有限公司", "赵某",
        "贷后管理不到位\n电话13812345678", "某法第一条", "罚款50万元", "某某监管分局", "2026年3月5日",
    ),
    ("某银罚决字〔2026〕2号", "李小红", "", "", "负有责任", "某法第二条", "警告", "某某监管分局", "2026.3.5"),
    (
        "（某银罚决字〔2026〕3号）", "张大山", "鹿乡财产保险股份有限公司", "—",
        f"张大山（身份证号{IDENTITY}，住某某市人民大街1号）直接负责", "某法第三条", "对张大山罚款3万元", "某某监管分局",
        "二○二六年四月一日",
    ),
    (
        "某银罚决字〔2026〕4号", "", "王小明（时任鹿乡农村商业银行行长）", "", "王小明负有责任", "某法", "警告",
        "某某监管分局", "2026-04-02",
    ),
    (
        "某银罚决字〔2026〕5号", "/", "鹿乡村镇银行、东丰村镇银行股份有限公司", "", "违规收费", "某法", "罚款二十万元",
        "某某监管分局", "2026-04-03",
    ),
]  # fmt: skip
LABELS = [
    "主要违法违规事实（案由）",
    "行政处罚依据",
    "行政处罚决定",
    "作出处罚决定的机关名称",
    "作出处罚决定的日期",
]


def publish(path: Path) -> Path:
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("处罚")
        sheet.merge_range(0, 0, 0, 9, "行政处罚信息公开表")
        sheet.merge_range(1, 0, 3, 0, "序号")
        sheet.merge_range(1, 1, 3, 1, "行政处罚决定书文号")
        sheet.merge_range(1, 2, 1, 4, "被处罚当事人姓名或名称")
        sheet.merge_range(2, 2, 3, 2, "个人姓名")
        sheet.merge_range(2, 3, 2, 4, "单位")
        sheet.write_row(3, 3, ["名称", "法定代表人（主要负责人）姓名"])
        for place, label in enumerate(LABELS, start=5):
            sheet.merge_range(1, place, 3, place, label)
        for number, row in enumerate(ROWS, start=1):
            sheet.write_row(3 + number, 0, [number, *row])
        sheet.write(4 + len(ROWS), 0, "合计")
        sheet.write(5 + len(ROWS), 0, "注：本表由法规科填报，共5条")
    return path


def test_a_published_table_is_taken_in_whole_and_says_nothing_of_persons(tmp_path: Path) -> None:
    desk = Desk(tmp_path, f"sqlite:///{tmp_path / 'ledger.db'}")
    path = str(publish(tmp_path / "处罚公开表.xlsx"))
    try:
        account = Importer(CATALOG, ANALYZER, desk.ledger).import_file(path)
        assert (tally(account), account.withheld, account.records) == ((5, 5, 0, 0), 2, 4)
        again = Importer(CATALOG, ANALYZER, desk.ledger).import_file(path)
        assert tally(again) == (5, 0, 5, 0)
        desk.sync()
        shown = list(desk.all_shown("records").values())
    finally:
        desk.close()
    assert sorted(getattr(record, "subject", "") for record in shown) == [
        "东丰村镇银行股份有限公司",
        "鹿乡农村商业银行股份有限公司",
        "鹿乡村镇银行",
        "鹿乡财产保险股份有限公司",
    ]
    kept = msgspec.json.encode((account, again, shown)) + b"".join(
        file.read_bytes() for file in tmp_path.rglob("*") if file.is_file() and file.suffix != ".xlsx"
    )
    assert [word for word in HIDDEN_WORDS if word.encode() in kept] == []
    assert "鹿乡农村商业银行股份有限公司".encode() in kept
