# ruff: noqa: E501  (a row of data reads better on one line)
"""What stands in the library of the demo: five real policy documents, invented catalogues, notices and cases?

Of the real documents only title, issuing body, number and date are given, with abstracts in our own words. All
else is invented and says so in its title.
"""

from __future__ import annotations

from datetime import date

from samples.entries import Row

POLICIES: tuple[Row, ...] = (
    {
        "document_title": "辽源市建立完善守信联合激励和失信联合惩戒制度加快推进社会诚信建设实施方案",
        "authority": "辽源市人民政府办公室",
        "document_number": "辽府办发〔2017〕35号",
        "decided_on": date(2017, 12, 29),
        "level": "市级",
        "abstract": "目标是到2020年,以数据交换平台为基础建成守信联合激励和失信联合惩戒体系。2017年底前编制四张清单:诚信典型范围、严重失信行为及主体范围、守信激励政策措施、失信惩戒政策措施。旧的登记号码要与统一社会信用代码对应转换。单位对信息有异议的,十五个工作日内书面答复;确有错误的立即更正,并在五个工作日内通知各使用单位。各部门每月15日前报送统计。",
        "related": "国发〔2016〕33号;国发〔2014〕21号;吉政发〔2014〕40号;吉政办发〔2015〕51号;吉林省政府令第233号",
    },
    {
        "document_title": "赤坎区建立完善守信联合激励和失信联合惩戒制度实施方案",
        "authority": "湛江市赤坎区人民政府",
        "document_number": "湛赤府规〔2018〕1号;湛赤府〔2018〕29号",
        "decided_on": date(2018, 10, 8),
        "valid_until": date(2021, 10, 7),
        "status": "已失效",
        "level": "区级",
        "abstract": "要求行政许可和行政处罚自决定之日起七个工作日内上网公示,并提供一站式查询。建立红名单和黑名单,联合奖惩措施分为必须执行的和推荐执行的两类;异议核实期间暂停执行惩戒措施。各单位按月反馈应用情况。文件自行规定的有效期为三年,现已届满。网上流传的文本有被恶意篡改的词语和错字,引用时应当核对原件。",
        "related": "国发〔2016〕33号;粤府〔2016〕133号;湛府〔2017〕111号",
    },
    {
        "document_title": "本溪市全面推进社会信用体系建设工作方案",
        "authority": "本溪市",
        "level": "市级",
        "abstract": "标题取自二手资料,文号和成文日期未能查到,文件为2020年制定。方案分三个阶段,分别到2022年底、2024年6月底和2025年底。要求信息在七个工作日内报送信用平台,并且都带有统一社会信用代码;编制信息目录和应用目录;在事前、事中、事后各环节实行信用监管;对信用信息的查询进行登记和审查。公布的文本是繁体字,并夹有台湾地区用语。",
        "related": "本政发〔2017〕22号;文明委〔2018〕4号",
    },
    {
        "document_title": "吉林省交通运输厅建立完善守信联合激励和失信联合惩戒制度加快推进社会诚信建设工作方案",
        "authority": "吉林省交通运输厅",
        "decided_on": date(2017, 2, 17),
        "level": "省级",
        "abstract": "面向交通运输行业。2017年7月前编制本行业的名单和清单,11月前上报。对异议在十五个工作日内书面答复,确有错误的在五个工作日内更正。在招标投标中查询和使用信用报告。每月10日前报送工作统计。文件于2017年2月22日上网公布,文号未能查到。",
        "related": "国发〔2016〕33号;吉交发〔2014〕62号;吉交法规〔2016〕118号",
    },
    {
        "document_title": "辽宁省建立守信红榜和失信黑名单制度建设工作方案",
        "authority": "辽宁省发展和改革委员会、辽宁省信用办",
        "level": "省级",
        "abstract": "2016年制定,文本中没有文号。红榜收录受到市级以上政府或者省直部门表彰的单位;黑名单收录法院公布的失信被执行人、曝光的典型案例以及各行业认定的严重失信单位。每一种名单都要写明标准、信息构成、发布、应用措施和撤销办法,登记十五项内容。建设全省统一的数据库,在信用辽宁网站设立专栏;2016年5月前试运行,7月前正式运行,8月起实行联合奖惩。",
        "related": "辽委发〔2014〕15号;辽宁省政府令第220号;辽宁省政府令第299号",
    },
)  # fmt: skip

_MARK = "(演示,虚构)"
_OFFICES = (
    "辽源市市场监督管理局",
    "辽源市人力资源和社会保障局",
    "辽源市交通运输局",
    "国家税务总局辽源市税务局",
    "辽源市财政局",
)

_HONOUR_SCOPES = (
    ("年度纳税信用评价", "连续三年被评为纳税信用A级的单位"),
    ("食品安全管理", "连续两年食品安全量化分级为优秀的餐饮单位"),
    ("工程建设", "获得市级以上优质工程奖并且没有拖欠工资的施工单位"),
    ("交通运输", "质量信誉考核连续三年为AAA级的运输企业"),
    ("劳动用工", "被评为劳动保障守法诚信A级的用人单位"),
    ("政府采购", "三年内履约评价全部为优的供应商"),
    ("科技创新", "通过认定并且没有失信记录的科技型企业"),
    ("公益慈善", "受到市级以上表彰的社会组织"),
    ("产品质量", "获得市级以上质量奖的企业"),
    ("生态环境", "环境信用评价为诚信的企业"),
)
_ADVERSE_SCOPES = (
    ("司法执行", "有履行能力而拒不履行生效法律文书确定义务的单位"),
    ("税收征管", "偷税、骗税、虚开发票达到规定标准的纳税人"),
    ("工资支付", "拖欠农民工工资数额较大、经责令支付逾期不支付的单位"),
    ("食品安全", "生产经营不符合安全标准的食品、造成严重后果的单位"),
    ("安全生产", "发生较大以上生产安全责任事故的单位"),
    ("政府采购", "提供虚假材料谋取中标、受到禁止参加采购处罚的供应商"),
    ("交通运输", "一年内多次严重违法超限超载运输的单位"),
    ("统计", "提供不真实统计资料、情节严重的单位"),
    ("消防安全", "擅自停用消防设施、造成较大影响的单位"),
    ("社会组织", "连续两年未参加年度检查的社会组织"),
)
_INCENTIVES = (
    ("办理行政许可", "容缺受理,先行办理,缺少的材料在承诺期限内补齐", "守信激励对象"),
    ("日常监督检查", "降低抽查比例和检查频次", "诚信典型"),
    ("纳税服务", "单次可以领取不超过三个月的发票用量", "A级纳税人"),
    ("招标投标", "同等条件下优先选择,投标保证金减半收取", "公路水运工程建设领域守信典型企业"),
    ("融资服务", "向金融机构推荐,作为授信的参考", "A级纳税人"),
    ("评优评先", "同等条件下优先列为表彰对象", "诚信典型"),
    ("财政资金", "同等条件下优先安排补助资金", "守信激励对象"),
    ("通关", "适用较低的查验比例", "海关高级认证企业"),
    ("宣传", "在信用网站和主要媒体上宣传", "诚实守信相关荣誉信息"),
    ("公共服务", "在创业、社会保障等公共服务中给予便利", "诚信典型"),
)
_MEASURES = (
    ("招标投标", "依法限制参加工程建设项目投标", "失信被执行人名单"),
    ("政府采购", "依法禁止参加政府采购活动", "政府采购严重违法失信行为记录名单"),
    ("财政资金", "依法限制享受财政资金支持", "重大税收违法失信主体"),
    ("日常监管", "列为重点监管对象,提高检查频次", "严重违法失信名单"),
    ("评优评先", "不得参加评优评先", "拖欠农民工工资失信联合惩戒对象名单"),
    ("融资授信", "供金融机构审批贷款时参考", "失信被执行人名单"),
    ("行政许可", "审批时从严审查", "安全生产严重失信主体名单"),
    ("高消费", "依法限制高消费及有关消费", "限制高消费被执行人"),
    ("道路运输", "限制新增运力审批", "严重违法超限超载运输失信当事人名单"),
    ("信用修复", "完成修复后解除相应的限制", "严重违法失信名单"),
)


def scopes() -> tuple[list[Row], list[Row]]:
    """Two of the four catalogues: the scopes of honour and of dishonesty."""
    honour = [_entry(at, ground, content, "诚信典型") for at, (ground, content) in enumerate(_HONOUR_SCOPES)]
    adverse = [
        _entry(at, ground, content, "严重失信") for at, (ground, content) in enumerate(_ADVERSE_SCOPES)
    ]
    return honour, adverse


def measures() -> tuple[list[Row], list[Row]]:
    """The other two: incentives and disciplinary measures, with the lists that they apply to."""
    incentives = [
        {**_entry(at, ground, content, "激励措施"), "applies_to_lists": entry}
        for at, (ground, content, entry) in enumerate(_INCENTIVES)
    ]
    disciplinary = [
        {**_entry(at, ground, content, "惩戒措施"), "applies_to_lists": entry}
        for at, (ground, content, entry) in enumerate(_MEASURES)
    ]
    return incentives, disciplinary


def _entry(at: int, ground: str, content: str, title: str) -> Row:
    return {
        "authority": _OFFICES[at % len(_OFFICES)],
        "document_title": f"{title}:{ground}{_MARK}",
        "ground": ground,
        "legal_basis": "以主管部门公布的规定为准",
        "implementing_bodies": "、".join(dict.fromkeys((_OFFICES[at % 5], _OFFICES[(at + 2) % 5]))),
        "content": content,
        "evidence": "认定文件或者行政处罚决定书",
        "binding": "强制性" if at % 3 else "推荐性",
        "level": "市级",
        "version": "2025年演示版",
        "decided_on": date(2025, 3, 31),
    }


def notices() -> list[Row]:
    """Invented notices about offices and lists."""
    topics = (
        ("关于一季度双公示信息报送情况的通报", "辽源市住房和城乡建设局;辽源市交通运输局", "两家单位有超过七个工作日报送的信息,要求在一个月内整改。"),
        ("关于二季度双公示信息报送情况的通报", "辽源市农业农村局", "该单位有未填统一社会信用代码的记录,要求逐条补齐。"),
        ("关于公布年度诚信典型的公告", "辽源市发展和改革委员会", "公布本年度诚信典型,名单可以在守信红榜栏目查询。"),
        ("关于开展信用承诺专项检查的通知", "辽源市市场监督管理局;辽源市应急管理局", "对审批替代型承诺的履行情况进行抽查。"),
        ("关于信用修复办理期限的公告", "辽源市发展和改革委员会", "说明申请修复的条件、材料和办理期限。"),
        ("关于政府承诺兑现情况的通报", "东丰县教育局;东辽县卫生健康局", "两家单位有到期没有完成的承诺事项,要求说明原因。"),
    )  # fmt: skip
    return [
        {
            "document_title": title + _MARK,
            "authority": "辽源市发展和改革委员会",
            "document_number": f"辽信演通〔2026〕{number}号",
            "decided_on": date(2026, 1 + number, 12),
            "addressees": addressees,
            "abstract": f"演示数据。{text}",
        }
        for number, (title, addressees, text) in enumerate(topics, start=1)
    ]


def cases() -> list[Row]:
    """Invented cases of honesty and dishonesty."""
    stories = (
        ("守信案例:主动召回问题批次食品", "守信", "一家食品企业在自检中发现一个批次不合格,主动公告召回并向消费者退款,被评为诚信典型。"),
        ("守信案例:提前支付农民工工资", "守信", "一家施工企业在资金紧张时优先支付工资,获得招标投标加分。"),
        ("守信案例:凭信用容缺办理许可", "守信", "一家物流企业凭守信记录先行取得许可,材料在承诺期限内全部补齐。"),
        ("失信案例:以虚假承诺骗取许可", "失信", "一家餐饮单位的承诺经核查不实,许可被撤销,记录向社会公示。"),
        ("失信案例:中标后拒不签订合同", "失信", "一家供应商无正当理由放弃中标,被禁止参加政府采购一年。"),
        ("修复案例:纠正之后恢复信用", "修复", "一家企业缴清罚款、完成整改并作出信用承诺,处罚信息停止公示,限制措施同时解除。"),
    )  # fmt: skip
    return [
        {
            "document_title": title + _MARK,
            "authority": "辽源市发展和改革委员会",
            "decided_on": date(2026, number, 20),
            "data_category": kind,
            "abstract": f"演示数据。{text}",
        }
        for number, (title, kind, text) in enumerate(stories, start=1)
    ]
