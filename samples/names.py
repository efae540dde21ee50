# ruff: noqa: E501  (a row of data reads better on one line)
"""What are invented organisations called?

Every brand word is a pair of characters that stands side by side in none of a million registered names, so that
no name made of one is the name of a real organisation. Some begin with a character of several readings.
"""

from __future__ import annotations

from typing import NamedTuple

_PAIRS = (
    "稔茗岑堇禾泠绮钧望墨绛昀楹隼桔旷曦铄禾棣藜雀垚望菱砚芷舒泠堇昀洛绛笙叙稔萤峤拾峤铄峤茗锦汐沅凇薇逸麓逸霞漾菡陌沅溆泠渊芷峤藜峦麓漪垚素沁昀椿涵岫蓼荷岚墨铄禾"
    "汐薇锦苒绫缃泠峦苍缃旷凇雀霞涵棣浔莓绛浔岱叙霞漾逸晗枳洛桔稔杉柚杉樱衡陌渚黛铄槿楠藜冉渚黛知沅桔榆麓荻鸢荻沁钧杉枳岫荻鲤汀菡莓绮岚苒洛鸢沅霜垚洛澈柑蕙槿垚笙"
    "缃汐叙葵棠霜葵薇绮曦泠苍桔堇黛霁钧枳汐汀冉垚晞麓溆荷叙砚茗素蘅晗漾澜棣锦蕙屿旷堇虹旷芃筠陌堇苒汀鲤逸荻芷槿苒芃陌黛渊洛凇茗杉晗晞黛棣楹岑陶泠屿予知逸鸢溆槿云"
    "铄沁苒虹鸢萤萤陌蕙汐葵缃葵椿澜岚莓溆汐霞棣葵霁朔筠棠棠润椿苍朔舒鲤楠蓼舒绛澈岑润麓楠椿柚岚笙槿椿昀屿湫浔芃沁岫绮霜椿渊墨柑逸叙朴舒屿蘅岚荻苍菡岱澈岫叙萤杉湄"
    "芃荻芷沁晗莓萤铄沁漾拾钧沅知棣屿冉桐葵绮云旷云鲤峦润楹望岚隼芷霞稔藻云稔蘅陶渊稔素芃衡梓溆芷渊昀朔素芃楹麓露桔浔萤湫樱晗拙筠藻衡鸢润楹沐霞菡缃云藻漪予黛洛舒"
    "楹笙岱菱昀露莓薇绮杉藜涵菱铭柚岫晞桐朔知渚筠岱铭晗霁蓼峦铭岫樱柚霜旷曦露青蓼苍拙屿岱岑禾棠藻锦漾薇虹鸢棠渚陶禾苒蘅荷蕙凇墨鹭桔湄锦榆棠凇湫蓼蕙漾拙隼楠钧雀菡"
    "长垚长晞长绫长稔行朔行稔行葵行予乐旷乐菡乐鸢乐缃重舒重岑重钧重拙单鹭单汐单湫单缃曾雀曾禾曾苒曾缃朝屿朝砚朝钧朝藜调晗调冉调柚调铭传涵传沁传素传菱参杉参渚参桔参钧"
    "厦荻厦梓厦渚厦锦茜峤茜溆茜樱茜云"
)
BRANDS: tuple[str, ...] = tuple(dict.fromkeys(_PAIRS[at : at + 2] for at in range(0, len(_PAIRS), 2)))


class Trade(NamedTuple):
    """What a business does: the word in its name, its class of GB/T 4754, and the sector that supervises it."""

    word: str
    industry: str
    sector: str


TRADES: tuple[Trade, ...] = (
    Trade("食品", "1411", "food"),
    Trade("肉制品", "1353", "food"),
    Trade("酒业", "1512", "food"),
    Trade("餐饮管理", "6210", "catering"),
    Trade("餐饮配送服务", "6241", "catering"),
    Trade("商贸", "5211", "market"),
    Trade("超市连锁", "5212", "market"),
    Trade("汽车服务", "8111", "market"),
    Trade("广告传媒", "7259", "market"),
    Trade("服装", "1811", "market"),
    Trade("家具制造", "2110", "market"),
    Trade("包装印刷", "2319", "environment"),
    Trade("医药", "5152", "medicine"),
    Trade("中药饮片", "2730", "medicine"),
    Trade("建筑工程", "4710", "construction"),
    Trade("装饰工程", "5012", "construction"),
    Trade("房地产开发", "7010", "construction"),
    Trade("物业服务", "7020", "construction"),
    Trade("运输", "5439", "transport"),
    Trade("物流", "5439", "transport"),
    Trade("化工", "2614", "safety"),
    Trade("矿业", "1110", "safety"),
    Trade("机械制造", "3423", "safety"),
    Trade("污水处理", "4620", "environment"),
    Trade("环境工程", "7820", "environment"),
    Trade("饲料", "1329", "agriculture"),
    Trade("种业", "5112", "agriculture"),
    Trade("人力资源服务", "7263", "labour"),
    Trade("软件科技", "6513", "market"),
    Trade("信息技术", "6513", "market"),
    Trade("国际旅行社", "7291", "culture"),
    Trade("财务咨询", "7241", "market"),
)

SHOPS: tuple[Trade, ...] = (
    Trade("便利店", "5213", "market"),
    Trade("超市", "5212", "market"),
    Trade("小吃店", "6220", "catering"),
    Trade("饭店", "6210", "catering"),
    Trade("烧烤店", "6220", "catering"),
    Trade("面馆", "6220", "catering"),
    Trade("理发店", "8040", "health"),
    Trade("美容院", "8040", "health"),
    Trade("洗衣店", "8030", "market"),
    Trade("汽车修理部", "8111", "transport"),
    Trade("服装店", "1811", "market"),
    Trade("食品加工坊", "1411", "food"),
    Trade("大药房", "5152", "medicine"),
    Trade("建材商行", "5211", "market"),
)

CROPS = ("水稻种植", "玉米种植", "梅花鹿养殖", "食用菌种植", "肉牛养殖", "农机服务", "果蔬种植")
FORMS = ("有限公司", "有限公司", "有限公司", "有限责任公司", "有限责任公司", "股份有限公司", "集团有限公司")
TOWNS = ("砚溪镇", "稔河镇", "鸢岭乡", "棣山镇", "萤泉乡")
"""Invented: no division of these names is in the region."""

_SIMPLIFIED = "辽龙东丰县区岚绮萤鸢绛岭飞贸责广传药产务运业机种软术国际财务询饮发华荫锦铄铭钧晓泽渊鲤桦长晞绫单朝传参厦红农养殖团实验学园协会购销饭馆凇极乐云"
_TRADITIONAL = "遼龍東豐縣區嵐綺螢鳶絳嶺飛貿責廣傳藥產務運業機種軟術國際財務詢飲發華蔭錦鑠銘鈞曉澤淵鯉樺長晞綾單朝傳參廈紅農養殖團實驗學園協會購銷飯館凇極樂雲"
_TO_TRADITIONAL = str.maketrans(dict(zip(_SIMPLIFIED, _TRADITIONAL, strict=True)))


def in_traditional(name: str) -> str:
    """A name as a sheet in traditional script writes it, character by character."""
    return name.translate(_TO_TRADITIONAL)


def widened(name: str) -> str:
    """A name with the other width of brackets, as other systems write it."""
    return name.translate(str.maketrans("()（）", "（）()"))
