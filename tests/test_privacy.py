import random
from pathlib import Path

import pytest

from indexers.catalog import load_catalog
from indexers.errors import CatalogError
from indexers.identifiers import (
    USCC_ALPHABET,
    identity_check_digit,
    organisation_code_check,
)
from indexers.privacy import load_privacy
from samples.codes import uscc_check_digit

CATALOG = load_catalog()
PRIVACY = CATALOG.privacy
GONE = PRIVACY.placeholder


def make_identity_number(first17: str) -> str:
    return first17 + identity_check_digit(first17)


def make_uscc(seed: int) -> str:
    body = "".join(random.Random(seed).choices(USCC_ALPHABET, k=8))
    first17 = "91220403" + body + organisation_code_check(body)
    return first17 + uscc_check_digit(first17)


def make_card(first: str) -> str:
    doubled = [int(digit) * (2 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(first))]
    total = sum(value - 9 if value > 9 else value for value in doubled)
    return first + str(-total % 10)


PERSON = make_identity_number("22040319790315001")
PERSON_X = next(
    n for s in range(1, 999) if (n := make_identity_number(f"22040319790315{s:03}")).endswith("X")
)
PERSON_WITH_A_SLIP = PERSON[:17] + ("0" if PERSON[17] != "0" else "1")
CIRCLED = PERSON.translate(str.maketrans("0123456789", "⓪①②③④⑤⑥⑦⑧⑨"))
HAN = "〇一二三四五六七八九"
IN_HAN = PERSON.translate(str.maketrans("0123456789", HAN))
IN_LONG_HAN = PERSON_X.translate(str.maketrans("0123456789", "零壹贰叁肆伍陆柒捌玖"))
BORN_LATELY = make_identity_number("22040320050315001").translate(
    str.maketrans("0123456789", "○一二三四五六七八九")
)
WITH_LETTERS = PERSON.translate(str.maketrans("01", "Ol"))
IN_FORMULAS = PERSON.translate(str.maketrans("0123456789", "𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗"))
CARD = make_card("622202123456789012")
CODE = make_uscc(1)


@pytest.mark.parametrize(
    ("text", "scrubbed"),
    [
        (f"当事人（身份证号{PERSON}）经营", f"当事人（身份证号{GONE}）经营"),
        (f"当事人身份证号{IN_HAN}，住本地", f"当事人身份证号{GONE}，住本地"),
        (f"证件{IN_LONG_HAN}。经营", f"证件{GONE}。经营"),
        (f"{BORN_LATELY}号证件", f"{GONE}号证件"),
        (f"{IN_HAN[:6]} {IN_HAN[6:14]} {IN_HAN[14:]}", GONE),
        (f"号码{WITH_LETTERS}的人", f"号码{GONE}的人"),
        (f"号码{PERSON.replace('0', 'o').replace('1', 'I')}的人", f"号码{GONE}的人"),
        (f"电话13800138000，证件{IN_HAN}", f"电话{GONE}，证件{GONE}"),
        (f"公民身份号码：{PERSON_X.lower()}。", f"公民身份号码：{GONE}。"),
        (f"{PERSON[:6]} {PERSON[6:14]} {PERSON[14:]}", GONE),
        (f"纳税人识别号{PERSON}01", f"纳税人识别号{GONE}"),
        (f"号码{PERSON_WITH_A_SLIP}有误", f"号码{GONE}有误"),
        ("旧证220403790315001号", f"旧证{GONE}号"),
        ("证件220403********001X", f"证件{GONE}"),
        ("联系电话13800138000。", f"联系电话{GONE}。"),
        ("拨打138 0013 8000或+86-13900139000", f"拨打{GONE}或{GONE}"),
        ("138-0013-8000、１３８００１３８０００", f"{GONE}、{GONE}"),
        ("手机138****8000", f"手机{GONE}"),
        ("0437-3223456", GONE),
        ("（0437）3223456", f"{GONE}"),
        ("０４３７－３２２３４５６", GONE),
        ("来电010-88001122-8001称", f"来电{GONE}称"),
        ("电话：3223456", f"电话：{GONE}"),
        (f"转入{CARD}账户", f"转入{GONE}账户"),
        (f"{CARD[:4]} {CARD[4:8]} {CARD[8:12]} {CARD[12:16]} {CARD[16:]}", GONE),
        ("账号：22050123456789", f"账号：{GONE}"),
        ("账户6222****1234", f"账户{GONE}"),
        ("622202××××××0123", GONE),
        (f"开户行工行{CARD[:4]}-{CARD[4:8]}-{CARD[8:12]}-{CARD[12:16]}-{CARD[16:]}", f"开户行工行{GONE}"),
        ("驾驶吉D12345小型轿车", f"驾驶{GONE}小型轿车"),
        ("吉D·12345、吉d12345", f"{GONE}、{GONE}"),
        ("新能源车吉DF12345", f"新能源车{GONE}"),
        ("货车吉D1234挂", f"货车{GONE}"),
        ("重型货车吉D12345D超限", f"重型货车{GONE}超限"),
        ("住址：吉林省甲市乙区丙街1号，无业", f"住址：{GONE}，无业"),
        ("家庭住址吉林省甲市乙县丙镇三村2组", f"家庭住址{GONE}"),
        ("张某，男，住吉林省甲市乙区丙街1号。", f"张某，男，住{GONE}。"),
        ("当事人王小丁（男，1981年3月出生）无证", f"当事人{GONE}（男，{GONE}出生）无证"),
        ("责任人欧阳小明，女，1990年12月1日生。", f"责任人{GONE}，女，{GONE}生。"),
        ("责任人欧阳小明，女，1990年12月1日生", f"责任人{GONE}，女，{GONE}生"),
        (f"当事人王小丁（身份证号码：{PERSON}）", f"当事人{GONE}（身份证号码：{GONE}）"),
        ("对王小丁（14岁）售烟，王小甲，年仅9岁", f"对{GONE}（14岁）售烟，{GONE}，年仅9岁"),
        ("驾驶员：王小丁（A2证）", f"驾驶员：{GONE}（A2证）"),
        ("投诉人：王小丁，称", f"投诉人：{GONE}，称"),
        ("死者姓名:王丁", f"死者姓名:{GONE}"),
        ("户籍地为甲省乙市丙区", f"户籍地为{GONE}"),
        ("邮箱zhang.san@example.com。", f"邮箱{GONE}。"),
        ("护照号码E12345678", f"护照号码{GONE}"),
        ("身份证号码22040320150315001X", f"身份证号码{GONE}"),
        ("微信号：abc_12345，QQ：12345678", f"微信号：{GONE}，QQ：{GONE}"),
        ("微信 lisi_88，微信：lisibabei", f"微信 {GONE}，微信：{GONE}"),
        ("qq：1234567或qq 123456789", f"qq：{GONE}或qq {GONE}"),
        ("张某，居住在甲省乙市丙街12号3单元502室，无业", f"张某，居住在{GONE}，无业"),
        ("现住甲小区2号楼三单元。", f"现住{GONE}。"),
        ("张某（住甲市乙街12号）", f"张某（住{GONE}）"),
        ("拨打1 3 8 0 0 1 3 8 0 0 0", f"拨打{GONE}"),
        ("138.0013.8000、138·0013·8000", f"{GONE}、{GONE}"),
        ("拨打008613800138000", f"拨打{GONE}"),
        (f"{PERSON[:6]}/{PERSON[6:14]}/{PERSON[14:]}", GONE),
        (f"{PERSON[:6]}, {PERSON[6:14]}, {PERSON[14:]}", GONE),
        (f"{PERSON[:6]}_{PERSON[6:14]}_{PERSON[14:]}", GONE),
        (f"{PERSON[:6]}·{PERSON[6:14]}·{PERSON[14:]}", GONE),
        (f"号码0{PERSON}", f"号码{GONE}"),
        (f"号码{PERSON}ABCD", f"号码{GONE}ABCD"),
        (f"①号码{CIRCLED}，②", f"①号码{GONE}，②"),
        (f"号码{IN_FORMULAS}", f"号码{GONE}"),
        (f"号码{PERSON[:9]}\u200b{PERSON[9:]}", f"号码{GONE}"),
        ("电话⑬⑧⓪⓪①③⑧⓪⓪⓪", f"电话{GONE}"),
    ],
)
def test_what_is_personal_is_replaced_and_nothing_else(text: str, scrubbed: str) -> None:
    assert PRIVACY.scrub(text) == scrubbed
    assert PRIVACY.contains_personal(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        CODE,
        f"统一社会信用代码：{CODE}",
        f"证件号码：{CODE}",
        " ".join((CODE[:4], CODE[4:8], CODE[8:12], CODE[12:])),
        "组织机构代码MA0Y1234-5、12345678-9",
        "未查验顾客身份证，未核对身份信息",
        "当事人：鹿乡一号食品有限公司",
        "投诉人：王某，消费者：高度关注此事的人",
        "招用未满16周岁的人，学员（18岁以上）",
        "注册号220403000012345",
        "00000000000000000X",
        "甲市监处罚〔2024〕12345号",
        "甲市监罚字(2023)第20231234567号",
        "甲处罚〔2023〕15012345678号",
        "第13800138000号",
        "（2024）吉0402民初1234号",
        "(2019)吉0402执1194号、（2022）吉0402执恢54号",
        "国发〔2016〕33号、发改办财金〔2018〕424号",
        "罚款人民币13800138000元",
        "罚款50000.00元，没收违法所得123456.78元",
        "合计100000000元，折13.800138万元",
        "2024年11月22日、2024-11-22 10:00:00、20241122",
        "生产日期2024/01/01，保质期12个月，批号20240101",
        "食品生产许可证SC10122040300012",
        "许可证编号JY12204030012345",
        "粤B2-20210001、京ICP备12345678号",
        "（吉）JZ安许证字〔2020〕000123",
        "国药准字H20123456、吉械注准20202140001",
        "道路运输证吉交运管许可甲字220400001234号",
        "XK13-006-00123、GB 2760-2014、GB/T 45255-2025",
        "合同编号：20240315000001",
        f"案件编号{make_identity_number('22040320240315001')}",
        "承诺编码22040320240315000001",
        "面积1234.56平方米，长*宽=12*34，型号ABC-12345X",
        "住所：吉林省甲市乙区丙街5号",
        "经营地址：吉林省甲市乙区丙街5号",
        "未按规定登记住宿人员，住房和城乡建设局责令改正",
        "对业主，住建部门已告知",
        "该店职工，男、女各两名，招聘（男女不限），张家口，男装",
        "2019年3月生产的食品，女装",
        "身份证件信息登记不全，手机30台，电话销售业务",
        "账户余额100000元",
        "云Server1平台、新Apple123",
        "发票号码12345678",
        "3.14159265、0.123456789",
        "070020200011号地块",
        "微信公众号：jilinshengxinyong、微信小程序appstore2，微信 WeChat",
        "居住在该小区的居民、居住于乙区的群众反映噪音",
        "现住房和城乡建设局、现住所：甲市乙街12号",
        "（住建局已告知）、（住宿2号楼）",
        "1 3 5 7 9 11 13 15、1,380,013,800元",
        "220402,198001,012345、3.141.5926、136·1233·5392·8、17·138·1234·5678",
        "①经营②销售③生产④储存⑤运输⑥使用，面积12m²、𝑥=12345",
        f"甲〔2024〕{PERSON_WITH_A_SLIP[:6]},{PERSON_WITH_A_SLIP[6:14]},{PERSON_WITH_A_SLIP[14:]}",
        f"{CODE}ABCD、0{CODE}",
        "二〇二六年三月九日、二零一九年一九八条、第一百九十九条、一二三四五六七八九〇一二三四五六七八九",
        f"编号{IN_HAN[:-1] + HAN[int(PERSON_WITH_A_SLIP[-1])]}",
        f"{CODE.replace('0', 'O')}、产品OIL0123456789O1234567",
        f"案件编号{make_identity_number('22040320240315001').replace('0', 'O')}",
        "注册号220400000000017、2204001234567",
    ],
)
def test_codes_numbers_of_documents_amounts_and_dates_stay(text: str) -> None:
    assert PRIVACY.scrub(text) is text
    assert not PRIVACY.contains_personal(text)


def test_thousands_of_codes_pass_through_untouched() -> None:
    codes = [make_uscc(seed) for seed in range(2000)]
    assert [code for code in codes if PRIVACY.scrub(f"代码{code}，") != f"代码{code}，"] == []


def test_every_personal_number_of_a_long_text_is_found() -> None:
    text = f"一、{PERSON}；二、13800138000；三、{CODE}；四、吉D12345。"
    assert PRIVACY.scrub(text) == f"一、{GONE}；二、{GONE}；三、{CODE}；四、{GONE}。"


def test_scrubbing_twice_changes_nothing_more() -> None:
    once = PRIVACY.scrub(f"{PERSON}、电话13800138000、住址：甲省乙市，")
    assert PRIVACY.scrub(once) == once


def test_a_long_run_of_digits_is_read_in_reasonable_time() -> None:
    assert PRIVACY.scrub("1 " * 20000) == "1 " * 20000


# --- values of problems -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (PERSON, GONE),
        (PERSON_WITH_A_SLIP, GONE),
        ("13800138000", GONE),
        ("王小明", GONE),
        ("欧阳小明", GONE),
        ("买买提·吐尔逊", GONE),
        ("电话13800138000", f"电话{GONE}"),
        ("警告", "警告"),
        ("简易程序", "简易程序"),
        ("2024-13-45", "2024-13-45"),
        (CODE[:17] + "I", CODE[:17] + "I"),
        ("许可", "许可"),
        ("甲市鹿乡食品有限公司", "甲市鹿乡食品有限公司"),
        ("字" * 60, "字" * 60),
        ("字" * 61, "字" * 59 + "…"),
        ("", ""),
    ],
)
def test_values_of_problems_are_masked_where_they_may_be_personal(value: str, shown: str) -> None:
    assert PRIVACY.mask(value) == shown


def test_names_of_persons_are_taken_out_of_a_text_blanks_inside_or_not() -> None:
    text = "甲公司及其经理王小明（王 小\u3000明）、王小被处罚"
    assert PRIVACY.remove_name(text, ["王小", "王小明", "王", ""]) == (
        f"甲公司及其经理{GONE}（{GONE}）、{GONE}被处罚"
    )


def test_without_names_a_text_stays_as_it_is() -> None:
    assert PRIVACY.remove_name("王小明", []) == "王小明"


# --- persons ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("王小明", True),
        ("王 小 明", True),
        ("欧阳小明", True),
        ("买买提·吐尔逊", True),
        ("阿依古丽•买买提江", True),
        ("李建设", True),
        ("王志愿", True),
        ("甲市鹿乡食品有限公司", False),
        ("鹿乡饭店", False),
        ("乙县供销社", False),
        ("丙镇信用社", False),
        ("丁市公安局", False),
        ("甲县人民政府", False),
        ("第五机械厂（原名甲厂）", False),
        ("ＡＢＣ（中国）有限公司", False),
        ("Example Trading Co., Ltd", False),
        ("王小明（时任鹿乡银行行长）", True),
        ("王小明 时任鹿乡银行行长", True),
        ("王小明等5人", True),
        ("鹿乡食品有限公司等3家", False),
        ("王小明（鹿乡食品有限公司法定代表人）", True),
        ("时任鹿乡银行行长", True),
        ("鹿乡食品有限公司（法定代表人：王小明）", False),
        ("王氏理发店（个体工商户）", False),
        ("John Smith", None),
        ("鹿乡步步高升", None),
        ("", None),
    ],
)
def test_a_name_alone_tells_persons_from_organisations_or_does_not(name: str, answer: bool | None) -> None:
    assert PRIVACY.is_person(name) is answer


@pytest.mark.parametrize(
    ("party_class", "answer"),
    [
        ("自然人", True),
        ("01", True),
        (" 自然人 ", True),
        ("法人及非法人组织", False),
        ("个体工商户", False),
        ("02", False),
        ("03", False),
        ("04", False),
    ],
)
def test_the_class_column_wins_over_code_and_name(party_class: str, answer: bool) -> None:
    assert PRIVACY.is_person("王小明", code=CODE, party_class=party_class) is answer
    assert PRIVACY.is_person("甲食品有限公司", code=PERSON, party_class=party_class) is answer


@pytest.mark.parametrize(
    ("code", "answer"),
    [
        (CODE, False),
        (CODE[8:17], False),
        (PERSON, True),
        (PERSON + "01", True),
        ("00000000000000000X", True),
        ("无", True),
    ],
)
def test_a_code_wins_over_the_name(code: str, answer: bool) -> None:
    assert PRIVACY.is_person("王小明", code=code) is answer


def test_an_unknown_class_is_as_none() -> None:
    assert PRIVACY.is_person("甲食品有限公司", party_class="未填") is False


# --- columns and data files -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("label", "key"),
    [
        ("法定代表人身份证号", "identity_number"),
        ("XK_FR_SFZH", "identity_number"),
        ("联系电话", "contact"),
        ("银行账号", "bank_account"),
        ("家庭住址", "home_address"),
        ("车牌号", "vehicle_plate"),
        ("财务负责人姓名", "other_person"),
        ("投诉电话", None),
        ("法定代表人", None),
        ("行政处罚决定书文号", None),
        ("注册地址", None),
        ("统一社会信用代码", None),
        ("暂扣或吊销证照名称及编号", None),
    ],
)
def test_columns_that_are_never_kept_are_known_by_their_label(label: str, key: str | None) -> None:
    assert PRIVACY.never_kept_class(label) == key


def test_a_missing_or_faulty_file_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(CatalogError, match=r"privacy\.toml"):
        load_privacy(tmp_path, CATALOG.regions)
    (tmp_path / "privacy.toml").write_text("colour = 1", "utf-8")
    with pytest.raises(CatalogError, match="不认识的键 'colour'"):
        load_privacy(tmp_path, CATALOG.regions)
